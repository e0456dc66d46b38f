"""Separators that no UNA names and UNB shows all the same: it always begins ``UNB+UNOx:n`` and ends before UNH or UNG.

ISO 9735 asks for UNA then. Some senders leave it out, and some close segments by a line end alone; a person reads both
at sight.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from adapters.edi.dialect import Separators

#: so far from UNB its end is looked for
REACH: Final = 1000
_UNB: Final = re.compile(rb"U[\r\n]*N[\r\n]*B([!-~])[Uu][Nn][Oo][A-Za-z]([!-~])[1-4]")
_LAYOUT: Final = b" \t\r\n\x00"
_USUAL: Final = Separators()


def inferred(held: bytes, unb_at: int) -> Separators | None:
    """Return the separators of the interchange whose UNB begins at held[unb_at], None where it shows no others.

    That is so where they are the usual ones, those of level B that do not print, or past finding out.
    """
    unb = _UNB.match(held, unb_at)
    if unb is None:
        return None
    element, component = unb[1].decode(), unb[2].decode()
    follows = _following(element).search(held, unb.end(), unb_at + REACH)
    if follows is None:
        return None
    terminator = _terminator(held[unb.end() : follows.start()], element + component)
    marks = (component, element, terminator)
    if len({*marks}) < len(marks) or not all(marks) or any(mark.isalnum() for mark in marks):
        return None
    if marks == (_USUAL.component, _USUAL.element, _USUAL.terminator):
        return None
    return Separators(component, element, _USUAL.decimal, "" if _USUAL.release in marks else "?", "", terminator)


def _terminator(rest: bytes, others: str) -> str:
    """Return what closes UNB, whose *rest* runs up to the next segment; "" where that is not to be told."""
    kept = rest.rstrip(_LAYOUT)
    last, layout = kept[-1:].decode("latin-1"), rest[len(kept) :]
    if last and not last.isalnum() and last not in others and last.isascii() and kept.count(last.encode()) == 1:
        return last
    return "\n" if b"\n" in layout else "\r" if b"\r" in layout else ""


@lru_cache(maxsize=64)
def _following(element: str) -> re.Pattern[bytes]:
    # UNA may be repeated there, and says nothing of where UNB ends
    return re.compile(rb"(?:UNA.{6}[\s\x00]*)?UN[HG]" + re.escape(element.encode()), re.DOTALL)


def foreign_opening() -> bytes:
    """Return the pattern of what follows the U of an UNB with separators of its own and an end that can be found.

    It has one group, which must be the second of its expression.
    """
    mark = rb"[!-/:-@\[-`{-~]"
    return rb"NB(" + mark + rb")UNO[A-Z]" + mark + rb"[1-4]\2(?=.{0,%d}?UN[HG]\2)" % (REACH - 20)
