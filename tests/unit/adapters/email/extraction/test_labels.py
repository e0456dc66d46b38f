"""Labels as trade forms print them: numbered, in short, glued to their values (issue 6, part 4)."""

from __future__ import annotations

import pytest
from small_pages import Text, small_page

from adapters.email.extraction.extract import extract
from adapters.email.extraction.labels import is_label
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.rows import rows_of

GOODS: tuple[Text, ...] = (
    (40, 400, "Item no."), (160, 400, "Description"), (320, 400, "Qty"),
    (40, 416, "HX-1"), (160, 416, "Hex bolt"), (320, 416, "5"),
)  # fmt: skip


def head(*texts: Text) -> dict[str, str]:
    found = extract(small_page(*texts, *GOODS))
    return {name: said[0].value for name, said in found.fields.items() if not name.startswith("lines.")}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("订单号NH-CG00001234", "NH-CG00001234"),
        ("PO#4711", "4711"),
        ("2. Order no.: AB-1", "AB-1"),
        ("Best.-Nr. 4711", "4711"),
        ("PO Number : 4711", "4711"),
        ("PO No.______4711______", "4711"),
        ("Order No. / Bestell-Nr.: 4711", "4711"),
        ("Order Ref (please quote): 4711", "4711"),
    ],
)
def test_a_number_beside_its_label(text: str, number: str) -> None:
    assert head((40, 60, text))["buyer_reference"] == number


@pytest.mark.parametrize("text", ["PO#4711/02.11.2026", "PO No. 4711/2026-11-02", "Bestell-Nr.: 4711/02.11.2026"])
def test_a_number_and_its_day_in_one_word(text: str) -> None:
    said = head((40, 60, text))
    assert (said["buyer_reference"], said["document_date"]) == ("4711", "2026-11-02")


def test_slashes_of_a_number_are_no_day() -> None:
    assert head((40, 60, "PO No. CCC/26/18574"))["buyer_reference"] == "CCC/26/18574"


def test_boxes_of_a_form_have_numbers() -> None:
    said = head((40, 60, "1. CONTRACT NO."), (200, 60, "2. ORDER NO."), (360, 60, "3. DATE OF ORDER"),
                (40, 72, "FA-24-0117"), (200, 72, "AB-18574"), (360, 72, "02.09.2026"),
                (40, 90, "7. DELIVER ON OR BEFORE"), (40, 102, "18.09.2026"))  # fmt: skip
    assert [said[name] for name in ("buyer_reference", "document_date", "requested_date", "contract")] == [
        "AB-18574", "2026-09-02", "2026-09-18", "FA-24-0117",
    ]  # fmt: skip


def test_a_reference_of_any_kind_is_the_number_only_where_no_label_says_more() -> None:
    assert head((40, 60, "Reference: QX-9"), (40, 80, "Order No.: 4711"))["buyer_reference"] == "4711"
    assert head((40, 60, "Reference: QX-9"))["buyer_reference"] == "QX-9"


def test_days_of_other_things_are_none_of_the_order() -> None:
    said = head((40, 60, "Order Date: 02.11.2026"), (40, 80, "Prices valid until: 31.12.2026"),
                (40, 100, "Print date: 03.11.2026"), (40, 120, "Expected Receipt Date: 20.11.2026"))  # fmt: skip
    assert (said["document_date"], said["requested_date"]) == ("2026-11-02", "2026-11-20")


def test_words_before_a_day() -> None:
    assert head((40, 60, "1. Delivery: on or before 07 February 2026."))["requested_date"] == "2026-02-07"


def test_an_address_may_begin_with_a_word_that_is_a_label_elsewhere() -> None:
    said = head((40, 60, "Ship To:"), (40, 72, "Works 2"), (40, 84, "Project House"), (40, 96, "12 Bank Street"))
    assert said["ship_to.address"] == "Project House; 12 Bank Street"


def test_what_tells_nothing_of_an_order_is_a_label_alone_or_with_a_colon() -> None:
    paper = small_page((40, 60, "Project"), (40, 80, "Project: X"), (40, 100, "Project House"))
    cells = [row.cells[0] for row in rows_of(paper.pages[0])]
    assert [is_label(cell, lexicon().labels) for cell in cells] == [True, True, False]


def test_a_chinese_place_is_parted_at_its_commas() -> None:
    said = head((40, 60, "2. 交货地点：滨海二厂，石化大道9号，西安市。"))
    assert said["ship_to.name"] == "滨海二厂"
    assert said["ship_to.address"] == "石化大道9号; 西安市"
