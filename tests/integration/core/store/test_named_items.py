"""Items that texts of a paper name, on both databases (issue 6, part 4)."""

from __future__ import annotations

from core.store.engine import Store, Tx
from core.store.lookup import partner_id_by_code
from core.store.named_items import named_items
from core.testing.trade import CRATE, CUP, GTINS, LAMP, Trade, item_row, partner_row

TRADE = Trade(
    partners=[partner_row(), partner_row("OTHER", gln=None)],
    items=[item_row(CUP), item_row(CRATE), item_row(LAMP), item_row("CUP-2", gtin=GTINS[CUP])],
    codes=[
        {"partner": "ACME", "code": "B-CUP", "sku": CUP},
        {"partner": "OTHER", "code": "B-LAMP", "sku": LAMP},
    ],
)


def test_a_text_names_an_item_by_sku_gtin_or_the_code_of_that_customer(each_store: Store) -> None:
    each_store.write(TRADE.load)

    def work(tx: Tx) -> None:
        texts = [CRATE, GTINS[CUP], GTINS[LAMP], "B-CUP", "B-LAMP", "crate-2", "4054321000017", "it's", "12 %", "\\x00"]
        found = named_items(tx, partner_id_by_code(tx, "ACME") or 0, texts)
        assert found.skus == {CRATE}
        assert found.by_gtin == {GTINS[CUP]: CUP, GTINS[LAMP]: LAMP}, "of two items with one number the first"
        assert found.by_code == {"B-CUP": CUP}, "what another customer calls an item is not told"
        assert found.all_skus == {CUP, CRATE, LAMP}
        assert named_items(tx, 0, []).all_skus == set()

    each_store.read(work)
