"""The credit rule on both sides of its boundaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.partners.model import Partner
from core.review.credit import (
    CreditRules,
    approver,
    check_credit,
    credit_limit,
    limit_now,
    limit_origin,
    may_approve,
    passes_limit,
    terms_days,
)
from core.review.holds import HoldDraft

RULES = CreditRules()
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


@dataclass
class Position:
    committed: Decimal = Decimal(0)
    open_amount: Decimal = Decimal(0)
    overdue: list[tuple[str, date, Decimal]] = field(default_factory=list)
    volumes: list[Decimal] = field(default_factory=list)
    prepaid: Decimal = Decimal(0)
    raised: Decimal = Decimal(0)
    deferred: Decimal = Decimal(0)
    unrated: list[str] = field(default_factory=list)


def partner(**changes) -> Partner:
    return Partner(**({"id": 1, "code": "ACME", "name": "Acme", "grade": "A"} | changes))


def holds(one: Partner, position: Position, total: str | Decimal, **paid: Decimal) -> tuple[HoldDraft, ...]:
    return check_credit(RULES, one, position, Decimal(total), "EUR", **paid).holds


def codes(one: Partner, position: Position, total: str | Decimal, **paid: Decimal) -> list[str]:
    return [hold.code for hold in holds(one, position, total, **paid)]


def steady(mean: int = 100_000, **changes) -> Position:
    return Position(**({"volumes": [Decimal(mean)] * 12} | changes))


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


@pytest.mark.parametrize(("grade", "limit"), [("A", 300), ("B", 200), ("C", 100), ("", None)])
def test_without_an_agreed_limit_the_grade_gives_one(grade: str, limit: int | None) -> None:
    """CUS-06, CUS-07, CUS-08: 3, 2 and 1 times the mean."""
    volumes = [Decimal(50), Decimal(150)]
    assert credit_limit(RULES, partner(grade=grade), volumes) == limit
    assert credit_limit(RULES, partner(grade=grade, credit_limit=Decimal(7)), volumes) == 7


def test_a_limit_has_whole_cents_and_says_where_it_comes_from() -> None:
    thirds = [Decimal(100), Decimal(0), Decimal(0)]
    assert credit_limit(RULES, partner(grade="C"), thirds) == Decimal("33.33")
    assert limit_origin(RULES, partner(), thirds) == "grade A: 3 x 33.33, the mean of 3 closed months"
    assert limit_origin(RULES, partner(credit_limit=Decimal(7)), thirds) == "agreed"
    assert limit_origin(RULES, partner(grade="D"), thirds) == "grade D pays in advance"
    assert limit_origin(RULES, partner(grade=""), thirds).startswith("neither agreed nor given")


@pytest.mark.parametrize(("total", "held"), [("299999", []), ("300000", []), ("300001", ["credit.limit"])])
def test_grade_a_passes_up_to_three_months(total: str, held: list[str]) -> None:
    """CUS-06: a mean of 100,000 lets 299,999 through and holds 300,001; CUS-12."""
    assert codes(partner(), steady(), total) == held


@pytest.mark.parametrize(
    ("total", "owed", "held"),
    [
        ("20000", 200_000, []),  # 10 % of 200,000: no look at the limit, which is used up
        ("20000.01", 200_000, ["credit.limit"]),
        ("20000.01", 179_999, []),
        ("200000", 0, []),
        ("200000.01", 0, ["credit.limit"]),
    ],
)
def test_grade_b_passes_small_amounts_and_checks_the_others(total: str, owed: int, held: list[str]) -> None:
    """CUS-07, decision D6."""
    assert codes(partner(grade="B"), steady(open_amount=Decimal(owed)), total) == held


def test_the_small_amount_of_grade_b_may_be_set_and_is_told() -> None:
    rules = CreditRules(b_small_amount=Decimal(500))
    result = check_credit(rules, partner(grade="B"), Position(), Decimal(500), "EUR")
    assert (result.holds, result.evidence["small_amount"]) == ((), "500.00")
    (hold,) = check_credit(rules, partner(grade="B"), Position(), Decimal("500.01"), "EUR").holds
    assert hold.code == "credit.review"
    late = Position(overdue=[("R-1", date(2026, 1, 1), Decimal(1))])
    assert [one.code for one in check_credit(rules, partner(grade="B"), late, Decimal(1), "EUR").holds] == [
        "credit.overdue"
    ]


@pytest.mark.parametrize(
    ("total", "held"),
    [("1", ["credit.review"]), ("100000", ["credit.review"]), ("100000.01", ["credit.review", "credit.limit"])],
)
def test_grade_c_is_always_reviewed(total: str, held: list[str]) -> None:
    """CUS-08: any order is for a person, and the limit is one month."""
    assert codes(partner(grade="C"), steady(), total) == held


@pytest.mark.parametrize(("paid", "held"), [("99.99", ["credit.prepayment"]), ("100", []), ("100.01", [])])
def test_grade_d_waits_for_the_whole_prepayment(paid: str, held: list[str]) -> None:
    """CUS-09: whatever its limit, and whatever else it owes."""
    one = partner(grade="D", credit_limit=Decimal(10**6))
    owing = Position(open_amount=Decimal(5000), prepaid=Decimal(paid))
    assert codes(one, owing, "100", paid=Decimal(paid)) == held


@pytest.mark.parametrize(("guarantee", "held"), [("149.99", ["credit.prepayment"]), ("150", [])])
def test_grade_d_passes_with_a_guarantee_for_all_that_it_owes(guarantee: str, held: list[str]) -> None:
    """CUS-09."""
    assert codes(partner(grade="D"), Position(open_amount=Decimal(50), raised=Decimal(guarantee)), "100") == held


def test_an_advance_covers_one_order_of_grade_d_only() -> None:
    position = Position(prepaid=Decimal(100))
    assert codes(partner(grade="D"), position, "100") == []
    position.committed += 100
    (hold,) = holds(partner(grade="D"), position, "30")
    assert hold.lifted_by == "payment of 30.00 EUR for the order, or a guarantee of 30.00"


def test_no_limit_no_grade_and_no_history_is_for_a_person_to_review() -> None:
    assert codes(partner(grade=""), Position(), "1") == ["credit.review"]
    assert codes(partner(grade="A"), Position(), "1") == ["credit.review"]
    assert codes(partner(grade="C"), Position(), "1") == ["credit.review"]
    assert codes(partner(grade="A"), Position(raised=Decimal(1)), "1") == []  # granted for a time


def test_an_overdue_invoice_blocks_whatever_the_limit_says() -> None:
    """CUS-12: it is told beside the limit."""
    overdue = [(f"R-{number}", date(2026, 1, 1), Decimal("10.50")) for number in range(7)]
    late, over = holds(partner(credit_limit=Decimal(0)), Position(overdue=overdue), "1")
    assert (late.code, over.code) == ("credit.overdue", "credit.limit")
    assert late.reason == "7 overdue invoices, 73.50 EUR: R-0, R-1, R-2, R-3, R-4"
    assert late.inputs["overdue"] == [number for number, _, _ in overdue]
    assert late.lifted_by == "payment of 73.50 EUR, or a payment plan for 73.50"


@pytest.mark.parametrize(("deferred", "held"), [("73.49", ["credit.overdue"]), ("73.50", [])])
def test_a_payment_plan_defers_what_is_overdue(deferred: str, held: list[str]) -> None:
    """CUS-14: an agreement on a payment plan is a way out."""
    overdue = [("R-1", date(2026, 1, 1), Decimal("73.50"))]
    assert codes(partner(), steady(overdue=overdue, deferred=Decimal(deferred)), "1") == held


@pytest.mark.parametrize(
    ("grade", "agreed", "days"),
    [("A", None, 60), ("B", None, 30), ("C", None, 15), ("D", None, 0), ("", None, 30), ("A", 90, 90), ("C", 0, 0)],
)
def test_terms_follow_the_grade_unless_others_are_agreed(grade: str, agreed: int | None, days: int) -> None:
    """CUS-06, CUS-07, CUS-08, CUS-21."""
    assert terms_days(RULES, partner(grade=grade, payment_terms_days=agreed)) == days


@pytest.mark.parametrize(
    ("amount", "role"),
    [
        ("0.01", "department_manager"),
        ("50000", "department_manager"),
        ("50000.01", "finance_manager"),
        ("200000", "finance_manager"),
        ("200000.01", "cfo"),
    ],
)
def test_credit_is_granted_by_amount(amount: str, role: str) -> None:
    """CUS-18, decision D4: the boundary belongs to the lesser role; who may grant more may grant less."""
    wanted = Decimal(amount)
    assert approver(RULES, wanted) == role
    roles = ["department_manager", "finance_manager", "cfo"]
    may = [may_approve(RULES, frozenset({one}), wanted) for one in roles]
    assert may == [place >= roles.index(role) for place in range(3)]
    assert not may_approve(RULES, frozenset({"sales"}), wanted)


@pytest.mark.parametrize(
    ("total", "role"), [("1050000", "department_manager"), ("1050000.01", "finance_manager"), ("1200000.01", "cfo")]
)
def test_who_may_grant_what_is_short_may_release_the_hold(total: str, role: str) -> None:
    """CUS-18: the role of credit.limit follows from what is over the limit."""
    (hold,) = holds(partner(credit_limit=Decimal(1_000_000)), Position(), total)
    assert (hold.code, hold.release_role) == ("credit.limit", role)


def test_who_may_grant_the_order_may_release_its_review() -> None:
    """CUS-18: the role of credit.review follows from the order."""
    roles = [holds(partner(grade="C"), steady(10**6), total)[0].release_role for total in ("50000", "50000.01")]
    assert roles == ["department_manager", "finance_manager"]


def test_the_evidence_says_what_was_added_up() -> None:
    position = Position(committed=Decimal(1000), open_amount=Decimal("50.5"), prepaid=Decimal(100))
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


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_smallest_change_lifts_the_hold_and_nothing_smaller(
    committed: Decimal, owed: Decimal, overdue: Decimal, total: Decimal, limit: Decimal
) -> None:
    """CUS-14: what ``release_when`` says is enough, by payment and by limit; a cent less is not."""
    one = partner(credit_limit=limit)
    late = [("R-1", date(2026, 1, 1), overdue)] if overdue else []
    for hold in holds(one, Position(committed, owed + overdue, late), total):
        said = Decimal(hold.inputs["short" if hold.code == "credit.limit" else "missing"])
        for amount in (said, said - Decimal("0.01")):
            rest = max(overdue - amount, Decimal(0))
            paid = Position(
                committed, max(owed + overdue - amount, Decimal(0)), [("R-1", date(2026, 1, 1), rest)] if rest else [],
                prepaid=max(amount - owed - overdue, Decimal(0)),
            )  # fmt: skip
            granted = Position(committed, owed + overdue, late, raised=amount, deferred=amount)
            for changed in (paid, granted):
                assert (hold.code in codes(one, changed, total)) == (amount != said)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_smallest_prepayment_lifts_the_hold(
    committed: Decimal, advance: Decimal, total: Decimal, guarantee: Decimal
) -> None:
    """CUS-09, CUS-14: for grade D."""
    one = partner(grade="D")
    for hold in holds(one, Position(committed, prepaid=advance, raised=guarantee), total):
        for amount in (said := Decimal(hold.inputs["missing"]), said - Decimal("0.01")):
            paid = Position(committed, prepaid=advance + amount, raised=guarantee)
            assert bool(codes(one, paid, total, paid=amount)) == (amount != said)


def test_what_another_worker_granted_meanwhile_is_judged_and_what_this_one_granted_is_not() -> None:
    one = partner(grade="B")
    position = steady(committed=Decimal(210_000))  # a small amount passed the limit of 200,000
    assert not passes_limit(RULES, one, position, Decimal(210_000))
    assert passes_limit(RULES, one, position, Decimal(210_001))
    roomy = steady(committed=Decimal(10))
    assert not passes_limit(RULES, one, roomy, Decimal(200_000))
    assert passes_limit(RULES, one, roomy, Decimal("200000.01"))
    roomy.raised = Decimal(1)
    assert limit_now(RULES, one, roomy) == Decimal(200_001)
    assert not passes_limit(RULES, one, roomy, Decimal(200_001))


@pytest.mark.parametrize(
    "values",
    [
        {"factors": {"E": Decimal(1)}},
        {"factors": {"A": Decimal(-1)}},
        {"terms_days": {"E": 1}},
        {"terms_days": {"A": 366}},
        {"ungraded_terms_days": -1},
        {"b_small_percent": Decimal(-1)},
        {"b_small_amount": Decimal(-1)},
        {"approvals": {"cfo": Decimal(-1)}},
        {"warning_percent": Decimal(-1)},
        {"top_role": ""},
        {"report_hour": 24},
    ],
)
def test_impossible_rules_are_refused(values) -> None:
    with pytest.raises(ValueError, match="are"):
        CreditRules(**values)
