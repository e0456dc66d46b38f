"""The watch over the phase calendar: an alert once a phase ran out, not a moment before, closed when it is through."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.billing.invoice import invoice_shipment
from core.fulfilment.booking import request_booking
from core.fulfilment.manual import ship_order
from core.fulfilment.release import pack_order, release_order
from core.fulfilment.tracking import record_tracking
from core.ordering import phase_watch
from core.ports import TrackingEvent
from core.reporting.phases import phases
from core.review.phases import PhaseRules
from core.review.rulebook import Rulebook
from core.store import events, timers
from core.store import orders as order_rows
from core.store.alerts import open_alerts
from core.store.engine import Store, Tx
from core.store.rulebooks import put_in_force
from core.testing.trade import MONDAY, Trade, a_line, an_order, partner_row, place

#: what is promised for Wednesday, 4 March, is over in Berlin at 23:00 UTC
WEDNESDAY_ENDS = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
SOON = date(2026, 3, 4)
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
HELD = Trade(partners=[partner_row(blocked="in dispute")])


class Desk:
    """A store whose watch is wound by hand."""

    def __init__(self, store: Store, trade: Trade) -> None:
        self.store = store
        store.write(trade.load)
        self.run(MONDAY - DAY)

    def place(self, *orders: Any) -> list[tuple[int, str]]:
        """Place orders on MONDAY and return their ids and numbers."""
        return [(one.order_id, one.number) for one in self.store.write(lambda tx: place(tx, orders))]

    def run(self, now: datetime) -> datetime:
        """Let the watch look until it rests, as of *now*; return when it looks next."""
        self.store.write(lambda tx: phase_watch.start(tx, now))
        while due := self.store.read(lambda tx: timers.due(tx, now, phase_watch.KINDS, 1)):
            assert self.store.write(lambda tx: phase_watch.fire(tx, due[0], now))
        following = self.store.read(lambda tx: timers.next_due(tx, phase_watch.KINDS))
        assert following is not None
        return following

    def alerts(self) -> list[tuple[str, str, int]]:
        """Return subject, message and count of each open alert of a phase."""
        found = self.store.read(open_alerts)
        return sorted((one["subject"], one["message"], one["count"]) for one in found if one["kind"] == "phase.overdue")

    def told(self, order_id: int) -> list[str]:
        """Return the summaries of what the order was told by the watch."""
        rows = self.store.read(lambda tx: events.of_order(tx, order_id))
        return [row["summary"] for row in rows if row["event"] == "phase.overdue"]

    def ship(self, order_id: int, now: datetime) -> int:
        """Hand the order to its carrier."""
        return self.store.write(
            lambda tx: ship_order(tx, order_id, actor="anna", now=now, tracking_number=f"HAND-{order_id}")
        )


@pytest.fixture
def held(each_store: Store) -> Desk:
    """A desk where every order waits for a person."""
    return Desk(each_store, HELD)


@pytest.fixture
def desk(each_store: Store) -> Desk:
    """A desk where orders are confirmed at once."""
    return Desk(each_store, Trade())


def test_a_review_is_late_a_day_after_the_receipt_and_not_at_its_very_end(held: Desk) -> None:
    """ORD-03: due at T+1; the breach raises one alert, which is told once and closed when the order is decided."""
    ((order_id, number),) = held.place(an_order())
    assert held.run(MONDAY + DAY) == MONDAY + DAY + timedelta(minutes=1)
    assert held.alerts() == []
    words = f"{number}: review was to end by 2026-03-03T08:00:00.000000Z"
    for moment in (MONDAY + DAY + timedelta(minutes=1), MONDAY + DAY + timedelta(hours=5)):
        held.run(moment)
        assert held.alerts() == [(number, words, 1)]
    assert held.told(order_id) == [words]
    held.store.write(lambda tx: order_rows.set_state(tx, order_id, "declined"))
    held.run(MONDAY + 2 * DAY)
    assert held.alerts() == []


def test_the_watch_looks_again_right_behind_the_next_deadline(held: Desk) -> None:
    """It rests an hour at most, so that no deadline, an hour or more, comes upon it unseen."""
    assert held.run(MONDAY) == MONDAY + timedelta(hours=1)
    held.place(an_order())
    assert held.run(MONDAY + timedelta(hours=23, minutes=30)) == MONDAY + DAY + INSTANT
    held.run(MONDAY + DAY + INSTANT)
    assert len(held.alerts()) == 1


def test_what_is_not_shipped_in_two_days_is_late(desk: Desk) -> None:
    """ORD-04: due at T+2, or by the end of the day that was promised; urgent orders a day after their receipt."""
    soon, later, urgent = desk.place(
        an_order("PO-1", requested_date=SOON), an_order("PO-2", requested_date=date(2026, 3, 12)),
        an_order("PO-3", type="urgent", requested_date=date(2026, 3, 3)),
    )  # fmt: skip
    desk.run(WEDNESDAY_ENDS)
    assert [number for number, _, _ in desk.alerts()] == [urgent[1]]
    desk.run(WEDNESDAY_ENDS + timedelta(minutes=1))
    assert [number for number, _, _ in desk.alerts()] == [soon[1], urgent[1]]
    desk.run(WEDNESDAY_ENDS + 8 * DAY)
    assert [number for number, _, _ in desk.alerts()] == [soon[1], urgent[1]]
    desk.run(WEDNESDAY_ENDS + 8 * DAY + timedelta(hours=1))
    assert [number for number, _, _ in desk.alerts()] == [soon[1], later[1], urgent[1]]
    assert len(desk.told(later[0])) == 1


def test_what_is_not_delivered_and_billed_in_three_days_is_late(desk: Desk) -> None:
    """ORD-05: due at T+3; an alert of the phase before goes over to it, and is closed when the invoice is out."""
    ((order_id, number),) = desk.place(an_order(requested_date=SOON))
    late = WEDNESDAY_ENDS + DAY
    desk.run(late - DAY + timedelta(hours=1))
    shipment_id = desk.ship(order_id, late)
    desk.run(late)
    assert desk.alerts() == []  # shipped: the phase after it is not late yet
    desk.run(late + timedelta(hours=1))
    assert desk.alerts() == [(number, f"{number}: complete was to end by 2026-03-05T23:00:00.000000Z", 1)]
    delivered = [TrackingEvent("T-1", "delivered", late, signed_by="A. Nowak")]
    desk.store.write(lambda tx: record_tracking(tx, shipment_id, delivered, document_id=1, now=late))
    desk.run(late + timedelta(hours=2))
    assert len(desk.alerts()) == 1  # delivered, and not billed
    desk.store.write(lambda tx: invoice_shipment(tx, shipment_id, approved_by="berta", now=late + timedelta(hours=2)))
    desk.run(late + timedelta(hours=3))
    assert desk.alerts() == []


def test_an_alert_goes_over_to_the_next_phase_that_ran_out(desk: Desk) -> None:
    ((order_id, number),) = desk.place(an_order(requested_date=SOON))
    desk.run(WEDNESDAY_ENDS + 3 * DAY)
    desk.ship(order_id, WEDNESDAY_ENDS + 3 * DAY)
    desk.run(WEDNESDAY_ENDS + 4 * DAY)
    assert [(one, count) for one, _, count in desk.alerts()] == [(number, 2)]
    assert [words.partition(": ")[2].split()[0] for words in desk.told(order_id)] == ["execute", "complete"]


def test_a_shorter_deadline_counts_for_what_is_there(store: Store) -> None:
    """REV-06: a change of the rules takes effect without code, for orders that the watch has passed already, too."""
    desk = Desk(store, HELD)
    desk.place(an_order())
    desk.run(MONDAY + timedelta(hours=12))
    assert desk.alerts() == []
    book = Rulebook(phases=PhaseRules(review_hours={"standard": 6}))
    store.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="anna", reason="sooner"))
    desk.run(MONDAY + timedelta(hours=13))
    assert len(desk.alerts()) == 1


def test_many_late_orders_are_told_in_chunks_each_once(store: Store) -> None:
    desk = Desk(store, HELD)
    placed = desk.place(*[an_order(f"PO-{n}", a_line(quantity=1)) for n in range(450)])
    desk.run(MONDAY + 2 * DAY)
    assert [(number, count) for number, _, count in desk.alerts()] == sorted((number, 1) for _, number in placed)


def test_the_calendar_of_an_order_tells_every_phase(desk: Desk) -> None:
    """ORD-02 to ORD-05: created with its number and first check at once, then each phase with due and end."""
    ((order_id, number),) = desk.place(an_order(requested_date=SOON))
    told = desk.store.read(lambda tx: phases(tx, number, MONDAY + timedelta(hours=1)))
    assert (told["phase"], [one["phase"] for one in told["phases"]]) == (
        "execute", ["create", "review", "execute", "complete"],
    )  # fmt: skip
    start = "2026-03-02T08:00:00.000000Z"
    assert told["phases"][:2] == [
        {"phase": "create", "due_at": start, "ended_at": start, "late": False},
        {"phase": "review", "due_at": "2026-03-03T08:00:00.000000Z", "ended_at": start, "late": False},
    ]
    desk.ship(order_id, WEDNESDAY_ENDS + INSTANT)
    told = desk.store.read(lambda tx: phases(tx, number, WEDNESDAY_ENDS + DAY))
    assert [(one["ended_at"], one["late"]) for one in told["phases"][2:]] == [
        ("2026-03-04T23:00:00.000001Z", True), (None, False),
    ]  # fmt: skip


def test_supply_chain_hears_of_each_step_from_the_stream(desk: Desk) -> None:
    """ORD-14: confirmation, reservation and the request for a shipment are events, which leave with the commit."""
    ((order_id, _),) = desk.place(an_order())

    def request(tx: Tx) -> None:
        release_order(tx, order_id, actor="anna", now=MONDAY)
        shipment_id = pack_order(tx, order_id, actor="anna", now=MONDAY)
        request_booking(tx, shipment_id, actor="anna", now=MONDAY, ship=True)

    desk.store.write(request)
    desk.store.write(lambda tx: events.seal_some(tx, 100))
    streamed = {row["event"]: row for row in desk.store.read(lambda tx: events.stream(tx, 0, 100))}
    assert {"order.confirmed", "reservation.created", "shipment.requested"} <= streamed.keys()
    assert streamed["reservation.created"]["summary"] == "stock is reserved until 2026-03-09 08:00 UTC"
    assert streamed["reservation.created"]["seal"] < streamed["order.confirmed"]["seal"]


def test_an_order_is_numbered_and_checked_the_moment_it_is_received(desk: Desk) -> None:
    """ORD-02: at T+0 it has its number and the result of the first check, in one transaction."""
    ((order_id, number),) = desk.place(an_order())
    rows = desk.store.read(lambda tx: events.of_order(tx, order_id))
    assert [row["event"] for row in rows[:2]] == ["order.received", "order.checked"]
    assert {row["at"] for row in rows} == {MONDAY}
    assert number == "2026-ED-000001"
    assert rows[1]["summary"] == "four checks, all green"
