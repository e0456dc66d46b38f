"""Prices on both engines: what is written, what is kept of what it replaced, and what they were at any version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, load_items, partner_id_by_code
from core.store.master import MasterRows, load, master_version
from core.store.prices import prices_at, tier_steps
from core.store.tables.pricing import price_history
from core.testing.trade import CUP, LAMP, MONDAY, Row, Trade, price_row

BASIS = {"applied_by": "Ada", "approved_by": "Bea", "reason": "spring", "approved_on": "2026-02-01"}


def load_prices(store: Store, *prices: Row, promotions: Sequence[Row] = ()) -> int:
    """Load *prices* and return the version of the master data from then on."""
    store.write(lambda tx: load(tx, MasterRows(prices=prices, promotions=promotions), MONDAY))
    return store.read(master_version)


def amounts_at(store: Store, version: int, sku: str = CUP) -> list[str]:
    return sorted(str(kept.candidate.amount6) for kept in store.read(lambda tx: prices_at(tx, sku, version)))


def kept_rows(store: Store) -> int:
    return int(store.read(lambda tx: tx.execute(select(func.count()).select_from(price_history)).scalar_one()))


def test_the_prices_of_every_version_can_be_had(each_store: Store) -> None:
    """PRI-18: what was a candidate then, though master data was loaded since."""
    dear, cheap = price_row(CUP, Decimal("12.5")), price_row(CUP, Decimal("11.5"))
    own = price_row(CUP, Decimal(9), level="customer", partner="ACME")
    first = load_prices(each_store, dear)
    second = load_prices(each_store, cheap, own)
    third = load_prices(each_store, dear, {**own, "valid_to": date(2026, 12, 31)})
    assert amounts_at(each_store, first) == ["12500000"]
    assert amounts_at(each_store, second) == ["11500000", "9000000"]
    assert amounts_at(each_store, third) == ["12500000", "9000000"]
    ends = {
        version: next(
            kept.candidate.valid_to
            for kept in each_store.read(lambda tx, version=version: prices_at(tx, CUP, version))
            if kept.candidate.level == "customer"
        )
        for version in (second, third)
    }
    assert ends == {second: None, third: date(2026, 12, 31)}
    assert amounts_at(each_store, first, LAMP) == []


def test_what_is_loaded_again_unchanged_leaves_no_trace(each_store: Store) -> None:
    prices = [price_row(CUP, Decimal("12.5")), price_row(LAMP, Decimal("0.015"))]
    first = load_prices(each_store, *prices)
    again = load_prices(each_store, *prices, price_row(CUP, Decimal(9), level="customer", partner="ACME"))
    assert kept_rows(each_store) == 0
    assert amounts_at(each_store, first) == ["12500000"]
    assert amounts_at(each_store, again) == ["12500000", "9000000"]


def test_the_last_of_equal_rows_in_one_file_wins(each_store: Store) -> None:
    only = load_prices(each_store, price_row(CUP, Decimal(1)), price_row(CUP, Decimal(2)))
    assert amounts_at(each_store, only) == ["2000000"]
    assert kept_rows(each_store) == 0


def test_a_promotion_is_kept_with_its_application(each_store: Store) -> None:
    """PRI-07."""
    row = price_row(CUP, Decimal(8), level="promotion", reference="SPRING", contract="", basis=BASIS)
    version = load_prices(each_store, promotions=[row])
    (kept,) = each_store.read(lambda tx: prices_at(tx, CUP, version))
    assert (kept.candidate.level, kept.candidate.reference, kept.basis) == ("promotion", "SPRING", BASIS)


def test_candidates_of_the_review_are_those_of_the_version_in_force(each_store: Store) -> None:
    each_store.write(Trade().load)
    load_prices(each_store, price_row(CUP, Decimal(9), level="customer", partner="ACME", contract="C-1"))

    def work(tx: Tx) -> tuple[object, object]:
        cache = MasterCache()
        cache.refresh(tx)
        load_items(tx, cache, partner_id_by_code(tx, "ACME") or 0, gtins=set(), skus={CUP}, codes=set())
        item = cache.by_sku[CUP]
        assert item is not None
        return set(item.prices), {kept.candidate for kept in prices_at(tx, CUP, cache.version)}

    reviewed, kept = each_store.read(work)
    assert reviewed == kept


def test_the_steps_of_each_ladder(each_store: Store) -> None:
    tiers = [price_row(CUP, Decimal(9), level="tier", min_quantity=Decimal(least)) for least in (10, 50, 100)]
    load_prices(each_store, price_row(CUP, Decimal(12)), *tiers)
    assert each_store.read(lambda tx: tier_steps(tx, {CUP, LAMP})) == {
        (CUP, "EUR", date(2020, 1, 1)): {Decimal(10), Decimal(50), Decimal(100)}
    }
