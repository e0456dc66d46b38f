"""Channels: which share of the orders each has, how fast and how cleanly they come in (INT-02 to INT-07)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from core.reporting.distribution import distribution, percent_of, rounded
from core.reporting.period import Period
from core.review.fields import FIELDS
from core.review.targets import TargetRules
from core.store.engine import Tx
from core.store.reports import corrections, counts, durations

Json = dict[str, Any]

#: an order is handled once it is decided on
_DECIDED: Final = ("order.confirmed", "order.declined")
#: the number of a line in the path of a field
_LINE: Final = re.compile(r"(?<=\.)[0-9]+\.")


def channel_performance(tx: Tx, period: Period, targets: TargetRules) -> list[Json]:
    """Return handling time and error rate of each channel, of orders received in *period* (INT-06, INT-07).

    Rows are ``{"channel","orders","handled","mean_minutes","p95_minutes","target_minutes","fields","corrected",
    "error_percent","target_percent","met"}`` by channel. Handling is from the receipt to the decision, confirmed or
    declined. The error rate is corrected fields / total fields: an order has the 30 fields of the register, and one of
    them is corrected when a change before the first confirmation gave it another value, on whichever line. ``met`` is
    None where the rules name no target, or nothing was handled.
    """
    received = counts(tx, "channel", period.since, period.until)
    handled = durations(tx, "channel", period.since, period.until, _DECIDED)
    corrected: dict[str, set[tuple[int, str]]] = {}
    for channel, order_id, differences in corrections(tx, period.since, period.until):
        corrected.setdefault(channel, set()).update((order_id, name) for name in _fields(differences))
    rows = []
    for channel, orders in sorted(received.items()):
        found = distribution(handled.get(channel, ()), (95,))
        fields, wrong = orders * len(FIELDS), len(corrected.get(channel, ()))
        errors = percent_of(wrong, fields)
        minutes, percent = targets.handling_minutes.get(channel), targets.error_percent.get(channel)
        verdicts = [
            *([found.mean <= minutes] if found and minutes is not None else []),
            *([errors <= percent] if percent is not None else []),
        ]
        rows.append(
            {
                "channel": channel,
                "orders": orders,
                "handled": found.orders if found else 0,
                "mean_minutes": str(rounded(found.mean)) if found else None,
                "p95_minutes": found.percentiles[0] if found else None,
                "target_minutes": minutes,
                "fields": fields,
                "corrected": wrong,
                "error_percent": str(errors),
                "target_percent": None if percent is None else str(percent),
                "met": all(verdicts) if verdicts and found else None,
            }
        )
    return rows


def channel_mix(tx: Tx, period: Period, targets: TargetRules) -> list[Json]:
    """Return the share of each channel in the orders received in *period* (INT-02 to INT-05).

    Rows are ``{"channel","orders","percent","target_percent","off_by"}`` by channel, those with a target among them
    even if nothing came; ``off_by`` are points of per cent, above the target when positive.
    """
    received = counts(tx, "channel", period.since, period.until)
    total = sum(received.values())
    rows = []
    for channel in sorted({*received, *targets.mix_percent}):
        share, target = percent_of(received.get(channel, 0), total), targets.mix_percent.get(channel)
        rows.append(
            {
                "channel": channel,
                "orders": received.get(channel, 0),
                "percent": str(share),
                "target_percent": None if target is None else str(target),
                "off_by": None if target is None else str(share - target),
            }
        )
    return rows


def _fields(differences: Iterable[list[Any]]) -> set[str]:
    """Return which fields of an order differ, the same field of several lines once."""
    return {_LINE.sub("", str(one[0])) for one in differences}
