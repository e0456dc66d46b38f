"""Writes prices so that what they were can be read again (PRI-18).

A row that is loaded again unchanged stays as it is; one that changes goes into ``price_history`` first. So the prices
of any version of the master data, the one that an order was reviewed under for instance, can be had from the two
tables, and a review keeps one number instead of every candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, insert, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from core.catalogue.model import PriceCandidate
from core.store.engine import Tx
from core.store.tables.pricing import price_history, prices
from core.values import PRICE_SCALE, QUANTITY_SCALE, to_scaled

Row = Mapping[str, Any]

_KEYS: Final = tuple(column.name for column in prices.primary_key.columns)
_VALUES: Final = ("valid_to", "amount", "basis")
#: what a row says where it names none of these
_DEFAULTS: Final[Row] = {"contract": "", "reference": "", "basis": None}
#: items in one IN list
_CHUNK: Final = 1000

_THEN_COLUMNS: Final = (*_KEYS, *_VALUES)
_THEN: Final[Select[Any]] = select(
    union_all(
        select(*(prices.c[name] for name in _THEN_COLUMNS)).where(
            prices.c.sku == bindparam("sku"), prices.c.version <= bindparam("version")
        ),
        select(*(price_history.c[name] for name in _THEN_COLUMNS)).where(
            price_history.c.sku == bindparam("sku"),
            price_history.c.version <= bindparam("version"),
            price_history.c.until > bindparam("version"),
        ),
    ).subquery()
)


class KeptPrice(NamedTuple):
    """A price as it was, and why there was one: ``basis`` of promotions and granted requests."""

    candidate: PriceCandidate
    basis: dict[str, Any] | None


def write_prices(tx: Tx, rows: Sequence[Row], version: int) -> None:
    """Write *rows* under *version*, the one that this transaction gave the master data; the last of equals wins."""
    wanted = {_key(row): row for row in ({**_DEFAULTS, **row} for row in rows)}
    stored = _stored(tx, {row["sku"] for row in wanted.values()})
    changed = [key for key, row in wanted.items() if key not in stored or _values(stored[key]) != _values(row)]
    before = [
        {**stored[key], "until": version} for key in changed if key in stored and stored[key]["version"] < version
    ]
    if before:
        tx.execute(insert(price_history), before)
    if changed:
        make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
        statement = make(prices)
        replaced = {name: statement.excluded[name] for name in (*_VALUES, "version")}
        tx.execute(
            statement.on_conflict_do_update(index_elements=list(_KEYS), set_=replaced),
            [{**wanted[key], "version": version} for key in changed],
        )


def prices_at(tx: Tx, sku: str, version: int) -> list[KeptPrice]:
    """Return every price of *sku* as it was under *version* of the master data."""
    return [
        KeptPrice(
            PriceCandidate(
                row["level"],
                to_scaled(row["amount"], PRICE_SCALE),
                to_scaled(row["min_quantity"], QUANTITY_SCALE),
                row["valid_from"],
                row["valid_to"],
                row["currency"],
                row["partner"],
                row["group_code"],
                row["contract"],
                row["reference"],
            ),
            row["basis"],
        )
        for row in tx.execute(_THEN, {"sku": sku, "version": version}).mappings()
    ]


def tier_steps(tx: Tx, skus: Iterable[str]) -> dict[tuple[str, str, date], set[Decimal]]:
    """Return the quantities of each ladder of tiers: (sku, currency, first day) -> from how many on."""
    steps: dict[tuple[str, str, date], set[Decimal]] = {}
    for chunk in _chunks(skus):
        columns = (prices.c.sku, prices.c.currency, prices.c.valid_from, prices.c.min_quantity)
        for row in tx.execute(select(*columns).where(prices.c.sku.in_(chunk), prices.c.level == "tier")):
            steps.setdefault((row.sku, row.currency, row.valid_from), set()).add(row.min_quantity)
    return steps


def _stored(tx: Tx, skus: Iterable[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        _key(dict(row)): dict(row)
        for chunk in _chunks(skus)
        for row in tx.execute(select(prices).where(prices.c.sku.in_(chunk))).mappings()
    }


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEYS)


def _values(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _VALUES)


def _chunks(skus: Iterable[str]) -> list[Sequence[str]]:
    every = sorted(skus)
    return [every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK)]
