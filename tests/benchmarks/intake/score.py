"""Counts what was read right, what was accepted, and what of that was wrong, with the bounds of what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from truth import Expected, Truth

from core.paper.evidence import Judgement
from core.reading import Box, Candidate, Extracted, Spot
from core.reporting.bounds import bounds

#: what of a document must be in its order, wherever it stands on the page: the head, and each line
_WANTED = ("buyer_reference", "requested_date", "currency", "ship_to.name")
_WANTED_OF_LINES = ("quantity", "unit", "price")
#: so many numbers of a line show that it is the one that was meant
_SAME_LINE = 2

#: the only total of a document may be either
_ONE_TOTAL = {"total": "net_total", "net_total": "total"}

Read = Mapping[str, tuple[Candidate, ...]]
#: how many points one unit of a box is, across and down
Points = tuple[float, float]


def same(one: str, other: str) -> bool:
    """Tell whether two values are the same: numbers by their worth, texts without their spaces."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return "".join(one.split()) == "".join(other.split())


@dataclass(slots=True)
class Score:
    """The counts of one class of documents."""

    documents: int = 0
    pages: int = 0
    fields: int = 0
    right: int = 0
    accepted: int = 0
    wrong: int = 0
    straight: int = 0
    wrong_straight: int = 0
    lost: int = 0
    boxes: int = 0
    good_boxes: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0
    peak_mb: int = 0
    misread: Counter[str] = field(default_factory=Counter)
    misplaced: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, truth: Truth, found: Extracted, verdict: Judgement, *, points: Points | None) -> None:
        """Count one document; *points* are those of a unit of its boxes; None where they cannot be compared."""
        self.documents += 1
        before = self.wrong
        for path, expected in truth.head.items():
            told = path if path in found.fields else _ONE_TOTAL.get(path, path)
            self._count(truth, found, verdict, told, expected=expected, points=points)
        given = dict(aligned(truth.lines, lines_of(found)))
        for number, line in enumerate(truth.lines):
            for name, expected in line.items():
                path = f"lines.{given[number] + 1}.{name}" if number in given else ""
                self._count(truth, found, verdict, path, expected=expected, points=points)
            if number in given:
                self._count_basis(truth, found, verdict, given[number] + 1, expected=line.get("price_basis"))
        strangers = set(range(found.lines)) - set(given.values())
        invented = [path for path in verdict.accepted if path.startswith(tuple(f"lines.{n + 1}." for n in strangers))]
        self.wrong += len(invented)
        self.faults += [f"{truth.name} {path} is of no line" for path in invented]
        if verdict.certain and found.kind == "order":
            lost = list(_lost(truth, verdict, given))
            self.straight += 1
            self.lost += len(lost)
            self.wrong_straight += self.wrong > before or bool(lost)
            self.faults += [f"{truth.name} {path} is not in the order" for path in lost]
        self.doubts.update({doubt.reason for doubt in verdict.doubtful.values()})

    def _count_basis(
        self, truth: Truth, found: Extracted, verdict: Judgement, line: int, *, expected: Expected | None
    ) -> None:
        """Count a price that was taken for another number of units as wrong: it is some hundred times as high.

        The verdict holds no ``price_basis``; the order takes what was read, and one unit where nothing was.
        """
        path = f"lines.{line}.price_basis"
        if expected is None or f"lines.{line}.price" not in verdict.accepted:
            return
        if not same(taken := found.best(path) or "1", expected.value):
            self.wrong += 1
            self.faults.append(f"{truth.name} {path}: {taken!r} for {expected.value!r}")

    def unread(self, truth: Truth, reason: str) -> None:
        """Count a document that could not be read at all: nothing of it is right, and a person has it."""
        self.documents += 1
        fields = len(truth.head) + sum(map(len, truth.lines))
        self.fields += fields
        self.misread["not read"] += fields
        self.doubts[reason] += 1

    def _count(
        self,
        truth: Truth,
        found: Extracted,
        verdict: Judgement,
        path: str,
        *,
        expected: Expected,
        points: Points | None,
    ) -> None:
        self.fields += 1
        read = found.fields.get(path, ())
        if read and same(read[0].value, expected.value):
            self.right += 1
            if points and expected.box is not None and read[0].spot is not None:
                self.boxes += 1
                if _is_there(read[0].spot, expected, points):
                    self.good_boxes += 1
                else:
                    self.misplaced[path.rsplit(".", 1)[-1] if path.startswith("lines.") else path] += 1
        else:
            self.misread[path.rsplit(".", 1)[-1] if path.startswith("lines.") else path or "line lost"] += 1
        if (taken := verdict.accepted.get(path)) is not None:
            self.accepted += 1
            # a description that names the item is taken from the catalogue: it is as right as the item is
            if not same(taken.value, expected.value) and "catalogue.description" not in taken.evidence:
                self.wrong += 1
                self.faults.append(f"{truth.name} {path}: {taken.value!r} for {expected.value!r} by {taken.evidence}")

    def table(self) -> dict[str, str]:
        """Return the figures as people read them."""
        seconds = sorted(self.seconds)
        return {
            "documents": f"{self.documents} ({self.pages} pages)",
            "right before checks": _share(self.right, self.fields),
            "wrong accepted": f"{_share(self.wrong, self.accepted)}, at most {100 * self.most_wrong:.2f} %",
            "straight through": _share(self.straight, self.documents),
            "of these with a wrong field": f"{self.wrong_straight} of {self.straight} ({self.lost} fields left out)",
            "boxes (IoU >= 0.5)": _share(self.good_boxes, self.boxes) if self.boxes else "-",
            "boxes elsewhere": ", ".join(f"{name} {count}" for name, count in self.misplaced.most_common(6)) or "-",
            "seconds a page": f"{sum(seconds) / (self.pages or 1):.2f}, of the processor {self.cpu_a_page:.2f}",
            "seconds a document (median)": f"{seconds[len(seconds) // 2]:.2f}" if seconds else "-",
            "memory of the reader at most": f"{self.peak_mb} MB",
            "misread": ", ".join(f"{name} {count}" for name, count in self.misread.most_common(6)) or "-",
            "left to a person for": ", ".join(f"{name} {count}" for name, count in self.doubts.most_common(6)) or "-",
        }

    @property
    def most_wrong(self) -> float:
        """The share of wrong ones among accepted fields that is not exceeded but by a chance of 5 %."""
        return bounds(self.wrong, self.accepted, beyond=0.1)[1]

    @property
    def cpu_a_page(self) -> float:
        """How many seconds of a processor a page took."""
        return self.cpu_seconds / (self.pages or 1)


def _lost(truth: Truth, verdict: Judgement, given: Mapping[int, int]) -> Iterator[str]:
    """Yield what stands in the document and is not in its order: it would be forgotten without a word."""
    yield from (path for path in _WANTED if path in truth.head and path not in verdict.accepted)
    for number, line in enumerate(truth.lines):
        if number not in given:
            yield f"line {number + 1}"
        else:
            paths = (f"lines.{given[number] + 1}.{name}" for name in _WANTED_OF_LINES if name in line)
            yield from (path for path in paths if path not in verdict.accepted)


def lines_of(found: Extracted) -> list[Read]:
    """Return the fields of each line that was read."""
    return [
        {
            path.removeprefix(prefix): said
            for path, said in found.fields.items()
            if path.startswith(prefix := f"lines.{number}.")
        }
        for number in range(1, found.lines + 1)
    ]


def aligned(lines: Sequence[Mapping[str, Expected]], read: Sequence[Read]) -> list[tuple[int, int]]:
    """Return which line that was read is which of the truth, in their order: a line that is lost shifts no other."""
    alike = [[_alike(line, one) for one in read] for line in lines]
    best = [[0] * (len(read) + 1) for _ in range(len(lines) + 1)]
    for i in range(len(lines) - 1, -1, -1):
        for j in range(len(read) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(lines) and j < len(read):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(line: Mapping[str, Expected], read: Read) -> int:
    """Return how many values two lines share; 0 where it is too few to be the same."""
    shared = sum(1 for name, one in line.items() if read.get(name) and same(read[name][0].value, one.value))
    return shared if shared >= _SAME_LINE else 0


def _is_there(spot: Spot, expected: Expected, points: Points) -> bool:
    across, down = points
    box = Box(spot.box.left * across, spot.box.top * down, spot.box.right * across, spot.box.bottom * down)
    return spot.page == expected.page and expected.box is not None and box.overlap(expected.box) >= 0.5


def _share(hits: int, of: int) -> str:
    low, high = bounds(hits, of)
    return f"{100 * hits / of if of else 0:.2f} % ({hits:,} of {of:,}; 95 %: {100 * low:.2f} to {100 * high:.2f} %)"
