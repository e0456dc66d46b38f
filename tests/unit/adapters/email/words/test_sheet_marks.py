"""Rows and columns that nobody sees, and formulas that nobody calculated (ECMA-376-1, 18.3.1)."""

from __future__ import annotations

import pytest
from workbooks import Formula, workbook

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.sheet_marks import Marks, marks_of
from adapters.email.words.workbook import read_workbook

ROWS = [["Item", "Note", "Quantity"], ["A-1", "x", 5], ["A-2", "y", 7], ["A-3", "z", 9]]


def told(content: bytes) -> list[list[str]]:
    (page,) = read_workbook(content, "o.xlsx", Limits())
    rows = sorted({word.box.top for word in page.words})
    return [[word.text for word in page.words if word.box.top == row] for row in rows]


def test_what_its_sender_does_not_see_is_left_out() -> None:
    content = workbook(ROWS, marked={2: 'hidden="1"'}, columns='<cols><col min="2" max="2" hidden="true"/></cols>')
    assert marks_of(content) == {"Orders": Marks(rows={2}, columns={1})}
    assert told(content) == [["Item", "Quantity"], ["A-1", "5"], ["A-3", "9"]]


def test_what_is_folded_away_is_said_none_the_less() -> None:
    content = workbook(ROWS, marked={2: 'hidden="1" outlineLevel="1"'})
    assert ["A-2", "y", "7"] in told(content)


def test_a_formula_without_a_result_is_no_empty_cell() -> None:
    content = workbook([["Item", "Quantity"], ["A-1", Formula("12*2")], [Formula("B1"), Formula("B2")]])
    assert marks_of(content)["Orders"].uncalculated == {(1, 1), (2, 0), (2, 1)}
    assert told(content) == [["Item", "Quantity"], ["A-1", "=?"], ["=?", "=?"]]


def test_rows_and_cells_say_where_they_are_or_follow_one_another() -> None:
    content = workbook(ROWS[:1], marked={0: 'r="4" hidden="1"'})
    assert marks_of(content)["Orders"].rows == {3}


@pytest.mark.parametrize("content", [b"", b"no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_another_kind_of_workbook_has_no_marks(content: bytes) -> None:
    assert marks_of(content) == {}


def test_columns_beyond_all_are_not_counted() -> None:
    content = workbook(ROWS, columns='<cols><col min="1" max="99999999999" hidden="1"/></cols>')
    with pytest.raises(Unreadable) as caught:
        read_workbook(content, "o.xlsx", Limits())
    assert caught.value.violation.code == "paper.broken"
