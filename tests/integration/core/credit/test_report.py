"""The credit warnings of every day, by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.credit.report import CREDIT_REPORT, set_report_timer
from core.reporting.credit import warnings
from core.store import timers
from core.store.credit import report_of
from core.testing.trade import MONDAY, Trade, partner_row

#: six in the morning after MONDAY, in Berlin
MORNING = datetime.fromisoformat("2026-03-03T05:00:00+00:00")


def owing(amount: str, days: int = 9) -> Trade:
    invoice = {"partner": "ACME", "number": "R-1", "due": MONDAY.date() + timedelta(days=days)}
    return Trade(
        partners=[partner_row(credit_limit=Decimal(1000))], open_invoices=[invoice | {"amount": Decimal(amount)}]
    )


@pytest.mark.parametrize(
    ("amount", "days", "reasons"),
    [("799.99", 0, None), ("800", 0, ["limit"]), ("1", -1, ["overdue"]), ("800", -1, ["limit", "overdue"])],
)
def test_who_is_near_the_limit_or_late_is_named(desk: Any, amount: str, days: int, reasons: list[str] | None) -> None:
    """CUS-20: from 80 % of the limit on, or one day late."""
    desk.load(owing(amount, days))
    items = desk.store.read(lambda tx: warnings(tx, desk.cache, MONDAY))["items"]
    assert [one["reasons"] for one in items] == ([] if reasons is None else [reasons])


def test_the_warnings_of_a_day_are_kept_once_and_the_next_day_is_set(each_desk: Any) -> None:
    """CUS-20: as they stood at six in the morning in our time zone."""
    each_desk.load(owing("900"))
    store = each_desk.store
    assert store.write(lambda tx: set_report_timer(tx, each_desk.cache, MONDAY))
    assert not store.write(lambda tx: set_report_timer(tx, each_desk.cache, MONDAY))
    assert store.read(lambda tx: timers.next_due(tx, [CREDIT_REPORT])) == MORNING
    assert (each_desk.run_due(MORNING - timedelta(microseconds=1)), each_desk.run_due(MORNING)) == (0, 1)
    kept = store.read(lambda tx: report_of(tx, MORNING.date()))
    assert [(one["partner"], one["used_percent"]) for one in kept["items"]] == [("ACME", "90.00")]
    assert store.read(lambda tx: timers.next_due(tx, [CREDIT_REPORT])) == MORNING + timedelta(days=1)
