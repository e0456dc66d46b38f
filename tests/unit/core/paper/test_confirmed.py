"""A paper beside the order that a person made of it, line by line as it stands on the paper."""

from __future__ import annotations

from typing import Any

from core.paper.confirmed import confirmed

READ = {"origin": "read", "page": 1}
FIELDS = {
    "buyer_reference": {"value": "PO-1", "page": 1, "box": [1, 1, 2, 2]},
    **{
        f"lines.{line}.{name}": {"value": value, "page": 1, "box": [column, line, column + 1, line + 1]}
        for line, values in enumerate((("A", "1"), ("B", "2"), ("C", "3")), 1)
        for column, (name, value) in enumerate(zip(("sku", "quantity"), values, strict=True))
    },
}


def part(**more: Any) -> dict[str, Any]:
    said = {path: one["value"] for path, one in FIELDS.items()} | {"lines.2.buyer_code": "OWN-B"}
    return {"source_id": 7, "guessed": False, "judgement": {"fields": FIELDS, "said": said, **more}}


def origin(path: str, **more: str) -> dict[str, Any]:
    return {**READ, "box": FIELDS[path]["box"], **more}


def test_an_order_that_needed_nobody_means_what_was_read() -> None:
    paper = confirmed(part(), None)
    assert (paper.meant["lines.2.sku"], paper.decided) == ("B", frozenset())
    assert list(paper.lines) == [1, 2, 3]


def test_lines_of_a_draft_are_those_of_the_paper_wherever_they_moved() -> None:
    form = {"partner": "ACME", "lines": [{"sku": "X", "quantity": "2"}, {"sku": "C", "quantity": "3"}, {"sku": "N"}]}
    origins = {
        "partner": {"origin": "entered"},
        "lines.1.sku": origin("lines.2.sku", corrected_by="kim"),
        "lines.1.quantity": origin("lines.2.quantity"),
        "lines.2.sku": origin("lines.3.sku", confirmed_by="kim"),
        "lines.2.quantity": origin("lines.3.quantity", confirmed_by="acme", partner="ACME"),
        "lines.3.sku": {"origin": "entered"},
    }
    paper = confirmed(part(), {"content": form, "origins": origins})
    assert paper.meant == {
        "partner": "ACME", "lines.2.sku": "X", "lines.2.quantity": "2", "lines.3.sku": "C", "lines.3.quantity": "3",
    }  # fmt: skip
    assert paper.said["lines.2.buyer_code"] == "OWN-B"
    assert paper.decided == {"partner", "lines.2.sku", "lines.3.sku"}, "a customer's own key decides nothing"


def test_a_reading_that_was_kept_before_it_kept_its_words_tells_the_likeliest() -> None:
    fields = {"buyer_reference": {"doubt": "x", "candidates": [{"value": "PO-9"}]}}
    old = {"source_id": 1, "guessed": True, "judgement": {"pages": [], "fields": fields}}
    assert confirmed(old, None).said == {"buyer_reference": "PO-9"}
