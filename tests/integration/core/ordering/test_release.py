"""Releasing holds: what is accepted by it, and that the last one confirms and answers (state table, rows 5 and 7)."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.documents import Order, Party
from core.errors import Conflict, NotFound
from core.messaging.replies import OrderResponses
from core.ordering.confirm import Desk, confirm_order
from core.ordering.expire import expire_reservation
from core.ordering.place import Placed
from core.ordering.release import release_holds
from core.review.credit import CreditRules
from core.store import events, outbox
from core.store import orders as rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.orders import StockShort
from core.store.tables.master import credit_accounts, stock
from core.store.tables.messaging import timers
from core.testing.trade import (
    CRATE,
    CUP,
    LAMP,
    MONDAY,
    STORE_GLN,
    Trade,
    a_line,
    an_order,
    edi_row,
    partner_row,
    place,
    price_row,
    stock_row,
    waiting_of_order,
)

LATER = MONDAY + timedelta(hours=3)


def desk(at=LATER) -> Desk:
    return Desk(MasterCache(), "user:eve", at)


def placed(store: Store, *orders, **where: Any) -> Placed:
    return store.write(lambda tx: place(tx, list(orders), **where))[0]


def codes(store: Store, order: Placed) -> list[str]:
    return [hold["code"] for hold in store.read(lambda tx: rows.holds_of(tx, order.order_id))]


def release(store: Store, order: Placed, **how: Any) -> dict[str, Any]:
    return store.write(lambda tx: release_holds(tx, desk(), order.number, **how))


def answers(store: Store, order: Placed) -> list[dict[str, Any]]:
    told = store.read(lambda tx: outbox.of_order(tx, order.order_id))
    return [row["payload"] for row in told if row["type"] == "ORDRSP"]  # a mail may confirm it, too


def lines(store: Store, order: Placed) -> list[tuple[str, Decimal, Decimal | None]]:
    found = store.read(lambda tx: rows.lines_of(tx, order.order_id))
    return [(line["state"], line["reserved"], line["amount"]) for line in found]


def committed(store: Store) -> Decimal:
    return store.read(lambda tx: tx.execute(select(credit_accounts.c.committed)).scalar_one())


def reserved(store: Store) -> Decimal:
    return store.read(lambda tx: sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)))


def test_releasing_a_price_accepts_the_buyers(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CUP, 10, "12.00")))
    assert codes(traded, order) == ["price.mismatch"]
    head = release(traded, order, reason="agreed by phone")
    assert (head["state"], head["total"], head["promised_date"]) == ("confirmed", Decimal(120), date(2026, 3, 9))
    assert lines(traded, order) == [("reserved", Decimal(10), Decimal(120))]
    assert answers(traded, order) == [{"function": "29", "revision": 1}]
    assert (committed(traded), reserved(traded)) == (Decimal(120), Decimal(10))
    kinds = traded.read(lambda tx: [(row.kind, row.due_at) for row in tx.execute(select(timers))])
    assert kinds == [("reservation.expire", LATER + timedelta(days=7))]
    told = traded.read(lambda tx: events.of_order(tx, order.order_id))[3:]
    assert [(row["event"], row["actor"]) for row in told] == [
        ("hold.released", "user:eve"),
        ("reservation.created", "user:eve"),
        ("order.confirmed", "user:eve"),
    ]
    assert told[0]["summary"] == "price.mismatch released: agreed by phone"
    assert json.loads(told[2]["inputs"])["why"] == "holds released: price.mismatch"


def test_a_missing_price_needs_one_from_somewhere(traded: Store) -> None:
    trade = Trade(items=[*Trade().items, {**Trade().items[0], "sku": "NEW-1", "gtin": None}], partners=[partner_row()])
    trade.stock = [*trade.stock, stock_row("NEW-1", 5)]
    traded.write(trade.load)
    order = placed(traded, an_order("PO-1", a_line("NEW-1", 2)))
    assert codes(traded, order) == ["price.missing"]
    with pytest.raises(Conflict, match="line 1 of 2026-ED-000001 has no price"):
        release(traded, order)
    assert codes(traded, order) == ["price.missing"]  # nothing was lifted
    traded.write(Trade(items=[], codes=[], stock=[], prices=[price_row("NEW-1", Decimal("3.333333"))]).load)
    assert release(traded, order)["total"] == Decimal("6.67")


def test_a_missing_price_is_released_at_the_buyers(traded: Store) -> None:
    traded.write(Trade(items=[{**Trade().items[0], "sku": "NEW-1", "gtin": None}], stock=[stock_row("NEW-1", 5)]).load)
    order = placed(traded, an_order("PO-1", a_line("NEW-1", 2, "4")))
    assert (codes(traded, order), release(traded, order)["total"]) == (["price.missing"], Decimal(8))


def test_short_stock_is_confirmed_as_far_as_it_goes(each_traded: Store) -> None:
    order = placed(each_traded, an_order("PO-1", a_line(CUP, 150, "12.50"), a_line(CRATE, 2)))
    assert codes(each_traded, order) == ["stock.short"]
    head = release(each_traded, order)
    assert head["total"] == Decimal("1949.98")
    assert lines(each_traded, order) == [
        ("reserved", Decimal(140), Decimal(1750)),
        ("reserved", Decimal(2), Decimal("199.98")),
    ]
    assert answers(each_traded, order) == [{"function": "4", "revision": 1, "lines": {"1": ["3", "140"]}}]
    assert (committed(each_traded), reserved(each_traded)) == (Decimal("1949.98"), Decimal(142))

    def response(tx: Tx):
        cache = MasterCache()
        partner = partner_by_id(tx, cache, head["partner_id"])
        pending = waiting_of_order(tx, order.order_id)
        return OrderResponses(
            tx, pending, company=our_company(tx, cache), partner=partner, rules=CreditRules(), at=LATER
        )[:]

    (said,) = each_traded.read(response)
    assert (said.function, said.total) == ("4", Decimal("1949.98"))
    assert [(line.answer, line.quantity, line.ordered) for line in said.lines] == [
        ("3", Decimal(140), Decimal(150)),
        ("5", Decimal(2), Decimal(2)),
    ]


def test_lines_of_one_item_share_what_there_is(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(LAMP, 70), a_line(LAMP, 70), a_line(LAMP, 70)))
    release(traded, order)
    assert [state for state, _, _ in lines(traded, order)] == ["reserved", "reserved", "refused"]
    assert answers(traded, order)[0]["lines"] == {"2": ["3", "30"], "3": ["7", "0"]}
    assert reserved(traded) == Decimal(100)


def test_a_released_unknown_item_is_refused_and_the_rest_goes(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line("NO-SUCH", 1, "5"), a_line(CUP, 1)))
    assert codes(traded, order) == ["item.unknown"]
    assert release(traded, order)["total"] == Decimal("12.5")
    assert lines(traded, order) == [("refused", Decimal(0), Decimal(0)), ("reserved", Decimal(1), Decimal("12.5"))]
    assert answers(traded, order) == [{"function": "4", "revision": 1, "lines": {"1": ["7", "0"]}}]


@pytest.mark.parametrize("line", [a_line("NO-SUCH", 1, "5"), a_line(CUP, 5)])
def test_an_order_of_which_nothing_can_be_delivered_stays_held(store: Store, line) -> None:
    store.write(Trade(stock=[stock_row(CUP, 0)]).load)
    order = placed(store, an_order("PO-1", line))
    held = codes(store, order)
    with pytest.raises(Conflict, match="nothing of 2026-ED-000001 can be delivered"):
        release(store, order)
    assert codes(store, order) == held
    assert answers(store, order) == []


def test_stock_that_came_meanwhile_is_taken(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CRATE, 120)))
    traded.write(Trade(stock=[stock_row(CRATE, 500)]).load)
    release(traded, order)
    assert answers(traded, order) == [{"function": "29", "revision": 1}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"credit_limit": Decimal(100)}, "credit.limit"),
        ({"grade": "D"}, "credit.prepayment"),
        ({"credit_limit": None, "grade": ""}, "credit.review"),
        ({"phone": ""}, None),
    ],
)
def test_released_credit_is_covered_by_the_approval(store: Store, changes: dict[str, Any], code: str | None) -> None:
    if "phone" in changes:
        changes = {"contact": {"name": "P"}}
        code = "customer.incomplete"
    store.write(Trade(partners=[partner_row(**changes)]).load)
    order = placed(store, an_order())
    assert codes(store, order) == [code]
    assert release(store, order)["state"] == "confirmed"
    assert committed(store) == Decimal(125)


def test_overdue_invoices_are_released_by_finance(store: Store) -> None:
    overdue = {"partner": "ACME", "number": "R-1", "due": date(2026, 1, 1), "amount": Decimal(1)}
    store.write(Trade(open_invoices=[overdue]).load)
    order = placed(store, an_order())
    assert codes(store, order) == ["credit.overdue"]
    assert release(store, order, codes=["credit.overdue"])["state"] == "confirmed"


def test_a_late_date_is_accepted_by_release(traded: Store) -> None:
    order = placed(traded, an_order(requested_date=date(2026, 2, 20)))
    assert codes(traded, order) == ["date.unmet"]
    assert release(traded, order)["promised_date"] == date(2026, 3, 3)


@pytest.mark.parametrize(
    "order",
    [
        an_order(ship_to=Party("DP", gln=STORE_GLN, country="AT")),
        an_order("PO-1", a_line(CUP, 10, unit="CT")),
    ],
)
def test_a_discrepancy_is_decided_by_release(traded: Store, order: Order) -> None:
    held = placed(traded, order)
    assert codes(traded, held) == ["customer.discrepancy"]
    assert release(traded, held, reason="as the buyer says")["state"] == "confirmed"
    assert answers(traded, held) == [{"function": "29", "revision": 1}]


def test_credit_that_others_used_up_meanwhile_holds_anew(each_traded: Store) -> None:
    """A held order takes no credit; when it is released for its price, the limit may be gone (invariant 4)."""
    each_traded.write(Trade(partners=[partner_row(credit_limit=Decimal(1000))]).load)
    held = placed(each_traded, an_order("PO-1", a_line(CUP, 60, "12.00")))
    assert codes(each_traded, held) == ["price.mismatch"]
    placed(each_traded, an_order("PO-2", a_line(CRATE, 6)))
    head = release(each_traded, held)
    assert (head["state"], codes(each_traded, held)) == ("in_review", ["credit.limit"])
    assert (committed(each_traded), answers(each_traded, held)) == (Decimal("599.94"), [])
    told = each_traded.read(lambda tx: events.of_order(tx, held.order_id))
    assert [row["event"] for row in told[-2:]] == ["hold.released", "order.held"]
    assert release(each_traded, held, reason="good customer")["state"] == "confirmed"
    assert committed(each_traded) == Decimal("1319.94")  # covered by the approval


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_people_who_release_at_once_do_not_pass_the_limit(
    each_traded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = each_traded
    store.write(Trade(partners=[partner_row(credit_limit=Decimal(1000))]).load)
    held = [
        placed(store, an_order("PO-1", a_line(CUP, 60, "10.00"))),
        placed(store, an_order("PO-2", a_line(CRATE, 7, "90.00"))),
    ]
    meet = threading.Barrier(2)
    commit = rows.commit_credit

    def together(*args: Any, **month: Any) -> Decimal:
        with suppress(threading.BrokenBarrierError):  # a second try goes alone
            meet.wait(5)
        return commit(*args, **month)

    monkeypatch.setattr(rows, "commit_credit", together)

    def one(order: Placed) -> str:
        for _ in range(5):
            try:
                return str(release(store, order)["state"])
            except StockShort:
                meet.abort()
        return "gave up"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, held)) == ["confirmed", "in_review"]
    assert committed(store) <= Decimal(1000)
    assert sorted(code for order in held for code in codes(store, order)) == ["credit.limit"]


def test_one_of_several_holds_may_be_lifted_and_the_order_waits(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CUP, 150, "99")))
    assert sorted(codes(traded, order)) == ["price.mismatch", "stock.short"]
    head = release(traded, order, codes=["price.mismatch"])
    assert (head["state"], codes(traded, order), answers(traded, order)) == ("in_review", ["stock.short"], [])
    assert release(traded, order)["state"] == "confirmed"


def test_what_is_not_held_cannot_be_released(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CUP, 1, "99")))
    with pytest.raises(Conflict, match=r"has no hold credit\.limit to release") as refused:
        release(traded, order, codes=["credit.limit"])
    assert refused.value.inputs == {"holds": ["price.mismatch"]}
    release(traded, order)
    with pytest.raises(Conflict, match="has no hold to release"):
        release(traded, order)
    with pytest.raises(NotFound):
        traded.write(lambda tx: release_holds(tx, desk(), "2026-ED-999999"))


def test_a_held_order_is_not_confirmed_past_its_holds(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CUP, 1, "99")))
    with pytest.raises(Conflict, match=r"is held: price\.mismatch") as refused:
        traded.write(lambda tx: confirm_order(tx, desk(), rows.by_number(tx, order.number), "by hand"))
    assert refused.value.inputs == {"holds": ["price.mismatch"]}


def test_a_confirmed_order_is_not_confirmed_again(traded: Store) -> None:
    order = placed(traded, an_order())
    with pytest.raises(Conflict, match="that is confirmed cannot confirm"):
        traded.write(lambda tx: confirm_order(tx, desk(), rows.by_number(tx, order.number), "by hand"))


def test_a_held_test_order_is_released_without_stock_and_credit(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CUP, 10**6, "99"), a_line("NO-SUCH", 1, "1")), test=True)
    assert sorted(codes(traded, order)) == ["item.unknown", "price.mismatch"]
    head = release(traded, order)
    assert (head["state"], head["total"]) == ("confirmed", Decimal(99_000_000))
    assert [state for state, _, _ in lines(traded, order)] == ["open", "refused"]
    assert (committed(traded), reserved(traded)) == (0, 0)
    (answer,) = traded.read(lambda tx: outbox.of_order(tx, order.order_id))
    assert (answer["test"], answer["payload"]["lines"]) == (True, {"2": ["7", "0"]})


@pytest.mark.parametrize(
    ("trade", "channel"),
    [(Trade(edi=[edi_row(respond="none")]), "ED"), (Trade(edi=[]), "ED"), (Trade(), "SR")],
)
def test_only_who_sends_edi_and_wants_an_answer_gets_one(store: Store, trade: Trade, channel: str) -> None:
    store.write(trade.load)
    order = placed(store, an_order("PO-1", a_line(CUP, 1, "99")), channel=channel)
    assert release(store, order)["state"] == "confirmed"
    assert answers(store, order) == []


def test_an_auto_partners_released_order_packs_itself(store: Store) -> None:
    store.write(Trade(partners=[partner_row(fulfilment="auto")]).load)
    order = placed(store, an_order("PO-1", a_line(CUP, 1, "99")))
    release(store, order)
    kinds = store.read(lambda tx: sorted(tx.execute(select(timers.c.kind)).scalars()))
    assert kinds == ["fulfilment.auto", "reservation.expire"]


# reservations that ended


def expired(store: Store, *orders) -> Placed:
    order = placed(store, *orders)
    assert store.write(lambda tx: expire_reservation(tx, order.order_id, MONDAY + timedelta(days=7)))
    return order


def test_releasing_an_expired_reservation_reserves_again(each_traded: Store) -> None:
    order = expired(each_traded, an_order("PO-1", a_line(CUP, 120), a_line(CRATE, 1)))
    assert codes(each_traded, order) == ["stock.expired"]
    head = release(each_traded, order)
    assert (head["state"], codes(each_traded, order)) == ("confirmed", [])
    assert [(state, held) for state, held, _ in lines(each_traded, order)] == [
        ("reserved", Decimal(120)),
        ("reserved", Decimal(1)),
    ]
    assert reserved(each_traded) == Decimal(121)
    assert each_traded.read(lambda tx: rows.reservations_of(tx, order.order_id, "expired")) == []
    assert committed(each_traded) == Decimal("1599.99")  # taken once


def test_an_expired_reservation_whose_stock_is_gone_stays_expired(traded: Store) -> None:
    order = expired(traded, an_order("PO-1", a_line(CRATE, 60)))
    placed(traded, an_order("PO-2", a_line(CRATE, 60)))
    with pytest.raises(Conflict, match="line 1 of 2026-ED-000001: the stock is taken"):
        release(traded, order)
    assert codes(traded, order) == ["stock.expired"]
    assert reserved(traded) == Decimal(60)


def test_a_partly_confirmed_order_reserves_the_same_part_again(traded: Store) -> None:
    order = placed(traded, an_order("PO-1", a_line(CUP, 150)))
    release(traded, order)
    traded.write(lambda tx: expire_reservation(tx, order.order_id, LATER + timedelta(days=7)))
    assert lines(traded, order)[0][:2] == ("backordered", Decimal(0))
    traded.write(Trade(stock=[stock_row(CUP, 500)]).load)
    release(traded, order)
    assert lines(traded, order)[0][:2] == ("reserved", Decimal(140))
