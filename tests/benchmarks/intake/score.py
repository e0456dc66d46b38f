"""Counts what was read right, what was accepted, and what of that was wrong, with the bounds of what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from math import sqrt

from truth import Expected, Truth

from core.paper.evidence import Judgement
from core.reading import Candidate, Extracted, Spot

#: of 95 % of a normal distribution
_Z = 1.959964
#: so many numbers of a line show that it is the one that was meant
_SAME_LINE = 2

Read = Mapping[str, tuple[Candidate, ...]]


def same(one: str, other: str) -> bool:
    """Tell whether two values are the same: numbers by their worth, texts without their spaces."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return "".join(one.split()) == "".join(other.split())


def interval(hits: int, of: int) -> tuple[float, float]:
    """Return the bounds of a share at 95 % (Wilson score), 0 to 1."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, _Z * _Z
    middle = (share + z / (2 * of)) / (1 + z / of)
    away = _Z * sqrt(share * (1 - share) / of + z / (4 * of * of)) / (1 + z / of)
    return max(0.0, middle - away), min(1.0, middle + away)


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
    boxes: int = 0
    good_boxes: int = 0
    seconds: list[float] = field(default_factory=list)
    misread: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, truth: Truth, found: Extracted, verdict: Judgement, *, points: float) -> None:
        """Count one document; *points* is how many points one unit of its boxes is, 0 where they cannot be compared."""
        self.documents += 1
        before = self.wrong
        for path, expected in truth.head.items():
            told = path if path in found.fields or path != "total" else "net_total"  # the only total may be either
            self._count(truth, found, verdict, told, expected=expected, points=points)
        given = dict(aligned(truth.lines, lines_of(found)))
        for number, line in enumerate(truth.lines):
            for name, expected in line.items():
                path = f"lines.{given[number] + 1}.{name}" if number in given else ""
                self._count(truth, found, verdict, path, expected=expected, points=points)
        strangers = set(range(found.lines)) - set(given.values())
        invented = [path for path in verdict.accepted if path.startswith(tuple(f"lines.{n + 1}." for n in strangers))]
        self.wrong += len(invented)
        self.faults += [f"{truth.name} {path} is of no line" for path in invented]
        if verdict.certain and found.kind == "order":
            self.straight += 1
            self.wrong_straight += self.wrong > before or len(given) < len(truth.lines)
        self.doubts.update({doubt.reason for doubt in verdict.doubtful.values()})

    def _count(
        self, truth: Truth, found: Extracted, verdict: Judgement, path: str, *, expected: Expected, points: float
    ) -> None:
        self.fields += 1
        read = found.fields.get(path, ())
        if read and same(read[0].value, expected.value):
            self.right += 1
            if points and expected.box is not None and read[0].spot is not None:
                self.boxes += 1
                self.good_boxes += _is_there(read[0].spot, expected, points)
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
        return {
            "documents": f"{self.documents} ({self.pages} pages)",
            "right before checks": _share(self.right, self.fields),
            "wrong accepted": _share(self.wrong, self.accepted),
            "straight through": _share(self.straight, self.documents),
            "of these with a wrong field": f"{self.wrong_straight} of {self.straight}",
            "boxes (IoU >= 0.5)": _share(self.good_boxes, self.boxes) if self.boxes else "-",
            "seconds a document (median)": f"{sorted(self.seconds)[len(self.seconds) // 2]:.2f}"
            if self.seconds
            else "-",
            "misread": ", ".join(f"{name} {count}" for name, count in self.misread.most_common(6)) or "-",
            "left to a person for": ", ".join(f"{name} {count}" for name, count in self.doubts.most_common(6)) or "-",
        }


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


def _is_there(spot: Spot, expected: Expected, points: float) -> bool:
    box = type(spot.box)(*(one * points for one in spot.box))
    return spot.page == expected.page and expected.box is not None and box.overlap(expected.box) >= 0.5


def _share(hits: int, of: int) -> str:
    low, high = interval(hits, of)
    return f"{100 * hits / of if of else 0:.2f} % ({hits:,} of {of:,}; 95 %: {100 * low:.2f} to {100 * high:.2f} %)"
