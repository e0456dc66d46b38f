"""What may stand on a paper that is read again: the items that it names, at its customer's prices (issue 6, part 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from core.hints import Hints
from core.paper.again import MOST_PARTS, hints_by_part
from core.reading import Box, Candidate, Extracted, Kind, Letter, Page, Paper, PartRead, ReadSource, Spot, Word
from core.store import paper_memory
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import CRATE, CUP, GTINS, LAMP, MONDAY, Trade, partner_row, price_row

TRADE = Trade(
    partners=[partner_row(), partner_row("OTHER", gln=None, account="20002", tax_id=None, contact={})],
    codes=[{"partner": "ACME", "code": "B-CUP", "sku": CUP}, {"partner": "OTHER", "code": "O-LAMP", "sku": LAMP}],
    prices=[
        price_row(CUP, Decimal("12.50")),
        price_row(CUP, Decimal("9.00"), min_quantity=Decimal(1000)),
        price_row(CRATE, Decimal("80.00"), min_quantity=Decimal(10), level="customer", partner="ACME"),
        price_row(LAMP, Decimal("70.00"), level="customer", partner="OTHER"),
    ],
)
LETTER = Letter(sender="po@acme.example")


def part(*texts: str, said: Mapping[str, str] | None = None, kind: Kind = "order", name: str = "o.pdf") -> PartRead:
    """Return a part that was read as pages with these words, a line each."""
    words = tuple(Word(text, Box(50, 20.0 * row, 150, 20.0 * row + 10)) for row, text in enumerate(texts))
    pages = (Page(1, 595, 842, "pt", "text", words, "test"),)
    fields = {
        path: (Candidate(value, value, Spot(1, words[0].box), 1.0, "label"),) for path, value in (said or {}).items()
    }
    paper = Paper("", name, "application/pdf", "0" * 64, pages)
    return PartRead("", name, "application/pdf", "0" * 64, 1, "paper", None, paper, Extracted(kind, "en", fields))


def hints(
    store: Store, *parts: PartRead, letter: Letter | None = LETTER, cache: MasterCache | None = None
) -> dict[int, Hints]:
    kept = cache or MasterCache()

    def work(tx: Tx) -> dict[int, Hints]:
        kept.refresh(tx)
        return hints_by_part(tx, kept, ReadSource(letter, parts), now=MONDAY, received_at=MONDAY)

    return store.read(work)


def test_the_items_that_a_paper_names_are_told_with_the_customer_s_price(each_store: Store) -> None:
    each_store.write(TRADE.load)
    (found,) = hints(each_store, part("B-CUP", f"EAN:{GTINS[CRATE]}", "O-LAMP", "nothing")).values()

    assert {code: goods.sku for code, goods in found.goods.items()} == {
        "B-CUP": CUP, CUP: CUP, GTINS[CRATE]: CRATE, CRATE: CRATE,
    }, "what another customer calls an item names none"  # fmt: skip
    assert found.goods["B-CUP"].price == Decimal("12.50"), "of the least quantity, not of a thousand"
    assert found.goods[CRATE].price == Decimal("80.00"), "there is none for less than ten"
    assert (found.goods[CRATE].unit, found.goods[CRATE].descriptions) == ("C62", (f"Item {CRATE}",))
    assert [place.name for place in found.places] == ["Store 7"]
    assert found.currency == "EUR"


@pytest.fixture
def loaded(store: Store) -> Store:
    store.write(TRADE.load)
    return store


def test_words_of_strangers_are_not_remembered(loaded: Store) -> None:
    cache = MasterCache()
    assert hints(loaded, part(CUP, *(f"ZX-{number}" for number in range(500))), cache=cache)
    assert cache.by_sku.keys() == {CUP}
    assert (cache.sku_by_gtin, cache.sku_by_code) == ({}, {})


def test_a_taught_code_names_its_item(loaded: Store) -> None:
    row = {
        "partner": "ACME", "kind": "code", "value": "OLD-CRATE", "meaning": {"sku": CRATE}, "state": "active",
        "refused": None, "source_id": 1, "order_id": 1, "draft_id": None, "learned_by": "petra", "learned_at": MONDAY,
    }  # fmt: skip
    loaded.write(lambda tx: paper_memory.add(tx, row))
    (found,) = hints(loaded, part("OLD-CRATE")).values()
    assert found.goods["OLD-CRATE"].sku == CRATE


def test_whoever_names_no_customer_is_told_nothing(loaded: Store) -> None:
    assert hints(loaded, part(CUP), letter=Letter(sender="x@stranger.example")) == {}


def test_a_paper_without_doubts_is_not_read_again(loaded: Store) -> None:
    said = {
        "buyer_reference": "PO-1", "account": "10001", "document_date": "2026-03-02", "lines.1.sku": CUP,
        "lines.1.quantity": "2", "lines.1.price": "12.50", "lines.1.amount": "25.00", "net_total": "25.00",
    }  # fmt: skip
    sure = part(CUP, said=said)
    assert hints(loaded, sure) == {}
    assert hints(loaded, part(CUP, said={**said, "net_total": "26.00"}))


def test_beside_an_order_nothing_else_is_taken_for_one(loaded: Store) -> None:
    file, order = part(CUP, kind="other"), part(CRATE)
    assert hints(loaded, file, order).keys() == {1}
    assert hints(loaded, file).keys() == {0}


def test_the_words_of_a_mail_that_are_no_order_stay_a_letter(loaded: Store) -> None:
    """Who asks about an invoice names items, too."""
    words = part(f"{CUP} 24 at 12.50 were too many", kind="other", name="")
    assert hints(loaded, replace(words, media_type="text/plain")) == {}


def test_of_a_mail_with_very_many_orders_some_are_read_again(loaded: Store) -> None:
    assert len(hints(loaded, *[part(CUP)] * (MOST_PARTS + 1))) == MOST_PARTS


def test_what_is_no_order_and_names_no_item_is_read_once(loaded: Store) -> None:
    assert hints(loaded, part("Thank you for the evening", kind="other")) == {}
    assert hints(loaded, part("Thank you for the evening")), "an order may be read better for its number and places"
