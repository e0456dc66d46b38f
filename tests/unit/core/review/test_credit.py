"""The credit rule on both sides of its boundary (CUS-06 to CUS-09)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.partners.model import Partner
from core.review.credit import CreditRules, check_credit, credit_limit

RULES = CreditRules()
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


@dataclass
class Position:
    committed: Decimal = Decimal(0)
    open_amount: Decimal = Decimal(0)
    overdue: list[tuple[str, date, Decimal]] = field(default_factory=list)
    volumes: list[Decimal] = field(default_factory=list)


def partner(**changes) -> Partner:
    return Partner(**({"id": 1, "code": "ACME", "name": "Acme", "grade": "A"} | changes))


def codes(one: Partner, position: Position, total: str | Decimal) -> list[str]:
    return [hold.code for hold in check_credit(RULES, one, position, Decimal(total), "EUR").holds]


@pytest.mark.parametrize(("total", "held"), [("400.00", []), ("400.0001", ["credit.limit"])])
def test_the_limit_may_be_reached_and_not_passed(total: str, held: list[str]) -> None:
    position = Position(committed=Decimal(250), open_amount=Decimal(350))
    assert codes(partner(credit_limit=Decimal(1000)), position, total) == held


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_it_holds_exactly_when_exposure_and_order_pass_the_limit(
    committed: Decimal, owed: Decimal, total: Decimal, limit: Decimal
) -> None:
    held = codes(partner(credit_limit=limit), Position(committed, owed), total)
    assert held == (["credit.limit"] if committed + owed + total > limit else [])


@pytest.mark.parametrize(("grade", "limit"), [("A", 300), ("B", 200), ("C", 100), ("D", None), ("", None)])
def test_without_an_agreed_limit_the_grade_gives_one(grade: str, limit: int | None) -> None:
    volumes = [Decimal(50), Decimal(150)]
    assert credit_limit(RULES, partner(grade=grade), volumes) == limit
    assert credit_limit(RULES, partner(grade=grade, credit_limit=Decimal(7)), volumes) == 7


def test_no_limit_no_grade_and_no_history_is_for_a_person_to_review() -> None:
    assert codes(partner(grade=""), Position(), "1") == ["credit.review"]
    assert codes(partner(grade="A"), Position(), "1") == ["credit.review"]


def test_grade_d_pays_in_advance_whatever_its_limit() -> None:
    assert codes(partner(grade="D", credit_limit=Decimal(10**6)), Position(), "1") == ["credit.prepayment"]


def test_overdue_invoices_come_before_the_limit() -> None:
    overdue = [(f"R-{number}", date(2026, 1, 1), Decimal("10.50")) for number in range(7)]
    result = check_credit(RULES, partner(credit_limit=Decimal(0)), Position(overdue=overdue), Decimal(1), "EUR")
    assert [hold.code for hold in result.holds] == ["credit.overdue"]
    assert result.holds[0].reason == "7 overdue invoices, 73.50 EUR: R-0, R-1, R-2, R-3, R-4"
    assert result.holds[0].inputs["overdue"] == [number for number, _, _ in overdue]


def test_the_evidence_says_what_was_added_up() -> None:
    position = Position(committed=Decimal(900), open_amount=Decimal("50.5"))
    result = check_credit(RULES, partner(credit_limit=Decimal(1000)), position, Decimal(100), "EUR")
    assert result.evidence == {
        "grade": "A",
        "limit": "1000.00",
        "exposure": "950.50",
        "order_total": "100.00",
        "currency": "EUR",
    }
    assert result.holds[0].inputs["short"] == "50.50"
    assert result.holds[0].lifted_by == "payment of 50.50 EUR, or limit +50.50"
