"""How long orders take, by type (ORD-06; requirements D, 11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from core.reporting.distribution import distribution, in_hours, together
from core.reporting.period import Period
from core.review.targets import TargetRules
from core.store.engine import Tx
from core.store.reports import Bucket, durations

Json = dict[str, Any]

#: every type together
ALL: Final = "all"
_PERCENTS: Final = (50, 90, 95)
#: measure -> the events that end it; all of them begin with the receipt
_ENDS: Final = {
    "review": ("order.confirmed",),
    "process": ("order.shipped",),
    "life_cycle": ("order.settled",),
}


def cycle_time(tx: Tx, period: Period, targets: TargetRules) -> list[Json]:
    """Return how long it was from receipt to confirmation, despatch and settlement, of orders received in *period*.

    Rows are ``{"type","measure","orders","mean_hours","p50_hours","p90_hours","p95_hours","target_hours","met"}``, by
    measure, every type together as ``all`` first. An order counts in a measure once it came to its end: to the first
    confirmation (``review``), to the first parcel that left (``process``), to delivered, billed and paid
    (``life_cycle``). ``met`` compares the mean with the target of the rules, None where there is none. Percentiles are
    to the minute, by nearest rank.
    """
    held_against: dict[str, Decimal] = {"process": targets.process_hours, "life_cycle": targets.life_cycle_hours}
    rows = []
    for measure, ends in _ENDS.items():
        by_type = durations(tx, "type", period.since, period.until, ends)
        every: list[Bucket] = together(bucket for some in by_type.values() for bucket in some)
        for order_type, buckets in [(ALL, every), *sorted(by_type.items())]:
            found = distribution(buckets, _PERCENTS)
            if found is not None:
                mean, target = in_hours(found.mean), held_against.get(measure)
                rows.append(
                    {
                        "type": order_type,
                        "measure": measure,
                        "orders": found.orders,
                        "mean_hours": str(mean),
                        **{
                            f"p{percent}_hours": str(in_hours(minutes))
                            for percent, minutes in zip(_PERCENTS, found.percentiles, strict=True)
                        },
                        "target_hours": None if target is None else str(target),
                        "met": None if target is None else mean <= target,
                    }
                )
    return rows
