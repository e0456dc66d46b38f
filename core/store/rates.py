"""Rates of exchange: read once while the master data stays, and what amounts are worth by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.currency import Exchange, Quote, Rates
from core.partners.model import Partner
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.tables.master import rates


def exchange_for(tx: Tx, cache: MasterCache, partner: Partner, today: date) -> Exchange:
    """Return how the amounts of *partner* are compared on the day *today* of our time zone."""
    company = our_company(tx, cache).currency
    return Exchange(partner.currency or company, company, today, rates_of(tx, cache))


def exchange_now(tx: Tx, cache: MasterCache, partner_id: int, now: datetime) -> Exchange:
    """Return :func:`exchange_for` of a partner by its id; *cache* may be new."""
    today = now.astimezone(ZoneInfo(our_company(tx, cache).timezone)).date()
    return exchange_for(tx, cache, partner_by_id(tx, cache, partner_id), today)


def rates_of(tx: Tx, cache: MasterCache) -> Rates:
    """Return every rate."""
    if cache.rates is None:
        rows: Sequence[Any] = tx.execute(select(rates.c.source, rates.c.target, rates.c.rate, rates.c.valid_from)).all()
        quotes = [Quote(source, target, Decimal(rate), day) for source, target, rate, day in rows]
        cache.rates = Rates(our_company(tx, cache).currency, quotes)
    return cache.rates


def in_company(tx: Tx, amount: Decimal, currency: str, now: datetime) -> Decimal:
    """Return *amount* in our currency, for limits of authority; without a rate it is above all of them."""
    cache = MasterCache()
    company = our_company(tx, cache)
    if currency == company.currency:
        return amount
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    return Exchange(currency, company.currency, today, rates_of(tx, cache)).in_company(amount, currency)
