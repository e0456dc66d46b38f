"""The counts of the first page are as fresh as is cheap."""

from __future__ import annotations

from typing import Any

from gateway.console.counts import Counts


class Slow:
    """Views whose sums take as long as a test says."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.now = 0.0
        self.asked = 0

    def reconciliation(self, tx: Any) -> dict[str, Any]:
        del tx
        self.now += self.seconds
        self.asked += 1
        return {"documents": self.asked}


def test_cheap_counts_are_always_fresh() -> None:
    views: Any = Slow(0.001)
    counts = Counts(lambda: views.now)
    assert [counts.of(views, None)["documents"] for _ in range(3)] == [1, 2, 3]


def test_dear_counts_rest() -> None:
    views: Any = Slow(0.5)
    counts = Counts(lambda: views.now)
    assert [counts.of(views, None)["documents"] for _ in range(3)] == [1, 1, 1]
    views.now += 9.9
    assert counts.of(views, None)["documents"] == 1
    views.now += 0.2
    assert counts.of(views, None)["documents"] == 2
