"""Tables of separated values, and lines as they stand in a mail."""

from __future__ import annotations

import pytest

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.text import read_text
from core.reading import Box

LIMITS = Limits()


def cells(content: bytes) -> list[tuple[str, Box]]:
    return [(word.text, word.box) for page in read_text(content, "o", LIMITS) for word in page.words]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_found_whatever_separates_it(separator: str, charset: str) -> None:
    text = "\r\n".join(
        separator.join(row) for row in (("Größe", "Menge", "ME"), ("A-1", '"1"', "Stk"), ("A-2", "", ""))
    )
    (page,) = read_text(text.encode(charset), "o.csv", LIMITS)
    assert page.medium == "sheet"
    assert [(word.text, word.box) for word in page.words][:5] == [
        ("Größe", Box(0, 0, 1, 1)), ("Menge", Box(1, 0, 2, 1)), ("ME", Box(2, 0, 3, 1)),
        ("A-1", Box(0, 1, 1, 2)), ("1", Box(1, 1, 2, 2)),
    ]  # fmt: skip


def test_decimal_commas_do_not_make_more_columns_than_the_separator() -> None:
    assert cells(b"Artikel;Menge;Preis\nA-1;1,5;2,50\nA-2;2,0;3,00\n")[3:6] == [
        ("A-1", Box(0, 1, 1, 2)), ("1,5", Box(1, 1, 2, 2)), ("2,50", Box(2, 1, 3, 2)),
    ]  # fmt: skip


def test_a_letter_is_no_table_whatever_commas_it_has() -> None:
    (page,) = read_text(b"Dear Jo,\n\nplease send, as always, 5 pcs.\nA-1   5 pcs   2,50\n", "", LIMITS)
    assert page.medium == "body"
    assert [(word.text, word.box) for word in page.words] == [
        ("Dear Jo,", Box(0, 0, 8, 1)),
        ("please send, as always, 5 pcs.", Box(0, 2, 30, 3)),
        ("A-1", Box(0, 3, 3, 4)),
        ("5 pcs", Box(6, 3, 11, 4)),
        ("2,50", Box(14, 3, 18, 4)),
    ]


def test_tabs_line_up() -> None:
    assert [box.left for _, box in cells(b"A-1\t5\nA-1000\t7\n")] == [0, 8, 0, 8]


def test_nothing_is_no_page_and_too_much_is_told() -> None:
    assert read_text(b" \n\n", "", LIMITS) == ()
    with pytest.raises(Unreadable) as caught:
        read_text(b"a;b;c\n1;2;3\n", "", Limits(cells=5))
    assert caught.value.violation.code == "paper.too_many_cells"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_lines_of_other_widths_may_stand_before_a_table(separator: str) -> None:
    head = [["Bestellung"], ["Bestellnummer", "PO-4711"], ["Lieferadresse", '"Depot 7\nDock Road 2"'], []]
    goods = [["Artikel", "Menge", "ME", "Preis"], ["A-1", "5", "Stk", "3.20"], ["A-2", "7", "Stk", "4.10"]]
    (page,) = read_text("\n".join(map(separator.join, [*head, *goods])).encode(), "", LIMITS)
    assert page.medium == "sheet"
    assert ("Depot 7 Dock Road 2", Box(1, 2, 2, 3)) in [(word.text, word.box) for word in page.words]
    assert ("4.10", Box(3, 6, 4, 7)) in [(word.text, word.box) for word in page.words]


def test_lines_of_a_letter_with_as_many_commas_are_no_table() -> None:
    letter = (
        "Guten Tag,\n\nA-1  Schuhe, Paar  7,90  15,80\nA-2  Tücher, fein  8,90  17,80\nA-3  Tuch, fein  1,90  3,80\n"
    )
    (page,) = read_text(letter.encode(), "", LIMITS)
    assert page.medium == "body"
