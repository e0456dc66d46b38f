"""The warehouses that an order can be served from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.catalogue.model import StockLevel
from core.stock.sourcing import Warehouse
from core.store.engine import Tx
from core.store.lookup import MasterCache
from core.store.stock import warehouses_in_order


def sites_of(tx: Tx, cache: MasterCache, stock: Mapping[str, Sequence[StockLevel]]) -> Sequence[Warehouse]:
    """Return the warehouses in the order of preference where *stock* (by SKU) lies in more than one, else none."""
    first = next((levels[0].warehouse for levels in stock.values() if levels), "")
    if all(level.warehouse == first for levels in stock.values() for level in levels):
        return ()
    if cache.sites is None:
        cache.sites = warehouses_in_order(tx)
    return cache.sites
