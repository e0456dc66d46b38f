"""A counter-proposal to the buyer, and the change that takes it: nobody else decides (INV-24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, OrderResponse, ScheduleLine
from core.errors import Conflict
from core.messaging.replies import OrderResponses
from core.ordering.amend import Request, amend
from core.ordering.confirm import Desk
from core.ordering.propose import offered, propose
from core.reporting.shortage import shortage_options
from core.review.credit import CreditRules
from core.store import orders as order_rows
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.store.lookup import MasterCache
from core.testing.trade import (
    CRATE,
    CUP,
    GTINS,
    LAMP,
    MONDAY,
    Trade,
    a_line,
    an_order,
    item_row,
    place,
    stock_row,
    waiting_of_order,
)

TODAY = date(2026, 3, 2)
D = Decimal


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def desk() -> Desk:
    return Desk(MasterCache(), actor="ann", now=MONDAY)


@pytest.fixture
def shop(store: Store) -> Store:
    """10 cups on hand and 50 on day 20; 100 lamps; of crates none, for which lamps serve as well."""
    supply = {"inbound": [{"quantity": "50", "date": day(20).isoformat()}]}
    items = [item_row(CUP), item_row(LAMP), item_row(CRATE, substitutes=[LAMP])]
    trade = replace(Trade(), items=items, stock=[stock_row(CUP, 10) | supply, stock_row(LAMP, 100)])
    store.write(trade.load)
    return store


def held(store: Store, *lines: Any, channel: str = "ED") -> dict[str, Any]:
    (one,) = store.write(lambda tx: place(tx, [an_order("PO-1", *lines)], channel=channel))
    return store.read(lambda tx: order_rows.by_id(tx, one.order_id))


def offer(store: Store, order: dict[str, Any]) -> OrderResponse:
    """Send the proposal and return it as it is written."""

    def work(tx: Tx) -> OrderResponse:
        found = shortage_options(tx, MasterCache(), order["number"], today=TODAY)
        locked = order_rows.by_number(tx, order["number"], lock=True)
        at = desk()
        propose(tx, at, locked, found["lines"], requested_date=found["requested_date"])
        rows = waiting_of_order(tx, order["id"])
        partner, company = at.partner(tx, order["partner_id"]), at.company(tx)
        return OrderResponses(tx, rows, company=company, partner=partner, rules=CreditRules(), at=MONDAY)[0]

    return store.write(work)


def change(store: Store, order: dict[str, Any], *lines: ChangedLine, **header: Any) -> dict[str, Any]:
    """Take the buyer's change; return the order, its lines, and what the timeline says was accepted."""
    said = OrderChange(number="C-1", buyer_reference="PO-1", function=ChangeFunction.CHANGE, lines=lines, **header)

    def work(tx: Tx) -> dict[str, Any]:
        locked = order_rows.by_number(tx, order["number"], lock=True)
        amend(tx, desk(), locked, Request(said, tx.ids.next()))
        found = order_rows.by_number(tx, order["number"])
        found["lines"] = order_rows.lines_of(tx, order["id"])
        events = [one for one in of_order(tx, order["id"]) if one["event"] == "order.changed"]
        found["accepted"] = orjson.loads(events[-1]["inputs"]).get("accepted_options")
        return found

    return store.write(work)


def test_a_short_line_is_offered_in_parts_with_their_days(shop: Store) -> None:
    """INV-24: BGM 4, the line 3 with 10 now and 30 when they come; the other line is accepted; the order waits."""
    order = held(shop, a_line(CUP, 40), a_line(LAMP, 5))
    found = offer(shop, order)
    cups, lamps = found.lines
    assert (found.function, cups.answer, cups.ordered, cups.quantity) == ("4", "3", 40, 40)
    assert cups.schedule == (ScheduleLine(D(10), day(7)), ScheduleLine(D(30), day(21)))
    assert (cups.promised_date, lamps.answer, lamps.promised_date) == (day(21), "5", day(7))
    assert shop.read(lambda tx: order_rows.by_id(tx, order["id"]))["state"] == "in_review"


@pytest.mark.parametrize("by", ["schedule", "line", "header"])
def test_one_change_that_takes_the_offer_confirms_exactly_that(shop: Store, by: str) -> None:
    """INV-24: the buyer repeats the schedule, or asks for the line or for all of it on the day that was offered."""
    order = held(shop, a_line(CUP, 40), a_line(LAMP, 5))
    parts = offer(shop, order).lines[0].schedule
    asked = ChangedLine(line=1, action=LineAction.CHANGE)
    said: dict[str, Any] = {}
    if by == "schedule":
        asked = asked._replace(schedule=parts)
    elif by == "line":
        asked = asked._replace(requested_date=day(21))
    else:
        said = {"requested_date": day(21)}
    found = change(shop, order, *(() if by == "header" else (asked,)), **said)
    assert found["state"] == "confirmed"
    cups = found["lines"][0]
    assert (cups["quantity"], cups["reserved"], cups["promised_date"]) == (40, 10, day(21))
    assert [one["line"] for one in found["accepted"]] == [1]


@pytest.mark.parametrize(("number", "state"), [(21, "confirmed"), (19, "confirmed"), (18, "in_review")])
def test_a_day_before_the_offer_is_taken_as_far_as_it_is_tolerated(shop: Store, number: int, state: str) -> None:
    """INV-24: two days of tolerance; what asks for less than was offered is no acceptance of it."""
    order = held(shop, a_line(CUP, 40))
    found = change(shop, order, ChangedLine(line=1, action=LineAction.CHANGE, requested_date=day(number)))
    assert (found["state"], bool(found["accepted"])) == (state, number == 21)


def test_a_substitute_is_offered_by_its_code_and_taken_by_its_gtin(shop: Store) -> None:
    """INV-08: crates are nowhere; lamps serve as well, from the item's substitutes."""
    order = held(shop, a_line(CRATE, 4))
    line = offer(shop, order).lines[0]
    assert (line.answer, line.note, line.promised_date) == ("3", f"substitute {LAMP}", day(7))
    assert (line.substitute_sku, line.substitute_gtin) == (LAMP, GTINS[LAMP])
    found = change(shop, order, ChangedLine(line=1, action=LineAction.CHANGE, gtin=GTINS[LAMP]))
    assert (found["state"], found["lines"][0]["sku"], found["lines"][0]["reserved"]) == ("confirmed", LAMP, 4)
    assert [one["option"] for one in found["accepted"]] == ["substitute"]


@pytest.mark.parametrize(("quantity", "accepted"), [("4", True), ("5", False)])
def test_a_change_that_orders_the_substitute_is_told_as_the_accepted_option(
    shop: Store, quantity: str, accepted: bool
) -> None:
    """INV-24: by its GTIN, on the day and in the quantity that were offered; more of it was not."""
    order = held(shop, a_line(CRATE, 4))
    offer(shop, order)
    asked = ChangedLine(line=1, action=LineAction.CHANGE, gtin=GTINS[LAMP], quantity=D(quantity), requested_date=day(7))
    found = change(shop, order, asked)
    told = [{"line": 1, "option": "substitute", "date": day(7).isoformat()}] if accepted else None
    assert (found["state"], found["accepted"]) == ("confirmed", told)


def test_what_nothing_can_be_offered_for_is_not_offered(shop: Store) -> None:
    with pytest.raises(Conflict, match="nothing can be offered"):
        offer(shop, held(shop, a_line(LAMP, 101)))


def test_who_is_not_answered_by_message_gets_no_proposal(shop: Store) -> None:
    with pytest.raises(Conflict, match="is not answered by ORDRSP"):
        offer(shop, held(shop, a_line(CUP, 40), channel="SR"))


def test_a_confirmed_order_gets_no_proposal(shop: Store) -> None:
    with pytest.raises(Conflict, match="waits for stock in review"):
        offer(shop, held(shop, a_line(LAMP, 1)))


def test_two_deliveries_go_before_one_later(shop: Store) -> None:
    later = {"option": "later_date", "quantity": "4", "date": "2026-03-20"}
    parts = {"option": "split", "quantity": "4", "date": "2026-03-20", "parts": []}
    unknown = {**parts, "date": None}
    assert offered([later, parts]) is parts
    assert offered([later, unknown]) is later
    assert offered([unknown, {"option": "raise_priority", "quantity": "4", "date": "2026-03-20"}]) is None
