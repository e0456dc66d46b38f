"""Loads master data: whole rows, the last one wins, everything in the transaction of the caller.

Rows are mappings by column name in the values of the column types (Decimal, date, lists); where a table has
``partner_id``, the row has ``partner``, the partner's code. Values and references are checked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Column, String, Table, cast, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import to_micros
from core.paper.signs import looks
from core.store.engine import Tx
from core.store.prices import write_prices
from core.store.tables import master as tables
from core.store.tables.confirmations import template_rules
from core.store.tables.customers import rebates
from core.store.tables.notices import partner_notices
from core.values import QUANTITY_SCALE, to_scaled

Row = Mapping[str, Any]

#: the row of ``settings`` that every load counts up, so that caches of master data know when they are stale
MASTER_VERSION: Final = "master_version"
#: the one row of ``company``
_OURSELVES: Final = 1
#: names in one IN list; SQLite takes 32,766 parameters, PostgreSQL plans short lists better
_CHUNK: Final = 1000


class MasterRows(NamedTuple):
    """The rows of one master data file."""

    company: Row | None = None
    partners: Sequence[Row] = ()
    partner_edi: Sequence[Row] = ()
    addresses: Sequence[Row] = ()
    partner_notices: Sequence[Row] = ()
    items: Sequence[Row] = ()
    item_codes: Sequence[Row] = ()
    prices: Sequence[Row] = ()
    promotions: Sequence[Row] = ()
    taxes: Sequence[Row] = ()
    warehouses: Sequence[Row] = ()
    stock: Sequence[Row] = ()
    sales_history: Sequence[Row] = ()
    open_invoices: Sequence[Row] = ()
    users: Sequence[Row] = ()
    stores: Sequence[Row] = ()
    rebates: Sequence[Row] = ()
    templates: Sequence[Row] = ()
    rates: Sequence[Row] = ()


def load(tx: Tx, rows: MasterRows, at: datetime) -> dict[str, int]:
    """Write *rows* and return how many of each table there were.

    EDI identities, addresses and preferences of a partner in *rows* are replaced as a whole; stock is counted: the
    difference to what was on hand goes into the ledger, dated *at*.
    """
    version = next_version(tx)  # first: its lock makes loads at the same time take turns
    if rows.company is not None:
        _upsert(tx, tables.company, [{"id": _OURSELVES, **rows.company}])
    partners = _load_partners(tx, rows.partners)
    touched = [partners[row["code"]] for row in rows.partners]
    for table, belongings in (
        (tables.partner_edi, rows.partner_edi),
        (tables.addresses, rows.addresses),
        (partner_notices, rows.partner_notices),
    ):
        for chunk in _chunks(touched):
            tx.execute(delete(table).where(table.c.partner_id.in_(chunk)))
        _upsert(tx, table, _with_ids(belongings, partners))
    _upsert(tx, tables.items, [{**row, "looks": looks(row["sku"])} for row in rows.items])
    _upsert(tx, tables.item_codes, _with_ids(rows.item_codes, partners))
    write_prices(tx, [*rows.prices, *rows.promotions], version)
    _upsert(tx, tables.taxes, rows.taxes)
    _upsert(tx, tables.warehouses, rows.warehouses)
    _upsert(tx, tables.rates, rows.rates)
    _upsert(tx, tables.sales_history, _with_ids(rows.sales_history, partners))
    _load_open_invoices(tx, _with_ids(rows.open_invoices, partners))
    _upsert(tx, tables.users, rows.users)
    _upsert(tx, tables.stores, _with_ids(rows.stores, partners))
    _upsert(tx, rebates, _with_ids(rows.rebates, partners))
    _upsert(tx, template_rules, rows.templates)
    _count_stock(tx, rows.stock, at)
    return {name: _length(value) for name, value in rows._asdict().items()}


def has_company(tx: Tx) -> bool:
    """Tell whether we know who we are."""
    return tx.execute(select(tables.company.c.id)).first() is not None


def accounts_in_use(tx: Tx) -> dict[str, str | None]:
    """Return the currency of each partner (by code) that has confirmed orders or money on its account."""
    accounts, partners = tables.credit_accounts, tables.partners
    statement = (
        select(partners.c.code, partners.c.currency)
        .join(accounts, accounts.c.partner_id == partners.c.id)
        .where((accounts.c.committed != Decimal(0)) | (accounts.c.prepaid != Decimal(0)))
    )
    return {row.code: row.currency for row in tx.execute(statement)}


def company_currency(tx: Tx) -> str | None:
    """Return our own currency."""
    return tx.execute(select(tables.company.c.currency)).scalar_one_or_none()


def company_gln(tx: Tx) -> str | None:
    """Return our own GLN."""
    return tx.execute(select(tables.company.c.gln)).scalar_one_or_none()


def partner_codes(tx: Tx) -> dict[str, int]:
    """Return the id of every partner by its code."""
    return {row.code: row.id for row in tx.execute(select(tables.partners.c.code, tables.partners.c.id))}


def known_skus(tx: Tx, skus: Iterable[str]) -> set[str]:
    """Return those of *skus* that are items."""
    return _held(tx, tables.items.c.sku, skus)


def known_warehouses(tx: Tx, codes: Iterable[str]) -> set[str]:
    """Return those of *codes* that are warehouses."""
    return _held(tx, tables.warehouses.c.code, codes)


def users_with_mail(tx: Tx) -> set[str]:
    """Return the names of the users who have a mail address."""
    return set(tx.execute(select(tables.users.c.name).where(tables.users.c.email != "")).scalars())


def edi_owners(tx: Tx) -> dict[tuple[str, str, str], str]:
    """Return the partner (code) of every EDI identity (its id, its qualifier, our id)."""
    edi, partners = tables.partner_edi, tables.partners
    statement = select(edi.c.edi_id, edi.c.qualifier, edi.c.our_id, partners.c.code).join_from(
        edi, partners, edi.c.partner_id == partners.c.id
    )
    return {(row.edi_id, row.qualifier, row.our_id): row.code for row in tx.execute(statement)}


def master_version(tx: Tx) -> int:
    """Return how often master data was loaded."""
    statement = select(tables.settings.c.value).where(tables.settings.c.key == MASTER_VERSION)
    return int(tx.execute(statement).scalar_one_or_none() or 0)


def _held(tx: Tx, column: Column[str], values: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for chunk in _chunks(sorted(set(values))):
        found.update(tx.execute(select(column).where(column.in_(chunk))).scalars())
    return found


def _load_partners(tx: Tx, rows: Sequence[Row]) -> dict[str, int]:
    ids = partner_codes(tx)
    for row in rows:
        if row["code"] not in ids:
            ids[row["code"]] = tx.ids.next()
    _upsert(tx, tables.partners, [{"id": ids[row["code"]], **row} for row in rows])
    accounts = [{"partner_id": ids[row["code"]], "committed": Decimal(0)} for row in rows]
    _upsert(tx, tables.credit_accounts, accounts, keep=True)
    return ids


def _load_open_invoices(tx: Tx, rows: Sequence[Row]) -> None:
    if rows:
        table = tables.open_invoices
        statement = _insert(tx, table)
        statement = statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: statement.excluded[name] for name in ("due", "amount", "currency")},
            where=table.c.invoice_id.is_(None),  # our own invoices are not the file's to change
        )
        tx.execute(statement, list(rows))


def _count_stock(tx: Tx, rows: Sequence[Row], at: datetime) -> None:
    """Post each count into the ledger and set the balance; a row without ``on_hand`` changes only supplies."""
    if not rows:
        return
    last = {(row["sku"], row["warehouse"]): row for row in rows}
    before = _lock_stock(tx, last)
    moves: list[tuple[Any, ...]] = []
    balances = []
    for key in sorted(last):  # locks are taken in the order of SKUs, as everywhere
        row = last[key]
        held = before.get(key, Decimal(0))
        counted = held if row["on_hand"] is None else row["on_hand"]
        if counted != held:
            moves.append((*key, to_scaled(counted - held, QUANTITY_SCALE)))
        balances.append({**row, "on_hand": counted, "reserved": Decimal(0)})
    moved_at = to_micros(at)
    ids = tx.ids.take(len(moves))
    tx.append(
        tables.stock_moves,
        [
            (number, sku, warehouse, "count", amount, None, None, moved_at, None, None)
            for number, (sku, warehouse, amount) in zip(ids, moves, strict=True)
        ],
    )
    _upsert(tx, tables.stock, balances, keep_columns=("reserved",))


def _lock_stock(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Decimal]:
    stock = tables.stock
    held: dict[tuple[str, str], Decimal] = {}
    for chunk in _chunks(sorted({sku for sku, _ in keys})):
        statement = (
            select(stock.c.sku, stock.c.warehouse, stock.c.on_hand)
            .where(stock.c.sku.in_(chunk))
            .order_by(stock.c.sku, stock.c.warehouse)
            .with_for_update()  # SQLite, whose writer is alone, leaves it out
        )
        held.update({(row.sku, row.warehouse): row.on_hand for row in tx.execute(statement)})
    return held


def next_version(tx: Tx) -> int:
    """Count the version of the master data up and return it; its row stays locked until this transaction ends."""
    table = tables.settings
    first = {"key": MASTER_VERSION, "value": "1"}
    grown = cast(cast(table.c.value, BigInteger) + literal(1), String)
    counted = _insert(tx, table).on_conflict_do_update(index_elements=["key"], set_={"value": grown})
    return int(tx.execute(counted.returning(table.c.value), first).scalar_one())


def _with_ids(rows: Sequence[Row], partners: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"partner_id": partners[row["partner"]], **{name: value for name, value in row.items() if name != "partner"}}
        for row in rows
    ]


def _upsert(tx: Tx, table: Table, rows: Sequence[Row], *, keep: bool = False, keep_columns: Sequence[str] = ()) -> None:
    """Insert *rows*, all with the same keys; replace what is there unless *keep*, but for *keep_columns*."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    statement = _insert(tx, table)
    replaced = {
        name: statement.excluded[name] for name in rows[0] if name not in keys and name not in keep_columns and not keep
    }
    if replaced:
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced), list(rows))
    else:
        tx.execute(statement.on_conflict_do_nothing(index_elements=keys), list(rows))


def _insert(tx: Tx, table: Table) -> Any:
    # Both dialects know ON CONFLICT in the same words, but SQLAlchemy has no common type for their statements.
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    return make(table)


def _chunks(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]


def _length(value: Any) -> int:
    return len(value) if isinstance(value, Sequence) else int(value is not None)
