"""Temporary limits: asked for with a reason, approved by amount, over by the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.credit.adjustments import Request, decide_adjustment, request_adjustment, told
from core.errors import Conflict, Forbidden, NotFound
from core.store import adjustments as rows
from core.store import timers
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, partner_row

D = Decimal
TODAY = MONDAY.date()
LIMIT = Trade(partners=[partner_row(credit_limit=D(1000))])
#: the end of MONDAY in Berlin
MIDNIGHT = datetime.fromisoformat("2026-03-02T23:00:00+00:00")
ROLES = ("department_manager", "finance_manager", "cfo")


def ask(desk: Any, amount: str, *, kind: str = "limit", valid_to: date = TODAY, now: datetime = MONDAY) -> int:
    request = Request("ACME", kind, D(amount), "season", valid_to)
    return desk.store.write(lambda tx: request_adjustment(tx, desk.cache, request, actor="anna", now=now))


def decide(
    desk: Any, asked: int, role: str | None = "cfo", *, actor: str = "berta", approve: bool = True,
    now: datetime = MONDAY,
) -> None:  # fmt: skip
    roles = None if role is None else frozenset({role})
    desk.store.write(
        lambda tx: decide_adjustment(
            tx, desk.cache, asked, approve=approve, actor=actor, roles=roles, reason="known well", now=now
        )
    )


@pytest.mark.parametrize(("amount", "least"), [("50000", 0), ("50000.01", 1), ("200000", 1), ("200000.01", 2)])
def test_who_approves_follows_from_the_amount(desk: Any, amount: str, least: int) -> None:
    """CUS-17, CUS-18: a request is a task for that role; a lesser one is refused, a higher one may."""
    desk.load(LIMIT)
    asked = ask(desk, amount)
    assert desk.store.read(lambda tx: rows.adjustment(tx, asked))["release_role"] == ROLES[least]
    for role in (*ROLES[:least], "sales_manager"):
        with pytest.raises(Forbidden, match=f"waits for {ROLES[least]}"):
            decide(desk, asked, role)
    assert desk.position().raised == 0
    decide(desk, asked, ROLES[least])
    assert desk.position().raised == D(amount)


def test_nobody_approves_a_request_of_their_own(desk: Any) -> None:
    """CUS-18, invariant 10."""
    desk.load(LIMIT)
    asked = ask(desk, "1")
    for role in ("cfo", None):
        with pytest.raises(Forbidden, match="of their own"):
            decide(desk, asked, role, actor="anna")
    assert desk.position().raised == 0


def test_the_limit_that_the_hold_tells_confirms_the_order(each_desk: Any) -> None:
    """CUS-10, CUS-14: a temporary limit is a way out, and what it covered stays confirmed when it is over."""
    each_desk.load(LIMIT)
    (number,) = each_desk.placed(an_order("PO-1", a_line(CUP, 100)))
    decide(each_desk, ask(each_desk, each_desk.hold(number, "credit.limit")["inputs"]["short"]))
    assert each_desk.run_due() == 1
    assert each_desk.state(number) == ("confirmed", [])
    assert each_desk.run_due(MIDNIGHT) == 1
    assert each_desk.state(number) == ("confirmed", [])
    (later,) = each_desk.placed(an_order("PO-2", a_line(CUP, 1)), now=MIDNIGHT)
    assert each_desk.state(later) == ("in_review", ["credit.limit"])


@pytest.mark.parametrize(("kind", "code"), [("guarantee", "credit.prepayment"), ("payment_plan", "credit.overdue")])
def test_a_guarantee_and_a_payment_plan_are_ways_out(desk: Any, kind: str, code: str) -> None:
    """CUS-09, CUS-14."""
    late = {"partner": "ACME", "number": "R-1", "due": TODAY - timedelta(days=1), "amount": D("125")}
    desk.load(Trade(partners=[partner_row(grade="D")]) if code == "credit.prepayment" else Trade(open_invoices=[late]))
    (number,) = desk.placed(an_order())
    assert desk.state(number) == ("in_review", [code])
    decide(desk, ask(desk, "124.99", kind=kind))
    desk.run_due()
    assert desk.state(number) == ("in_review", [code])
    decide(desk, ask(desk, "0.01", kind=kind))
    desk.run_due()
    assert desk.state(number) == ("confirmed", [])


def test_it_ends_with_its_last_day_in_our_time_zone(each_desk: Any) -> None:
    """CUS-10: to the microsecond, also before its timer fires."""
    each_desk.load(LIMIT)
    asked = ask(each_desk, "5")
    decide(each_desk, asked)
    moment = timedelta(microseconds=1)
    assert [each_desk.position(at).raised for at in (MIDNIGHT - moment, MIDNIGHT)] == [5, 0]
    assert (each_desk.run_due(MIDNIGHT - moment), each_desk.run_due(MIDNIGHT)) == (0, 1)
    row = each_desk.store.read(lambda tx: rows.adjustment(tx, asked))
    assert (row["state"], row["decided_by"]) == ("expired", "berta")


def test_what_is_decided_or_over_is_not_decided_again(desk: Any) -> None:
    desk.load(LIMIT)
    asked = ask(desk, "5")
    decide(desk, asked, approve=False)
    assert desk.position().raised == 0
    with pytest.raises(Conflict, match="is declined"):
        decide(desk, asked)
    assert desk.store.read(lambda tx: timers.due(tx, MIDNIGHT, ["credit.adjustment-expires"], 9)) == []
    late = ask(desk, "5")
    with pytest.raises(Conflict, match="is expired"):
        decide(desk, late, now=MIDNIGHT)
    with pytest.raises(NotFound):
        decide(desk, 12345)


def test_a_request_needs_a_partner_and_a_day_to_come(desk: Any) -> None:
    desk.load(LIMIT)
    with pytest.raises(Conflict, match="2026-03-01 is over"):
        ask(desk, "5", valid_to=TODAY - timedelta(days=1))
    with pytest.raises(Conflict, match="2026-03-02 is over"):
        ask(desk, "5", now=MIDNIGHT)
    with pytest.raises(NotFound):
        desk.store.write(
            lambda tx: request_adjustment(
                tx, desk.cache, Request("NOBODY", "limit", D(1), "season", TODAY), actor="anna", now=MONDAY
            )
        )


def test_a_request_tells_what_why_and_who(desk: Any) -> None:
    """CUS-10: reason and last day are part of it."""
    desk.load(LIMIT)
    asked = ask(desk, "50000.01")
    shown = told(desk.store.read(lambda tx: rows.adjustment(tx, asked)))
    assert (shown["partner"], shown["amount"], shown["reason"]) == ("ACME", "50000.01", "season")
    assert (shown["valid_to"], shown["release_role"], shown["state"]) == ("2026-03-02", "finance_manager", "requested")
    assert (shown["requested_by"], shown["decided_by"], shown["decided_at"]) == ("anna", None, None)
