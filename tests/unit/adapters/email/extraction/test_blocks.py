"""Goods in blocks of labelled values, and labels below their values (issue 6, part 4: layouts never seen)."""

from __future__ import annotations

from adapters.email.extraction.extract import extract
from core.reading import Box, Extracted, Page, Paper, Word


def read(*placed: tuple[float, float, str]) -> Extracted:
    """Return what texts say at x and y of a page, 6 wide a sign and 10 high."""
    words = tuple(Word(text, Box(x, y, x + 6.0 * len(text), y + 10)) for x, y, text in placed)
    return extract(Paper("", "o.pdf", "application/pdf", "", (Page(1, 600, 800, "pt", "text", words, "test 1"),)))


HEAD = [(40.0, 20.0, "Purchase Order PO-4711"), (40.0, 40.0, "Date: 2 November 2026")]


def block(top: float, code: str, quantity: str, price: str) -> list[tuple[float, float, str]]:
    return [(40, top, f"Item: {code}"), (240, top, "Description: Steel bolt"), (40, top + 14, f"Quantity: {quantity}"),
            (240, top + 14, f"Unit price: {price}")]  # fmt: skip


def test_each_block_is_a_line() -> None:
    found = read(*HEAD, *block(80, "HX-1", "20 pcs", "0.42"), *block(130, "4711", "8 boxes", "3.85"))
    assert [
        [found.best(f"lines.{line}.{name}") for name in ("sku", "description", "quantity", "unit", "price")]
        for line in (1, 2)
    ] == [["HX-1", "Steel bolt", "20", "PCE", "0.42"], ["4711", "Steel bolt", "8", "BX", "3.85"]]


def test_blocks_without_a_quantity_are_no_goods() -> None:
    assert read(*HEAD, (40, 80, "Item: HX-1"), (240, 80, "Description: Steel bolt")).lines == 0


def test_a_row_of_labels_may_stand_below_its_values() -> None:
    found = read((40, 20, "PO-4711"), (200, 20, "2 November 2026"), (400, 20, "20 November 2026"),
                 (40, 34, "Order number"), (200, 34, "Order date"), (400, 34, "Delivery date"),
                 (40, 100, "100200"), (200, 100, "1 May 2026"))  # fmt: skip
    assert [found.best(name) for name in ("buyer_reference", "document_date", "requested_date")] == [
        "PO-4711", "2026-11-02", "2026-11-20",
    ]  # fmt: skip


def test_a_label_in_two_languages_is_one() -> None:
    found = read((40, 20, "收货地址 Ship To"), (200, 20, "Depot 7 Ltd"), (200, 34, "2 Dock Road"))
    assert found.best("ship_to.name") == "Depot 7 Ltd"
