"""Lines of goods in forms whose heads nobody knows, around the codes of known items (issue 6, part 4)."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import pytest
from guided_pages import ITEMS, goods_of, rows, table
from small_pages import Text

from adapters.email.extraction.goods import Found
from adapters.email.guided.lines import guided_lines
from core.paper.known import KnownItem

BOLT = ("HX-1000", "", "Hex bolt M8x40 A2", "100", "pcs", "0.42", "42.00")
GLOVE = ("GL-2040", "", "Work gloves", "20", "pairs", "2.50", "50.00")
OIL = ("OI-3070", "", "Gear oil", "5", "l", "12.00", "60.00")
#: what the rows of BOLT and GLOVE say
NUMBERS = ("quantity", "unit", "price", "amount")
RIGHT = [["100", "pcs", "0.42", "42.00"], ["20", "pairs", "2.50", "50.00"]]


def guided(texts: Sequence[Text], *items: KnownItem) -> Found:
    found = guided_lines(rows(*texts), goods_of(*items))
    assert found is not None
    return found


def said(found: Found, *names: str) -> list[list[str]]:
    return [[" ".join(word.text for word in line.words.get(name, ())) for name in names] for line in found.lines]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(table(BOLT, GLOVE), id="one row a line"),
        pytest.param(
            table(("HX-1000", "4006381333931", *BOLT[2:]), ("GL-2040", "4038880010013", *GLOVE[2:])), id="EAN beside"
        ),
        pytest.param(table(("HX-1000", "R20144", *BOLT[2:]), ("GL-2040", "R20145", *GLOVE[2:])), id="own code beside"),
        pytest.param(table(("", *BOLT[1:]), ("HX-1000",), ("", *GLOVE[1:]), ("GL-2040",)), id="code below"),
        pytest.param(table(BOLT[:2], ("", *BOLT[1:]), GLOVE[:2], ("", *GLOVE[1:])), id="code above"),
        pytest.param(
            table(("HX-", *BOLT[1:]), ("1000",), ("GL-", *GLOVE[1:]), ("2040",)), id="code broken over two lines"
        ),
        pytest.param(table((*BOLT[:6], "19 %", "42.00"), (*GLOVE[:6], "7 %", "50.00")), id="rates of tax"),
        pytest.param(table((*BOLT[:5], "50", "0.42", "42.00"), (*GLOVE[:5], "10", "2.50", "50.00")), id="pack size"),
        pytest.param(
            table((*BOLT[:3], "0.42", "100", "pcs", "42.00"), (*GLOVE[:3], "2.50", "20", "pairs", "50.00")),
            id="price before the quantity",
        ),
        pytest.param(table(BOLT, ("Übertrag", "", "", "", "", "", "42.00"), GLOVE), id="a carried sum"),
        pytest.param(
            table(("六角螺栓HX-1000", "", "", *BOLT[3:]), ("工作手套GL-2040", "", "", *GLOVE[3:])), id="zh, no spaces"
        ),
    ],
)
def test_a_form_of_known_items_is_read_without_its_heads(texts: list[Text]) -> None:
    found = guided(texts)
    assert (said(found, *NUMBERS), found.doubts, found.unread) == (RIGHT, set(), 0)


def test_a_line_is_counted_and_the_first_number_of_all_is_its_number() -> None:
    found = guided(table(("10", *BOLT), ("20", *GLOVE), lefts=(10, 50, 110, 190, 300, 350, 390, 440)))
    assert (said(found, "number", "quantity"), found.doubts) == ([["10", "100"], ["20", "20"]], set())


def test_an_item_may_be_on_two_lines() -> None:
    found = guided(table(BOLT, (*BOLT[:3], "50", "pcs", "0.42", "21.00")))
    assert (said(found, "sku", "quantity"), found.doubts) == ([["HX-1000", "100"], ["HX-1000", "50"]], set())


def test_a_price_is_for_as_many_as_it_says() -> None:
    per = table((*BOLT[:3], "500", "pcs", "42.00 per 100", "", "210.00"), (*GLOVE[:5], "2.50 per 1", "", "50.00"))
    found = guided(per)
    assert said(found, "quantity", "price", "price_basis", "amount") == [
        ["500", "42.00", "100", "210.00"], ["20", "2.50", "1", "50.00"],
    ]  # fmt: skip
    assert found.doubts == set()


def test_a_discount_is_part_of_the_product() -> None:
    found = guided(table((*BOLT[:6], "10 %", "37.80"), (*GLOVE[:6], "", "50.00")))
    assert (said(found, "discount", "amount"), found.doubts) == ([["10 %", "37.80"], ["", "50.00"]], set())


def test_an_amount_without_a_price_is_ours() -> None:
    found = guided(table((*BOLT[:5], "", "42.00"), (*GLOVE[:5], "", "50.00")))
    assert (said(found, "quantity", "price", "amount"), found.doubts) == (
        [["100", "", "42.00"], ["20", "", "50.00"]], set(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        pytest.param((*BOLT[:3], "100"), id="a number that nothing counts"),
        pytest.param((*BOLT[:5], "50", "0.42"), id="two that may be counted, and no amount"),
        pytest.param((*BOLT[:6], "52.00"), id="a product that is wrong"),
        pytest.param((*BOLT[:3], "0", "pcs", "0.42", "0.00"), id="nothing ordered"),
        pytest.param((*BOLT[:3], "-100", "pcs", "0.42", "-42.00"), id="goods that go back"),
        pytest.param((*BOLT[:3], "back: -100", "pcs", "0.42", "-42.00"), id="a sign within a cell"),
        pytest.param((*BOLT[:3], "100-", "pcs", "0.42", "42.00-"), id="a sign behind"),
    ],
)
def test_a_line_whose_numbers_do_not_prove_each_other_is_doubted(line: Sequence[str]) -> None:
    assert "lines.1.quantity" in guided(table(line, GLOVE, OIL)).doubts


@pytest.mark.parametrize("unknown", ITEMS[:3], ids=("first", "middle", "last"))
def test_a_code_that_is_not_known_stands_as_a_line_of_its_own(unknown: KnownItem) -> None:
    found = guided(table(BOLT, GLOVE, OIL), *(one for one in ITEMS if one is not unknown))
    assert [line[0] for line in said(found, "sku")] == ["HX-1000", "GL-2040", "OI-3070"]


def test_a_mention_of_another_item_is_no_line_and_is_told() -> None:
    found = guided(table(BOLT, ("", "", "replaces TP-4400"), GLOVE))
    assert (said(found, *NUMBERS), found.doubts, found.unread) == (RIGHT, set(), 1)


def test_without_a_known_code_nothing_is_guided() -> None:
    assert guided_lines(rows(*table(("ZZ-1000", *BOLT[1:]))), goods_of()) is None


def test_an_order_of_many_lines_takes_no_minutes() -> None:
    start = process_time()
    found = guided(table(*[BOLT, GLOVE] * 60, pitch=12))
    assert (said(found, *NUMBERS), found.doubts) == (RIGHT * 60, set())
    assert process_time() - start < 4  # it grew with the square of the lines: 30 s


def test_numbers_that_may_be_anything_are_doubted_soon() -> None:
    start = process_time()
    found = guided(table(("HX-1000", "", " ".join(["1"] * 20)), top=100))
    assert "lines.1.quantity" in found.doubts
    assert process_time() - start < 4  # they can be handed out in 150,000 ways


def test_totals_that_stand_just_below_the_last_line_are_none_of_it() -> None:
    texts = table(BOLT, ("", "", "Project P-17"), GLOVE, ("", "", "Order value", "", "", "", "92.00"))
    found = guided(texts)
    assert (said(found, *NUMBERS), found.doubts, 3 in found.used) == (RIGHT, set(), False)


def test_what_is_counted_below_a_line_that_is_sure_may_be_a_line_of_its_own() -> None:
    found = guided(table(BOLT, ("", "", "Something else", "3", "pcs", "2.00", "6.00"), GLOVE))
    assert (said(found, *NUMBERS), found.unread) == (RIGHT, 1)


def test_the_number_of_a_card_that_stands_below_each_code_is_no_code() -> None:
    cards = [("HX-1000", "Hex bolt M8x40 A2"), ("1000", "pcs", "0.42", "420.00"),
             ("GL-2040", "Work gloves"), ("20", "pairs", "2.50", "50.00")]  # fmt: skip
    found = guided(table(*cards))
    assert said(found, "sku", "quantity") == [["HX-1000", "1000"], ["GL-2040", "20"]]
    assert (found.doubts, found.unread) == (set(), 0)


def test_no_amount_is_taken_for_what_a_price_is_for() -> None:
    found = guided(table((*BOLT[:3], "250", "pcs", "0.40", "-", "100.00"), (*GLOVE[:6], "-", "50.00")))
    assert (said(found, "price_basis"), found.doubts) == ([[""], [""]], set())


def test_a_day_that_wraps_around_its_row_is_of_that_row() -> None:
    texts = []
    for number, (line, day) in enumerate(
        [(BOLT, "2026 年 9 月 7"), (GLOVE, "2026 年 10 月 9"), (OIL, "2026 年 10 月 5")]
    ):
        top = 100 + 36 * number
        texts += [*table(line, top=top), (540, top - 7, day), (560, top + 7, "日")]
    found = guided(texts)
    days = [["2026 年 9 月 7"], ["2026 年 10 月 9"], ["2026 年 10 月 5"]]
    assert (said(found, "date"), found.doubts) == (days, set())


def test_a_telephone_number_above_the_lines_is_no_item() -> None:
    phone = [(30, 30, "+44 118 496 0175"), (30, 44, "44118 4960 175")]
    found = guided([*phone, *table(BOLT, GLOVE, top=160)])
    assert (said(found, *NUMBERS), found.doubts, found.unread) == (RIGHT, set(), 0)
