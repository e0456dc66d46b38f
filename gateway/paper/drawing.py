"""Pictures of pages for people, drawn by a process of its own that is ended at its limits (issue 6, part 7).

What strangers send is decoded there and nowhere else; what comes back is a PNG that we wrote.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import ClassVar, Final

from core.errors import NotFound, SystemFailed
from gateway.paper.confined import environment
from gateway.paper.drawing_child import NO_PICTURE, UNREADABLE

#: memory and processor time for one picture: a page of 40 million pixels takes 250 MB and 2 s
_MOST_BYTES: Final = 768 * 1024 * 1024
_CPU_SECONDS: Final = 15
_WALL_SECONDS: Final = 30.0
#: pictures that are drawn at once
_AT_ONCE: Final = 2
#: path first: it must import this very installation, whatever lies in the working directory
_BOOT: Final = (
    "import sys; sys.path[:] = sys.argv[5:]; from gateway.paper.drawing_child import main;"
    " main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))"
)


class NoPicture(NotFound):
    """There is no picture of this."""

    code: ClassVar[str] = "paper.no_picture"


class Drawer:
    """Draws pages, a few at once; safe for several threads."""

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    def draw(self, content: bytes, page: int, box: Sequence[float] | None = None) -> bytes:
        """Return page *page* of a file, or the piece of it in *box*, as a PNG.

        Raises:
            NoPicture: it is a sheet, a text or HTML, has no such page, is damaged, or is too much for the limits.
            SystemFailed: no process can be started, or all are busy for long.
        """
        if not self._free.acquire(timeout=_WALL_SECONDS):
            raise SystemFailed("too many pictures are drawn at once", hint="Ask again in a moment.")
        try:
            status, answer = self._run(content, page, box)
        finally:
            self._free.release()
        if status == 0 and answer:
            return answer
        if status == NO_PICTURE:
            raise NoPicture("there is no picture of that page", hint="Sheets, HTML and texts have none.")
        reason = answer.decode("ascii", "replace")[:50] if status == UNREADABLE else "paper.limits"
        raise NoPicture("the page cannot be drawn", hint="Open the kept file itself.", inputs={"reason": reason})

    def _run(self, content: bytes, page: int, box: Sequence[float] | None) -> tuple[int, bytes]:
        place = ",".join(str(float(side)) for side in box) if box else ""
        asked = (str(page), place, str(self._most_bytes), str(_CPU_SECONDS))
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and modules
                [sys.executable, "-P", "-B", "-c", _BOOT, *asked, *sys.path],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_WALL_SECONDS,
                check=False,
                process_group=0,  # Ctrl-C at the terminal is for the gateway alone
                env=environment(),
            )
        except subprocess.TimeoutExpired:
            return -1, b""
        except OSError as error:
            raise SystemFailed(f"no process can be started: {error}") from error
        return done.returncode, done.stdout
