"""Heads of tables that mean several things, and what stands between their rows (issue 6: layouts never seen)."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.email.extraction.extract import extract
from core.reading import Box, Extracted, Page, Paper, Word

LEFTS = (40, 160, 320, 380, 430, 500, 560)
HEAD = [(40.0, 20.0, "Order PO-4711 of 2 November 2026 (customer no. 100200)")]
NAMES = ("sku", "description", "quantity", "unit", "price", "amount")


def table(*rows: Sequence[str], top: float = 80) -> list[tuple[float, float, str]]:
    return [
        (left, top + 16 * number, text)
        for number, row in enumerate(rows)
        for left, text in zip(LEFTS, row, strict=False)
        if text
    ]


def read(*placed: tuple[float, float, str]) -> Extracted:
    words = tuple(Word(text, Box(x, y, x + 5.0 * len(text), y + 10)) for x, y, text in placed)
    return extract(Paper("", "o.pdf", "application/pdf", "", (Page(1, 620, 800, "pt", "text", words, "test 1"),)))


def lines(found: Extracted) -> list[list[str]]:
    return [[found.best(f"lines.{line}.{name}") for name in NAMES] for line in range(1, found.lines + 1)]


def test_a_title_tells_number_day_and_account() -> None:
    found = read(*HEAD, *table(("Item no.", "Description", "Qty"), ("HX-1", "Hex bolt", "5")))
    assert [found.best(name) for name in ("buyer_reference", "document_date", "account")] == [
        "PO-4711", "2026-11-02", "100200",
    ]  # fmt: skip


def test_a_head_of_several_meanings_is_that_of_its_values() -> None:
    found = read(*HEAD, *table(("Item", "Quantity", "Unit", "Price"), ("Folding carton", "5", "pcs", "0.86"),
                               ("Item no.: A-12.345",), ("Steel bolt", "7", "pcs", "0.42"),
                               ("Item no.: HX-1",)))  # fmt: skip
    assert lines(found) == [
        ["A-12.345", "Folding carton", "5", "PCE", "0.86", ""], ["HX-1", "Steel bolt", "7", "PCE", "0.42", ""],
    ]  # fmt: skip


def test_one_column_of_code_and_name() -> None:
    found = read(*HEAD, *table(("Part no. / Description", "", "Qty", "Unit"), ("HX-1 Hex bolt M8", "", "5", "pcs")))
    assert lines(found)[0][:3] == ["HX-1", "Hex bolt M8", "5"]


def test_a_title_between_lines_belongs_to_none() -> None:
    found = read(*HEAD, *table(("Item no.", "Description", "Qty"), ("HX-1", "Hex bolt", "5"), ("Cost centre Workshop",),
                               ("HX-2", "Hex nut", "7")))  # fmt: skip
    assert [line[1] for line in lines(found)] == ["Hex bolt", "Hex nut"]


def test_a_discount_is_part_of_the_product() -> None:
    found = read(*HEAD, *table(("Item no.", "Description", "Qty", "Unit", "Price", "Disc.", "Amount"),
                               ("HX-1", "Hex bolt", "1.000", "pcs", "0,50", "10 %", "450,00"),
                               ("HX-2", "Hex nut", "2", "pcs", "3,00", "-", "6,00")))  # fmt: skip
    assert [line[2] for line in lines(found)] == ["1000", "2"]
    assert (found.best("lines.1.discount"), found.best("lines.2.discount")) == ("10", "")


def test_a_later_day_without_a_label_is_told() -> None:
    goods = table(("Item no.", "Description", "Qty"), ("HX-1", "Hex bolt", "5"))
    assert read(*HEAD, *goods, (40, 200, "and it is the 20.11.2026 for us")).unread == {"requested_date"}
    assert read(*HEAD, *goods, (40, 200, "by the conditions of 01.04.2025")).unread == frozenset()
