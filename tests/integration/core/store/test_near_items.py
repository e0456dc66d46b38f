"""What a misread code may mean is found in steps of an index, however large the catalogue is (issue 6, part 5)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from core.store.engine import Store, Tx
from core.store.master import MasterRows, load
from core.store.near_items import skus_near
from core.testing.trade import MONDAY

PLAIN = {
    "gtin": None, "description": "Bolt", "descriptions": {}, "unit": "PCE", "units": [], "cost": None,
    "tax_class": "standard", "weight_kg": None, "substitutes": [], "target_margin": None, "safety_stock": None,
    "reorder_point": None, "max_stock": None,
}  # fmt: skip
SKUS = ("HX-1000", "HX-1006", "HX-2011", "MC-9942-D19", "BX-6978-K05")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("HX-1000", {"HX-1000", "HX-1006"}),
        ("HX 10O0", {"HX-1000", "HX-1006"}),
        ("HX-20l", {"HX-2011"}),
        ("MC-9942-019", {"MC-9942-D19"}),
        ("BX6978K05", {"BX-6978-K05"}),
        ("BX-6978-K0", {"BX-6978-K05"}),
        ("BX-6978", set()),
        ("-", set()),
    ],
)
def test_a_code_means_what_looks_like_it_or_differs_by_a_sign(store: Store, code: str, found: set[str]) -> None:
    store.write(_loaded)
    assert store.read(lambda tx: skus_near(tx, {code})) == found


def test_both_databases_find_the_same_by_the_index(each_store: Store) -> None:
    each_store.write(_loaded)
    assert each_store.read(lambda tx: skus_near(tx, {"HX-1O00", "8X-6978-KO5"})) == {
        "HX-1000",
        "HX-1006",
        "BX-6978-K05",
    }

    def way(tx: Tx) -> str:
        explain = "EXPLAIN QUERY PLAN" if tx.is_sqlite else "EXPLAIN"
        if not tx.is_sqlite:  # which otherwise reads so small a table as a whole
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        return str(tx.execute(text(f"{explain} SELECT sku FROM items WHERE looks IN ('HX1000', 'HX1006')")).all())

    assert "ix_items_looks" in each_store.write(way)


def _loaded(tx: Tx) -> None:
    load(tx, MasterRows(items=[{"sku": sku, **PLAIN} for sku in SKUS]), MONDAY)
