"""Labels, heads, numbers and days of pictures are read though signs of them were misread (issue 6, part 4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.email.extraction.extract import extract
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.values import days, numbers
from core.reading import Box, Extracted, Medium, Page, Paper, Word

#: words of one line, its columns parted by ``|``, ``~`` where two stand far apart; a sign is 6 wide and 10 high
FORM = (
    "BESTELLUNG",
    "Bestellnumimer: | 4500045119",
    "Restelldatum; | 17.08.2026",
    "Lieferdaturm: | 23 08.2026",
    "Währing: | EUR",
    "Lięferansclrift:",
    "Müller Maschinenbau GmbH",
    "Industriestraße 48",
    "70565 Stuttgart",
    "",
    "Artikel-Nr. | Bezeichnung | MengeEinheit |  | Finzelpreis | Gesamtpreis",
    "HZ-1980-E10 | Faltkarton 400x300x200 | 120 | Stk | 0;89 | 10680",
    "HZ-9694-K08 | Schneidöl CX-7 | 250 | Stk | 27,06 | 6.7G5:00",
    "Nettosummc | 6.871.80",
)
COLUMNS = (0, 120, 300, 345, 400, 480)


def read(*lines: str, medium: Medium = "ocr") -> Extracted:
    """Return what a page of lines says; words of one cell stand a wide space apart, as in a fax."""
    words = []
    for row, line in enumerate(lines):
        for column, cell in enumerate(line.split(" | ")):
            left = 20.0 + COLUMNS[column]
            for word in cell.split():
                if word == "~":
                    left += 10
                    continue
                words.append(Word(word, Box(left, 20.0 * row, left + 6 * len(word), 20.0 * row + 10), 0.9))
                left += 6 * len(word) + 8
    page = Page(1, 600, 800, "px", medium, tuple(words), "test")
    return extract(Paper("", "a.tif", "image/tiff", "aa", (page,)))


def test_a_form_is_read_though_its_labels_were_misread() -> None:
    found = read(*FORM)
    said = {path: one[0].value for path, one in found.fields.items()}
    assert said["buyer_reference"] == "4500045119"
    assert (said["document_date"], said["requested_date"]) == ("2026-08-17", "2026-08-23")
    assert (said["currency"], said["net_total"]) == ("EUR", "6871.80")
    assert (said["ship_to.name"], said["ship_to.address"]) == (
        "Müller Maschinenbau GmbH", "Industriestraße 48; 70565 Stuttgart",
    )  # fmt: skip
    assert [said[f"lines.{line}.{name}"] for line in (1, 2) for name in ("quantity", "unit", "price", "amount")] == [
        "120", "PCE", "0.89", "106.80", "250", "PCE", "27.06", "6765.00",
    ]  # fmt: skip


def test_a_text_says_what_it_says() -> None:
    found = read(*FORM, medium="text")
    assert not {"buyer_reference", "requested_date", "ship_to.name"} & found.fields.keys()


def test_a_label_that_was_broken_apart_is_one() -> None:
    found = read("PURCHASE ORDER", "Delivery ~ Date: | 2026 ~ 11-07", "Ship ~ To;", "Acme Works Ltd", "14 Foundry Lane")
    assert found.best("requested_date") == "2026-11-07"
    assert found.best("ship_to.name") == "Acme Works Ltd"


@pytest.mark.parametrize(
    ("misread", "label"),
    [
        ("Liefertemin", "liefertermin"),
        ("Bestellnunmer", "bestellnummer"),
        ("订单口期", "订单日期"),
        ("Customcr No", "customerno"),
    ],
)
def test_a_label_is_known_by_most_of_its_signs(misread: str, label: str) -> None:
    assert lexicon().labels.near(misread) == label


@pytest.mark.parametrize("text", ["Date", "Dote", "日期", "Industriestraße", "Bestellung der Woche", ""])
def test_a_short_word_or_another_one_is_no_label(text: str) -> None:
    near = lexicon().labels.near(text)
    assert not near or near == lexicon().labels.near(near)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4.434.60", ["4434.60"]), ("0:12", ["0.12"]), ("0 86", ["0.86"]), ("1:000", ["1000"]), ("GO", []),
        ("6,7G5:00", ["6765.00"]), ("23.340.00", ["23340.00"]), ("12 Stk", []),
    ],
)  # fmt: skip
def test_any_mark_may_be_misread(text: str, values: list[str]) -> None:
    assert numbers(text, guessed=True) == [Decimal(one) for one in values]
    assert numbers(text) == []


def test_only_money_may_have_lost_its_mark() -> None:
    assert numbers("10680", guessed=True) == [Decimal(10680)]
    assert numbers("10680", guessed=True, money=True) == [Decimal(10680), Decimal("106.80")]


def test_the_marks_of_a_day_may_be_misread() -> None:
    for text in ("2026 11-07", "2026.11 07", "07:11.2026", "2O26-11-07"):
        assert [day.isoformat() for day in days(text, guessed=True)] == ["2026-11-07"]
        assert days(text) == []


def test_a_day_that_may_be_a_month_is_both_where_no_point_was_seen() -> None:
    assert [day.isoformat() for day in days("07:06 2026", guessed=True)] == ["2026-06-07", "2026-07-06"]
    assert [day.isoformat() for day in days("07:06.2026", guessed=True)] == ["2026-06-07"]
