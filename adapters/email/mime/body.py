"""The text of a mail without what is not said now: quotations of older mails and signatures."""

from __future__ import annotations

import re
from typing import Final

from adapters.email.mime.letter import QUOTED_HEAD

#: how a mail program begins what it quotes below an answer
_ANSWERED: Final = re.compile(
    r"^[^\S\n]*(on .{4,120} wrote|am .{4,120} schrieb.{0,80}|.{0,80}在.{4,80}写道|.{4,80}于.{4,80}写道)"
    r"[^\S\n]*[:：][^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^-- $", re.MULTILINE)
_QUOTED_LINE: Final = re.compile(r"^>.*$\n?", re.MULTILINE)


def said_now(body: str, *, forwarded: bool) -> str:
    """Return what a mail says itself: without older mails that it answers, and without its signature.

    In a mail that is handed on, what it quotes is what it is about: it stays, without its signs of quotation.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    if forwarded:
        return re.sub(r"^(> ?)+", "", text, flags=re.MULTILINE).strip()
    cuts = [found.start() for pattern in (_ANSWERED, QUOTED_HEAD, _SIGNATURE) if (found := pattern.search(text))]
    return _QUOTED_LINE.sub("", text[: min(cuts, default=len(text))]).strip()
