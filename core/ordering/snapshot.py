"""Reads what the plans of one batch need, in a handful of set-wise statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from core.documents import Order
from core.ordering.plan import KnownOrder, Snapshot
from core.partners.model import Partner
from core.stock.book import SupplyBook
from core.store.credit import credit_position
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, our_company, stock_levels
from core.store.orders import known_orders
from core.store.rates import exchange_for
from core.store.sites import sites_of
from core.store.stock import places_of

#: what a line says where it names no code
_NONE: Final = frozenset({""})


def take_snapshot(
    tx: Tx,
    cache: MasterCache,
    partner: Partner,
    orders: Sequence[Order],
    *,
    channel: str,
    now: datetime,
    test: bool,
) -> Snapshot:
    """Return the snapshot for *orders* of one partner; *cache* must have been refreshed in this transaction."""
    company = our_company(tx, cache)
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    exchange = exchange_for(tx, cache, partner, today)
    lines = [line for order in orders for line in order.lines]
    skus = load_items(
        tx,
        cache,
        partner.id,
        gtins={line.gtin for line in lines} - _NONE,
        skus={line.supplier_code for line in lines} - _NONE,
        codes={line.buyer_code for line in lines} - _NONE,
    )
    snapshot = Snapshot(
        now=now,
        today=today,
        company=company,
        partner=partner,
        channel=channel,
        rules=cache.rules,
        version=cache.version,
        items=cache.by_sku,
        sku_by_gtin=cache.sku_by_gtin,
        sku_by_code=cache.sku_by_code,
        stock={},
        credit=credit_position(tx, partner.id, today, now, exchange),
        exchange=exchange,
        known={
            row.buyer_reference: KnownOrder(row.id, row.number, bytes(row.content_hash))
            for row in known_orders(tx, partner.id, {order.buyer_reference for order in orders}, test=test)
        },
        desks=cache.desks,
    )
    if not test:
        snapshot.stock = stock_levels(tx, skus)
        snapshot.supply = SupplyBook(partial(places_of, tx))
        snapshot.sites = sites_of(tx, cache, snapshot.stock)
    return snapshot
