"""The reports by name: each a list of rows over a period, with the version of the rules that it was held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from core.reporting.channels import channel_mix, channel_performance
from core.reporting.cycle_time import cycle_time
from core.reporting.hold_reasons import hold_reasons
from core.reporting.inventory import inventory
from core.reporting.period import Period, period
from core.review.targets import TargetRules
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.rulebooks import rules_in_force

Json = dict[str, Any]
Report = Callable[[Tx, Period, TargetRules], list[Json]]

REPORTS: Final[Mapping[str, Report]] = MappingProxyType(
    {
        "cycle-time": cycle_time,
        "channel-performance": channel_performance,
        "channel-mix": channel_mix,
        "inventory": inventory,
        "hold-reasons": hold_reasons,
    }
)


def report(tx: Tx, name: str, *, first: date | None, last: date | None, now: datetime) -> Json:
    """Return ``{"report","from","to","rule_version","rows"}`` of the report *name*; see its function for the rows.

    The days are those of the company's place; without them it is the thirty up to today.

    Raises:
        ValueRefused: they end before they begin.
        NotFound: no company is loaded.
    """
    in_force = rules_in_force(tx)
    days = period(first, last, now=now, timezone=our_company(tx, MasterCache()).timezone)
    return {
        "report": name,
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "rule_version": str(in_force.version),
        "rows": REPORTS[name](tx, days, in_force.book.targets),
    }
