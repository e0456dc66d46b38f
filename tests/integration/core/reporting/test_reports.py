"""The reports over orders with known times: means, percentiles, error rates, shares, each against its target."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.audit.record import record
from core.errors import ValueRefused
from core.reporting.reports import REPORTS, report
from core.review.rulebook import Rulebook
from core.review.targets import TargetRules
from core.store.changes import add_change
from core.store.engine import Store
from core.store.rulebooks import put_in_force
from core.testing.trade import MONDAY, Trade, a_line, an_order, partner_row, place

D = Decimal
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
#: every order is held, so that a test says when it is decided on
HELD = Trade(partners=[partner_row(blocked="in dispute")])


class Past:
    """Orders whose life a test tells."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.placed = 0
        store.write(HELD.load)

    def order(self, channel: str = "ED", *, at: Any = MONDAY, type: str = "standard", **events: timedelta) -> int:  # noqa: A002 - the field's name
        """Place an order at *at* and tell its events (``order_shipped`` ...) so long after; return its id."""
        self.placed += 1
        asked = an_order(f"PO-{self.placed}", a_line(quantity=1), type=type)
        (one,) = self.store.write(lambda tx: place(tx, [asked], channel=channel, now=at))
        for event, after in events.items():
            name = event.replace("_", ".", 1)
            self.store.write(
                lambda tx, name=name, after=after: record(
                    tx, one.order_id, name, at=at + after, actor="anna", summary=name
                )
            )
        return one.order_id

    def corrected(self, order_id: int, at: Any, *fields: str) -> None:
        """Tell of a change of *fields*."""
        self.store.write(
            lambda tx: add_change(
                tx, order_id=order_id, reference="", function="4", hash=b"", document_id=1, dated=None, at=at,
                actor="anna", state="applied", revision=2, reason="", asked={}, stood={},
                differences=[[name, "1", "2"] for name in fields],
            )
        )  # fmt: skip

    def report(self, name: str, **days: Any) -> list[dict[str, Any]]:
        """Return the rows of a report over the week of MONDAY."""
        days = {"first": date(2026, 3, 2), "last": date(2026, 3, 8)} | days
        rows: list[dict[str, Any]] = self.store.read(lambda tx: report(tx, name, now=MONDAY, **days))["rows"]
        return rows


@pytest.fixture
def past(each_store: Store) -> Past:
    """A past on each engine."""
    return Past(each_store)


def test_cycle_times_have_mean_and_percentiles_by_type(past: Past) -> None:
    """ORD-06: processing is to despatch, the life cycle to settlement, held against 72 hours and 3.5 days."""
    for hours in range(1, 21):
        past.order(order_shipped=hours * 6 * HOUR)
    past.order(type="urgent", order_shipped=12 * HOUR, order_settled=84 * HOUR)
    past.order(type="urgent", order_shipped=24 * HOUR, order_settled=84 * HOUR + 2 * MINUTE)
    past.order()  # not shipped yet: in no measure
    rows = {(row["measure"], row["type"]): row for row in past.report("cycle-time")}
    assert rows["process", "standard"] == {
        "type": "standard", "measure": "process", "orders": 20, "mean_hours": "63.00", "p50_hours": "60.00",
        "p90_hours": "108.00", "p95_hours": "114.00", "target_hours": "72", "met": True,
    }  # fmt: skip
    assert (rows["process", "urgent"]["mean_hours"], rows["process", "all"]["orders"]) == ("18.00", 22)
    life = rows["life_cycle", "all"]
    assert (life["mean_hours"], life["target_hours"], life["met"]) == ("84.02", "84", False)
    assert next(iter(rows)) == ("process", "all")  # nothing was confirmed: no row for that


def test_what_is_confirmed_again_counts_once(past: Past) -> None:
    order_id = past.order(order_confirmed=3 * HOUR)
    past.store.write(
        lambda tx: record(tx, order_id, "order.confirmed", at=MONDAY + 9 * HOUR, actor="anna", summary="anew")
    )
    (every, _) = past.report("cycle-time")
    assert (every["measure"], every["orders"], every["mean_hours"]) == ("review", 1, "3.00")


def test_channels_are_held_against_their_minutes_and_errors(past: Past) -> None:
    """INT-06, INT-07: 10 minutes and 0.5 % of a shop's orders, 40 minutes and 5 % of mail and fax."""
    for minutes in (8, 12):
        past.order("EC", order_confirmed=minutes * MINUTE)
    slow = past.order("MF", order_confirmed=41 * MINUTE)
    past.corrected(slow, MONDAY + 10 * MINUTE, "requested_date", "lines.1.quantity", "lines.2.quantity")
    past.corrected(slow, MONDAY + 20 * MINUTE, "requested_date")
    past.corrected(slow, MONDAY + HOUR, "delivery_terms")  # behind the confirmation: a change of mind
    past.order("SR")
    shop, fax, rep = past.report("channel-performance")
    assert shop == {
        "channel": "EC", "orders": 2, "handled": 2, "mean_minutes": "10.00", "p95_minutes": 12, "target_minutes": 10,
        "fields": 60, "corrected": 0, "error_percent": "0.00", "target_percent": "0.5", "met": True,
    }  # fmt: skip
    assert (fax["mean_minutes"], fax["corrected"], fax["fields"], fax["error_percent"]) == ("41.00", 2, 30, "6.67")
    assert (fax["target_minutes"], fax["target_percent"], fax["met"]) == (40, "5", False)
    assert (rep["handled"], rep["mean_minutes"], rep["met"]) == (0, None, None)


@pytest.mark.parametrize(("seconds", "met"), [(0, True), (60, False)])
def test_a_target_is_met_up_to_its_very_value(store: Store, seconds: int, met: bool) -> None:
    """INT-06: exactly ten minutes are within ten minutes."""
    past = Past(store)
    past.order("EC", order_confirmed=10 * MINUTE + timedelta(seconds=seconds))
    assert [row["met"] for row in past.report("channel-performance")] == [met]


def test_the_mix_of_channels_is_told_with_its_targets(past: Past) -> None:
    """INT-02: the share of EC against 45 %; a channel that nothing came through is told, too."""
    for channel in ("EC", "EC", "EC", "ED", "SR", "SR", "SR", "SR"):
        past.order(channel)
    rows = {row["channel"]: row for row in past.report("channel-mix")}
    assert rows["EC"] == {
        "channel": "EC", "orders": 3, "percent": "37.50", "target_percent": "45", "off_by": "-7.50",
    }  # fmt: skip
    assert (rows["MF"]["orders"], rows["MF"]["percent"], rows["MF"]["off_by"]) == (0, "0.00", "-10.00")
    assert sum(D(row["percent"]) for row in rows.values()) == 100


def test_days_begin_and_end_where_the_company_is(past: Past) -> None:
    """In Berlin, 8 March begins at 23:00 UTC on the 7th."""
    begin = MONDAY.replace(day=7, hour=23)
    for at in (begin - timedelta(microseconds=1), begin, begin + timedelta(hours=24) - timedelta(microseconds=1)):
        past.order("EC", at=at)
    past.order("EC", at=begin + timedelta(hours=24))
    day = date(2026, 3, 8)
    assert [row["orders"] for row in past.report("channel-performance", first=day, last=day)] == [2]


def test_without_days_it_is_the_thirty_up_to_today(store: Store) -> None:
    store.write(HELD.load)
    found = store.read(lambda tx: report(tx, "channel-mix", first=None, last=None, now=MONDAY))
    assert (found["from"], found["to"], found["rule_version"]) == ("2026-02-01", "2026-03-02", "1")
    with pytest.raises(ValueRefused, match="covers no day"):
        store.read(lambda tx: report(tx, "channel-mix", first=date(2026, 3, 3), last=None, now=MONDAY))


def test_targets_are_rules(store: Store) -> None:
    """REV-06."""
    past = Past(store)
    past.order("EC", order_confirmed=5 * MINUTE)
    book = Rulebook(targets=TargetRules(handling_minutes={"EC": 4}))
    store.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="anna", reason="better"))
    (row,) = past.report("channel-performance")
    assert (row["target_minutes"], row["met"]) == (4, False)


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_test_order_counts_nowhere(store: Store, name: str) -> None:
    past = Past(store)
    store.write(lambda tx: place(tx, [an_order("PO-T")], test=True))
    assert [row for row in past.report(name) if row.get("orders")] == []
