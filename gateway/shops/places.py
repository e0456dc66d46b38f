"""Where a value of a shop's order stands in the bytes that it came in, where only one place says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from core.errors import ValueRefused
from core.values import parse_decimal, text


def pointer_of(content: bytes, stored: str) -> tuple[str, str] | None:
    """Return (JSON pointer, text) of the one value in *content* that is *stored*; None where none is, or several are.

    The platforms' adapters read many fields out of several places, so that no table could say it for all of them.
    """
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    found = [(pointer, said) for pointer, said in _values(body, "") if _same(said, stored)]
    return found[0] if len(found) == 1 else None


def value_at(content: bytes, pointer: str) -> str | None:
    """Return the text of the value that stands at *pointer* (RFC 6901) in *content*, None where there is none."""
    try:
        value: Any = orjson.loads(content)
        for name in pointer.split("/")[1:]:
            key = name.replace("~1", "/").replace("~0", "~")
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (orjson.JSONDecodeError, LookupError, ValueError, TypeError):
        return None
    return None if value is None or isinstance(value, (dict, list, bool)) else str(value)


def _values(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every value that holds no others."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _values(inner, f"{pointer}/{place}")
    elif value is not None and not isinstance(value, bool):
        yield pointer, str(value)


def _same(said: str, stored: str) -> bool:
    if said == stored:
        return True
    try:
        return text(parse_decimal(said)) == stored
    except ValueRefused:
        return False
