"""The service segments of an interchange, found in a window of its bytes; what stands between them is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from adapters.edi.dialect import Separators
from adapters.edi.lexer import is_released
from adapters.edi.service import Service, read_service
from adapters.edi.window import LONGEST, REACH, Window

#: bytes of UNA: its tag and six characters
UNA: Final = 9
#: what may stand between a terminator and the next tag
_BLANK: Final = b" \t\r\n\x0b\x0c\x00"


class Mark(NamedTuple):
    """A service segment found: the letter of its tag (H for UNH) and the offset of the terminator before it.

    A is UNA of another interchange, R one that is repeated within this one. ``segment`` is None where another
    interchange opens (letters A and B).
    """

    letter: str
    before: int
    segment: Service | None


def marks(window: Window, start: int, separators: Separators, leave: Callable[[int], int]) -> Iterator[Mark]:
    """Yield the service segments after the one at offset *start*.

    Before the window moves, ``leave(offset)`` learns that every mark before *offset* was yielded, and returns from
    which offset on the source must be held.
    """
    terminator = separators.terminator.encode()
    find = _pattern(separators).finditer
    offset = start + 1
    while True:
        held, base, decided = window.held, window.base, window.decided
        for found in find(held, offset - base):
            at = found.start()
            if base + at >= decided:
                break
            floor = max(start - base, at - LONGEST, 0)
            before = _terminator_before(held, at, floor, terminator)
            if before < 0 or is_released(held, before, separators, floor):
                continue
            letter = _letter(found)
            yield Mark(letter, base + before, _segment(letter, held, at, separators, base))
        if window.complete:
            return
        offset = max(offset, decided)
        window.move(min(offset, leave(offset)) - REACH)


def _letter(found: re.Match[bytes]) -> str:
    if found[1] is not None:
        return found[1].decode()
    return "A" if found[2] == b"B" else "R"


def _segment(letter: str, held: bytes, at: int, separators: Separators, base: int) -> Service | None:
    if letter in "AB":
        return None
    if letter == "R":  # its six characters name separators; they are not taken apart by them
        return Service([["UNA"]], base + at, base + at + UNA)
    return read_service(held, at, separators, base)


@lru_cache(maxsize=64)
def _pattern(separators: Separators) -> re.Pattern[bytes]:
    """Tags of service segments; line ends may cut even a tag (80-column files).

    UNA is one where a segment follows that stands outside of messages: within one it is text, or a fault of the body.
    """
    terminator, element = re.escape(separators.terminator).encode(), re.escape(separators.element).encode()
    fold = rb"[\r\n]{0,4}"
    tag = fold + rb"N" + fold + rb"([BEGHTZ])(?=" + fold + rb"(?:" + element + rb"|" + terminator + rb"))"
    # it begins with a plain letter, which the search finds at the speed of memory
    follows = rb".{6}[\s\x00]{0,%d}+U" % LONGEST + fold + rb"N" + fold + rb"([ABEGHZ])"
    return re.compile(rb"U(?:" + tag + rb"|NA(?=" + follows + rb"))", re.DOTALL)


def _terminator_before(held: bytes, at: int, floor: int, terminator: bytes) -> int:
    """Return the index of the terminator before *at*, -1 where more than blanks stands between the two.

    Of several (where a line end terminates) it is the first.
    """
    if held[at - 1 : at] == terminator and terminator not in _BLANK:
        return at - 1
    window = held[floor:at]
    blanks = len(window) - len(window.rstrip(_BLANK))
    if terminator in _BLANK:
        return held.find(terminator, at - blanks, at)
    return at - blanks - 1 if held[at - blanks - 1 : at - blanks] == terminator and at - blanks > floor else -1
