"""Where values of a JSON text stand in its bytes, by their JSON pointers (RFC 6901)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]|[^ \t\r\n{}\[\]:,"]+', re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class _Opened:
    """An object or a list that is being read, and how far; its pointer is None where nothing in it is looked for."""

    pointer: str | None
    in_object: bool
    index: int = 0
    key: str | None = None

    def inner(self) -> str | None:
        """Return the pointer of the member that begins here."""
        if self.pointer is None:
            return None
        name = self.key or "" if self.in_object else str(self.index)
        return f"{self.pointer}/{name.replace('~', '~0').replace('/', '~1')}"


def places_of(body: bytes, pointers: Collection[str]) -> dict[str, int]:
    """Return the offset of the value at each pointer, or of the innermost value on the way that lacks the rest.

    *body* is JSON that could be read. It is gone through once, however many pointers there are.
    """
    wanted = {prefix for pointer in pointers for prefix in _prefixes(pointer)}
    offsets = {pointer: offset for pointer, offset in _values(body, wanted) if pointer in wanted} if wanted else {}
    return {
        pointer: next(offsets[prefix] for prefix in _prefixes(pointer) if prefix in offsets)
        for pointer in pointers
        if offsets
    }


def _prefixes(pointer: str) -> Iterator[str]:
    """Yield a pointer and those of the values that it leads through, innermost first."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _values(body: bytes, wanted: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield pointer and offset of every value in values that are *wanted*, the last of several of one key last."""
    around: list[_Opened] = []
    for token in _TOKEN.finditer(body, len(_BOM) if body.startswith(_BOM) else 0):
        sign = token[0]
        if sign in (b"}", b"]"):
            around.pop()
            continue
        if sign == b",":
            around[-1].index += 1
            around[-1].key = None
            continue
        holder = around[-1] if around else None
        if holder is not None and holder.in_object and holder.key is None:
            holder.key = "" if holder.pointer is None else json.loads(sign.decode(errors="replace"))
            continue
        pointer = "" if holder is None else holder.inner()
        if pointer is not None:
            yield pointer, token.start()
        if sign in (b"{", b"["):
            around.append(_Opened(pointer if pointer in wanted else None, sign == b"{"))
