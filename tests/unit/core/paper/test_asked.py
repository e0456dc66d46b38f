"""What the sender of a doubtful paper is asked: its own words, what belongs together once, no lures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper.asked import questions_on, quoted


def doubt(code: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"origin": "read", "doubt": f"paper.{code}", "text": text, "candidates": [], **more}


def judged(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"pages": [], "fields": {path.replace("__", "."): one for path, one in fields.items()}}


def test_fields_that_belong_together_are_one_question() -> None:
    judgement = judged(
        lines__2__quantity=doubt("amounts_differ", "24"),
        lines__2__price=doubt("amounts_differ", "4,90"),
        ship_to__address=doubt("ship_to_new", "Ring 1, 8010 Graz"),
        ship_to__name=doubt("ship_to_new", "Alpina Graz"),
        lines__1__unit={"value": "C62", "evidence": ["catalogue.unit"], "text": "PCE"},
    )
    assert questions_on(judgement, {})[::-1] == [
        {
            "line": 2, "code": "paper.amounts_differ",
            "fields": [
                {"field": "quantity", "said": "24", "candidates": []},
                {"field": "price", "said": "4,90", "candidates": []},
            ],
        },
        {
            "line": None, "code": "paper.ship_to_new",
            "fields": [
                {"field": "ship_to", "said": "Alpina Graz", "candidates": []},
                {"field": "ship_to", "said": "Ring 1, 8010 Graz", "candidates": []},
            ],
        },
    ]  # fmt: skip


def test_the_ways_to_read_it_are_told_as_days_or_as_they_stand() -> None:
    days = [
        {"value": "2026-04-03", "text": "03/04/26", "page": 1},
        {"value": "2026-03-04", "text": "03/04/26", "page": 1},
    ]
    codes = [{"value": "NL-1001", "text": "NL-1001", "page": 1}, {"value": "NL-1007", "text": "NL-I001", "page": 1}]
    computed = {"value": "99", "text": "99"}
    judgement = judged(
        requested_date=doubt("date_doubtful", "03/04/26", candidates=days),
        lines__1__sku=doubt("item_doubtful", "NL-1001", candidates=codes),
        lines__1__price=doubt("field_doubtful", "9", candidates=[{"value": "9", "text": "9", "page": 1}, computed]),
    )
    told = [one["fields"][0]["candidates"] for one in questions_on(judgement, {})]
    assert told == [["2026-04-03", "2026-03-04"], ["NL-1001", "NL-I001"], []]


@pytest.mark.parametrize("code", ["bank_named", "customer_unknown", "customer_contradicted"])
def test_what_the_sender_cannot_settle_is_not_asked(code: str) -> None:
    assert questions_on(judged(partner=doubt(code)), {}) == []
    assert questions_on(None, {}) == []


@pytest.mark.parametrize(
    "origins",
    [
        {"lines.1.gtin": {"origin": "entered", "by": "petra"}},
        {"lines.1.sku": {"origin": "read", "doubt": "paper.item_unknown", "confirmed_by": "petra"}},
        {"lines.1.sku": {"origin": "read", "doubt": "paper.item_unknown", "corrected_by": "petra"}},
    ],
)
def test_what_a_person_settled_is_not_asked(origins: dict[str, Any]) -> None:
    judgement = judged(lines__1__sku=doubt("item_unknown", "XX-9"), total=doubt("total_differs", "99.00"))
    assert len(questions_on(judgement, {"lines.1.sku": {"origin": "read"}})) == len(judgement["fields"])
    assert questions_on(judgement, origins) == [], "nor is the sum of lines that were corrected"


@pytest.mark.parametrize("lure", ["https://pay.example/now", "see www.evil.example", "write to x@evil.example",
                                  "pay at Evil-Bank.com", "evil.net.", "see bit.ly/3xA"])  # fmt: skip
def test_a_stranger_cannot_have_us_mail_a_lure(lure: str) -> None:
    assert quoted(lure) == ""


@pytest.mark.parametrize("words", ["Art.Nr. 4711/2", "Hülse rd.Messing 4.5/12", "ABC Co.,Ltd.", "Pcs./box", "M8x1.25"])
def test_what_leads_nowhere_is_quoted(words: str) -> None:
    assert quoted(words) == words


@given(st.text(max_size=200))
def test_what_is_quoted_is_one_short_line(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 60
    assert shown.isprintable()


def test_questions_stand_as_an_order_is_read() -> None:
    names = ["total", "lines.10.unit", "lines.2.sku", "requested_date", "buyer_reference"]
    judgement = {"fields": {name: doubt("field_doubtful", "?") for name in names}}
    told = [(one["line"], one["fields"][0]["field"]) for one in questions_on(judgement, {})]
    assert told == [(None, "buyer_reference"), (None, "requested_date"), (2, "sku"), (10, "unit"), (None, "total")]


def test_the_unit_of_an_unknown_item_is_not_asked() -> None:
    judgement = judged(
        lines__1__sku=doubt("item_unknown", "XX-9"), lines__1__unit=doubt("unit_differs", "PCE"),
        lines__2__unit=doubt("unit_differs", "BOX"),
    )  # fmt: skip
    told = [(one["line"], one["code"]) for one in questions_on(judgement, {})]
    assert told == [(1, "paper.item_unknown"), (2, "paper.unit_differs")]


def test_both_days_are_one_question() -> None:
    judgement = judged(document_date=doubt("date_doubtful", "1"), requested_date=doubt("date_doubtful", "2"))
    (asked,) = questions_on(judgement, {})
    assert [one["said"] for one in asked["fields"]] == ["1", "2"]
