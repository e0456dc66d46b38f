"""How an item is stocked, on both sides of each of its lines (INV-14, INV-19, INV-20)."""

from __future__ import annotations

import pytest

from core.stock.level import Thresholds, is_high, is_low, status_of, to_reorder6

LINES = Thresholds(safety6=10, reorder6=30, max6=100)


@pytest.mark.parametrize(
    ("available", "status"), [(0, "tight"), (9, "tight"), (10, "warning"), (29, "warning"), (30, "ample")]
)
def test_the_status_by_the_lines_of_the_item(available: int, status: str) -> None:
    """INV-14."""
    assert status_of(available, LINES) == status


@pytest.mark.parametrize(("available", "status"), [(-1, "tight"), (0, "tight"), (1, "ample")])
def test_an_item_without_lines_is_tight_when_nothing_is_left(available: int, status: str) -> None:
    assert status_of(available, Thresholds()) == status


@pytest.mark.parametrize(("available", "low"), [(29, True), (30, False)])
def test_low_is_below_the_reorder_point(available: int, low: bool) -> None:
    """INV-20."""
    assert is_low(available, LINES) is low


def test_the_safety_stock_is_the_line_where_there_is_no_reorder_point() -> None:
    assert [is_low(available, Thresholds(safety6=10)) for available in (9, 10)] == [True, False]
    assert not is_low(0, Thresholds())


@pytest.mark.parametrize(("available", "high"), [(100, False), (101, True)])
def test_high_is_above_the_maximum(available: int, high: bool) -> None:
    """INV-19."""
    assert is_high(available, LINES) is high
    assert not is_high(available, Thresholds())


@pytest.mark.parametrize(
    ("available", "coming", "lines", "wanted"),
    [
        (20, 0, LINES, 80),
        (20, 79, LINES, 1),
        (20, 80, LINES, 0),
        (20, 90, LINES, 0),
        (20, 0, Thresholds(reorder6=30), 10),
        (5, 0, Thresholds(safety6=8), 3),
    ],
)
def test_a_low_item_is_filled_up_by_what_is_not_on_its_way(
    available: int, coming: int, lines: Thresholds, wanted: int
) -> None:
    """INV-21."""
    assert to_reorder6(available, coming, lines) == wanted
