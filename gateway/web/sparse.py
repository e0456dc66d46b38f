"""Sparse answers: every GET of JSON takes ``fields``, and answers the keys that it names alone (issue 5, part 1).

``?fields=number,state,lines.sku`` names keys, those of an object within by a dot. Of a list the names are those of its
items; what stands beside them, such as ``next``, stays. A name that there is not is a fault of the parameter. The
names follow from the model of the answer, so that no endpoint has to know of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from gateway.web.contract import Endpoint

NAME: Final = "fields"
PATTERN: Final = r"^[A-Za-z0-9_-]{1,70}(\.[A-Za-z0-9_-]{1,70}){0,9}(,[A-Za-z0-9_-]{1,70}(\.[A-Za-z0-9_-]{1,70}){0,9})*$"
LONGEST: Final = 2_000
DESCRIPTION: Final = (
    "answer these keys alone: names with commas between them, a key within another behind a dot, such as "
    "`number,state,lines.sku`. Of a list they are those of its items. The ETag is that of the whole."
)
_ITEMS: Final = "items"

Schema = Mapping[str, Any]
#: the names asked for; an empty one below a name is all that lies there
Tree = dict[str, "Tree"]


class UnknownFields(Exception):
    """Names of ``fields`` that the answer does not have; ``names`` with their dots."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(*names)
        self.names = tuple(names)


class Fields(NamedTuple):
    """What was asked for: the names of each item when the answer is a list, else of the answer itself.

    ``undeclared`` are names of shapes to which keys may be added without notice: only an answer tells of them.
    """

    tree: Tree
    of_items: bool
    undeclared: frozenset[str]

    def of(self, body: Any) -> Any:
        """Return *body* with the keys that were asked for.

        Raises:
            UnknownFields: none of the objects has an undeclared key of that name.
        """
        seen: dict[str, bool] = {}
        if self.of_items:
            picked: Any = {**body, _ITEMS: _pick(body[_ITEMS], self.tree, "", seen)}
        else:
            picked = _pick(body, self.tree, "", seen)
        if never := sorted(name for name in self.undeclared if seen.get(name) is False):
            raise UnknownFields(never)
        return picked


def answers_fields(endpoint: Endpoint) -> bool:
    """Tell whether *endpoint* takes ``fields``: it reads, needs a key, and answers JSON."""
    return endpoint.method == "GET" and endpoint.scope is not None and answered_model(endpoint) is not None


def answered_model(endpoint: Endpoint) -> type[BaseModel] | None:
    """Return the model of the JSON that *endpoint* answers with 200; None when it answers none."""
    body = endpoint.answers.get(200)
    shapes = body if isinstance(body, tuple) else (body,)
    return next((shape for shape in shapes if isinstance(shape, type)), None)


def parse_fields(endpoint: Endpoint, given: str) -> Fields:
    """Return what ``fields=`` *given* asks for of *endpoint*.

    Raises:
        ValueError: *given* is no list of names.
        UnknownFields: the answer has no key of a name.
    """
    if len(given) > LONGEST or not re.fullmatch(PATTERN, given):
        raise ValueError(given)
    model = answered_model(endpoint)
    assert model is not None  # answers_fields
    names = _Names(_schema(model))
    keys = names.at(names.schema).keys
    of_items = _ITEMS in keys
    tree = _tree(given.split(","))
    judged = dict(names.strange(tree, keys[_ITEMS] if of_items else names.schema))
    if unknown := [name for name, may_be in judged.items() if not may_be]:
        raise UnknownFields(unknown)
    return Fields(tree, of_items, frozenset(judged))


def _tree(names: Iterable[str]) -> Tree:
    """Return *names* as a tree; a name that is asked for as a whole stays whole."""
    tree: Tree = {}
    for name in sorted(names, key=lambda one: one.count(".")):  # the whole before its parts
        within = tree
        *above, last = name.split(".")
        for step in above:
            if within.get(step) == {}:
                break
            within = within.setdefault(step, {})
        else:
            within.setdefault(last, {})
    return tree


@cache
def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(mode="serialization")


class _Level(NamedTuple):
    """The keys of an object: those that are told, and whether there may be others."""

    keys: Mapping[str, Schema]
    may_grow: bool


class _Names(NamedTuple):
    """The names that a JSON schema allows."""

    schema: Schema

    def strange(self, tree: Tree, schema: Schema, above: str = "") -> Iterator[tuple[str, bool]]:
        """Give the names of *tree* that *schema* does not declare, and whether an answer may have them all the same.

        Below a map of free keys every name is good.
        """
        level = self.at(schema)
        for name, below in tree.items():
            if name not in level.keys:
                if level.keys or not level.may_grow:
                    yield f"{above}{name}", level.may_grow
            elif below:
                yield from self.strange(below, level.keys[name], f"{above}{name}.")

    def at(self, schema: Schema) -> _Level:
        """Return the keys of the objects that *schema* allows: through references, alternatives and lists."""
        if "$ref" in schema:
            return self.at(self.schema["$defs"][schema["$ref"].rpartition("/")[2]])
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                levels = [self.at(one) for one in schema[several]]
                keys = {name: found for level in levels for name, found in level.keys.items()}
                return _Level(keys, any(level.may_grow for level in levels))
        if schema.get("type") == "array":
            return self.at(schema.get("items", {}))
        free = schema.get("additionalProperties", "type" not in schema)
        return _Level(schema.get("properties", {}), free is not False)


def _pick(value: Any, tree: Tree, above: str, seen: dict[str, bool]) -> Any:
    """Return what *tree* names of *value*; *seen* tells of each name that was looked for whether an object had it."""
    if isinstance(value, list | tuple):
        return [_pick(part, tree, above, seen) for part in value]
    if not isinstance(value, dict) or not tree:
        return value
    picked = {}
    for name, below in tree.items():
        place = f"{above}{name}"
        seen[place] = seen.get(place, False) or name in value
        if name in value:
            picked[name] = _pick(value[name], below, f"{place}.", seen)
    return picked
