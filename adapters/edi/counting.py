"""How many segments a stretch of bytes has, and where its last one begins, without an object for each of them."""

from __future__ import annotations

import re
from functools import lru_cache

from adapters.edi.dialect import PADDING, Separators
from adapters.edi.lexer import is_released
from adapters.edi.service import padding_end


def count_segments(source: bytes, start: int, end: int, separators: Separators) -> int:
    """Return how many segments source[start:end] has; empty ones do not count, a last one without terminator does."""
    terminator, release = separators.terminator.encode(), separators.release.encode()
    # copies of the bytes, not objects per segment: a hostile file has millions of them
    body = source[start:end].translate(None, b"\r\n".replace(terminator, b""))
    if release:
        body = body.replace(release + release, b"").replace(release + terminator, b"")
    runs = _empty_pattern(separators.terminator).finditer(body)
    empty = sum(body.count(terminator, *run.span()) - 1 for run in runs)
    rest = body[body.rfind(terminator) + 1 :].strip(b" \t\r\n\x00\x1a")
    return body.count(terminator) - empty + bool(rest)


def last_segment(source: bytes, start: int, end: int, separators: Separators) -> int:
    """Return where the last segment of source[start:end] begins, which may lack its terminator."""
    terminator = separators.terminator.encode()
    stop = _content_end(source, start, end, terminator)
    while (at := source.rfind(terminator, start, stop)) >= 0:
        if not is_released(source, at, separators, start):
            return padding_end(source, at + 1)
        stop = at
    return start


def _content_end(source: bytes, start: int, end: int, terminator: bytes) -> int:
    """Return where the content of source[start:end] ends, the terminator of the last segment left out."""
    tail = source[max(start, end - 4096) : end]
    return end - len(tail) + len(tail.rstrip(PADDING + terminator))


@lru_cache(maxsize=64)
def _empty_pattern(terminator: str) -> re.Pattern[bytes]:
    mark = re.escape(terminator).encode()
    return re.compile(mark + rb"(?:[ \t\r\n\x00\x1a]*+" + mark + rb")++")
