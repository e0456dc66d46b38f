"""Rows of subscriptions: kept, listed, changed, and how far each has heard the stream."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.ordering import events, orders
from core.store.tables.subscriptions import subscriptions
from core.subscriptions.model import Fact, Wanted

_OPEN: Final = subscriptions.c.deleted_at.is_(None)
#: whether anybody who is told has not heard the whole stream; most polls end with this one statement
_BEHIND: Final = (
    select(subscriptions.c.id)
    .where(
        _OPEN,
        subscriptions.c.state == "active",
        subscriptions.c.cursor < select(func.max(events.c.seal)).scalar_subquery(),
    )
    .order_by(subscriptions.c.id)
)


class SubscriptionRow(NamedTuple):
    """One subscription as it is kept; see the table for what each value means."""

    id: int
    name: str
    url: str
    partner_id: int | None
    events: list[str]
    channels: list[str]
    order_types: list[str]
    tests: bool
    state: str
    state_reason: str
    secret_generation: int
    previous_secret_until: datetime | None
    secret_check: bytes
    cursor: int
    made: int
    version: int
    created_by: str
    created_at: datetime
    deleted_at: datetime | None

    @property
    def wanted(self) -> Wanted:
        """Which facts it wants."""
        return Wanted(tuple(self.events), tuple(self.channels), tuple(self.order_types), self.partner_id, self.tests)


def add_subscription(tx: Tx, **values: Any) -> int:
    """Keep a new, active subscription that hears what comes after its ``cursor``; return its id.

    ``secret_check`` needs the id and is set by :func:`set_subscription`.
    """
    subscription_id = tx.ids.next()
    row = {
        "id": subscription_id,
        "state": "active",
        "state_reason": "",
        "secret_generation": 1,
        "previous_secret_until": None,
        "secret_check": b"",
        "made": 0,
        "version": 1,
        "deleted_at": None,
        **values,
    }
    tx.execute(insert(subscriptions).values(**row))
    return subscription_id


def subscription(tx: Tx, subscription_id: int, *, partner_id: int | None = None, lock: bool = False) -> SubscriptionRow:
    """Return one subscription; *partner_id* sees its own only.

    Raises:
        NotFound: there is none, or it is another partner's.
    """
    statement = select(subscriptions).where(subscriptions.c.id == subscription_id, _OPEN)
    if partner_id is not None:
        statement = statement.where(subscriptions.c.partner_id == partner_id)
    row = tx.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise NotFound(f"there is no subscription {subscription_id}")
    return _row(row)


def list_subscriptions(
    tx: Tx, *, partner_id: int | None = None, state: str | None = None, after: int = 0, limit: int
) -> list[SubscriptionRow]:
    """Return up to *limit* subscriptions behind the id *after*, the oldest first; of one partner or state if named."""
    statement = select(subscriptions).where(_OPEN, subscriptions.c.id > after).order_by(subscriptions.c.id)
    if partner_id is not None:
        statement = statement.where(subscriptions.c.partner_id == partner_id)
    if state is not None:
        statement = statement.where(subscriptions.c.state == state)
    statement = statement.limit(limit)
    return [_row(row) for row in tx.execute(statement)]


def set_subscription(tx: Tx, subscription_id: int, **values: Any) -> None:
    """Set columns of a subscription."""
    tx.execute(update(subscriptions).where(subscriptions.c.id == subscription_id).values(**values))


def behind(tx: Tx) -> list[int]:
    """Return the ids of active subscriptions that have not heard the whole stream."""
    return [int(row.id) for row in tx.execute(_BEHIND)]


def facts_after(tx: Tx, seal: int, limit: int) -> list[Fact]:
    """Return up to *limit* sealed events after position *seal*, the oldest first."""
    statement = (
        select(
            events.c.seal,
            events.c.id,
            events.c.event,
            events.c.order_id,
            orders.c.partner_id,
            orders.c.channel,
            orders.c.type,
            orders.c.test,
        )
        .join(orders, orders.c.id == events.c.order_id)
        .where(events.c.seal > seal)
        .order_by(events.c.seal)
        .limit(limit)
    )
    return [Fact._make(row) for row in tx.execute(statement)]


def last_seal_before(tx: Tx, at: datetime) -> int:
    """Return the last position of the stream before which everything happened before *at*; 0 when nothing did."""
    first = tx.execute(select(func.min(events.c.seal)).where(events.c.seal.is_not(None), events.c.at >= at)).scalar()
    if first is not None:
        return int(first) - 1
    return int(tx.execute(select(func.coalesce(func.max(events.c.seal), 0))).scalar_one())


def _row(row: Any) -> SubscriptionRow:
    return SubscriptionRow(**row._mapping)._replace(secret_check=bytes(row.secret_check))  # noqa: SLF001 - SQLAlchemy's public name for it
