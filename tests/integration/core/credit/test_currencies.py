"""Orders of several currencies on one account: held for a rate, converted once, given back to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.credit.payments import Payment, post_payment, reverse_payment
from core.credit.review import review_unrated
from core.errors import Conflict
from core.ordering.cancel import stop_order
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.store import master
from core.store import orders as order_rows
from core.store.credit import credit_position
from core.store.master import partner_codes
from core.store.rates import exchange_now, in_company
from core.testing.trade import CRATE, CUP, MONDAY, PRICES, Trade, a_line, an_order, partner_row, price_row

D = Decimal


def trade(limit: str = "1000", **changes: Any) -> Trade:
    """Return the trade with the same prices in EUR, CHF and JPY."""
    prices = [price_row(sku, price, currency=one) for sku, price in PRICES.items() for one in ("EUR", "CHF", "JPY")]
    return Trade(partners=[partner_row(credit_limit=D(limit))], prices=prices, **changes)


def load_rate(desk: Any, source: str, rate: str, day: date = date(2026, 1, 1)) -> None:
    row = {"source": source, "target": "EUR", "rate": rate, "valid_from": day}

    def work(tx: Any) -> None:
        master.load(tx, master.MasterRows(rates=[row]), MONDAY)
        review_unrated(tx, MONDAY)

    desk.store.write(work)


def position(desk: Any) -> Any:
    def look(tx: Any) -> Any:
        acme = partner_codes(tx)["ACME"]
        return credit_position(tx, acme, MONDAY.date(), MONDAY, exchange_now(tx, desk.cache, acme, MONDAY))

    def fresh(tx: Any) -> Any:
        desk.cache.refresh(tx)
        return look(tx)

    return desk.store.read(fresh)


def cancel(desk: Any, number: str) -> None:
    def work(tx: Any) -> None:
        order = order_rows.by_number(tx, number, lock=True)
        stop_order(tx, Desk(desk.cache, "user:anna", MONDAY), order, reason="asked")

    desk.store.write(work)


def test_a_rate_that_is_loaded_confirms_what_waits_for_it(each_desk: Any) -> None:
    """CUS-14: the hold says the rate, loading it lifts the hold, the order takes what it is worth."""
    each_desk.load(trade())
    (number,) = each_desk.placed(an_order("PO-1", a_line(CUP, 10), currency="CHF"))
    hold = each_desk.hold(number, "credit.currency")
    assert (hold["release_when"], hold["inputs"]["order_total"]) == ("a rate CHF->EUR", "125.00")
    assert position(each_desk).committed == 0
    load_rate(each_desk, "CHF", "0.9")
    assert each_desk.run_due() == 1
    assert each_desk.state(number) == ("confirmed", [])
    assert position(each_desk).committed == D("112.50")


def test_a_rate_that_is_not_in_force_yet_lifts_nothing(each_desk: Any) -> None:
    each_desk.load(trade())
    (number,) = each_desk.placed(an_order("PO-1", a_line(CUP, 10), currency="CHF"))
    load_rate(each_desk, "CHF", "0.9", date(2026, 3, 3))
    each_desk.run_due()
    assert each_desk.state(number) == ("in_review", ["credit.currency"])


def test_nobody_releases_an_order_whose_worth_is_not_known(each_desk: Any) -> None:
    """Invariant 4: it would take nothing of the limit, or anything."""
    each_desk.load(trade())
    (number,) = each_desk.placed(an_order("PO-1", a_line(CUP, 100), currency="CHF"))

    def release(tx: Any) -> None:
        desk = Desk(each_desk.cache, "user:fay", MONDAY)
        release_holds(tx, desk, number, codes=["credit.currency"], reason="it will do")

    each_desk.store.write(release)
    assert each_desk.state(number) == ("in_review", ["credit.currency"])
    load_rate(each_desk, "CHF", "0.9")
    each_desk.run_due()
    assert each_desk.state(number) == ("in_review", ["credit.limit"])  # 1,125 of 1,000


def test_several_currencies_add_up_and_are_given_back_to_the_cent(each_desk: Any) -> None:
    """Invariant 4: the rate stays with the order, whatever is loaded later."""
    each_desk.load(trade())
    load_rate(each_desk, "CHF", "0.333")
    load_rate(each_desk, "JPY", "0.0057")
    first, second, third = each_desk.placed(
        an_order("PO-1", a_line(CRATE, 1), currency="CHF"),
        an_order("PO-2", a_line(CRATE, 1), currency="JPY"),
        an_order("PO-3", a_line(CRATE, 1)),
    )
    assert {each_desk.state(number)[0] for number in (first, second, third)} == {"confirmed"}
    assert position(each_desk).committed == D("33.30") + D("0.57") + D("99.99")
    load_rate(each_desk, "CHF", "0.5", MONDAY.date())
    cancel(each_desk, first)
    assert position(each_desk).committed == D("0.57") + D("99.99")
    cancel(each_desk, second)
    cancel(each_desk, third)
    assert position(each_desk).committed == 0


def test_the_limit_counts_what_other_currencies_took(each_desk: Any) -> None:
    """Both sides of a limit of 1,000: 10 crates of CHF at 0.5 are 499.95."""
    each_desk.load(trade("1000.00"))
    load_rate(each_desk, "CHF", "0.5")
    fits, over = each_desk.placed(
        an_order("PO-1", a_line(CRATE, 10), currency="CHF"), an_order("PO-2", a_line(CUP, 41), a_line(CRATE, 1))
    )
    assert (each_desk.state(fits)[0], each_desk.state(over)) == ("confirmed", ("in_review", ["credit.limit"]))
    assert each_desk.hold(over, "credit.limit")["inputs"]["short"] == "112.44"
    (exact,) = each_desk.placed(an_order("PO-3", a_line(CUP, 40)))
    assert each_desk.state(exact) == ("confirmed", [])
    assert position(each_desk).committed == D("999.95")


def test_a_payment_pays_invoices_of_its_own_currency(each_desk: Any) -> None:
    """CUS-14: 100 CHF leave the invoice in EUR open and count as 50 in advance; taking it back leaves nothing."""
    owed = {"partner": "ACME", "due": MONDAY.date(), "amount": D(80)}
    invoices = [owed | {"number": "R-1", "currency": None}, owed | {"number": "R-2", "currency": "CHF"}]
    each_desk.load(trade(open_invoices=invoices))
    with pytest.raises(Conflict, match="there is no rate CHF->EUR"):
        pay(each_desk)
    assert (position(each_desk).open_amount, position(each_desk).unrated) == (80, ["CHF"])
    load_rate(each_desk, "CHF", "0.5")
    assert position(each_desk).open_amount == D(120)
    pay(each_desk)
    assert (position(each_desk).open_amount, position(each_desk).prepaid) == (80, 10)
    back = {"actor": "bank", "reason": "returned", "now": MONDAY}
    assert each_desk.store.write(lambda tx: reverse_payment(tx, "ACME", "B-1", **back))
    assert (position(each_desk).open_amount, position(each_desk).prepaid) == (120, 0)


def pay(desk: Any) -> None:
    payment = Payment("ACME", "B-1", D(100), "CHF", MONDAY.date())
    desk.store.write(lambda tx: post_payment(tx, payment, actor="bank", now=MONDAY))


def test_what_an_approval_is_about_is_in_our_currency(each_desk: Any) -> None:
    """CUS-18: a limit of authority is compared with what the order is worth to us; unknown is above all."""
    each_desk.load(trade())
    load_rate(each_desk, "CHF", "0.5")
    worth = [
        each_desk.store.read(lambda tx, one=one: in_company(tx, D("100.01"), one, MONDAY))
        for one in ("EUR", "CHF", "JPY")
    ]
    assert worth == [D("100.01"), D("50.01"), D("Infinity")]
