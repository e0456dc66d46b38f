"""The packing hierarchy that DESADV and RECADV share: CPS with PAC, marks and lines, as a tree of packages.

A level (CPS) names the level that it lies in. The first PAC of a level is the package, further ones tell what lies in
it: 20 cartons on the pallet. A level without PAC, or the first one when it only counts the packages of the shipment,
is no package: what it holds belongs to what it lies in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawDocument, RawFields, places
from adapters.edi.directory.captures import Reader
from core.documents import Mark
from core.values import is_sscc

#: 7405: both codes name the SSCC
_SSCC: Final = frozenset({"BJ", "AW"})
#: 7075: the level is the shipment, or goods without packaging hierarchy; inner, intermediate and outer packages
_NOT_A_PACKAGE: Final = frozenset({"4", "5"})
_A_PACKAGE: Final = frozenset({"1", "2", "3"})
#: packages inside packages; a real shipment has three or four levels
MAX_DEPTH: Final = 16


@dataclass(slots=True)
class RawPackage:
    """The texts of one PAC and of the groups below it; each list holds values in the order sent.

    ``marking`` is 4233 of the PCI that is being read. A mark is 7405, the number, the last one of a range, and it.
    """

    fields: RawFields
    marking: str = ""
    measures: list[Sequence[str]] = field(default_factory=list)
    marks: list[Sequence[str]] = field(default_factory=list)
    variances: list[Sequence[str]] = field(default_factory=list)
    conditions: list[Sequence[str]] = field(default_factory=list)


@dataclass(slots=True)
class RawLevel:
    """The texts of one CPS, its packages and the lines (``RawDocument.lines``) that it holds, from ``first_line``."""

    number: str
    parent: str
    rank: str
    first_line: int
    packages: list[RawPackage] = field(default_factory=list)


@dataclass(slots=True)
class RawPacked(RawDocument):
    """The texts of a message with a packing hierarchy.

    A message that is refused may lack CPS or PAC above what stands below them; a nameless one then takes its place.
    """

    levels: list[RawLevel] = field(default_factory=list)

    @property
    def level(self) -> RawLevel:
        """The level that is being read."""
        if not self.levels:
            self.levels.append(RawLevel("", "", "", len(self.lines)))
        return self.levels[-1]

    @property
    def package(self) -> RawPackage:
        """The package that is being read."""
        packages = self.level.packages
        if not packages:
            packages.append(RawPackage({}))
        return packages[-1]


def _cps(raw: RawPacked, c: Sequence[str]) -> None:
    raw.levels.append(RawLevel(c[0], c[1], c[2], len(raw.lines)))


def _pac(raw: RawPacked, c: Sequence[str]) -> None:
    raw.level.packages.append(RawPackage({"pieces": c[0], "type": c[1]}))


def _pci(raw: RawPacked, c: Sequence[str]) -> None:
    (raw.package.marking,) = c


def _gin(raw: RawPacked, c: Sequence[str]) -> None:
    box = raw.package
    box.marks += [(c[0], *c[place : place + 2], box.marking) for place in range(1, len(c), 2) if c[place]]


def _gir(raw: RawPacked, c: Sequence[str]) -> None:
    box = raw.package
    box.marks += [(c[place + 1], c[place], "", box.marking) for place in range(0, len(c), 2) if c[place]]


NUMBERS: Final = tuple(place for element in range(2, 7) for place in places(element, 1, 2))


def packing_readers() -> dict[str, Reader]:
    """Return the readers of CPS, PAC and the numbers (GIN, GIR) of its PCI."""
    return {
        "CPS": Reader(((1, 1), (2, 1), (3, 1)), _cps),
        "CPS/PAC": Reader(((1, 1), (3, 1)), _pac),
        "CPS/PAC/PCI": Reader(((1, 1),), _pci),
        "CPS/PAC/PCI/GIN": Reader(((1, 1), *NUMBERS), _gin),
        "CPS/PAC/PCI/GIR": Reader(NUMBERS, _gir),
    }


class Boxed(Protocol):
    """A package of either message."""

    @property
    def pieces(self) -> int:
        """How many packages alike it stands for."""


Package = TypeVar("Package", bound=Boxed)
Item = TypeVar("Item")


def unpack(
    assembly: Assembly,
    raw: RawPacked,
    package: Callable[[RawPackage, tuple[Item, ...], tuple[Package, ...]], Package],
    item: Callable[[RawFields, int], Item],
) -> tuple[tuple[Package, ...], tuple[Item, ...]]:
    """Return the outermost packages and the items that lie in none.

    *package* makes one of its texts, the items and the packages in it; *item* makes one of the fields of a line, the
    n-th of the message.
    """
    levels = raw.levels
    parents = _parents(assembly, levels)
    items = [[item(raw.lines[place], place + 1) for place in lines] for lines in _lines(raw)]
    #: packages and items that lie in each level; the last entry is the shipment
    held: list[tuple[list[Package], list[Item]]] = [([], []) for _ in range(len(levels) + 1)]
    counting: list[RawPackage] = []
    every = 0
    # a level stands behind the one that it lies in: backwards, every level is complete when it is put there
    for number in range(len(levels) - 1, -1, -1):
        level, (inside, loose) = levels[number], held[number]
        outer, beside = held[parents[number]]
        contents = [*items[number], *loose]
        if level.packages and not _only_counts(levels, number, holds_items=bool(items[number])):
            first, *further = level.packages
            every += sum(pieces_of(box) for box in level.packages)
            boxes = [package(box, (), ()) for box in further]
            outer.insert(0, package(first, tuple(contents), (*boxes, *inside)))
        else:
            counting += level.packages
            outer[:0], beside[:0] = inside, contents
    packages, beside = held[-1]
    _check_count(assembly, counting, sum(one.pieces for one in packages), every)
    return tuple(packages), tuple(beside)


def pieces_of(raw: RawPackage) -> int:
    """Return how many packages alike one PAC tells of, 1 where it does not say."""
    return _told(raw) or 1


def marks_of(assembly: Assembly, raw: RawPackage) -> tuple[str, tuple[Mark, ...]]:
    """Return the SSCC of a package, "" where it has none, and its further numbers."""
    marks = [Mark(*(part.strip() for part in sent[:3])) for sent in raw.marks]
    at = next((at for at, mark in enumerate(marks) if mark.kind in _SSCC and not mark.last), None)
    if at is None:
        return "", tuple(marks)
    sscc = marks.pop(at).number
    if not is_sscc(sscc):
        assembly.warn("package.sscc_invalid", {"sent": sscc[:40]}, raw.marks[at][1], "12")
    return sscc, tuple(marks)


def _told(raw: RawPackage) -> int:
    sent = plain(raw.fields, "pieces")
    return int(sent) if sent.isascii() and sent.isdigit() else 0


def _parents(assembly: Assembly, levels: Sequence[RawLevel]) -> list[int]:
    """Return the number of the level that each one lies in, -1 for the shipment."""
    numbers: dict[str, int] = {}
    parents: list[int] = []
    depths: list[int] = []
    for number, level in enumerate(levels):
        parent = -1
        if not level.parent or level.parent == level.number:
            pass
        elif level.parent in numbers:
            parent = numbers[level.parent]
        else:
            assembly.warn("package.level_unknown", {"sent": level.parent[:40]}, level.parent, "12")
        depth = depths[parent] + 1 if parent >= 0 else 1
        if depth > MAX_DEPTH:
            assembly.fault("package.too_deep", {"most": MAX_DEPTH}, level.number, "12")
            parent, depth = -1, 1
        parents.append(parent)
        depths.append(depth)
        numbers[level.number] = number
    return parents


def _lines(raw: RawPacked) -> list[range]:
    """Return the places in ``raw.lines`` of the lines that stand in each level itself."""
    starts = [level.first_line for level in raw.levels]
    return [range(*bounds) for bounds in pairwise([*starts, len(raw.lines)])]


def _only_counts(levels: Sequence[RawLevel], number: int, *, holds_items: bool) -> bool:
    """Tell whether the PAC of a level count the packages of the whole shipment."""
    level = levels[number]
    if level.rank in _A_PACKAGE or any(box.marks for box in level.packages):
        return False
    return level.rank in _NOT_A_PACKAGE or (number == 0 and len(levels) > 1 and not holds_items)


def _check_count(assembly: Assembly, counting: Sequence[RawPackage], outer: int, every: int) -> None:
    """Warn where the shipment counts other packages than it tells of, be it the outer ones or all."""
    told = sum(_told(box) for box in counting)
    if told and outer and told not in {outer, every}:
        assembly.warn("package.count", {"sent": told, "found": outer}, counting[0].fields.get("pieces"), "29")
