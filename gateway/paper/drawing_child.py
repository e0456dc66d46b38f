"""Draws one page, or a piece of one, from its standard input to its standard output as a PNG, and ends.

Started by ``drawing`` for one picture. What it exits with says why there is none: :data:`NO_PICTURE`, or
:data:`UNREADABLE` with the code of the fault on its output; anything else means that it was ended at its limits.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Final

from gateway.paper.confined import confine

NO_PICTURE: Final = 3
UNREADABLE: Final = 4


def main(page: int, box: str, most_bytes: int, cpu_seconds: int) -> None:
    """Draw page *page*, all of it or what lies in *box* ("left,top,right,bottom"), within so much memory and time."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not print into the picture
    confine(most_bytes)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    from adapters.email.adapter import ADAPTER, Unreadable  # noqa: PLC0415 - within the limits already
    from core.reading import Box  # noqa: PLC0415 - as above

    place = Box(*(float(side) for side in box.split(","))) if box else None
    try:
        picture = ADAPTER.draw(sys.stdin.buffer.read(), page, place)
    except Unreadable as error:
        picture, status = error.violation.code.encode(), UNREADABLE
    else:
        status = NO_PICTURE if picture is None else 0
    answer.write(picture or b"")
    answer.flush()
    os._exit(status)
