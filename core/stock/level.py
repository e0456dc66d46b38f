"""How well an item is stocked, by the thresholds of its master data (INV-14, INV-19, INV-20)."""

from __future__ import annotations

from typing import Literal, NamedTuple

Status = Literal["ample", "warning", "tight"]


class Thresholds(NamedTuple):
    """The lines of one item x 10^6; None draws no line."""

    safety6: int | None = None
    reorder6: int | None = None
    max6: int | None = None


def status_of(available6: int, lines: Thresholds) -> Status:
    """Return how *available6* (in all warehouses) stands: tight below the safety stock, warning below the reorder point.

    An item without a safety stock is tight when nothing is left.
    """
    if available6 <= 0 or available6 < (lines.safety6 or 0):
        return "tight"
    return "warning" if available6 < (lines.reorder6 or 0) else "ample"


def is_low(available6: int, lines: Thresholds) -> bool:
    """Tell whether the item is below its alert line: the reorder point, else the safety stock."""
    line6 = lines.safety6 if lines.reorder6 is None else lines.reorder6
    return line6 is not None and available6 < line6


def is_high(available6: int, lines: Thresholds) -> bool:
    """Tell whether there is more than the item's maximum."""
    return lines.max6 is not None and available6 > lines.max6
