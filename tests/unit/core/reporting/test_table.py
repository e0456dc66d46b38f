"""CSV of reports: RFC 4180, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reporting.table import csv_of


def test_a_table_is_csv_that_no_spreadsheet_runs() -> None:
    rows = [{"name": 'a "b", c', "met": True, "off": "-1.5"}, {"name": "=1+1", "met": None, "off": None}]
    assert csv_of(rows) == 'name,met,off\r\n"a ""b"", c",true,-1.5\r\n\'=1+1,,\r\n'
    assert csv_of([]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+2",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "=HYPERLINK(1)",
        "\uff1d1",
        "\uff0d1",
    ],
)
def test_what_partners_wrote_is_no_formula(text: str) -> None:
    """Names and item texts are the partner's: neutralised, whatever stands around them."""
    (_, row) = csv.reader(io.StringIO(csv_of([{"name": text, "off": "-1.50"}]), newline=""))
    assert row == [f"'{text}", "-1.50"], "numbers stay numbers"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")), min_size=1, max_size=4))
def test_quotes_and_line_breaks_come_back_as_they_were(texts: list[str]) -> None:
    written = csv_of([{str(place): text for place, text in enumerate(texts)}])
    (_, row) = csv.reader(io.StringIO(written, newline=""))
    assert [cell.removeprefix("'") for cell in row] == [text.removeprefix("'") for text in texts]
