"""What stands in a document and was not understood is told, so that nobody forgets it (INT-05)."""

from __future__ import annotations

from workbooks import workbook

from adapters.email.adapter import ADAPTER
from core.reading import Extracted

HEAD = ["Item No.", "Description", "Qty", "UoM", "Unit Price", "Amount"]
GOODS = ["HX-1", "Hex bolt", 20.0, "pcs", 0.42, 8.4]


def said(*rows: list[str | float | None]) -> Extracted:
    (part,) = ADAPTER.read(workbook([["PO Number:", "PO-4711"], *rows]), "order.xlsx").parts
    assert part.extracted is not None
    return part.extracted


def test_what_is_understood_leaves_nothing() -> None:
    assert said(["Delivery date", "2026-11-20"], ["Ship To", "Depot 7 Ltd"], [], HEAD, GOODS).unread == frozenset()


def test_a_label_without_a_value_is_told() -> None:
    found = said(["Delivery date", "as soon as you can"], ["Ship To"], [], HEAD, GOODS)
    assert found.unread == {"requested_date", "ship_to.name"}


def test_a_column_without_a_value_is_told_by_line() -> None:
    assert said(HEAD, GOODS, ["HX-2", "Hex nut", 8.0, "barrow", 0.2, 1.6]).unread == {"lines.2.unit"}


def test_a_row_that_counts_something_is_a_line_after_the_last() -> None:
    assert said(HEAD, GOODS, [None, None, 8.0, "pcs", None, None]).unread == {"lines.2.sku"}


def test_a_day_that_all_lines_have_is_that_of_the_order() -> None:
    dated = [["Item No.", "Qty", "UoM", "Delivery date"], ["HX-1", 2.0, "pcs", "2026-11-20"]]
    assert said(*dated, ["HX-2", 3.0, "pcs", "2026-11-20"]).best("requested_date") == "2026-11-20"
    assert said(*dated, ["HX-2", 3.0, "pcs", "2026-11-27"]).best("requested_date") == ""


def test_a_number_in_the_cell_of_a_unit_or_a_price_is_told() -> None:
    numbers = {"lines.1.quantity", "lines.1.price"}
    assert said(HEAD, ["HX-1", "Hex bolt", 20.0, "pcs 100", 0.42, 8.4]).unread == numbers
    assert said(HEAD, ["HX-1", "Hex bolt", 20.0, "pcs", "42.00 per 100", 8.4]).unread >= numbers


def test_a_day_or_a_label_in_a_description_is_told() -> None:
    for text in ("2026-11-20", "Hex bolt Ship to: Depot 7 Ltd"):
        assert said(HEAD, ["HX-1", text, 20.0, "pcs", 0.42, 8.4]).unread == {"lines.1.description"}
    assert said(HEAD, ["HX-1", "Hex bolt M8x40 A2", 20.0, "pcs", 0.42, 8.4]).unread == frozenset()


def test_money_among_the_lines_that_is_of_none_is_told() -> None:
    last = ["HX-2", "Hex nut", 8.0, "pcs", 0.2, 1.6]
    assert said(HEAD, GOODS, [None, None, None, None, None, "12.50"], last).unread == {"lines.3.sku"}
    assert said(HEAD, GOODS, last, [None, None, None, None, None, "12.50"]).unread == frozenset()


def test_a_row_that_counts_something_at_a_price_beside_sentences_is_told() -> None:
    goods = "100 pcs HX-1 Hex bolt at 0.42 EUR = 42.00"
    assert said([goods], [], ["Some thing, 3 pcs, 2.00 each, 6.00"]).unread == {"lines.2.sku"}
    assert said([goods], [], ["Total for 100 pcs: 42.00"]).unread == frozenset()


def test_a_dash_before_a_description_is_none_of_it() -> None:
    assert said(HEAD, ["HX-1", "\u2013 Hex bolt -", 20.0, "pcs", 0.42, 8.4]).best("lines.1.description") == "Hex bolt"
