"""Bytes as text: mails name charsets that do not exist, or that they do not keep to."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from adapters.email.plain import visible

#: charsets that are named for others, which hold all of their signs
_CALLED: Final = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "utf-8", "utf8": "utf-8"}
#: the common signs and the punctuation of GB 2312 (rows 1-3 and 16-55): both bytes are beyond ASCII
_COMMON: Final = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
#: halves of signs: what UTF-7 and the escapes of Python give alone, and nobody can write down
_HALVES: Final = re.compile("[\ud800-\udfff]")
_ASCII: Final = bytes(range(128))
#: the first bytes of a text, which tell what it is
_ENOUGH: Final = 1 << 20
#: of the bytes beyond ASCII of a Chinese text so many of a hundred are of common signs; of a German one hardly any,
#: as its umlauts stand between letters of ASCII
_MOSTLY: Final = 80


def text_of(content: bytes, charset: str | None) -> str:
    """Return *content* as text: by *charset* where that fits, else as UTF-8, GB 18030 or CP1252, whichever it can be.

    Never raises: what is none of them is read as Latin-1. Signs that steer machines are told as spaces.
    """
    named = _CALLED.get((charset or "").lower(), charset or "")
    for name in _guesses(content, named):
        if name and _exists(name):
            with suppress(UnicodeDecodeError):
                text = content.decode(name)
                if not _HALVES.search(text):
                    return visible(text)
    return visible(content.decode("latin-1"))


def _guesses(content: bytes, named: str) -> Iterator[str]:
    """Yield the charsets to try; what a text is, is looked at only where it is none of the first two."""
    yield from (named, "utf-8")
    yield from ("gb18030", "cp1252") if _is_chinese(content) else ("cp1252", "gb18030")


def _exists(charset: str) -> bool:
    try:
        return codecs.lookup(charset)._is_text_encoding  # noqa: SLF001 - `rot13` and `zip` are charsets to Python, too
    except (LookupError, ValueError):
        return False


def _is_chinese(content: bytes) -> bool:
    looked_at = content[:_ENOUGH]
    beyond = len(looked_at.translate(None, _ASCII))
    return beyond > 0 and 2 * len(_COMMON.findall(looked_at)) * 100 >= _MOSTLY * beyond
