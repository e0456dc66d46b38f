"""The classes of papers, and the fields that they are measured by."""

from __future__ import annotations

from typing import Any

import pytest

from core.paper.classes import class_of
from core.paper.measured import HEAD, LINE, is_measured, line_of, without_line
from core.reading import Page, Paper, PartRead


def part(*media: Any, fate: Any = "paper", media_type: str = "application/pdf") -> PartRead:
    pages = tuple(Page(number, 1, 1, "pt", medium, (), "x 1") for number, medium in enumerate(media, 1))
    return PartRead("", "a", media_type, "", 1, fate, paper=Paper("", "a", media_type, "", pages) if media else None)


@pytest.mark.parametrize(
    ("given", "transport", "named"),
    [
        (part("text"), "mail", "pdf"),
        (part("text"), "fax", "pdf"),  # a fax server may hand over a PDF with a text of its own
        (part("text", "ocr"), "mail", "scan"),  # the hardest page counts
        (part("ocr"), "fax", "fax"),
        (part("ocr", media_type="image/tiff"), "mail", "fax"),  # a fax server that mails
        (part("ocr", media_type="image/png"), "mail", "scan"),
        (part(fate="picture", media_type="image/png"), "mail", "scan"),
        (part(fate="picture", media_type="image/png"), "fax", "fax"),
        (part("sheet", "sheet"), "mail", "table"),
        (part("html"), "mail", "table"),
        (part("body"), "mail", "mail"),
        (part(fate="quarantined"), "mail", ""),
        (part(fate="ignored"), "fax", ""),
    ],
)
def test_a_paper_is_of_the_class_of_its_hardest_page(given: PartRead, transport: str, named: str) -> None:
    assert class_of(given, transport) == named


def test_what_goes_into_the_order_is_measured_and_what_proves_it_is_not() -> None:
    assert all(map(is_measured, HEAD))
    assert all(is_measured(f"lines.{number}.{name}") for number in (1, 9999) for name in LINE)
    others = ("total", "account", "lines.1.amount", "lines.1.description", "lines.0.sku", "lines.01.sku", "lines.x.sku")
    assert not any(map(is_measured, (*others, "lines.1.sku.more", "ship_to.gln", "")))


def test_a_field_is_told_without_its_line() -> None:
    assert (line_of("lines.12.price"), line_of("currency"), line_of("lines.12.amount")) == (12, None, None)
    assert without_line("lines.12.price") == "lines.price"
    assert without_line("ship_to.name") == "ship_to.name"
