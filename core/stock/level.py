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
    """Return how *available6* (in all warehouses) stands.

    It is tight below the safety stock, and where nothing is left; a warning below the reorder point; ample above it.
    """
    if available6 <= 0 or available6 < (lines.safety6 or 0):
        return "tight"
    return "warning" if available6 < (lines.reorder6 or 0) else "ample"


def alert_line6(lines: Thresholds) -> int | None:
    """Return the line below which the item is low: the reorder point, else the safety stock."""
    return lines.safety6 if lines.reorder6 is None else lines.reorder6


def is_low(available6: int, lines: Thresholds) -> bool:
    """Tell whether the item is below its alert line."""
    line6 = alert_line6(lines)
    return line6 is not None and available6 < line6


def is_high(available6: int, lines: Thresholds) -> bool:
    """Tell whether there is more than the item's maximum."""
    return lines.max6 is not None and available6 > lines.max6


def to_reorder6(available6: int, coming6: int, lines: Thresholds) -> int:
    """Return what to order of a low item: up to its maximum, else its alert line, less what is to come (INV-21)."""
    target6 = lines.max6 if lines.max6 is not None else alert_line6(lines) or 0
    return max(target6 - available6 - coming6, 0)
