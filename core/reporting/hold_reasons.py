"""Why orders are held, by month, and how long until they go on: what reviewers meet most comes first (REV-12)."""

from __future__ import annotations

from typing import Any

from core.reporting.distribution import distribution
from core.reporting.period import Period, months
from core.review.targets import TargetRules
from core.store.engine import Tx
from core.store.hold_reasons import HoldCount, hold_counts
from core.store.reports import Bucket

Json = dict[str, Any]


def hold_reasons(tx: Tx, period: Period, targets: TargetRules) -> list[Json]:
    """Return how often orders were held in *period* for each reason, rule and partner, the most frequent first.

    Rows are ``{"month","code","rule","partner","holds","by_person","by_rule","open","median_minutes"}``, by month, then
    by count. A hold counts in the month in which it was set; the median is to the minute, of those that were lifted.
    """
    del targets  # nothing is held against these
    rows = []
    for month, part in months(period):
        found: dict[tuple[str, str, str], list[HoldCount]] = {}
        for one in hold_counts(tx, part.since, part.until):
            found.setdefault((one.code, one.rule, one.partner), []).append(one)
        counted = [_row(month, *named, counts) for named, counts in found.items()]
        rows += sorted(counted, key=lambda row: (-row["holds"], row["code"], row["rule"], row["partner"]))
    return rows


def _row(month: str, code: str, rule: str, partner: str, counts: list[HoldCount]) -> Json:
    by = {how: sum(one.holds for one in counts if one.by == how) for how in ("person", "rule", "open")}
    lifted = [
        Bucket(one.minute, one.holds, one.micros) for one in counts if one.minute is not None and one.micros is not None
    ]
    took = distribution(lifted, (50,))
    return {
        "month": month,
        "code": code,
        "rule": rule,
        "partner": partner,
        "holds": sum(by.values()),
        "by_person": by["person"],
        "by_rule": by["rule"],
        "open": by["open"],
        "median_minutes": None if took is None else took.percentiles[0],
    }
