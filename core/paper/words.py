"""Pages of words as they are kept: JSON, deflated; a page of type takes a few kilobytes."""

from __future__ import annotations

import zlib
from typing import Final

import orjson

from core.reading import Box, Page, Word

#: what is longer is not kept, and teaches nothing
MOST_BYTES: Final = 1024 * 1024
#: what comes out again is no longer than this
_MOST_JSON: Final = 64 * 1024 * 1024
_PLAIN: Final = ("number", "width", "height", "unit", "medium", "reader", "name", "skew", "turned", "quality")


def packed(pages: tuple[Page, ...]) -> bytes | None:
    """Return *pages* as bytes, None where they are too long to be kept."""
    told = [
        {
            **{name: getattr(page, name) for name in _PLAIN}, "dpi": page.dpi,
            "words": [[word.text, *word.box, word.confidence] for word in page.words],
        }
        for page in pages
    ]  # fmt: skip
    content = zlib.compress(orjson.dumps(told))
    return content if len(content) <= MOST_BYTES else None


def unpacked(content: bytes) -> tuple[Page, ...]:
    """Return the pages that :func:`packed` gave."""
    told = orjson.loads(zlib.decompressobj().decompress(content, _MOST_JSON))
    return tuple(
        Page(
            **{name: page[name] for name in _PLAIN},
            dpi=None if page["dpi"] is None else tuple(page["dpi"]),
            words=tuple(Word(text, Box(*box), confidence) for text, *box, confidence in page["words"]),
        )
        for page in told
    )
