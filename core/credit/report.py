"""Keeps the credit warnings of every day: a timer in the morning that sets the next (CUS-20)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.reporting.credit import local_day, warnings
from core.store import timers
from core.store.credit import keep_report
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company

CREDIT_REPORT: Final = "credit.report"


def set_report_timer(tx: Tx, cache: MasterCache, now: datetime) -> bool:
    """Have the warnings kept next morning, unless that is set already; tell whether it was not."""
    if timers.next_due(tx, [CREDIT_REPORT]) is not None:
        return False
    cache.refresh(tx)
    zone = ZoneInfo(our_company(tx, cache).timezone)
    at = time(cache.rules.book.credit.report_hour)
    morning = datetime.combine(now.astimezone(zone).date(), at, zone)
    if morning <= now:
        morning = datetime.combine(morning.date() + timedelta(days=1), at, zone)
    timers.schedule(tx, CREDIT_REPORT, 0, morning.astimezone(UTC))
    return True


def keep_warnings(tx: Tx, cache: MasterCache, now: datetime) -> bool:
    """Keep the warnings of the day and set the next morning's timer; tell whether the day had none yet."""
    day = local_day(tx, cache, now)
    new = keep_report(tx, day, now, warnings(tx, cache, now))
    set_report_timer(tx, cache, now)
    return new
