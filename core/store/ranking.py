"""Open orders as the ranking walks them, and their scores in the sequence of the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.review.priority import OPEN
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import partners, sales_history
from core.store.tables.ordering import order_revisions, orders
from core.store.tables.ranking import order_priorities

#: a customer with more orders than this is no new one, so that the question costs the same whoever it is about
_MANY: Final = 100
_SORTS_LAST: Final = "9999-12-31"
_BOUGHT_NOTHING: Final = ("declined", "cancelled")


class OpenOrder(NamedTuple):
    """What the score of an order follows from, and its stored ``score``: None where it has none yet."""

    id: int
    number: str
    partner_id: int
    partner: str
    type: str
    state: str
    received_at: datetime
    promised_date: date | None
    vip: bool
    score: int | None


class Score(NamedTuple):
    """A row of ``order_priorities``; ``parts`` is JSON-ready."""

    order_id: int
    score: int
    parts: list[dict[str, Any]]
    rule_version: str
    at: datetime


class QueuePlace(NamedTuple):
    """Where an order stands in the queue: the highest score first, then the earliest promise, then the number."""

    score: int
    promised: str
    number: str

    @classmethod
    def of(cls, score: int, promised: date | None, number: str) -> QueuePlace:
        """Return the place of an order; one without a promise stands behind those that have one."""
        return cls(score, _SORTS_LAST if promised is None else promised.isoformat(), number)

    @property
    def sequence(self) -> tuple[int, str, str]:
        """What sorts places."""
        return -self.score, self.promised, self.number


class QueueRow(NamedTuple):
    """An order as the queue shows it; ``at`` is None where it was not ranked yet and is scored on reading."""

    number: str
    partner: str
    type: str
    state: str
    promised_date: date | None
    score: int
    parts: list[dict[str, Any]]
    rule_version: str
    at: datetime | None

    @property
    def place(self) -> QueuePlace:
        """Where it stands in the queue."""
        return QueuePlace.of(self.score, self.promised_date, self.number)


_RANKED = orders.outerjoin(order_priorities, order_priorities.c.order_id == orders.c.id)
_OPEN_ORDERS = (
    select(
        orders.c.id, orders.c.number, orders.c.partner_id, partners.c.code, orders.c.type, orders.c.state,
        orders.c.received_at, orders.c.promised_date, partners.c.vip, order_priorities.c.score,
    )
    .select_from(_RANKED.join(partners, partners.c.id == orders.c.partner_id))
    .where(orders.c.state == bindparam("state"), orders.c.test.is_(False))
)  # fmt: skip
_OPEN_AFTER = (
    _OPEN_ORDERS.where(
        orders.c.received_at >= bindparam("at"),
        or_(orders.c.received_at > bindparam("at"), orders.c.id > bindparam("after")),
    )
    .order_by(orders.c.received_at, orders.c.id)
    .limit(bindparam("most"))
)
_UNRANKED = _OPEN_ORDERS.where(order_priorities.c.order_id.is_(None))
_PROMISED = func.coalesce(type_coerce(orders.c.promised_date, String), literal(_SORTS_LAST))
_QUEUE = (
    select(
        orders.c.number, partners.c.code, orders.c.type, orders.c.state, orders.c.promised_date,
        order_priorities.c.score, order_priorities.c.parts, order_priorities.c.rule_version, order_priorities.c.at,
    )
    .join(orders, orders.c.id == order_priorities.c.order_id)
    .join(partners, partners.c.id == orders.c.partner_id)
    .order_by(order_priorities.c.score.desc(), _PROMISED, orders.c.number)
)  # fmt: skip
_SCORED_AFTER = (
    select(order_priorities.c.order_id, orders.c.state)
    .join(orders, orders.c.id == order_priorities.c.order_id)
    .where(order_priorities.c.order_id > bindparam("after"))
    .order_by(order_priorities.c.order_id)
    .limit(bindparam("most"))
)
_SOME_OF_PARTNER = (
    select(orders.c.id, orders.c.test, orders.c.state)
    .where(orders.c.partner_id == bindparam("partner_id"))
    .limit(_MANY + 1)
)
_BOUGHT_BEFORE = select(exists().where(sales_history.c.partner_id == bindparam("partner_id")))


def open_after(tx: Tx, state: str, at: datetime, after: int, most: int) -> list[OpenOrder]:
    """Return up to *most* open orders in *state* behind the one that was received *at* with the id *after*."""
    wanted = {"state": state, "at": at, "after": after, "most": most}
    return [OpenOrder._make(row) for row in tx.execute(_OPEN_AFTER, wanted)]


class Said(NamedTuple):
    """What an order of that number says in its present revision, as canonical JSON."""

    number: str
    type: str
    partner_id: int
    document: str


def said_by(tx: Tx, numbers: Collection[str]) -> list[Said]:
    """Return what the orders of *numbers* say."""
    rows = tx.execute(_said_by(is_sqlite=tx.is_sqlite), {"numbers": listed(tx, list(numbers))})
    return [Said._make(row) for row in rows]


@cache
def _said_by(*, is_sqlite: bool) -> Select[Any]:
    newest = (order_revisions.c.order_id == orders.c.id) & (order_revisions.c.revision == orders.c.revision)
    return (
        select(orders.c.number, orders.c.type, orders.c.partner_id, order_revisions.c.document)
        .join(order_revisions, newest)
        .where(among(orders.c.number, "numbers", is_sqlite=is_sqlite))
    )


def unranked(tx: Tx, states: Collection[str]) -> list[OpenOrder]:
    """Return every open order in *states* that was not ranked yet."""
    return [OpenOrder._make(row) for state in states for row in tx.execute(_UNRANKED, {"state": state})]


def first_order_of(tx: Tx, partner_id: int) -> int | None:
    """Return the id of a new customer's first order; None for a customer who bought before.

    Orders that were declined or cancelled, and those of tests, bought nothing.
    """
    if tx.execute(_BOUGHT_BEFORE, {"partner_id": partner_id}).scalar_one():
        return None
    rows: Sequence[Any] = tx.execute(_SOME_OF_PARTNER, {"partner_id": partner_id}).all()
    if len(rows) > _MANY:
        return None
    return min((order_id for order_id, test, state in rows if not test and state not in _BOUGHT_NOTHING), default=None)


def put(tx: Tx, scores: Sequence[Score]) -> None:
    """Keep *scores* in the place of what their orders had."""
    if scores:
        tx.execute(_put(is_sqlite=tx.is_sqlite), [one._asdict() for one in scores])


@cache
def _put(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    added = make(order_priorities)
    kept = {name: added.excluded[name] for name in Score._fields if name != "order_id"}
    return added.on_conflict_do_update(index_elements=["order_id"], set_=kept)


def forget_finished(tx: Tx, after: int, most: int) -> tuple[int, int]:
    """Look at up to *most* scores behind the order *after* and remove those of finished orders.

    Returns:
        How many were looked at, and the id of the last order among them.
    """
    rows: Sequence[Any] = tx.execute(_SCORED_AFTER, {"after": after, "most": most}).all()
    finished = [order_id for order_id, state in rows if state not in OPEN]
    if finished:
        tx.execute(_forget(is_sqlite=tx.is_sqlite), {"order_ids": listed(tx, finished)})
    return len(rows), rows[-1][0] if rows else after


@cache
def _forget(*, is_sqlite: bool) -> Any:
    return delete(order_priorities).where(among(order_priorities.c.order_id, "order_ids", is_sqlite=is_sqlite))


def queue_page(tx: Tx, states: Collection[str], behind: QueuePlace | None, limit: int) -> list[QueueRow]:
    """Return at most *limit* ranked orders in *states* that stand *behind* a place, in the sequence of the queue."""
    statement = _QUEUE.where(orders.c.state.in_(states)).limit(limit)
    if behind is not None:
        statement = statement.where(_behind(behind))
    return [QueueRow._make(row) for row in tx.execute(statement)]


def _behind(place: QueuePlace) -> ColumnElement[bool]:
    score, day = order_priorities.c.score, _PROMISED
    later = or_(day > place.promised, and_(day == place.promised, orders.c.number > place.number))
    return and_(score <= place.score, or_(score < place.score, later))  # the first part is what the index can serve
