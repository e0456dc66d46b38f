"""Cursors of lists: the key of the last row, opaque to the caller, so that a page never moves under new rows."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson

from core.errors import ValueRefused


def encode(*key: int | str) -> str:
    """Return the cursor that goes on behind the row with *key*; letters, digits, ``-``, ``_`` and ``=`` only."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode()


def decode(cursor: str | None, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """Return the key in *cursor*, whose parts have these types; None for no cursor.

    Raises:
        ValueRefused: no list of ours gave this cursor.
    """
    if cursor is None:
        return None
    try:
        key = orjson.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise ValueRefused("the cursor is not the `next` of this list", inputs={"cursor": cursor})
    if any(isinstance(part, int) and not -(2**63) <= part < 2**63 for part in key):
        raise ValueRefused("the cursor is not the `next` of this list", inputs={"cursor": cursor})
    return tuple(key)


def page(rows: list[Any], limit: int) -> tuple[list[Any], bool]:
    """Return the first *limit* of *rows* and whether there are more; lists ask for one row too many."""
    return rows[:limit], len(rows) > limit
