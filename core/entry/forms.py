"""The content of a draft or a template: what ``POST /orders`` takes, as far as it is filled in.

A form is JSON-ready. Its fields are named by their path: ``buyer_reference``, ``ship_to.city``, ``lines.2.quantity``;
lines and notes count from 1. Each field has its origin, so that a person sees what was typed and what came by itself
(INT-24).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Form = dict[str, Any]
#: by the path of a field: ``origin`` (entered, template, order), who or what it came from and when
Origins = dict[str, dict[str, Any]]


def fields_of(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of *form* that are filled in, by their path."""
    found: dict[str, str] = {}
    for name, value in form.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": text for inner, text in value.items() if text}
        elif isinstance(value, list):
            for number, part in enumerate(value, 1):
                inner_fields = part.items() if isinstance(part, Mapping) else [("", part)]
                found |= {f"{name}.{number}.{inner}".rstrip("."): text for inner, text in inner_fields if text}
        elif value:
            found[name] = value
    return found


def filled(form: Mapping[str, Any]) -> Form:
    """Return *form* without what is empty; a line keeps its place even when nothing is said of it."""
    kept: Form = {}
    for name, value in form.items():
        if isinstance(value, Mapping):
            if inner := _said(value):
                kept[name] = inner
        elif isinstance(value, list):
            if value:
                kept[name] = [_said(part) if isinstance(part, Mapping) else part for part in value]
        elif value:
            kept[name] = value
    return kept


def _said(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in part.items() if text}


def merged(form: Mapping[str, Any], overrides: Mapping[str, Any]) -> Form:
    """Return *form* with what *overrides* says instead: parties field by field, lines as a whole."""
    result = dict(form)
    for name, value in overrides.items():
        result[name] = {**result.get(name, {}), **value} if isinstance(value, Mapping) else value
    return filled(result)


def without(form: Mapping[str, Any], places: Iterable[Sequence[int | str]]) -> tuple[Form, list[int]]:
    """Return *form* without what stands at *places*, and the numbers of the lines that are left.

    A place is a way into the JSON: ``("lines", 0, "quantity")``. A line is of no use without its item and quantity, so
    it goes as a whole where these are at fault.
    """
    rest = {name: dict(value) if isinstance(value, Mapping) else value for name, value in form.items()}
    given = form.get("lines")
    lines = [dict(line) if isinstance(line, Mapping) else {} for line in given] if isinstance(given, list) else []
    useless: set[int] = set()
    for place in places:
        match list(place):
            case ["lines", int(index), str(name), *_] if name in _OF_USE and index < len(lines):
                lines[index].pop(name, None)
            case ["lines", int(index), *_]:
                useless.add(index)
            case [str(name), str(inner), *_] if isinstance(rest.get(name), dict):
                rest[name].pop(inner, None)
                if not rest[name]:  # a party of which nothing is left is one that was not named
                    del rest[name]
            case [str(name), *_]:
                rest.pop(name, None)
    left = [index for index in range(len(lines)) if index not in useless]
    rest["lines"] = [lines[index] for index in left]
    return rest, [index + 1 for index in left]


#: fields that a line can do without
_OF_USE = frozenset({"unit", "price", "description"})
