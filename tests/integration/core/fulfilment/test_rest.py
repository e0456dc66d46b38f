"""An order that is there in part: its first goods leave, its rest follows as a shipment of its own (row 15, FIN-06)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.audit.verify import verify
from core.billing.document import invoice_document
from core.billing.invoice import invoice_shipment
from core.credit import timers as credit
from core.credit.payments import Payment, post_payment
from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, ScheduleLine
from core.errors import Conflict
from core.fulfilment import timers as firing
from core.fulfilment.advice import despatch_advice
from core.fulfilment.booking import record_booking
from core.fulfilment.manual import ship_order
from core.fulfilment.orders import LineRow, lines_of
from core.fulfilment.polling import PollPlan
from core.fulfilment.tracking import record_tracking
from core.ordering.amend import Request, amend
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.fold import Axes, fold
from core.ordering.states import advance
from core.ports import Booking, TrackingEvent
from core.reporting.orders import order as order_told
from core.stock.ledger import Count, count_stock
from core.store import events, timers
from core.store import orders as order_rows
from core.store.billing import billed_quantities, invoices_of
from core.store.credit import credit_position
from core.store.engine import Store, Tx
from core.store.fulfilment import Reserved, active_reservations
from core.store.lookup import MasterCache
from core.store.outbox import of_order as told_of
from core.store.shipping import ShipmentRow, packages_of, quantities, shipments_of, shipped_quantities
from core.store.stock import places_of
from core.testing.stores import prepared_store
from core.testing.trade import CUP, MAIN, MONDAY, Trade, a_line, an_order, partner_row, place, stock_row

D = Decimal
COMES = date(2026, 3, 5)


class Life:
    """One order of 10 cups, of which 6 are on hand and 4 come later."""

    def __init__(self, store: Store, *, fulfilment: str = "manual", comes: date = COMES) -> None:
        self.store = store
        supply = {"inbound": [{"quantity": "50", "date": comes.isoformat()}]}
        terms = {"fulfilment": fulfilment, "allow_auto": True, "reservation_days": 14}
        trade = replace(Trade(), partners=[partner_row(**terms)], stock=[stock_row(CUP, 6) | supply])
        store.write(trade.load)
        (placed,) = store.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 10))]))
        self.order_id = placed.order_id
        self.number = store.read(lambda tx: order_rows.by_id(tx, self.order_id))["number"]
        self.scans = self.payments = 0

    def ship(self, now: datetime = MONDAY, **how: Any) -> None:
        """Hand what is reserved to a carrier."""
        self.store.write(lambda tx: ship_order(tx, self.order_id, actor="anna", now=now, tracking_number="HAND", **how))

    def receive(self, on_hand: int = 4) -> None:
        """Count so many cups on hand, which serves who waits."""
        counted = [Count(CUP, MAIN, D(on_hand), "receipt")]
        self.store.write(lambda tx: count_stock(tx, counted, at=MONDAY, actor="ann"))

    def deliver(self, nth: int) -> None:
        """Have the carrier tell that the *nth* shipment has arrived."""
        self.scans += 1
        told = [TrackingEvent(f"T-{self.scans}", "delivered", MONDAY, signed_by="A. Nowak")]
        shipment = self.nth(nth)
        self.store.write(lambda tx: record_tracking(tx, shipment.id, told, document_id=1, now=MONDAY))

    def bill(self, nth: int) -> None:
        """Issue the invoice of the *nth* shipment."""
        shipment = self.nth(nth)
        self.store.write(lambda tx: invoice_shipment(tx, shipment.id, approved_by="berta", now=MONDAY))

    def pay(self) -> None:
        """Pay all that is billed."""
        self.payments += 1
        amount = sum((one.total for one in self.store.read(lambda tx: invoices_of(tx, self.order_id))), D(0))
        payment = Payment("ACME", f"B-{self.payments}", amount or D(1), "EUR", MONDAY.date(), self.number)
        self.store.write(lambda tx: post_payment(tx, payment, actor="bank", now=MONDAY))
        cache = MasterCache()
        for timer in self.store.read(lambda tx: timers.due(tx, MONDAY, credit.KINDS, 100)):
            self.store.write(lambda tx, timer=timer: credit.fire(tx, cache, timer, MONDAY))

    def cancel(self) -> None:
        """Cancel what has not left."""
        self.store.write(lambda tx: cancel_order(tx, Desk(MasterCache(), "anna", MONDAY), self.number, reason="no use"))

    def carry_on(self) -> int:
        """Fire what the rules do by themselves, and have the carrier take what it is asked to; return the bookings."""
        for timer in self.store.read(lambda tx: timers.due(tx, MONDAY, firing.DATABASE_KINDS, 9)):
            self.store.write(partial(firing.fire, timer=timer, now=MONDAY))
        asked = self.store.read(lambda tx: timers.due(tx, MONDAY, ["booking.send"], 9))
        for timer in asked:
            self.store.write(partial(self._booked, timer=timer))
        return len(asked)

    def _booked(self, tx: Tx, timer: timers.Timer) -> None:
        timers.take(tx, timer.id)
        (shipment,) = [one for one in shipments_of(tx, self.order_id) if one.id == timer.subject_id]
        booking = Booking(shipment.booking_reference, f"SBX-{shipment.number}", "sandbox", "Sandbox", ())
        record_booking(tx, shipment.id, booking, document_id=7, ship=True, now=MONDAY, polls=PollPlan())

    def held(self, tx: Tx) -> list[Reserved]:
        """Return what is reserved for it."""
        return active_reservations(tx, self.order_id)

    def nth(self, number: int) -> ShipmentRow:
        """Return a shipment, 1 for the first."""
        found = self.shipments
        if len(found) < number:
            raise Conflict("it is not packed")
        return found[number - 1]

    @property
    def shipments(self) -> list[ShipmentRow]:
        return self.store.read(lambda tx: shipments_of(tx, self.order_id))

    @property
    def row(self) -> dict[str, Any]:
        return self.store.read(lambda tx: order_rows.by_id(tx, self.order_id))

    @property
    def axes(self) -> Axes:
        return Axes(self.row["state"], self.row["billing"], self.row["payment"])

    @property
    def line(self) -> LineRow:
        (line,) = self.store.read(lambda tx: lines_of(tx, self.order_id))
        return line

    @property
    def told(self) -> list[tuple[str, Mapping[str, Any]]]:
        rows = self.store.read(lambda tx: events.of_order(tx, self.order_id))
        return [(row["event"], orjson.loads(row["inputs"])) for row in rows]

    @property
    def names(self) -> list[str]:
        return [event for event, _ in self.told]

    def sent(self, type_: str) -> list[dict[str, Any]]:
        """Return the payloads of the messages of one type."""
        found = self.store.read(lambda tx: told_of(tx, self.order_id))
        return [row["payload"] for row in found if row["type"] == type_]


@pytest.fixture
def life(each_store: Store) -> Life:
    return Life(each_store)


@pytest.fixture
def auto_life(each_store: Store) -> Life:
    return Life(each_store, fulfilment="auto")


def test_the_rest_is_shipped_and_billed_when_its_goods_are_there(life: Life) -> None:
    """DOC-04, FIN-06: 6 then 4: two despatch advices, two invoices that sum to the order; delivered when both are."""
    life.ship()
    assert (life.axes.state, life.axes.header, life.line.state) == ("part_shipped", "released", "backordered")
    life.deliver(1)
    life.bill(1)
    assert life.axes == Axes("part_shipped", "part", "open")
    with pytest.raises(Conflict, match="nothing is reserved"):
        life.ship()

    life.receive()
    assert (life.line.state, life.line.reserved) == ("reserved", 4)
    life.ship()
    assert (life.axes.state, life.line.state) == ("shipped", "shipped")
    life.deliver(2)
    life.bill(2)
    assert (life.axes.header, life.line.state) == ("invoiced", "delivered")

    advices = [
        life.store.read(partial(despatch_advice, shipment_id=payload["shipment_id"])) for payload in life.sent("DESADV")
    ]
    items = [[(one.line, one.quantity) for box in advice.packages for one in box.items] for advice in advices]
    assert items == [[(1, D(6))], [(1, D(4))]]
    assert {(one.order_number, one.buyer_reference) for one in advices} == {(life.number, "PO-1")}
    boxes = [box.sscc for advice in advices for box in advice.packages]
    assert len(boxes) == len(set(boxes))
    bills = [
        life.store.read(partial(invoice_document, invoice_id=payload["invoice_id"])) for payload in life.sent("INVOIC")
    ]
    assert [[line.quantity for line in bill.lines] for bill in bills] == [[D(6)], [D(4)]]
    nets = [one.net for one in life.store.read(lambda tx: invoices_of(tx, life.order_id))]
    assert sum(nets) == life.row["total"]
    life.pay()
    assert life.axes.header == "settled"
    assert life.names.count("order.delivered") == 1
    assert life.store.read(verify)["ok"]


def test_the_rest_of_an_auto_partner_goes_by_itself(auto_life: Life) -> None:
    """A person sends what is there; the rule sends the rest once, and bills each delivery."""
    life = auto_life
    life.ship()
    assert life.carry_on() == 0
    life.receive()
    assert life.carry_on() == 1
    assert (life.axes.state, len(life.shipments)) == ("shipped", 2)
    life.deliver(2)
    assert life.axes == Axes("shipped", "part", "open")
    life.deliver(1)
    assert life.axes == Axes("delivered", "full", "open")
    assert life.carry_on() == 0
    assert (len(life.sent("DESADV")), len(life.sent("INVOIC"))) == (2, 2)


def test_goods_that_come_while_the_first_parcel_is_packed_follow_it(auto_life: Life) -> None:
    life = auto_life
    life.store.write(lambda tx: ship_order(tx, life.order_id, actor="anna", now=MONDAY))
    life.receive(10)
    assert life.axes.state == "packed"
    assert (life.carry_on(), life.axes.state) == (1, "part_shipped")
    assert (life.carry_on(), life.axes.state) == (1, "shipped")
    assert life.sent("DESADV") == [{"shipment_id": one.id} for one in life.shipments]


def test_a_split_that_the_buyer_takes_starts_with_what_is_there(each_store: Store) -> None:
    """INV-07, INV-24: 6 of 10 leave at once and are billed, 4 when they come; without the schedule it all waits."""
    life = Life(each_store, fulfilment="auto", comes=COMES + timedelta(days=17))
    assert life.axes.state == "in_review"
    parts = (ScheduleLine(D(6), date(2026, 3, 9)), ScheduleLine(D(4), COMES + timedelta(days=18)))
    asked = ChangedLine(line=1, action=LineAction.CHANGE, schedule=parts)
    said = OrderChange(number="C-1", buyer_reference="PO-1", function=ChangeFunction.CHANGE, lines=(asked,))

    def take(tx: Tx) -> None:
        locked = order_rows.by_number(tx, life.number, lock=True)
        amend(tx, Desk(MasterCache(), "ann", MONDAY), locked, Request(said, tx.ids.next()))

    life.store.write(take)
    assert (life.axes.state, life.carry_on(), life.axes.state) == ("confirmed", 1, "part_shipped")
    life.deliver(1)
    assert life.axes == Axes("part_shipped", "part", "open")
    life.receive()
    assert (life.carry_on(), life.axes.state) == (1, "shipped")
    life.deliver(2)
    assert life.axes.header == "invoiced"
    sent = [life.store.read(partial(packages_of, shipment_id=one["shipment_id"])) for one in life.sent("DESADV")]
    assert [quantities(boxes) for boxes in sent] == [{1: D(6)}, {1: D(4)}]
    assert len(life.sent("INVOIC")) == 2


def test_what_a_person_left_out_of_a_parcel_waits_for_a_person(auto_life: Life) -> None:
    """SHP-03: it stays reserved, and no rule sends it: it may be broken."""
    life = auto_life
    life.ship(quantities={1: D(5)}, short_reason="one is broken")
    assert (life.axes.state, life.line.reserved, life.carry_on()) == ("part_shipped", 1, 0)


def test_a_part_shipped_order_is_found_as_released(life: Life) -> None:
    life.ship()
    told = life.store.read(lambda tx: order_told(tx, life.number))
    assert (told["state"], told["lines"][0]["state"]) == ("released", "backordered")


def credit_taken(life: Life) -> D:
    partner_id = life.row["partner_id"]
    return life.store.read(lambda tx: credit_position(tx, partner_id, MONDAY.date(), MONDAY).committed)


def free(life: Life) -> list[int]:
    """Return what is free now, and of the supply to come."""
    (main,) = [one for one in life.store.read(lambda tx: places_of(tx, [CUP]))[CUP] if one.warehouse == MAIN]
    return [amount // 10**6 for amount in (main.free6, *(supply.free6 for supply in main.supplies))]


@pytest.mark.parametrize("came", [False, True])
def test_the_rest_is_cancelled_and_the_order_ends_with_what_left(life: Life, came: bool) -> None:
    """Row 25: supply and stock of the rest are free again; what left goes on to be delivered, billed and paid."""
    life.ship()
    if came:
        life.receive()
    life.cancel()
    assert (life.axes.state, life.line.state, life.line.reserved) == ("shipped", "shipped", 0)
    assert free(life) == ([4, 50] if came else [0, 50])
    assert life.told[-1] == (
        "order.rest_cancelled",
        {"from": "part_shipped", "lines": {"1": "4"}, "billing": "none", "reason": "no use"},
    )
    assert life.sent("ORDRSP")[-1] == {"function": "4", "revision": 1, "lines": {"1": ["3", "6"]}}
    with pytest.raises(Conflict, match="cannot cancel"):
        life.cancel()
    life.deliver(1)
    life.bill(1)
    assert life.axes.header == "invoiced"
    life.pay()
    assert life.axes.header == "settled"
    assert life.store.read(verify)["ok"]


def test_cancelling_the_rest_of_what_is_delivered_and_paid_settles_the_order(life: Life) -> None:
    life.ship()
    life.deliver(1)
    life.bill(1)
    life.pay()
    assert life.axes == Axes("part_shipped", "part", "part")
    life.cancel()
    assert life.axes == Axes("delivered", "full", "paid")
    assert life.names[-4:] == ["order.rest_cancelled", "order.delivered", "payment.applied", "order.settled"]
    assert fold(life.told) == life.axes


def test_the_credit_of_the_rest_is_free_when_it_is_cancelled(life: Life) -> None:
    """FIN-05: what was committed is what is still to be billed."""
    whole = credit_taken(life)
    life.ship()
    life.cancel()
    assert (credit_taken(life), life.row["total"]) == (whole * 6 / 10, whole * 6 / 10)
    life.bill(1)
    assert credit_taken(life) == 0


def test_a_part_shipped_order_cannot_be_stopped_or_changed_as_a_whole(life: Life) -> None:
    life.ship()
    for trigger in ("cancel", "change"):
        with pytest.raises(Conflict, match=f"an order that is part_shipped cannot {trigger}"):
            advance(life.axes.state, trigger)


#: what can happen to the order; what its state does not allow is refused and changes nothing
_ACTS = st.lists(
    st.sampled_from(
        [
            "ship",
            "ship",
            "ship_some",
            "receive",
            "deliver 1",
            "deliver 2",
            "bill 1",
            "bill 2",
            "pay",
            "cancel",
            "deliver 3",
        ]
    ),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
@example(acts=["ship", "deliver 1", "bill 1", "pay", "receive", "ship", "deliver 2", "bill 2", "pay"])
@example(acts=["ship", "receive", "ship_some", "bill 2", "bill 1", "cancel", "pay", "deliver 2", "deliver 1"])
@example(acts=["ship_some", "receive", "ship", "deliver 2", "deliver 1", "bill 1", "bill 2"])
@example(acts=["ship", "bill 1", "cancel", "deliver 1", "pay"])
def test_any_life_in_parts_adds_up(tmp_path_factory: pytest.TempPathFactory, acts: list[str]) -> None:
    """ORD-17, invariants 5 and 6: the state is what its events say, shipped <= ordered and billed <= shipped."""
    life = Life(prepared_store(f"sqlite:///{tmp_path_factory.mktemp('life')}/ordergate.db"))
    for act in acts:
        verb, _, nth = act.partition(" ")
        before = (life.axes, len(life.told))
        try:
            match verb:
                case "ship_some":
                    life.ship(quantities={1: D(1)}, short_reason="one at a time")
                case "receive":
                    life.receive(int(sum(one.quantity for one in life.store.read(life.held))) + 4)
                case _ if nth:
                    getattr(life, verb)(int(nth))
                case _:
                    getattr(life, verb)()
        except Conflict:
            assert (life.axes, len(life.told)) == before  # refused: nothing was written
        assert fold(life.told) == life.axes
        shipped = life.store.read(lambda tx: shipped_quantities(tx, life.order_id))
        billed = life.store.read(lambda tx: billed_quantities(tx, life.order_id))
        assert billed.get(1, D(0)) <= shipped.get(1, D(0)) <= 10
        assert shipped.get(1, D(0)) + life.line.reserved <= 10
        boxes = [box for one in life.shipments for box in life.store.read(partial(packages_of, shipment_id=one.id))]
        assert len({box.sscc for box in boxes}) == len(boxes)
        assert quantities(boxes) == shipped
        despatched = [one["shipment_id"] for one in life.sent("DESADV")]
        assert despatched == [one.id for one in life.shipments]  # each once
        bills = [one["invoice_id"] for one in life.sent("INVOIC")]
        assert bills == [one.id for one in life.store.read(lambda tx: invoices_of(tx, life.order_id))]
        settled = life.axes.state in ("shipped", "in_transit", "delivered")
        assert not settled or not life.store.read(life.held)  # nothing is left to come
        assert credit_taken(life) >= 0
    assert life.store.read(verify)["ok"]
    life.store.close()
