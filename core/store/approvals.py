"""Rows of approvals and delegations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, bindparam, insert, or_, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.named import named_row
from core.store.tables.approvals import approvals, delegations
from core.store.tables.master import partners, users
from core.store.tables.ordering import events, holds, orders

#: whoever did one of these asked for the order as it is
_REQUESTED: Final = ("order.received", "order.changed", "price.agreed")
_ALL: Final = (
    select(
        approvals, orders.c.number.label("order"), orders.c.type, partners.c.code.label("partner"), holds.c.code,
        holds.c.line, holds.c.inputs, holds.c.rule, holds.c.release_role, holds.c.released_at,
        holds.c.reason.label("hold_reason"), holds.c.rule_version.label("hold_rule_version"),
    )
    .join(holds, holds.c.id == approvals.c.hold_id)
    .join(orders, orders.c.id == approvals.c.order_id)
    .join(partners, partners.c.id == orders.c.partner_id)
)  # fmt: skip

# What every lifted hold asks is built once: making a statement costs several times as much as running it.
_OF_HOLD: Final = select(approvals).where(approvals.c.hold_id == bindparam("hold_id")).order_by(approvals.c.id)


class Delegation(NamedTuple):
    """Who decides in place of whom, on which days."""

    id: int
    from_user: str
    to_user: str
    valid_from: date
    valid_to: date
    reason: str
    created_by: str
    created_at: datetime
    ended: bool


def add(tx: Tx, **values: Any) -> int:
    """Add a pending approval and return its id."""
    approval_id = tx.ids.next()
    tx.execute(insert(approvals).values(id=approval_id, state="pending", **values))
    return approval_id


def get(tx: Tx, approval_id: int) -> dict[str, Any]:
    """Return an approval with its order and hold. Whoever changes it locks the order first.

    Raises:
        NotFound: there is none.
    """
    return named_row(tx, _ALL.where(approvals.c.id == approval_id), f"approval {approval_id}")


def of_hold(tx: Tx, hold_id: int) -> list[dict[str, Any]]:
    """Return the approvals of a hold in the sequence in which they were asked for."""
    return [dict(row) for row in tx.execute(_OF_HOLD, {"hold_id": hold_id}).mappings()]


def asked_for(tx: Tx, order_id: int) -> set[int]:
    """Return the holds of an order that several people approve."""
    return set(tx.execute(select(approvals.c.hold_id).where(approvals.c.order_id == order_id).distinct()).scalars())


def end(
    tx: Tx, approval_id: int, state: str, *, at: datetime, actor: str, reason: str, on_behalf_of: str | None = None
) -> None:
    """Set what became of a pending approval."""
    values = {
        "state": state, "decided_at": at, "decided_by": actor, "reason": reason[:500], "on_behalf_of": on_behalf_of,
    }  # fmt: skip
    tx.execute(update(approvals).where(approvals.c.id == approval_id).values(**values))


def requesters(tx: Tx, order_id: int) -> frozenset[str]:
    """Return who entered or changed an order."""
    statement = select(events.c.actor).where(events.c.order_id == order_id, events.c.event.in_(_REQUESTED)).distinct()
    return frozenset(tx.execute(statement).scalars())


def found(
    tx: Tx,
    *,
    state: str | None,
    order: str | None,
    roles: Collection[str] | None,
    assignee: str | None,
    after: int | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return up to *limit* approvals behind the id *after*, the earliest asked first.

    *roles* keeps those that wait for one of them, or for *assignee* by name.
    """
    statement = _ALL.order_by(approvals.c.id).limit(limit)
    if state is not None:
        statement = statement.where(approvals.c.state == state)
    if order is not None:
        statement = statement.where(orders.c.number == order)
    if roles is not None:
        statement = _waiting_for(statement, roles, assignee)
    if after is not None:
        statement = statement.where(approvals.c.id > after)
    return [dict(row) for row in tx.execute(statement).mappings()]


def _waiting_for(statement: Select[Any], roles: Collection[str], assignee: str | None) -> Select[Any]:
    of_role = and_(approvals.c.assignee.is_(None), approvals.c.role.in_(roles))
    return statement.where(or_(of_role, approvals.c.assignee == assignee))


def add_delegation(tx: Tx, **values: Any) -> int:
    """Keep a delegation and return its id."""
    delegation_id = tx.ids.next()
    tx.execute(insert(delegations).values(id=delegation_id, ended=False, **values))
    return delegation_id


def delegation(tx: Tx, delegation_id: int) -> Delegation:
    """Return a delegation.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(delegations).where(delegations.c.id == delegation_id)).first()
    if row is None:
        raise NotFound(f"there is no delegation {delegation_id}")
    return Delegation._make(row)


def page_of_delegations(tx: Tx, *, before: int | None = None, limit: int) -> list[Delegation]:
    """Return up to *limit* delegations that were not ended by hand, the latest first, older than the id *before*."""
    statement = select(delegations).where(delegations.c.ended.is_(False)).order_by(delegations.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(delegations.c.id < before)
    return [Delegation._make(row) for row in tx.execute(statement)]


def end_delegation(tx: Tx, delegation_id: int) -> None:
    """Let a delegation count no more."""
    tx.execute(update(delegations).where(delegations.c.id == delegation_id).values(ended=True))


def stands_in_for(tx: Tx, name: str, day: date) -> Mapping[str, tuple[str, ...]]:
    """Return for whom the user *name* decides on *day*, with the roles of each, by name."""
    statement = (
        select(users.c.name, users.c.roles)
        .join(delegations, delegations.c.from_user == users.c.name)
        .where(
            delegations.c.to_user == name, delegations.c.ended.is_(False), delegations.c.valid_from <= day,
            delegations.c.valid_to >= day,
        )
        .order_by(users.c.name)
    )  # fmt: skip
    return {row.name: tuple(row.roles) for row in tx.execute(statement)}
