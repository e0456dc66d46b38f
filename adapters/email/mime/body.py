"""The text of a mail without what is not said now: quotations of older mails and signatures."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import Final

from adapters.email.mime.letter import QUOTED_HEAD

#: how a mail program begins what it quotes below an answer
_ANSWERED: Final = re.compile(
    r"^\s*(on .{4,120} wrote|am .{4,120} schrieb.{0,80}|.{0,80}在.{4,80}写道|.{4,80}于.{4,80}写道)\s*[:：]\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^-- $", re.MULTILINE)
_QUOTED_LINE: Final = re.compile(r"^>.*$\n?", re.MULTILINE)
#: charsets that mails name and Python does not know, and what their text really is
_CALLED: Final = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "utf-8", "utf8": "utf-8"}


def text_of(content: bytes, charset: str | None) -> str:
    """Return *content* as text: by its *charset* where that fits, else by the first of UTF-8, GB18030 and CP1252.

    A mail names charsets that do not exist, or that its text does not keep to (ocr-intake, section 6).
    """
    named = _CALLED.get((charset or "").lower(), charset or "")
    for name in (named, "utf-8", "gb18030", "cp1252"):
        if name and _exists(name):
            with suppress(UnicodeDecodeError):
                return content.decode(name)
    return content.decode("latin-1")


def _exists(charset: str) -> bool:
    try:
        return codecs.lookup(charset)._is_text_encoding  # noqa: SLF001 - `rot13` and `zip` are charsets to Python, too
    except (LookupError, ValueError):
        return False


def said_now(body: str, *, forwarded: bool) -> str:
    """Return what a mail says itself: without older mails that it answers, and without its signature.

    In a mail that is handed on, what it quotes is what it is about: it stays, without its signs of quotation.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    if forwarded:
        return re.sub(r"^(> ?)+", "", text, flags=re.MULTILINE).strip()
    cuts = [found.start() for pattern in (_ANSWERED, QUOTED_HEAD, _SIGNATURE) if (found := pattern.search(text))]
    return _QUOTED_LINE.sub("", text[: min(cuts, default=len(text))]).strip()
