"""Cells as words: numbers keep the digits that were meant (ocr-intake, section 6)."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from workbooks import Day, workbook

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.workbook import read_workbook, told_as
from core.reading import Box

LIMITS = Limits()


def test_a_cell_is_a_word_and_its_place_is_its_address() -> None:
    content = workbook([["Artikel", "Menge"], [None, None], ["A-1", 5]], "Bestellung")
    (page,) = read_workbook(content, "o.xlsx", LIMITS)
    assert (page.name, page.unit, page.medium) == ("Bestellung", "cell", "sheet")
    assert [(word.text, word.box) for word in page.words] == [
        ("Artikel", Box(0, 0, 1, 1)), ("Menge", Box(1, 0, 2, 1)), ("A-1", Box(0, 2, 1, 3)), ("5", Box(1, 2, 2, 3)),
    ]  # fmt: skip


def test_numbers_days_and_leading_zeros_are_what_was_meant() -> None:
    content = workbook([[4006381095280.0, 0.1 + 0.2, 1e6, "007", Day(46328)]])
    assert [word.text for word in read_workbook(content, "o.xlsx", LIMITS)[0].words] == [
        "4006381095280", "0.3", "1000000", "007", "2026-11-02",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (True, ""),
        (5, "5"),
        (-12.50, "-12.5"),
        (1e-7, "0.0000001"),
        ("  two\nlines ", "two lines"),
        (date(2026, 11, 2), "2026-11-02"),
        (datetime.fromisoformat("2026-11-02"), "2026-11-02"),
        (datetime.fromisoformat("2026-11-02T09:30"), "2026-11-02 09:30"),
        (time(9, 30), "09:30:00"),
    ],
)
def test_a_cell_is_told(cell: object, text: str) -> None:
    assert told_as(cell) == text  # type: ignore[arg-type]


def test_too_many_cells_and_damage_are_told() -> None:
    with pytest.raises(Unreadable) as caught:
        read_workbook(workbook([["a", "b"], ["c", "d"]]), "o.xlsx", Limits(cells=3))
    assert caught.value.violation.code == "paper.too_many_cells"
    with pytest.raises(Unreadable) as caught:
        read_workbook(workbook([["a"]])[:200], "o.xlsx", LIMITS)
    assert caught.value.violation.code == "paper.broken"


def test_an_empty_sheet_is_no_page() -> None:
    assert read_workbook(workbook([]), "o.xlsx", LIMITS) == ()
