"""Which directory reads a message: the release that UNH names, or the nearest one that stands in for it.

Partners stay with a release for decades, and nobody ships them all. A release without tables is read by the next
later one, because directories grow: what came after 93A took away little of what 93A had. Past the newest, the newest
reads. An earlier one would not do: D.00A and D.00B belong to D.01B, since D.00A renewed the segments.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from adapters.edi.directory import facts

#: a directory by year and letter
_LETTERED: Final = re.compile(r"[0-9]{2}[A-D]")
#: directories before it are numbered (1:921, 90:1), and their messages have another structure
_FIRST: Final = "1993A"


@lru_cache(maxsize=256)
def directory_of(message_type: str, version: str, release: str) -> str | None:
    """Return the name of the directory that reads a message of UNH S009, None where none does.

    CONTRL goes by the syntax (ISO 9735 part 4): its version 4 by that of syntax 4, all else by that of syntax 3.
    """
    if message_type == "CONTRL":
        return "S4" if version == "4" else "S3"
    return _nearest(message_type, _lettered(version, release))


@lru_cache(maxsize=256)
def stands_in(message_type: str, version: str, release: str) -> bool:
    """Tell whether the directory that reads a message is another one than UNH names."""
    return message_type != "CONTRL" and directory_of(message_type, version, release) not in {None, version + release}


def _lettered(version: str, release: str) -> str:
    """Return the one of the two that names a directory, such as 96A; "" where none does.

    S (status 2) shares the directories with D. Some senders write 0 for D, or the two the wrong way round.
    """
    return next((text for text in (release, version) if _LETTERED.fullmatch(text)), "")


def _nearest(message_type: str, release: str) -> str | None:
    """Return the release with the message that is *release* or the next later one, else the newest."""
    if not release or _year(release) < _FIRST:
        return None
    having = [name for name in facts.RELEASES if message_type in facts.keys("messages", name)]
    later = (name for name in having if _year(name[1:]) >= _year(release))
    return next(later, having[-1] if having else None)


def _year(release: str) -> str:
    """Return 1996A for 96A and 2001B for 01B, which sort by age; the numbered directories reach back to 1988."""
    return ("19" if release >= "88" else "20") + release
