"""Rows of imports: staged row by row, their orders taken in turn and ended once; pages newest first."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, select, tuple_, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.imports import import_orders, import_rows, imports

Row = dict[str, Any]

#: an import that is being worked on, or will be
ACTIVE: Final = ("queued", "reading", "placing")
#: one that has come to its end; its rows and bytes are kept for a while
ENDED: Final = ("done", "cancelled", "failed")
_SHOWN_REFERENCE: Final = 100


class StagedRow(NamedTuple):
    """A row of the file: its number, cells as text, what it says by field, what is wrong with it, and its order."""

    row: int
    cells: Sequence[str]
    fields: Mapping[str, str]
    faults: Sequence[Mapping[str, Any]]
    reference: str


class OrderResult(NamedTuple):
    """What became of the order whose first row is ``ordinal``; ``rows`` is how many it has."""

    ordinal: int
    rows: int
    state: str
    number: str | None
    order_state: str | None
    holds: Sequence[str]
    faults: Sequence[Mapping[str, Any]]


def add(tx: Tx, values: Mapping[str, Any], at: datetime) -> int:
    """Keep a new import and return its id; it is queued."""
    import_id = tx.ids.next()
    counts = dict.fromkeys(
        ("last_row", "rows", "rows_placed", "rows_held", "rows_refused", "orders", "placed", "held", "refused"), 0
    )
    fresh = {"id": import_id, "state": "queued", "created_at": at, "moved_at": at, **counts}
    tx.execute(insert(imports), {**fresh, **values})
    return import_id


def get(tx: Tx, import_id: int, *, partner: str | None = None, lock: bool = False) -> Row:
    """Return an import; *partner* sees alone what its own keys sent: a file of the house may name several partners.

    Raises:
        NotFound: there is none of that id, or it is another partner's.
    """
    statement = select(imports).where(imports.c.id == import_id)
    row = tx.execute(statement.with_for_update() if lock and not tx.is_sqlite else statement).mappings().first()
    if row is None or (partner is not None and not (row["bound"] and row["partner"] == partner)):
        raise NotFound(f"there is no import {import_id}", hint="One that ended is kept for 30 days.")
    return dict(row)


def put(tx: Tx, import_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of an import."""
    tx.execute(update(imports).where(imports.c.id == import_id).values(**values))


def page(tx: Tx, *, partner: str | None, own: bool, state: str | None, before: int | None, limit: int) -> list[Row]:
    """Return at most *limit* imports, the newest first, those older than the id *before*; *own* as :func:`get`."""
    statement = select(imports)
    if own:
        statement = statement.where(imports.c.bound.is_(True))
    for column, wanted in ((imports.c.partner, partner), (imports.c.state, state)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(imports.c.id < before)
    return [dict(row) for row in tx.execute(statement.order_by(imports.c.id.desc()).limit(limit)).mappings()]


def active(tx: Tx) -> list[Row]:
    """Return what is to be worked on, what was left alone for longest first: so several go on side by side."""
    found = tx.execute(select(imports).where(imports.c.state.in_(ACTIVE)).order_by(imports.c.moved_at, imports.c.id))
    return [dict(row) for row in found.mappings()]


def stage(tx: Tx, import_id: int, rows: Sequence[StagedRow]) -> int:
    """Add rows and return how many new orders they begin."""
    hashes = {one.reference: hashlib.sha256(one.reference.encode()).hexdigest() for one in rows}
    known = {
        row.reference_hash: int(row.ordinal)
        for row in tx.execute(
            select(import_orders.c.reference_hash, import_orders.c.ordinal).where(
                import_orders.c.import_id == import_id, import_orders.c.reference_hash.in_(list(hashes.values()))
            )
        )
    }
    fresh: dict[str, Row] = {}
    more: dict[int, int] = {}
    staged = []
    for one in rows:
        key = hashes[one.reference]
        if key in known:
            more[known[key]] = more.get(known[key], 0) + 1
        elif key in fresh:
            fresh[key]["rows"] += 1
        else:
            fresh[key] = {
                "import_id": import_id, "ordinal": one.row, "reference_hash": key,
                "reference": one.reference[:_SHOWN_REFERENCE].replace("\0", " "), "rows": 1, "state": "waiting",
                "holds": [], "faults": [],
            }  # fmt: skip
        ordinal = known[key] if key in known else fresh[key]["ordinal"]
        values = {"cells": list(one.cells), "fields": dict(one.fields), "faults": list(one.faults)}
        staged.append({"import_id": import_id, "row": one.row, "ordinal": ordinal, **values})
    tx.execute(insert(import_rows), staged)
    if fresh:
        tx.execute(insert(import_orders), list(fresh.values()))
    for ordinal, count in more.items():
        tx.execute(update(import_orders).where(_order(import_id, ordinal)).values(rows=import_orders.c.rows + count))
    return len(fresh)


def waiting_orders(tx: Tx, import_id: int, limit: int) -> list[int]:
    """Return the ordinals of the next orders that nothing became of yet."""
    return list(
        tx.execute(
            select(import_orders.c.ordinal)
            .where(import_orders.c.import_id == import_id, import_orders.c.state == "waiting")
            .order_by(import_orders.c.ordinal)
            .limit(limit)
        ).scalars()
    )


def rows_of(tx: Tx, import_id: int, ordinals: Collection[int]) -> dict[int, list[Row]]:
    """Return the rows of orders, by their ordinals."""
    found: dict[int, list[Row]] = {ordinal: [] for ordinal in ordinals}
    for row in tx.execute(
        select(import_rows)
        .where(import_rows.c.import_id == import_id, import_rows.c.ordinal.in_(list(ordinals)))
        .order_by(import_rows.c.row)
    ).mappings():
        found[row["ordinal"]].append(dict(row))
    return found


def end_order(tx: Tx, import_id: int, result: OrderResult) -> None:
    """Keep what became of an order."""
    values = result._asdict()
    for name in ("ordinal", "rows"):
        del values[name]
    tx.execute(
        update(import_orders)
        .where(_order(import_id, result.ordinal))
        .values(**values | {"holds": list(result.holds), "faults": list(result.faults)})
    )


def leave_waiting(tx: Tx, import_id: int) -> None:
    """Cancel the orders that nothing became of."""
    tx.execute(
        update(import_orders)
        .where(import_orders.c.import_id == import_id, import_orders.c.state == "waiting")
        .values(state="cancelled")
    )


def row_results(tx: Tx, import_id: int, *, state: str | None, after: int, limit: int) -> list[Row]:
    """Return at most *limit* rows behind the number *after*, each with what became of its order."""
    orders = import_orders.c
    statement = (
        select(
            import_rows, orders.reference, orders.state, orders.number, orders.order_state, orders.holds,
            orders.faults.label("order_faults"),
        )
        .join(import_orders, (orders.import_id == import_rows.c.import_id) & (orders.ordinal == import_rows.c.ordinal))
        .where(import_rows.c.import_id == import_id, import_rows.c.row > after)
        .order_by(import_rows.c.row)
        .limit(limit)
    )  # fmt: skip
    if state is not None:
        statement = statement.where(orders.state == state)
    return [dict(row) for row in tx.execute(statement).mappings()]


def order_results(tx: Tx, import_id: int) -> list[tuple[Row, list[int]]]:
    """Return every order of an import in the sequence of their first rows, with the numbers of its rows."""
    numbers: dict[int, list[int]] = {}
    for row in tx.execute(
        select(import_rows.c.ordinal, import_rows.c.row)
        .where(import_rows.c.import_id == import_id)
        .order_by(import_rows.c.row)
    ):
        numbers.setdefault(row.ordinal, []).append(row.row)
    found = tx.execute(
        select(import_orders).where(import_orders.c.import_id == import_id).order_by(import_orders.c.ordinal)
    )
    return [(dict(row), numbers[row["ordinal"]]) for row in found.mappings()]


def again(tx: Tx, import_id: int, code: str) -> list[Row]:
    """Make the orders wait again that were refused with the fault *code* alone; return them as they were."""
    refused = tx.execute(
        select(import_orders).where(import_orders.c.import_id == import_id, import_orders.c.state == "refused")
    ).mappings()
    found = [dict(row) for row in refused if {fault["code"] for fault in row["faults"]} == {code}]
    keys = [(import_id, row["ordinal"]) for row in found]
    if keys:
        tx.execute(
            update(import_orders)
            .where(tuple_(import_orders.c.import_id, import_orders.c.ordinal).in_(keys))
            .values(state="waiting", faults=[])
        )
    return found


def is_named(tx: Tx, sha256: str) -> bool:
    """Tell whether an import still names these bytes."""
    return tx.execute(select(imports.c.id).where(imports.c.sha256 == sha256).limit(1)).first() is not None


def forget(tx: Tx, before: datetime) -> int:
    """Drop imports that ended before *before*, with their rows; return how many."""
    old = list(tx.execute(select(imports.c.id).where(imports.c.ended_at < before)).scalars())
    for table, column in ((import_rows, import_rows.c.import_id), (import_orders, import_orders.c.import_id)):
        tx.execute(delete(table).where(column.in_(old)))
    tx.execute(delete(imports).where(imports.c.id.in_(old)))
    return len(old)


def count_by_state(tx: Tx) -> dict[str, int]:
    """Return how many imports there are that have not ended, by state."""
    found = tx.execute(
        select(imports.c.state, func.count().label("n"))
        .where(imports.c.state.in_((*ACTIVE, "paused")))
        .group_by(imports.c.state)
    )
    return {row.state: row.n for row in found}


def still_since(tx: Tx) -> datetime | None:
    """Return when something happened last to the import that was left alone for longest, None without any at work."""
    return tx.execute(select(func.min(imports.c.moved_at)).where(imports.c.state.in_(ACTIVE))).scalar_one()  # type: ignore[no-any-return] # the column's type


def _order(import_id: int, ordinal: int) -> Any:
    return (import_orders.c.import_id == import_id) & (import_orders.c.ordinal == ordinal)
