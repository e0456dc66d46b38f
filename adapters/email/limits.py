"""How much of a source is opened, and how parts that are not are refused."""

from __future__ import annotations

from dataclasses import dataclass

from core.provenance import Parameters, Violation, fault


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source may cost; beyond it, a part is refused with its reason and the others are read.

    ``part_bytes`` and ``total_bytes`` count what is unpacked, ``ratio`` is unpacked bytes to a packed one. ``depth`` is
    how many messages or archives may lie in one another. ``picture_pixels`` is for one page of a picture: A4 at
    600 dpi has 35 million, and a G4 file of 12 kB can hold 400 million (ocr-intake, section 6).
    """

    part_bytes: int = 64 * 1024 * 1024
    total_bytes: int = 192 * 1024 * 1024
    parts: int = 200
    depth: int = 5
    ratio: int = 200
    members: int = 5_000
    pages: int = 50
    cells: int = 200_000
    picture_pixels: int = 40_000_000


class Unreadable(Exception):
    """A part cannot be read: *violation* tells why, and *dangerous* that it was left closed for safety."""

    def __init__(self, code: str, parameters: Parameters, *, dangerous: bool = False) -> None:
        self.violation: Violation = fault(code, parameters)
        self.dangerous = dangerous
        super().__init__(self.violation.message)
