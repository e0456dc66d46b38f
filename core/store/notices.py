"""Rows of notices: what partners and our people were told, of which fact, by which channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Select, bindparam, func, insert, select, update

from core.clock import to_micros
from core.errors import NotFound
from core.store import outbox
from core.store.engine import Tx
from core.store.named import named_row
from core.store.outbox import OutboxRow
from core.store.tables import messaging
from core.store.tables.notices import notices
from core.store.transmissions import IS_OPEN

#: the type of the outbox row and transmission of a notice
NOTICE: Final = "NOTICE"

_ADD = insert(notices)
_BY_ID = select(notices).where(notices.c.id == bindparam("notice_id"))
_WRITTEN = update(notices).where(notices.c.id == bindparam("notice_id"))
#: a message that has somewhere to go, or nobody has looked yet; 0 is nowhere
_GOES_OUT = messaging.outbox.c.transmission_id.is_(None) | (messaging.outbox.c.transmission_id > 0)
_SEEN = (
    update(notices)
    .where(notices.c.id == bindparam("notice_id"), notices.c.seen_at.is_(None))
    .values(seen_at=bindparam("at"), seen_by=bindparam("by"))
)


class NoticeRow(NamedTuple):
    """One notice to write; ``partner_id`` 0 and no order where our own people are told."""

    id: int
    partner_id: int
    order_id: int | None
    notice: str
    channel: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    language: str
    template: str
    resends: int | None = None


def add(tx: Tx, rows: Sequence[tuple[NoticeRow, Mapping[str, Any]]], at: datetime) -> None:
    """Add notices, each with what it is to say, and queue them to be written and sent."""
    if not rows:
        return
    tx.execute(_ADD, [{**row._asdict(), "created_at": at} for row, _ in rows])
    micros = to_micros(at)
    outbox.append(
        tx,
        [
            OutboxRow(
                row.id, row.partner_id, NOTICE, None, None, row.order_id, None,
                orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode(), False, micros,
            )
            for row, said in rows
        ],
    )  # fmt: skip


def notice_row(tx: Tx, notice_id: int) -> dict[str, Any]:
    """Return a notice.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_BY_ID, {"notice_id": notice_id}).mappings().first()
    if row is None:
        raise NotFound(f"there is no notice {notice_id}")
    return dict(row)


def written(tx: Tx, notice_id: int, *, template: str, version: str, language: str, subject: str) -> None:
    """Keep by which version of which template a notice was written."""
    values = {"template": template[:100], "version": version, "language": language[:5], "subject": subject[:300]}
    tx.execute(_WRITTEN.values(**values), {"notice_id": notice_id})


def seen(tx: Tx, notice_id: int, by: str, at: datetime) -> bool:
    """Note that the recipient has a notice; False when that is known already."""
    return tx.execute(_SEEN, {"notice_id": notice_id, "at": at, "by": by}).rowcount == 1


def said_by(tx: Tx, notice_id: int) -> dict[str, Any]:
    """Return what a notice says, as it was queued."""
    statement = select(messaging.outbox.c.payload).where(messaging.outbox.c.id == notice_id)
    found: dict[str, Any] | None = tx.execute(statement).scalar()
    return found or {}


def _told() -> Select[Any]:
    sent = messaging.transmissions
    return (
        select(
            notices, sent.c.state, sent.c.sent_at, sent.c.attempts, sent.c.last_error,
            messaging.outbox.c.transmission_id,
        )
        .outerjoin(messaging.outbox, messaging.outbox.c.id == notices.c.id)
        .outerjoin(sent, sent.c.id == messaging.outbox.c.transmission_id)
    )  # fmt: skip


def of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return an order's notices, oldest first, each with ``state``, ``sent_at``, ``attempts`` and ``last_error``."""
    statement = _told().where(notices.c.order_id == order_id).order_by(notices.c.id)
    return [dict(row) for row in tx.execute(statement).mappings()]


def messages_of_order(tx: Tx, order_id: int, types: Sequence[str]) -> list[dict[str, Any]]:
    """Return the EDI messages of *types* on an order, oldest first, each with the state of its transmission."""
    box, sent = messaging.outbox, messaging.transmissions
    statement = (
        select(
            box.c.id, box.c.type, box.c.payload, box.c.created_at, sent.c.state, sent.c.sent_at, sent.c.attempts,
            sent.c.last_error, sent.c.answer, sent.c.control_reference,
        )
        .outerjoin(sent, sent.c.id == box.c.transmission_id)
        .where(box.c.order_id == order_id, box.c.type.in_(types), _GOES_OUT)
        .order_by(box.c.id)
    )  # fmt: skip
    return [dict(row) for row in tx.execute(statement).mappings()]


def told(tx: Tx, notice_id: int) -> dict[str, Any]:
    """Return one notice as :func:`of_order` does.

    Raises:
        NotFound: there is none.
    """
    return named_row(tx, _told().where(notices.c.id == notice_id), f"notice {notice_id}")


def is_seen(tx: Tx, order_id: int, told_at: datetime) -> bool:
    """Tell whether any of the notices on an order that went out together, at *told_at*, was seen."""
    statement = select(notices.c.id).where(
        notices.c.order_id == order_id, notices.c.created_at == told_at, notices.c.seen_at.is_not(None)
    )
    return tx.execute(statement.limit(1)).first() is not None


def unseen_of_order(tx: Tx, order_id: int, kinds: Sequence[str]) -> list[int]:
    """Return the notices of *kinds* on an order that nobody was seen to have."""
    statement = select(notices.c.id).where(
        notices.c.order_id == order_id, notices.c.notice.in_(kinds), notices.c.seen_at.is_(None)
    )
    return list(tx.execute(statement).scalars())


def late(tx: Tx, before: datetime) -> dict[str, tuple[int, datetime]]:
    """Return how many answers and notices from *before* have not left, and the oldest, by lane ("outbox": none)."""
    box, sent = messaging.outbox, messaging.transmissions
    counted = (func.count().label("count"), func.min(box.c.created_at).label("oldest"))
    due = (box.c.type.in_((NOTICE, "ORDRSP")), box.c.created_at <= before)
    # Two statements, so that each walks the partial index of what is open and not all that was ever told.
    waiting = select(*counted).where(box.c.transmission_id.is_(None), *due)
    leaving = (
        select(sent.c.endpoint, *counted)
        .join(box, box.c.transmission_id == sent.c.id)
        .where(IS_OPEN, *due)
        .group_by(sent.c.endpoint)
    )
    found = {row["endpoint"]: (row["count"], row["oldest"]) for row in tx.execute(leaving).mappings()}
    none_yet = tx.execute(waiting).mappings().one()
    return found | ({"outbox": (none_yet["count"], none_yet["oldest"])} if none_yet["count"] else {})


def mix(tx: Tx, since: datetime, until: datetime) -> list[tuple[str, str, str, int]]:
    """Return how many notices of the time there are: (notice, channel, state of its transmission or "", count)."""
    state = func.coalesce(messaging.transmissions.c.state, "")
    statement = (
        select(notices.c.notice, notices.c.channel, state.label("left"), func.count().label("count"))
        .outerjoin(messaging.outbox, messaging.outbox.c.id == notices.c.id)
        .outerjoin(messaging.transmissions, messaging.transmissions.c.id == messaging.outbox.c.transmission_id)
        .where(notices.c.created_at >= since, notices.c.created_at < until)
        .group_by(notices.c.notice, notices.c.channel, state)
    )
    rows = tx.execute(statement).mappings()
    return [(row["notice"], row["channel"], row["left"], row["count"]) for row in rows]


def by_edi(tx: Tx, since: datetime, until: datetime, types: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return how many EDI messages of *types* were queued in the time: (type, state or "", count)."""
    box, sent = messaging.outbox, messaging.transmissions
    state = func.coalesce(sent.c.state, "")
    statement = (
        select(box.c.type, state.label("left"), func.count().label("count"))
        .outerjoin(sent, sent.c.id == box.c.transmission_id)
        .where(box.c.type.in_(types), box.c.created_at >= since, box.c.created_at < until, ~box.c.test, _GOES_OUT)
        .group_by(box.c.type, state)
    )
    return [(row["type"], row["left"], row["count"]) for row in tx.execute(statement).mappings()]
