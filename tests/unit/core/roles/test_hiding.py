"""Credit and margin are left out of an answer wherever they stand (ROL-09, RPT-13)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.roles.hiding import HIDDEN, hide

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


@given(
    JSON, st.sampled_from(["margin_percent", "margin", "target_margin"]), st.lists(st.sampled_from("abc"), max_size=5)
)
def test_nothing_hidden_is_shown_at_any_depth(beside: Any, name: str, path: list[str]) -> None:
    answer: Any = {name: SECRET, "beside": beside}
    for step in path:
        answer = [answer, beside] if step == "a" else {step: answer}
    assert SECRET not in str(hide(answer, {"margin"}))
    assert hide(beside, {"credit", "margin"}) == beside
