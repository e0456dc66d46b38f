"""Credit and margin are left out of an answer wherever they stand (ROL-09, RPT-13)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.roles.hiding import HIDDEN, hide
from core.roles.matrix import DEFAULT_ROLES

LIMIT = {
    "code": "credit.limit",
    "stage": "confirm",
    "reason": "exposure 900.00 + order 200.00 is 100.00 EUR over the limit of 1000.00",
    "inputs": {"limit": "1000.00"},
    "release_role": "finance",
    "release_when": "payment of 100.00 EUR",
}
PRICE = {"code": "price.mismatch", "reason": "0.10 off", "inputs": {"expected_price": "1.00"}, "release_when": "0.02"}

SECRET = "4711.00"
JSON = st.recursive(
    st.none() | st.text(max_size=4) | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def test_a_hold_keeps_its_name_and_loses_its_numbers() -> None:
    order = {"number": "2026-ED-000001", "total": "200.00", "holds": [LIMIT, PRICE]}
    assert hide(order, {"credit"}) == order | {
        "holds": [
            {
                "code": "credit.limit",
                "stage": "confirm",
                "reason": HIDDEN,
                "inputs": {},
                "release_role": "finance",
                "release_when": HIDDEN,
            },
            PRICE,
        ]
    }
    assert hide(order, {"margin"}) == order
    assert hide(order, ()) is order


def test_checks_and_the_events_that_keep_them_lose_theirs() -> None:
    check = {"group": "credit", "ok": False, "holds": ["credit.limit"], "evidence": {"exposure": SECRET}}
    life = {"events": [{"event": "order.checked", "summary": "four checks", "inputs": {"checks": [check]}}]}
    shown = hide(life, {"credit"})
    assert shown["events"][0]["inputs"]["checks"] == [check | {"evidence": {}}]
    assert shown["events"][0]["summary"] == "four checks"


def test_fields_are_hidden_by_their_names() -> None:
    line = {"sku": "LAMP", "price": "12.50", "margin_percent": "28.00"}
    assert hide([line], {"margin"}) == [line | {"margin_percent": None}]
    assert hide([line], {"credit"}) == [line]


def test_a_cost_is_hidden_where_a_price_was_decided_and_not_where_goods_are_moved() -> None:
    check = {"group": "price", "evidence": {"lines": [[1, 15000]], "cost": [9000]}}
    plan = {"from": "WEST", "cost": "35.00"}
    shown = hide({"checks": [check], "plan": plan}, {"margin"})
    assert shown == {"checks": [{"group": "price", "evidence": {"lines": [[1, 15000]], "cost": None}}], "plan": plan}


def standing() -> dict[str, Any]:
    """How a partner stands, as the API tells it, with the numbers in every field that tells its credit."""
    return {
        "partner": "ACME", "grade": "B", "currency": "EUR", "limit": SECRET, "limit_base": SECRET,
        "limit_origin": f"grade B: 2 x {SECRET}", "raised": SECRET, "exposure": SECRET,
        "exposure_parts": {"open_invoices": SECRET}, "available": SECRET, "terms_days": 30, "overdue_amount": SECRET,
        "overdue": [{"number": "INV-1", "amount": SECRET}], "adjustments": [{"amount": SECRET}],
    }  # fmt: skip


@pytest.mark.parametrize("role", sorted(DEFAULT_ROLES.roles))
def test_the_limit_and_its_parts_are_shown_by_role(role: str) -> None:
    """ROL-09: all of a standing to who sees credit, none of its numbers to the others."""
    hidden = DEFAULT_ROLES.hidden_from({role})
    shown = hide(standing(), hidden)
    if "credit" in hidden:
        assert SECRET not in str(shown)
        assert (shown["partner"], shown["grade"], shown["currency"], shown["terms_days"]) == ("ACME", "B", "EUR", 30)
    else:
        assert shown == standing()


def test_the_event_of_a_credit_review_tells_no_numbers() -> None:
    event = {"event": "order.held", "summary": "held: credit.limit", "inputs": {"holds": ["credit.limit"], "inputs": [
        {"grade": "A", "limit": SECRET, "exposure": SECRET, "order_total": "200.00", "short": SECRET},
    ]}}  # fmt: skip
    assert SECRET not in str(hide(event, {"credit"}))


def test_other_limits_and_what_is_available_of_goods_are_no_credit() -> None:
    stock = {"sku": "LAMP", "available": "12", "on_hand": "12", "limit": 50, "short": "3", "overdue": True}
    assert hide([stock], {"credit", "margin"}) == [stock]


@given(
    JSON, st.sampled_from(["margin_percent", "margin", "target_margin"]), st.lists(st.sampled_from("abc"), max_size=5)
)
def test_nothing_hidden_is_shown_at_any_depth(beside: Any, name: str, path: list[str]) -> None:
    answer: Any = {name: SECRET, "beside": beside}
    for step in path:
        answer = [answer, beside] if step == "a" else {step: answer}
    assert SECRET not in str(hide(answer, {"margin"}))
    assert hide(beside, {"credit", "margin"}) == beside
