"""Codes of a picture are put in the form that others on the page show, and parted from the number of their line."""

from __future__ import annotations

import pytest

from adapters.email.extraction.codes import in_form
from adapters.email.extraction.extract import extract
from core.reading import Box, Extracted, Medium, Page, Paper, Word

HEAD = (
    "PURCHASE ORDER",
    "PO Number: | 4500065696",
    "Line | Part Number | Description | Qty | UoM | Unit Price | Amount",
)
COLUMNS = (0, 60, 200, 400, 460, 520, 600)


def read(*lines: str, medium: Medium = "ocr") -> Extracted:
    """Return what a page says, its columns parted by ``|``; a sign is 6 wide and 10 high, a space 4 wide."""
    words = []
    for row, line in enumerate(lines):
        for column, cell in enumerate(line.split(" | ")):
            left = 20.0 + COLUMNS[column]
            for word in cell.split():
                words.append(Word(word, Box(left, 20.0 * row, left + 6 * len(word), 20.0 * row + 10), 0.9))
                left += 6 * len(word) + 4
    page = Page(1, 700, 800, "px", medium, tuple(words), "test")
    return extract(Paper("", "a.tif", "image/tiff", "aa", (page,)))


def codes(found: Extracted) -> list[str]:
    return [found.best(f"lines.{line}.sku") for line in range(1, found.lines + 1)]


def row(number: str, code: str) -> str:
    return f"{number} | {code} | Bolt | 8 | pcs | 0.89 | 7.12"


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("HZ 9528-D19", "HZ-9528-D19"),  # a mark that was not seen
        ("MC-7791\u00b7E14", "MC-7791-E14"),
        ("HZ-5166-K09.", "HZ-5166-K09"),
        ("BX-G193-E07", "BX-6193-E07"),  # a letter where the form has a digit
        ("HZ-7686-802", "HZ-7686-B02"),
        ("BX-7947-013", "BX-7947-013"),  # it may be a D, an O or a Q: nobody knows
        ("AT-312O-US0", "AT-312O-US0"),  # one sign is misread, hardly two
    ],
)
def test_a_code_takes_the_form_that_others_show(misread: str, meant: str) -> None:
    found = read(*HEAD, row("1", "HZ-1980-E10"), row("2", misread), row("3", "BX-2013-K17"))
    assert codes(found)[1] == meant


def test_codes_that_all_lost_a_mark_show_it_to_each_other() -> None:
    found = read(*HEAD, row("1", "HZ 9528-D19"), row("2", "BX-2013 K17"), row("3", "MC 8018-A01"))
    assert codes(found) == ["HZ-9528-D19", "BX-2013-K17", "MC-8018-A01"]


def test_one_code_shows_no_form() -> None:
    found = read(*HEAD, row("1", "HZ-1980-E10"), row("2", "BX-G193-E07"))
    assert codes(found) == ["HZ-1980-E10", "BX-G193-E07"]


def test_a_text_is_not_mended() -> None:
    found = read(*HEAD, row("1", "HZ-1980-E10"), row("2", "BX-G193-E07"), row("3", "BX-2013-K17"), medium="text")
    assert codes(found)[1] == "BX-G193-E07"


def test_money_is_no_code() -> None:
    assert in_form("\u00a514,762.21", "9999-A99") == ""
    assert in_form("at 31.20 USD", "AA-9999-A99") == ""


def test_the_number_of_a_line_is_parted_from_its_code() -> None:
    lines = ("1 HZ-1980-E10 | | Bolt", "2 BX-2013-K17 | | Bolt", "MC-8018-A01 | | Bolt")
    found = read(
        "PURCHASE ORDER", "PO Number: | 4500065696", "Line | | Description | Qty | UoM | Unit Price | Amount",
        *(f"{line} | 8 | pcs | 0.89 | 7.12" for line in lines),
    )  # fmt: skip
    assert codes(found) == ["HZ-1980-E10", "BX-2013-K17", "MC-8018-A01"]
    assert [found.best(f"lines.{line}.number") for line in (1, 2, 3)] == ["1", "2", ""]


def test_the_rule_of_a_table_is_no_sign_of_a_code() -> None:
    found = read(*HEAD, row("10", "HZ-1980-E10 1"), row("20", "1 BX-2013-K17"))
    assert codes(found) == ["HZ-1980-E10", "BX-2013-K17"]


def test_a_code_is_parted_from_the_word_glued_to_it() -> None:
    found = read(*HEAD, row("1", "HZ-1980-E10"), row("2", "BX-2013-K17"), row("3", "BX-6243-A05.Epoxy"))
    assert codes(found)[2] == "BX-6243-A05"
    assert found.best("lines.3.description") == "Epoxy Bolt"
