"""Units and legal forms, which are closed lists, are read though a sign of them was misread."""

from __future__ import annotations

import pytest

from adapters.email.extraction.closed import company, measured
from adapters.email.extraction.rows import Row, rows_of
from core.reading import Box, Page, Word


def row_of(*texts: str) -> Row:
    words = tuple(Word(text, Box(60.0 * place, 0, 60.0 * place + 30, 10)) for place, text in enumerate(texts))
    (row,) = rows_of(Page(1, 600, 800, "px", "ocr", words, "test"))
    return row


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (("60", "pes"), "pcs"),
        (("1,250", "pes."), "pcs."),
        (("4", "r0ll"), "r0ll"),  # a digit is no letter of a unit
        (("8", "bolts"), "bolts"),
        (("per", "pes"), "pes"),  # after no number
    ],
)
def test_a_unit_after_a_number(said: tuple[str, ...], meant: str) -> None:
    (row,) = measured([row_of(*said)])
    assert row.words[-1].text == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Brightwater Engineering ple", "Brightwater Engineering plc"),
        ("Brightwater Engineering pic .", "Brightwater Engineering plc"),
        ("Harbor Tools & Fasteners inc.", "Harbor Tools & Fasteners Inc."),
        ("M\u00fcller Maschinenbau GbH", "M\u00fcller Maschinenbau GmbH"),
        ("M\u00fcller Maschinenbau.GmbH", "M\u00fcller Maschinenbau GmbH"),
        ("Lakeshore Packaging", "Lakeshore Packaging"),
        ("K\u00f6hler & S\u00f6hne KG", "K\u00f6hler & S\u00f6hne KG"),
        ("Acme", "Acme"),
        ("..", ".."),
    ],
)
def test_the_legal_form_of_a_company(said: str, meant: str) -> None:
    assert company(said) == meant
