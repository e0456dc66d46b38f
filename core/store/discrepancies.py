"""Where orders and master data differ: rows until they are decided, and the one write that follows a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from core.errors import Conflict, NotFound
from core.review.discrepancies import Discrepancy
from core.store.engine import Tx
from core.store.master import next_version
from core.store.tables.discrepancies import discrepancies
from core.store.tables.master import addresses, partners
from core.store.tables.ordering import orders

#: as much of a value as a row keeps
_LONGEST: Final = 256
_WITH_ORDER = (
    select(discrepancies, orders.c.number, partners.c.code.label("partner"))
    .join(orders, orders.c.id == discrepancies.c.order_id)
    .join(partners, partners.c.id == discrepancies.c.partner_id)
)
_ONE = _WITH_ORDER.where(discrepancies.c.id == bindparam("wanted"))
_OF_ORDER: Final = (
    select(discrepancies).where(discrepancies.c.order_id == bindparam("order_id")).order_by(discrepancies.c.id)
)
_ALIKE = (
    _WITH_ORDER.where(
        discrepancies.c.partner_id == bindparam("partner_id"),
        discrepancies.c.field == bindparam("field"),
        discrepancies.c.key == bindparam("key"),
        discrepancies.c.order_value == bindparam("order_value"),
        discrepancies.c.decision.is_(None),
    )
    .order_by(discrepancies.c.id)
)  # fmt: skip


def append_discrepancies(
    tx: Tx, found: Iterable[tuple[int, Sequence[Discrepancy]]], *, partner_id: int, at: int
) -> None:
    """Append what was found of each (order id, discrepancies); *at* is in microseconds."""
    rows = [
        (
            tx.ids.next(), order_id, partner_id, one.field, one.line, one.key, as_kept(one.order),
            as_kept(one.master), at, None, None, None, None,
        )
        for order_id, several in found
        for one in several
    ]  # fmt: skip
    if rows:
        tx.append(discrepancies, rows)


def as_kept(value: str) -> str:
    """Return as much of *value* as a row keeps."""
    return value[:_LONGEST]


def of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return every row of an order, decided or not, oldest first."""
    return [dict(row) for row in tx.execute(_OF_ORDER, {"order_id": order_id}).mappings()]


def discrepancy(tx: Tx, discrepancy_id: int) -> dict[str, Any]:
    """Return one with ``number`` and ``partner`` of its order.

    Raises:
        NotFound: there is none of that id.
    """
    row = tx.execute(_ONE, {"wanted": discrepancy_id}).mappings().first()
    if row is None:
        raise NotFound(f"there is no discrepancy {discrepancy_id}")
    return dict(row)


def page_of_discrepancies(
    tx: Tx, *, partner: str | None, number: str | None, undecided: bool, after: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return those with ids above *after*, oldest first; *undecided* leaves out what was decided."""
    statement = _WITH_ORDER.order_by(discrepancies.c.id).limit(limit)
    if partner is not None:
        statement = statement.where(partners.c.code == partner)
    if number is not None:
        statement = statement.where(orders.c.number == number)
    if undecided:
        statement = statement.where(discrepancies.c.decision.is_(None))
    if after is not None:
        statement = statement.where(discrepancies.c.id > after)
    return [dict(row) for row in tx.execute(statement).mappings()]


def alike(tx: Tx, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every undecided one of the customer that says the same against the same master value, *row* included."""
    same = {name: row[name] for name in ("partner_id", "field", "key", "order_value")}
    return [dict(one) for one in tx.execute(_ALIKE, same).mappings()]


def decide(tx: Tx, discrepancy_id: int, *, decision: str, at: datetime, actor: str, reason: str) -> None:
    """Keep the decision on one.

    Raises:
        Conflict: it was decided before.
    """
    open_one = discrepancies.c.id == discrepancy_id, discrepancies.c.decision.is_(None)
    values = {"decision": decision, "decided_at": at, "decided_by": actor, "reason": reason}
    if tx.execute(update(discrepancies).where(*open_one).values(values)).rowcount != 1:
        raise Conflict(f"discrepancy {discrepancy_id} is decided already")


def open_of_order(tx: Tx, order_id: int) -> list[str]:
    """Return the fields of an order that are not decided yet."""
    statement = select(discrepancies.c.field).where(
        discrepancies.c.order_id == order_id, discrepancies.c.decision.is_(None)
    )
    return list(tx.execute(statement).scalars())


def update_master(tx: Tx, row: dict[str, Any]) -> None:
    """Put the order's value into the master data: of the customer, or of its delivery address.

    Raises:
        Conflict: the field is none of theirs, the value is longer than they keep, or the address is gone.
    """
    scope, _, name = row["field"].partition(".")
    table = {"buyer": partners, "ship_to": addresses}.get(scope)
    if table is None:
        raise Conflict(
            f"{row['field']} of an order changes no master data",
            hint="Keep the order, and load the item with the code that the customer uses.",
        )
    column = table.c[name]
    if len(row["order_value"]) > column.type.length:
        raise Conflict(f"the master data keeps {column.type.length} characters of {row['field']}")
    where = (
        [partners.c.id == row["partner_id"]]
        if table is partners
        else [addresses.c.partner_id == row["partner_id"], addresses.c.role == "DP", addresses.c.gln == row["key"]]
    )
    next_version(tx)  # first: its lock makes loading and deciding take turns
    if tx.execute(update(table).where(*where).values({name: row["order_value"]})).rowcount == 0:
        raise Conflict(f"the address {row['key']} is not in the master data any more")
