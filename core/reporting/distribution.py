"""Mean and percentiles of durations that the database has counted by the minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from core.store.reports import Bucket

_MICROS_PER_MINUTE: Final = 60_000_000
_MINUTES_PER_HOUR: Final = 60


class Distribution(NamedTuple):
    """How long so many ``orders`` took, in minutes; percentiles are to the minute (nearest rank)."""

    orders: int
    mean: Decimal
    percentiles: tuple[int, ...]


def distribution(buckets: Iterable[Bucket], percents: Sequence[int]) -> Distribution | None:
    """Return mean and percentiles of what *buckets* count; None where they count nothing."""
    ordered = sorted(buckets)
    count = sum(bucket.orders for bucket in ordered)
    if not count:
        return None
    mean = Decimal(sum(bucket.micros for bucket in ordered)) / (count * _MICROS_PER_MINUTE)
    return Distribution(count, mean, tuple(_percentile(ordered, count, percent) for percent in percents))


def together(buckets: Iterable[Bucket]) -> list[Bucket]:
    """Return buckets of several groups as those of one: of each minute one."""
    sums: dict[int, tuple[int, int]] = {}
    for minute, count, micros in buckets:
        counted, took = sums.get(minute, (0, 0))
        sums[minute] = (counted + count, took + micros)
    return [Bucket(minute, *both) for minute, both in sums.items()]


def _percentile(ordered: Sequence[Bucket], count: int, percent: int) -> int:
    """Return the least minute that at least *percent* of all do not exceed."""
    rank, seen = -(-count * percent // 100), 0
    for bucket in ordered:
        seen += bucket.orders
        if seen >= rank:
            return bucket.minute
    raise AssertionError("a rank is no more than the count")


def in_hours(minutes: Decimal | int) -> Decimal:
    """Return minutes as hours of two decimals."""
    return rounded(Decimal(minutes) / _MINUTES_PER_HOUR)


def rounded(value: Decimal) -> Decimal:
    """Return two decimals."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def percent_of(part: int, whole: int) -> Decimal:
    """Return the share of *part* in per cent, of two decimals; 0 of nothing."""
    return rounded(Decimal(100 * part) / whole) if whole else Decimal("0.00")
