"""Pages of words as they are kept: JSON, deflated; a page of type takes a few kilobytes."""

from __future__ import annotations

import zlib
from typing import Final

import orjson

from core.reading import Box, Page, Word

#: what is longer is not kept, and teaches nothing
MOST_BYTES: Final = 1024 * 1024
#: nor what is longer unpacked, a few hundred thousand words: the same word again and again packs into nothing
MOST_JSON: Final = 8 * 1024 * 1024
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
    plain = orjson.dumps(told)
    if len(plain) > MOST_JSON:
        return None
    content = zlib.compress(plain)
    return content if len(content) <= MOST_BYTES else None


def inflated(content: bytes, most: int) -> bytes | None:
    """Return as JSON the pages that :func:`packed` gave, None where that is longer than *most* bytes."""
    inflating = zlib.decompressobj()
    told = inflating.decompress(content, most)
    return told if inflating.eof else None


def pages_of(told: bytes) -> tuple[Page, ...]:
    """Return the pages that :func:`inflated` gave as JSON."""
    return tuple(
        Page(
            **{name: page[name] for name in _PLAIN},
            dpi=None if page["dpi"] is None else tuple(page["dpi"]),
            words=tuple(Word(text, Box(*box), confidence) for text, *box, confidence in page["words"]),
        )
        for page in orjson.loads(told)
    )
