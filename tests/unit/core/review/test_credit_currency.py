"""The credit check of orders, accounts and authorities in different currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.currency import Exchange, Quote, Rates
from core.partners.model import Partner
from core.review.credit import CreditRules, check_credit
from core.review.holds import CheckResult
from core.store.credit import CreditPosition

D = Decimal
DAY = date(2026, 3, 2)
RATES = Rates("EUR", [Quote("CHF", "EUR", D("0.5"), DAY), Quote("USD", "EUR", D("0.8"), date(2026, 1, 1))])


def check(
    total: str, currency: str, *, account: str = "EUR", limit: str = "1000", committed: str = "0", rates: Rates = RATES
) -> CheckResult:
    one = Partner(1, "ACME", "Acme", grade="A", credit_limit=D(limit))
    position = CreditPosition(D(committed), D(0), [], [])
    exchange = Exchange(account, "EUR", DAY, rates)
    return check_credit(CreditRules(), one, position, D(total), currency, exchange=exchange)


@pytest.mark.parametrize(("total", "codes"), [("1800.00", []), ("1800.02", ["credit.limit"])])
def test_an_order_is_worth_what_the_rate_says(total: str, codes: list[str]) -> None:
    """900 of the limit of 1,000 EUR are free: 1,800 CHF at 0.5."""
    found = check(total, "CHF", committed="100")
    assert [hold.code for hold in found.holds] == codes
    told = {name: found.evidence[name] for name in ("order_currency", "order_amount", "rate", "rate_from", "currency")}
    assert told == {
        "order_currency": "CHF", "order_amount": total, "rate": "0.5", "rate_from": "2026-03-02", "currency": "EUR",
    }  # fmt: skip
    for hold in found.holds:
        assert (hold.lifted_by, hold.inputs["rate"]) == ("payment of 0.01 EUR, or limit +0.01", "0.5")


def test_the_own_currency_is_checked_as_ever() -> None:
    found = check("1000.01", "EUR")
    assert "rate" not in found.evidence
    assert found == check_credit(
        CreditRules(), Partner(1, "ACME", "Acme", grade="A", credit_limit=D(1000)),
        CreditPosition(D(0), D(0), [], []), D("1000.01"), "EUR",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("total", "role"), [("100000", "department_manager"), ("100000.02", "finance_manager"), ("400000.02", "cfo")]
)
def test_authority_is_in_our_currency(total: str, role: str) -> None:
    """CUS-18: 100,000 CHF over the limit are 50,000 of ours."""
    (hold,) = check(total, "CHF", account="CHF", limit="0").holds
    assert (hold.code, hold.release_role, hold.inputs["currency"]) == ("credit.limit", role, "CHF")
    assert D(hold.inputs["company_amount"]) == D(total) / 2
    assert hold.lifted_by == f"payment of {hold.inputs['short']} CHF, or limit +{hold.inputs['short']}"


def test_grade_c_is_released_by_its_amount_in_our_currency() -> None:
    one = Partner(1, "ACME", "Acme", grade="C", credit_limit=D(10**9))
    exchange = Exchange("CHF", "EUR", DAY, RATES)
    position = CreditPosition(D(0), D(0), [], [])
    (hold,) = check_credit(CreditRules(), one, position, D(100_000), "CHF", exchange=exchange).holds
    assert (hold.release_role, hold.lifted_by) == ("department_manager", "approval by department_manager")


@pytest.mark.parametrize(
    ("currency", "account", "rates"),
    [("JPY", "EUR", "JPY->EUR"), ("EUR", "JPY", "EUR->JPY, JPY->EUR"), ("JPY", "JPY", "JPY->EUR")],
)
def test_a_missing_rate_holds_and_says_which(currency: str, account: str, rates: str) -> None:
    (hold,) = check("1", currency, account=account).holds
    assert (hold.code, hold.lifted_by, hold.release_role) == ("credit.currency", f"a rate {rates}", "finance")
    assert hold.reason == f"no rate is known on 2026-03-02: {rates}"


def test_an_open_invoice_without_a_rate_holds_an_order_in_our_own_currency() -> None:
    position = CreditPosition(D(0), D(0), [], [])
    position.unrated.append("JPY")
    one = Partner(1, "ACME", "Acme", grade="A", credit_limit=D(1000))
    exchange = Exchange("EUR", "EUR", DAY, RATES)
    (hold,) = check_credit(CreditRules(), one, position, D(1), "EUR", exchange=exchange).holds
    assert (hold.code, hold.lifted_by) == ("credit.currency", "a rate JPY->EUR")
