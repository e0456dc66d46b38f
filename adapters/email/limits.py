"""How much of a source is opened, and how parts that are not are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.provenance import Parameters, Violation, fault

#: how libraries of C++ say that memory ran out: onnxruntime, OpenCV, and the system by their mouth (ENOMEM)
_NO_MEMORY: Final = re.compile(r"bad.alloc|allocate memory|insufficient memory|out of memory", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source may cost; beyond it, a part is refused with its reason and the others are read.

    ``part_bytes`` and ``total_bytes`` count what is unpacked, ``ratio`` is unpacked bytes to a packed one. ``depth`` is
    how many messages or archives may lie in one another, ``drawn`` the signs and lines of a page of PDF: A4 in the
    smallest print has 15,000. ``picture_pixels`` is for one page of a picture: A4 at 600 dpi has 35 million, and a G4
    file of 12 kB can hold 400 million (ocr-intake, section 6).
    """

    part_bytes: int = 64 * 1024 * 1024
    total_bytes: int = 192 * 1024 * 1024
    parts: int = 200
    depth: int = 5
    ratio: int = 200
    members: int = 5_000
    pages: int = 50
    cells: int = 200_000
    drawn: int = 50_000
    picture_pixels: int = 40_000_000


class Unreadable(Exception):
    """A part cannot be read: *violation* tells why, and *dangerous* that it was left closed for safety."""

    def __init__(self, code: str, parameters: Parameters, *, dangerous: bool = False) -> None:
        self.violation: Violation = fault(code, parameters)
        self.dangerous = dangerous
        super().__init__(self.violation.message)


def unreadable(name: str, error: Exception) -> Unreadable:
    """Return what is told of the part *name* that a library failed over; an :class:`Unreadable` is told as it is.

    Raises:
        MemoryError: it comes of one: the file is not to blame, or not surely.
    """
    cause: BaseException | None = error
    while cause is not None:  # libraries wrap it in errors of their own
        if isinstance(cause, MemoryError) or _NO_MEMORY.search(str(cause)):
            raise MemoryError from error
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, Unreadable):
        return error
    return Unreadable("paper.broken", {"name": name, "detail": type(error).__name__})
