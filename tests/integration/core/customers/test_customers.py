"""Customers graded by their trade, heard, and known by what they bought."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.audit.verify import verify
from core.credit.payments import Payment, post_payment
from core.customers.feedback import Feedback, give_feedback
from core.customers.regrade import mean_days_late, months_before, regrade
from core.errors import Conflict, NotFound
from core.reporting.customers import feedback, profile
from core.store import events, master
from core.store.credit import grades_of
from core.store.engine import Store
from core.store.lookup import MasterCache, partner_by_id
from core.store.master import partner_codes
from core.store.tasks import open_of
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, partner_row, place

D = Decimal
SECOND = "4012345000023"
TRADE = Trade(
    partners=[partner_row(), partner_row("OTHER", gln=SECOND)],
    open_invoices=[{"partner": "ACME", "number": "R-1", "due": date(2026, 2, 20), "amount": D(100)}],
    sales_history=[
        {"partner": "ACME", "month": "2025-03", "amount": D(20000)},
        {"partner": "ACME", "month": "2025-02", "amount": D(999999)},
    ],
)


def post(store: Store) -> None:
    """Pay R-1 ten days late."""
    payment = Payment("ACME", "B-1", D(100), "EUR", date(2026, 3, 2))
    store.write(lambda tx: post_payment(tx, payment, actor="bank", now=MONDAY))


def grade(store: Store, *, partner: str | None = None, dry_run: bool = False) -> dict[str, dict[str, Any]]:
    found = store.write(lambda tx: regrade(tx, partner=partner, dry_run=dry_run, actor="fin", now=MONDAY))
    return {item["partner"]: item for item in found["items"]}


def test_grades_follow_from_stored_trade_and_say_from_what(each_store: Store) -> None:
    """CUS-02: orders, invoiced amount and days late of twelve months; what changes is kept with its reason."""
    each_store.write(TRADE.load)
    each_store.write(lambda tx: place(tx, [an_order(f"PO-{n}") for n in range(12)]))
    post(each_store)
    dry = grade(each_store, dry_run=True)
    assert dry["ACME"] == {
        "partner": "ACME", "before": "A", "grade": "C", "changed": True,
        "inputs": {"orders": 12, "amount": "20000.00", "days_late": "10.0", "months": 12},
        "because": ["10.0 days late on average, B allows 7.0"],
    }  # fmt: skip
    assert (dry["OTHER"]["grade"], dry["OTHER"]["changed"]) == ("A", False)  # traded nothing
    acme = each_store.read(partner_codes)["ACME"]
    assert each_store.read(lambda tx: grades_of(tx, acme)) == []
    assert grade(each_store) == dry
    (kept,) = each_store.read(lambda tx: grades_of(tx, acme))
    assert (kept["before"], kept["grade"], kept["actor"]) == ("A", "C", "fin")
    assert kept["reason"].startswith("customer.grade 1: 12 orders, 20000.00, 10.0 days late; 10.0 days late")
    assert each_store.read(lambda tx: partner_by_id(tx, MasterCache(), acme)).grade == "C"
    assert grade(each_store, partner="ACME")["ACME"]["changed"] is False
    assert len(each_store.read(lambda tx: grades_of(tx, acme))) == 1
    with pytest.raises(NotFound):
        grade(each_store, partner="NOBODY")


@pytest.mark.parametrize(("rate", "amount", "earned"), [("0.5", "20000.00", "B"), ("0.49999", "19999.60", "C")])
def test_amounts_of_grades_are_in_our_currency(store: Store, rate: str, amount: str, earned: str) -> None:
    """CUS-02: 40,000 CHF at 0.5 are the 20,000 that grade B asks for; without a rate the grade stays."""
    sales = [{"partner": "ACME", "month": "2025-03", "amount": D(40000)}]
    store.write(Trade(partners=[partner_row(currency="CHF")], sales_history=sales).load)
    store.write(lambda tx: place(tx, [an_order(f"PO-{n}") for n in range(12)]))
    unrated = grade(store)["ACME"]
    assert (unrated["changed"], unrated["because"]) == (False, ["no rate CHF->EUR is known"])
    row = {"source": "CHF", "target": "EUR", "rate": rate, "valid_from": MONDAY.date()}
    store.write(lambda tx: master.load(tx, master.MasterRows(rates=[row]), MONDAY))
    graded = grade(store)["ACME"]
    assert (graded["inputs"]["amount"], graded["grade"]) == (amount, earned)


def test_months_and_days_are_counted_as_people_do() -> None:
    assert [months_before(date(2026, 3, 2), n) for n in (1, 3, 12)] == [
        date(2026, 2, 1), date(2025, 12, 1), date(2025, 3, 1),
    ]  # fmt: skip
    day = date(2026, 3, 2)
    assert mean_days_late([(day, day + timedelta(3), 1), (day, day - timedelta(3), 2)]) == 2
    assert mean_days_late([]) == 0


def test_feedback_is_kept_with_its_order_and_bad_words_are_a_task(each_store: Store) -> None:
    """CUS-04."""
    each_store.write(TRADE.load)
    (placed,) = each_store.write(lambda tx: place(tx, [an_order()]))

    def say(rating: int, text: str, partner: str | None = "ACME", order: str = placed.number) -> int:
        said = Feedback(order, rating, text)
        return each_store.write(lambda tx: give_feedback(tx, said, partner=partner, actor="acme", now=MONDAY))

    good, bad = say(5, "quick"), say(2, "one cup was broken")
    assert each_store.read(lambda tx: open_of(tx, "feedback.low", str(good))) is None
    task = each_store.read(lambda tx: open_of(tx, "feedback.low", str(bad)))
    assert task is not None
    assert (task["role"], task["order_id"], task["due_at"]) == (
        "customer_service", placed.order_id, MONDAY + timedelta(hours=24),
    )  # fmt: skip
    rows = each_store.read(lambda tx: events.of_order(tx, placed.order_id))
    told = [row["summary"] for row in rows if row["event"] == "feedback.received"]
    assert told == ["rated 5 of 5: quick", "rated 2 of 5: one cup was broken"]
    assert each_store.read(verify)["ok"]
    page = each_store.read(lambda tx: feedback(tx, order=placed.number, limit=1))
    assert [(one["id"], one["rating"]) for one in page["items"]] == [(str(bad), 2)]
    rest = each_store.read(lambda tx: feedback(tx, partner="ACME", cursor=page["next"]))
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([str(good)], None)
    low = each_store.read(lambda tx: feedback(tx, most_rating=2))
    assert [one["id"] for one in low["items"]] == [str(bad)]
    with pytest.raises(NotFound):
        say(1, "not mine", partner="OTHER")


def test_of_a_test_order_there_is_nothing_to_say(store: Store) -> None:
    store.write(TRADE.load)
    (placed,) = store.write(lambda tx: place(tx, [an_order()], test=True))
    with pytest.raises(Conflict, match="is a test"):
        store.write(
            lambda tx: give_feedback(tx, Feedback(placed.number, 5, ""), partner=None, actor="acme", now=MONDAY)
        )


def test_a_customer_is_known_by_what_it_bought(each_store: Store) -> None:
    """CUS-23."""
    each_store.write(TRADE.load)
    post(each_store)
    for day, lines in ((0, [a_line(CUP, 2), a_line(CRATE, 1)]), (3, [a_line(CUP, 4)])):
        at = MONDAY + timedelta(days=day)
        (placed,) = each_store.write(
            lambda tx, at=at, lines=lines: place(tx, [an_order(f"PO-{at.day}", *lines)], now=at)
        )
    each_store.write(
        lambda tx: give_feedback(tx, Feedback(placed.number, 4, ""), partner=None, actor="acme", now=MONDAY)
    )
    known = each_store.read(lambda tx: profile(tx, "ACME", MONDAY + timedelta(days=4)))
    assert (known["orders"], known["channels"], known["types"], known["days_between"]) == (
        2, {"ED": 2}, {"standard": 2}, "3.00",
    )  # fmt: skip
    assert known["totals"] == [{"currency": "EUR", "orders": 2, "total": "174.99", "mean": "87.50"}]
    assert known["favourites"] == [
        {"sku": CUP, "orders": 2, "quantity": "6", "amount": "75.00"},
        {"sku": CRATE, "orders": 1, "quantity": "1", "amount": "99.99"},
    ]
    assert (known["days_late"], known["feedback"]) == ("10.0", {"count": 1, "mean_rating": "4.00"})
    nobody = each_store.read(lambda tx: profile(tx, "OTHER", MONDAY))
    assert (nobody["orders"], nobody["first_order"], nobody["totals"]) == (0, None, [])
    with pytest.raises(NotFound):
        each_store.read(lambda tx: profile(tx, "NOBODY", MONDAY))
