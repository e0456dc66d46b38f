"""Shapes of the API in words: what each key is, whether it must be there, which rule holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

Schema = Mapping[str, Any]

_RULES: Final = (
    ("pattern", "matches"),
    ("minLength", "length at least"),
    ("maxLength", "length at most"),
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("exclusiveMinimum", "more than"),
    ("minItems", "entries at least"),
    ("maxItems", "entries at most"),
    ("default", "default"),
)


class Key(NamedTuple):
    """One key of a shape, or one parameter."""

    name: str
    kind: str
    #: the shapes that it refers to
    shapes: Sequence[str]
    required: bool
    description: str
    #: (what holds, value) such as ("at most", "500")
    rules: Sequence[tuple[str, str]]
    #: the only values that are allowed
    values: Sequence[str]


def keys_of(schema: Schema) -> list[Key]:
    """Return the keys of an object in their sequence; a schema that is none has none."""
    required = schema.get("required", ())
    return [
        key_of(name, part, required=name in required, description=part.get("description", ""))
        for name, part in schema.get("properties", {}).items()
    ]


def key_of(name: str, schema: Schema, *, required: bool, description: str) -> Key:
    """Return what is to be said of one key."""
    parts = list(_parts(schema))
    values = [str(value) for part in parts for value in part.get("enum", [part["const"]] if "const" in part else [])]
    rules = [
        (words, _shown(part[rule])) for part in parts for rule, words in _RULES if part.get(rule) is not None
    ]  # each once, whichever alternative has it
    return Key(name, kind_of(schema), refers_to(schema), required, description, list(dict.fromkeys(rules)), values)


def _shown(value: object) -> str:
    """Return *value* as JSON has it; a pattern or a text as it is."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def kind_of(schema: Schema) -> str:
    """Return in a few words what *schema* is: ``text``, ``list of OrderLine``, ``date-time or null``."""
    if "$ref" in schema:
        return _named(schema)
    options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if options:
        return " or ".join(dict.fromkeys(kind_of(option) for option in options))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if schema.get("type") == "object":
        rest = schema.get("additionalProperties")
        return f"map of {kind_of(rest)}" if isinstance(rest, Mapping) else "object"
    return str(schema.get("format") or schema.get("type", "anything"))


def refers_to(schema: Any) -> list[str]:
    """Return the names of the shapes that *schema* refers to, each once, in their sequence."""
    return list(dict.fromkeys(_references(schema)))


def reached_from(names: Sequence[str], models: Mapping[str, Schema]) -> list[str]:
    """Return *names* and every shape that they are made of, in alphabetical order."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += refers_to(models[name])
    return sorted(found)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield _named(schema)
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _named(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _parts(schema: Schema) -> Iterator[Schema]:
    """Give *schema* and its alternatives: a rule may stand at any of them."""
    yield schema
    for option in schema.get("anyOf", ()):
        yield from _parts(option)
    if schema.get("type") == "array":
        yield from _parts(schema.get("items", {}))
