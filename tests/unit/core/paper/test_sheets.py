"""Lines of several sheets and rows without results are a person's, unless a sum proves them (INT-05, issue 6)."""

from __future__ import annotations

import pytest

from core.paper.evidence import Judgement
from core.paper.sheets import doubt_sheets
from core.reading import UNCALCULATED, Box, Candidate, Extracted, Medium, Page, Spot, Word


def page(number: int, *words: tuple[str, float], medium: Medium = "sheet") -> Page:
    told = tuple(Word(text, Box(place, row, place + 1, row + 1)) for place, (text, row) in enumerate(words))
    return Page(number, 9, 9, "cell", medium, told, "r")


def judged(*pages_of_lines: int, proved: bool = False) -> tuple[Extracted, Judgement]:
    """Return a document whose lines stand on these pages, one below another, and the verdict that takes all of it."""
    fields = {
        f"lines.{line}.quantity": (Candidate("5", "5", Spot(number, Box(2, line, 3, line + 1)), 1.0, "column"),)
        for line, number in enumerate(pages_of_lines, 1)
    }
    verdict = Judgement("ALPINA")
    for path, said in fields.items():
        verdict.accept(path, said[0], "text.exact")
    if proved:
        verdict.accept("total", Candidate("10", "10", None, 1.0, "label"), "arithmetic.sum")
    return Extracted("order", "en", fields), verdict


def test_lines_of_a_further_sheet_may_be_a_copy_or_another_order() -> None:
    found, verdict = judged(1, 1, 2)
    doubt_sheets((page(1), page(2)), found, verdict)
    assert verdict.doubtful.keys() == {"lines.3.quantity"}
    assert verdict.accepted.keys() == {"lines.1.quantity", "lines.2.quantity"}


@pytest.mark.parametrize(
    ("lines", "medium", "proved"), [((1, 1), "sheet", False), ((1, 2), "sheet", True), ((1, 2), "text", False)]
)
def test_one_sheet_a_sum_and_the_pages_of_a_letter_are_fine(
    lines: tuple[int, ...], medium: Medium, *, proved: bool
) -> None:
    found, verdict = judged(*lines, proved=proved)
    doubt_sheets((page(1, medium=medium), page(2, medium=medium)), found, verdict)
    assert not verdict.doubtful


def test_a_row_without_results_may_be_of_goods() -> None:
    found, verdict = judged(1)
    unread = page(1, (UNCALCULATED, 1), (UNCALCULATED, 1), (UNCALCULATED, 7), (UNCALCULATED, 8), (UNCALCULATED, 8))
    doubt_sheets((unread,), found, verdict)
    assert {path: doubt.reason for path, doubt in verdict.doubtful.items()} == {"lines.2.sku": "paper.missing"}


def test_a_total_without_a_result_and_the_formulas_of_a_line_are_no_row_of_goods() -> None:
    found, verdict = judged(1)
    doubt_sheets((page(1, (UNCALCULATED, 7), (UNCALCULATED, 1), (UNCALCULATED, 1)),), found, verdict)
    assert not verdict.doubtful


@pytest.mark.parametrize(("row", "beyond", "doubted"), [(4, 1, True), (1, 1, True), (4, 0, False), (0, 1, False)])
def test_a_row_that_is_wider_than_all_lines_is_out_of_step(row: float, beyond: int, *, doubted: bool) -> None:
    """As ``NL-1002;Ball bearing; deep groove; 6305;40`` is in a table of three columns; a head may be as wide."""
    fields = {
        f"lines.{line}.quantity": (Candidate("5", "5", Spot(1, Box(2, top, 3, top + 1)), 1.0, "column"),)
        for line, top in enumerate((2, 3), 1)
    }
    words = [Word("5", Box(2, top, 3, top + 1)) for top in (2, 3)] + [Word("40", Box(2 + beyond, row, 3 + beyond, 1))]
    sheet = Page(1, 9, 9, "cell", "sheet", tuple(words), "r")
    verdict = Judgement("ALPINA")
    doubt_sheets((sheet,), Extracted("order", "en", fields), verdict)
    assert ("lines.3.sku" in verdict.doubtful) is doubted
