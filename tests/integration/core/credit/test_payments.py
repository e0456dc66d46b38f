"""Payments lower the exposure once, and the rule lifts its own holds when their cause is gone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit.verify import verify
from core.credit.payments import Payment, post_payment
from core.errors import Conflict, NotFound
from core.review.credit import exposure_of
from core.store import events, outbox
from core.store import orders as order_rows
from core.store import payments as rows
from core.store.engine import Store
from core.store.master import partner_codes
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, partner_row, stock_row

D = Decimal
LIMIT = Trade(partners=[partner_row(credit_limit=D(1000))])


def invoices(*owed: tuple[str, int, str]) -> list[dict[str, Any]]:
    """Return open invoices: number, days from MONDAY to their due date, amount."""
    day = MONDAY.date()
    return [
        {"partner": "ACME", "number": number, "due": day + timedelta(days=days), "amount": D(amount)}
        for number, days, amount in owed
    ]


def test_a_payment_of_what_the_hold_says_confirms_the_order(each_desk: Any) -> None:
    """CUS-14: the smallest change that the hold tells lifts it; the order is confirmed and answered."""
    each_desk.load(LIMIT)
    (first, second) = each_desk.placed(an_order("PO-1", a_line(CRATE, 9)), an_order("PO-2", a_line(CUP, 20)))
    assert each_desk.state(first) == ("confirmed", [])
    hold = each_desk.hold(second, "credit.limit")
    assert hold["release_when"] == "payment of 149.91 EUR, or limit +149.91"
    each_desk.pay(hold["inputs"]["short"])
    assert each_desk.state(second) == ("in_review", ["credit.limit"])  # in its own transaction
    assert each_desk.run_due() == 1
    assert each_desk.state(second) == ("confirmed", [])
    assert exposure_of(each_desk.position()) == 1000

    def told(tx: Any) -> Any:
        order = order_rows.by_number(tx, second)
        last = [(row["event"], row["actor"]) for row in events.of_order(tx, order["id"])][-3:]
        return last, [row["type"] for row in outbox.of_order(tx, order["id"])], verify(tx)["ok"]

    assert each_desk.store.read(told) == (
        [
            ("hold.released", "rule:credit"),
            ("reservation.created", "rule:credit"),
            ("order.confirmed", "rule:credit"),
        ], ["ORDRSP"], True,
    )  # fmt: skip


def test_a_cent_less_leaves_a_hold_that_says_what_is_missing_now(desk: Any) -> None:
    desk.load(LIMIT)
    (number,) = desk.placed(an_order("PO-1", a_line(CUP, 100)))
    desk.pay("249.99")
    assert desk.run_due() == 1
    assert desk.state(number) == ("in_review", ["credit.limit"])
    assert desk.hold(number, "credit.limit")["release_when"] == "payment of 0.01 EUR, or limit +0.01"
    desk.pay("0.01", "B-2")
    assert (desk.run_due(), desk.state(number)) == (1, ("confirmed", []))


def test_it_pays_what_is_due_first_and_keeps_the_rest_in_advance(each_desk: Any) -> None:
    """CUS-14, CUS-16."""
    each_desk.load(Trade(open_invoices=invoices(("R-2", 5, "30"), ("R-1", -1, "20.50"), ("R-3", 9, "40"))))
    (number,) = each_desk.placed(an_order())
    assert each_desk.state(number) == ("in_review", ["credit.overdue"])
    payment_id, _ = each_desk.pay("60.50")
    parts = each_desk.store.read(lambda tx: rows.parts_of(tx, [payment_id]))[payment_id]
    assert [(part["invoice"], part["amount"]) for part in parts] == [
        ("R-1", D("20.50")),
        ("R-2", D(30)),
        ("R-3", D(10)),
    ]
    each_desk.pay("100", "B-2")
    position = each_desk.position()
    assert (position.open_amount, position.overdue, position.prepaid) == (0, [], 70)
    assert each_desk.run_due() == 1
    assert each_desk.state(number) == ("confirmed", [])


def test_loading_an_invoice_again_does_not_open_what_is_paid(desk: Any) -> None:
    trade = Trade(open_invoices=invoices(("R-1", -1, "20.50")))
    desk.load(trade)
    desk.pay("20")
    desk.load(trade)
    assert desk.position().overdue == [("R-1", MONDAY.date() - timedelta(days=1), D("0.50"))]


@pytest.mark.parametrize(("paid", "state"), [("124.99", "in_review"), ("125", "confirmed"), ("126", "confirmed")])
def test_grade_d_is_confirmed_once_the_order_is_paid(desk: Any, paid: str, state: str) -> None:
    """CUS-09: on hold until the prepayment covers the total, whatever else it owes."""
    desk.load(Trade(partners=[partner_row(grade="D")], open_invoices=invoices(("R-1", 5, "500"))))
    (number,) = desk.placed(an_order())
    assert desk.state(number) == ("in_review", ["credit.prepayment"])
    desk.pay(paid, order=number)
    desk.run_due()
    assert desk.state(number)[0] == state


def test_the_same_reference_counts_once_and_never_for_something_else(each_desk: Any) -> None:
    each_desk.load(LIMIT)
    first, new = each_desk.pay("10")
    assert (each_desk.pay("10"), new) == ((first, False), True)
    assert exposure_of(each_desk.position()) == -10
    with pytest.raises(Conflict, match="paid something else under B-1"):
        each_desk.pay("11")
    assert exposure_of(each_desk.position()) == -10


def test_what_is_not_there_cannot_be_paid(desk: Any) -> None:
    desk.load(Trade(partners=[partner_row(), partner_row("OTHER", gln="4012345000023")]))
    (number,) = desk.placed(an_order())
    (test,) = desk.placed(an_order("PO-2"), test=True)
    with pytest.raises(NotFound):
        desk.pay("1", order="2026-ED-999999")
    with pytest.raises(Conflict, match="is a test"):
        desk.pay("1", order=test)
    for partner, order in (("NOBODY", None), ("OTHER", number)):
        payment = Payment(partner, "B-1", D(1), "EUR", date(2026, 3, 2), order)
        with pytest.raises(NotFound):
            desk.store.write(lambda tx, payment=payment: post_payment(tx, payment, actor="bank", now=MONDAY))


def test_goods_that_are_gone_meanwhile_hold_the_order_for_their_part(desk: Any) -> None:
    """CUS-14: credit alone never confirms what cannot be delivered."""
    desk.load(LIMIT)
    (number,) = desk.placed(an_order("PO-1", a_line(CUP, 100)))
    desk.load(
        Trade(partners=[partner_row(credit_limit=D(1000))], stock=[stock_row(CUP, 1), stock_row(CUP, 0, "NORTH")])
    )
    desk.pay("250")
    assert desk.run_due() == 1
    assert desk.state(number) == ("in_review", ["stock.short"])


def test_what_a_person_decided_stays_and_other_holds_wait_for_theirs(desk: Any) -> None:
    desk.load(LIMIT)
    (number,) = desk.placed(an_order("PO-1", a_line(CUP, 100, "20")))
    assert sorted(desk.state(number)[1]) == ["credit.limit", "price.mismatch"]
    desk.pay("1000")
    assert desk.run_due() == 1
    assert desk.state(number) == ("in_review", ["price.mismatch"])
    assert desk.run_due() == 0


def test_nothing_is_reviewed_where_nothing_waits(desk: Any) -> None:
    desk.load(Trade())
    (number,) = desk.placed(an_order())
    desk.pay("10")
    assert (desk.run_due(), desk.state(number)) == (0, ("confirmed", []))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.decimals("0.01", "500", places=2), min_size=1, max_size=5))
def test_each_payment_lowers_the_exposure_by_its_amount(desk: Any, amounts: list[Decimal]) -> None:
    """CUS-14: however it is spread over invoices and advance."""
    store: Store = desk.store
    desk.load(Trade(open_invoices=invoices(("R-1", -1, "20.50"), ("R-2", 3, "333.33"), ("R-3", 4, "800"))))
    for amount in amounts:
        before = exposure_of(desk.position())
        seq = store.read(lambda tx: len(rows.payments_of(tx, partner_codes(tx)["ACME"], None, 1000)))
        desk.pay(amount, f"B-{seq}")
        after = desk.position()
        assert before - exposure_of(after) == amount
        assert after.open_amount == 0 or after.prepaid == 0
