"""The text of a mail without what is not said now: quotations of older mails and signatures."""

from __future__ import annotations

import re
from typing import Final

from adapters.email.mime.letter import QUOTED_HEAD

#: how a mail program begins what it quotes below an answer: one short line, which ends with a colon
_ANSWERED: Final = re.compile(
    r"on .{4,120} wrote|am .{4,120} schrieb.{0,80}|.{0,80}在.{4,80}写道|.{4,80}于.{4,80}写道", re.IGNORECASE
)
_COLON_AT_END: Final = re.compile(r"[:：][^\S\n]*$", re.MULTILINE)
#: such a line has no more signs
_LONGEST: Final = 250
_SIGNATURE: Final = re.compile(r"^-- $", re.MULTILINE)
#: possessive, here and in the head of a quotation: a repeated group that may go back takes memory for each sign
_QUOTES: Final = re.compile(r"^(?:> ?)++", re.MULTILINE)
_QUOTED_LINE: Final = re.compile(r"^>.*$\n?", re.MULTILINE)


def said_now(body: str, *, forwarded: bool) -> str:
    """Return what a mail says itself: without older mails that it answers, and without its signature.

    In a mail that is handed on, what it quotes is what it is about: it stays, without its signs of quotation.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    if forwarded:
        return _QUOTES.sub("", text).strip()
    cuts = [found.start() for pattern in (QUOTED_HEAD, _SIGNATURE) if (found := pattern.search(text))]
    cuts += [begin for begin in (_answered(text),) if begin is not None]
    return _QUOTED_LINE.sub("", text[: min(cuts, default=len(text))]).strip()


def _answered(text: str) -> int | None:
    """Return where the line begins that says whom the mail answers, None where there is none.

    Colons are looked for first: the pattern itself, tried from each sign of a long line, takes a minute for 8 MB.
    """
    for colon in _COLON_AT_END.finditer(text):
        begin = text.rfind("\n", max(0, colon.start() - _LONGEST), colon.start()) + 1
        if begin == 0 and colon.start() > _LONGEST:
            continue
        if _ANSWERED.fullmatch(text[begin : colon.start()].strip()):
            return begin
    return None
