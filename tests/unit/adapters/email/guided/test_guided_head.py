"""Heads of forms that nobody has seen, by what is known of the customer (issue 6, part 4: layouts never seen)."""

from __future__ import annotations

import pytest
from small_pages import Text, small_page

from adapters.email.extraction.extract import extract
from core.documents import Party
from core.hints import Goods, Hints, Names
from core.reading import Extracted

HOME = Party("DP", name="Acme Works Ltd", street="14 Foundry Lane", city="Leeds", postal_code="LS10 1JR")
STORE = Party("DP", name="Acme Goods Inward", street="2 Basin Road", city="Slough", postal_code="SL1 4AA")
BOLT = Goods("HX-1", "", "PCE", ("Hex bolt",))
HINTS = Hints(
    goods={"HX-1": BOLT},
    references=frozenset({"PO-9999", "9999999999"}),
    places=(HOME, STORE),
    names=Names("100200", "4012345000009", "GB980780684", "Acme Works Ltd"),
)
GOODS: tuple[Text, ...] = (
    (40, 400, "Item no."), (160, 400, "Description"), (320, 400, "Qty"), (380, 400, "Unit"),
    (40, 416, "HX-1"), (160, 416, "Hex bolt"), (320, 416, "5"), (380, 416, "pcs"),
)  # fmt: skip


def read(*texts: Text) -> Extracted:
    return extract(small_page(*texts, *GOODS), None, HINTS)


def said(found: Extracted, name: str) -> list[str]:
    return [one.value for one in found.fields.get(name, ())]


@pytest.mark.parametrize(
    "texts",
    [
        [(400, 60, "#PO-4711")],
        [(40, 60, "PURCHASE ORDER"), (40, 76, "PO-4711")],
        [(40, 60, "Vorgangskennung"), (200, 60, "PO-4711")],
        [(40, 60, "PO-4711/02.11.2026")],
        [(40, 60, "Nr.PO-4711")],
        [(40, 60, "编号PO-4711")],
        [(40, 60, "Our contract PO-0815"), (40, 90, "Order: PO-4711")],
        [(40, 60, "Quotation"), (40, 72, "PO-0815"), (300, 90, "PO-4711")],
    ],
)
def test_a_number_in_a_known_form_is_the_orders_whatever_names_it(texts: list[Text]) -> None:
    assert said(read(*texts), "buyer_reference") == ["PO-4711"]


def test_the_only_number_in_a_known_form_stands_even_under_a_strange_label() -> None:
    assert said(read((40, 60, "Project / job"), (40, 72, "PO-4711")), "buyer_reference") == ["PO-4711"]


@pytest.mark.parametrize("text", ["PO-4711-2", "XPO-4711", "PO-47112", "A/PO-4711"])
def test_a_part_of_a_longer_code_is_no_number(text: str) -> None:
    assert said(read((40, 60, text)), "buyer_reference") == []


def test_two_numbers_that_nothing_tells_apart_are_both_told() -> None:
    assert said(read((40, 60, "PO-4711"), (300, 60, "PO-4712")), "buyer_reference") == ["PO-4711", "PO-4712"]


def test_digits_that_nothing_names_do_not_outdo_a_label() -> None:
    found = read((40, 60, "Order No.: X-77"), (300, 90, "4600012345"))
    assert said(found, "buyer_reference") == ["X-77", "4600012345"]


def test_days_are_told_by_the_words_within_their_labels() -> None:
    found = read((40, 60, "Our PO generated"), (200, 60, "02.11.2026"),
                 (40, 76, "Erwarteter Ware-Eingang / Lieferung Werk"), (300, 76, "20.11.2026"),
                 (40, 92, "Bindefrist des Angebots"), (200, 92, "31.12.2026"))  # fmt: skip
    assert (said(found, "document_date"), said(found, "requested_date")) == (["2026-11-02"], ["2026-11-20"])


def test_a_lone_day_above_the_goods_is_that_of_the_order() -> None:
    assert said(read((400, 60, "Leeds, 02.11.2026")), "document_date") == ["2026-11-02"]


def test_of_two_lone_days_none_is_taken() -> None:
    assert said(read((400, 60, "02.11.2026"), (400, 90, "04.11.2026")), "document_date") == []


def test_a_lone_day_after_the_wanted_one_is_none_of_the_order() -> None:
    found = read((400, 60, "30.11.2026"), (40, 90, "Goods to reach us, arrival:"), (260, 90, "20.11.2026"))
    assert (said(found, "document_date"), said(found, "requested_date")) == ([], ["2026-11-20"])


def test_two_wanted_days_are_both_told() -> None:
    found = read(
        (40, 60, "Our arrival slot"), (200, 60, "20.11.2026"), (40, 76, "Latest arrival"), (200, 76, "27.11.2026")
    )
    assert said(found, "requested_date") == ["2026-11-20", "2026-11-27"]


def block(left: float, top: float, place: Party) -> list[Text]:
    lines = (place.name, place.street, f"{place.city} {place.postal_code}")
    return [(left, top + 12 * number, line) for number, line in enumerate(lines)]


@pytest.mark.parametrize(
    "texts",
    [
        [(300, 200, "Kindly have it delivered at"), *block(300, 212, STORE)],
        [(300, 200, "Lieferwerk:"), *block(320, 212, STORE)],
        [(40, 200, "Warenannahme"), *block(200, 200, STORE)],
        [(300, 200, "SHIP TO: WHSE 02"), *block(300, 212, STORE)],
        [(40, 200, "Delivered to: Acme Goods Inward, 2 Basin Road, Slough SL1 4AA, ramp 4")],
        [(300, 200, "Deliver to"), *block(300, 212, STORE), (300, 248, "Ramp 2, Mon-Fri 7.30-14.00")],
    ],
)
def test_a_known_place_that_words_of_delivery_lead_to(texts: list[Text]) -> None:
    found = read(*block(40, 40, HOME), *texts)
    assert said(found, "ship_to.name") == ["Acme Goods Inward"]
    assert "".join(said(found, "ship_to.address")).replace(",", ";").split("; ")[0] == "2 Basin Road"


def test_labels_decide_between_places() -> None:
    found = read((40, 200, "Deliver to"), *block(40, 212, HOME), (300, 200, "Invoice to"), *block(300, 212, STORE))
    assert said(found, "ship_to.name") == ["Acme Works Ltd"]


def test_two_places_of_delivery_are_both_told() -> None:
    found = read((40, 200, "Deliver to"), *block(40, 212, HOME), (300, 200, "Unload at"), *block(300, 212, STORE))
    assert said(found, "ship_to.name") == ["Acme Works Ltd", "Acme Goods Inward"]


def test_a_place_without_a_label_is_where_goods_go_if_it_is_not_where_the_letter_comes_from() -> None:
    found = read(*block(40, 40, HOME), *block(40, 212, STORE))
    assert said(found, "ship_to.name") == ["Acme Goods Inward"]


def test_the_senders_own_place_without_a_label_is_left_to_a_person() -> None:
    found = read(*block(40, 40, HOME), *block(300, 212, HOME))
    assert (said(found, "ship_to.name"), found.unread) == ([], {"ship_to.name"})


def test_letterhead_foot_and_invoice_are_no_ship_to() -> None:
    found = read(*block(40, 40, HOME), (300, 200, "Bill to"), *block(300, 212, STORE), *block(40, 760, HOME))
    assert (said(found, "ship_to.name"), found.unread) == ([], frozenset())


@pytest.mark.parametrize("name", ["Acme Goods Inward 2", "New Acme Goods Inwards"])
def test_a_place_whose_name_goes_on_is_another(name: str) -> None:
    found = read((300, 200, "Lieferwerk:"), (300, 212, name), (300, 224, "2 Basin Road"), (300, 236, "Slough SL1 4AA"))
    assert said(found, "ship_to.name") == []


def test_a_name_may_be_broken_over_two_lines() -> None:
    place = [(300, 200, "Deliver to"), (300, 212, "Acme Goods"), (300, 224, "Inward"), (300, 236, "2 Basin Road")]
    found = read(*[(float(left), float(top), text) for left, top, text in place])
    assert (said(found, "ship_to.name"), said(found, "ship_to.address")) == (["Acme Goods Inward"], ["2 Basin Road"])


def test_what_names_the_customer_is_found_where_it_stands() -> None:
    found = read((40, 60, "Acme Works Ltd"), (40, 90, "Our account in your books"), (240, 90, "100200"),
                 (40, 110, "Location 4012345000009"))  # fmt: skip
    assert [said(found, name) for name in ("account", "buyer_gln", "buyer.name")] == [
        ["100200"], ["4012345000009"], ["Acme Works Ltd"],
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["Vendor code", "Ext.", "Telephone for queries"])
def test_digits_like_the_account_are_not_it_unless_a_label_says_so(label: str) -> None:
    assert said(read((40, 90, label), (240, 90, "100200")), "account") == []


def test_without_hints_nothing_is_guided() -> None:
    paper = small_page((400, 60, "#PO-4711"), *GOODS)
    assert said(extract(paper), "buyer_reference") == []


def test_an_address_ends_where_it_is_whole() -> None:
    found = read((40, 200, "Deliver to"), *block(40, 212, STORE), (40, 248, "Acme Works Ltd, Accounts"),
                 (40, 260, "14 Foundry Lane"), (40, 272, "Slough"))  # fmt: skip
    assert said(found, "ship_to.address") == ["2 Basin Road; Slough SL1 4AA"]


def test_a_house_that_stands_a_wide_space_behind_its_street_is_of_the_address() -> None:
    place = Party("DP", name="Werk Nord", street="Bauhofweg 3", city="Wiesental", postal_code="65190")
    texts: list[Text] = [(40, 200, "Lieferwerk:"), (60, 212, "Werk Nord"), (60, 224, "Bauhofweg"), (113, 224, "3"),
                         (60, 236, "65190 Wiesental")]  # fmt: skip
    found = extract(small_page(*texts, *GOODS), None, Hints(goods={"HX-1": BOLT}, places=(place,)))
    assert said(found, "ship_to.address") == ["Bauhofweg 3; 65190 Wiesental"]


def test_a_name_behind_that_of_a_department_is_led_to_by_what_stands_above() -> None:
    line = "Goods In, Acme Goods Inward, 2 Basin Road, Slough SL1 4AA"
    assert said(read((40, 200, "Deliver to"), (40, 212, line)), "ship_to.name") == ["Acme Goods Inward"]
    assert said(read((40, 200, "Goods In, Acme Goods Inward")), "ship_to.name") == []


def test_a_day_whose_year_a_narrow_box_broke_off() -> None:
    found = read((40, 60, "Order generated"), (160, 60, "Goods expected"), (40, 72, "7 October 2026"),
                 (160, 72, "20 October"), (160, 84, "2026"))  # fmt: skip
    assert (said(found, "document_date"), said(found, "requested_date")) == (["2026-10-07"], ["2026-10-20"])


def test_words_behind_an_account_do_not_name_it() -> None:
    hints = Hints(references=HINTS.references, names=Names("C80155"))
    found = extract(small_page((40, 60, "C80155)向供方订购下列产品：")), None, hints)
    assert said(found, "account") == ["C80155"]
