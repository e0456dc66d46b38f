"""Transmissions: rendered bytes on their way out, one at a time per partner and endpoint, oldest first.

An attempt is committed before the outside is touched and closed by its receipt; the bytes never change between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, text, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.intake import documents
from core.store.tables.messaging import attempts, outbox, transmission_bytes, transmissions

#: written out and not as parameters: only so does SQLite use the partial index of open transmissions
IS_OPEN = text("transmissions.state IN ('queued', 'attempting')")
#: states in which a transmission has not left yet
OPEN = ("queued", "attempting")
_ARRIVED = ("sent", "acknowledged", "expired")

# What every order needs is built once: making a statement costs several times as much as running it.
_OPEN_IN_LANE = (
    (transmissions.c.partner_id == bindparam("partner_id"))
    & (transmissions.c.endpoint == bindparam("endpoint"))
    & IS_OPEN
)
_ANY_OPEN = select(transmissions.c.id).where(_OPEN_IN_LANE).limit(1)
_OLDEST_OPEN = (
    select(transmissions.c.state, transmissions.c.due_at).where(_OPEN_IN_LANE).order_by(transmissions.c.id).limit(1)
)
_ADD = insert(transmissions)
_ADD_BYTES = insert(transmission_bytes)
_BEGIN = insert(attempts)
_SENT = (
    update(transmissions)
    .where(transmissions.c.id == bindparam("transmission"), transmissions.c.state == "attempting")
    .values(state="sent", sent_at=bindparam("at"), worker_id=None, last_error=None)
)
_END = (
    update(attempts)
    .where(attempts.c.transmission_id == bindparam("transmission"), attempts.c.number == bindparam("attempt"))
    .values(ended_at=bindparam("at"), outcome=bindparam("outcome_"), detail=bindparam("detail_"))
)
_UNDER_WAY = select(transmissions.c.id, transmissions.c.attempts, transmissions.c.worker_id).where(
    IS_OPEN, transmissions.c.state == "attempting"
)
_OPEN_LANES = (
    select(transmissions.c.partner_id, transmissions.c.endpoint)
    .where(IS_OPEN, transmissions.c.state == "queued", transmissions.c.due_at <= bindparam("now"))
    .distinct()
)


def is_free(tx: Tx, partner_id: int, endpoint: str) -> bool:
    """Tell whether nothing is under way or queued to (partner, endpoint)."""
    return tx.execute(_ANY_OPEN, {"partner_id": partner_id, "endpoint": endpoint}).first() is None


def add(tx: Tx, *, content: bytes, held_by: int | None, at: datetime, **values: Any) -> int:
    """Store one rendered interchange and return its id.

    With *held_by* its first attempt is entered at once for that worker, which saves a commit: it may send without
    asking, because nothing else was open for that partner and endpoint (:func:`is_free`).
    """
    transmission_id = tx.ids.next()
    held = held_by is not None
    row = {
        "id": transmission_id,
        "state": "attempting" if held else "queued",
        "attempts": int(held),
        "worker_id": held_by,
        "created_at": at,
        "due_at": at,
        **values,
    }
    tx.execute(_ADD, row)
    tx.execute(_ADD_BYTES, {"transmission_id": transmission_id, "content": content})
    if held_by is not None:
        _begin(tx, transmission_id, 1, held_by, at)
    return transmission_id


def put_back(tx: Tx, transmission_ids: Sequence[int], at: datetime) -> None:
    """Queue attempts again that were entered and not made, because the one before them failed."""
    for transmission_id in transmission_ids:
        fail(tx, transmission_id, 1, at, error="waits for the one before it", retry_at=at)


def is_due(tx: Tx, partner_id: int, endpoint: str, now: datetime) -> bool:
    """Tell whether :func:`claim_next` may find something; costs no write."""
    row = tx.execute(_OLDEST_OPEN, {"partner_id": partner_id, "endpoint": endpoint}).first()
    return row is not None and row.state == "queued" and row.due_at <= now


def claim_next(tx: Tx, partner_id: int, endpoint: str, worker_id: int, now: datetime) -> dict[str, Any] | None:
    """Begin an attempt on the oldest queued transmission of (partner, endpoint) that is due.

    None when nothing is, or while another attempt there is under way. The oldest open one
    decides: a later one never overtakes it, even while it waits for its next try.
    """
    statement = (
        select(transmissions)
        .where(
            transmissions.c.partner_id == partner_id,
            transmissions.c.endpoint == endpoint,
            IS_OPEN,
        )
        .order_by(transmissions.c.id)
        .limit(1)
    )
    if not tx.is_sqlite:
        statement = statement.with_for_update()
    row = tx.execute(statement).mappings().first()
    if row is None or row["state"] != "queued" or row["due_at"] > now:
        return None
    number = row["attempts"] + 1
    changed = tx.execute(
        update(transmissions)
        .where(transmissions.c.id == row["id"], transmissions.c.state == "queued")
        .values(state="attempting", attempts=number, worker_id=worker_id)
    ).rowcount
    if not changed:
        return None
    _begin(tx, row["id"], number, worker_id, now)
    return {**row, "attempts": number, "content": content_of(tx, row["id"])}


def content_of(tx: Tx, transmission_id: int) -> bytes:
    """Return the bytes of a transmission."""
    statement = select(transmission_bytes.c.content).where(transmission_bytes.c.transmission_id == transmission_id)
    return bytes(tx.execute(statement).scalar_one())


def finish(tx: Tx, sent: Sequence[tuple[int, int]], at: datetime) -> None:
    """Commit the receipts of attempts (transmission id, attempt number) that arrived."""
    if not sent:
        return
    tx.execute(_SENT, [{"transmission": transmission_id, "at": at} for transmission_id, _ in sent])
    tx.execute(_END, [_ended(transmission_id, number, at, outcome="sent") for transmission_id, number in sent])


def fail(tx: Tx, transmission_id: int, number: int, at: datetime, *, error: str, retry_at: datetime | None) -> bool:
    """Close an attempt that failed: queued again for *retry_at*, or refused for good when that is None.

    Returns:
        False when this attempt was not under way any more: another process freed it and goes on with the bytes.
    """
    changed = tx.execute(
        update(transmissions)
        .where(
            transmissions.c.id == transmission_id,
            transmissions.c.state == "attempting",
            transmissions.c.attempts == number,
        )
        .values(
            state="queued" if retry_at else "refused",
            due_at=retry_at or at,
            worker_id=None,
            last_error=error[:500],
        )
    ).rowcount
    if changed:
        outcome = "failed" if retry_at else "refused"
        tx.execute(_END, _ended(transmission_id, number, at, outcome=outcome, detail=error))
    return changed == 1


def under_way(tx: Tx) -> list[Any]:
    """Return (id, attempts, worker_id) of every transmission with an attempt under way."""
    return list(tx.execute(_UNDER_WAY).all())


def open_lanes(tx: Tx, now: datetime) -> list[tuple[int, str]]:
    """Return each (partner, endpoint) that has something queued and due."""
    return [(row.partner_id, row.endpoint) for row in tx.execute(_OPEN_LANES, {"now": now})]


def send_again(tx: Tx, source_id: int, now: datetime) -> list[tuple[int, str]]:
    """Queue the stored replies of a source once more, the same bytes under the same references.

    Returns:
        The (partner, endpoint) pairs that they go to.
    """
    again = _stored_replies(source_id)
    lanes = tx.execute(select(transmissions.c.partner_id, transmissions.c.endpoint).where(again).distinct()).all()
    tx.execute(update(transmissions).where(again).values(state="queued", due_at=now))
    return [(row.partner_id, row.endpoint) for row in lanes]


def to_send_again(tx: Tx, source_id: int) -> list[dict[str, Any]]:
    """Return what :func:`send_again` would queue, oldest first: type, filename and content."""
    statement = (
        select(transmissions.c.type, transmissions.c.filename, transmission_bytes.c.content)
        .join(transmission_bytes, transmission_bytes.c.transmission_id == transmissions.c.id)
        .where(_stored_replies(source_id))
        .order_by(transmissions.c.id)
    )
    return [{**row, "content": bytes(row["content"])} for row in tx.execute(statement).mappings()]


def _stored_replies(source_id: int) -> ColumnElement[bool]:
    """Return the condition of what answered a source and arrived: also what was decided later on its orders."""
    made = select(documents.c.order_id).where(documents.c.source_id == source_id, documents.c.outcome == "accepted")
    decided = select(outbox.c.transmission_id).where(outbox.c.order_id.in_(made), outbox.c.type == "ORDRSP")
    own = transmissions.c.source_id == source_id
    return or_(own, transmissions.c.id.in_(decided)) & transmissions.c.state.in_(_ARRIVED)


def open_of_sources(tx: Tx, source_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return each (partner, endpoint) to which something that answers these sources has not left yet."""
    statement = (
        select(transmissions.c.partner_id, transmissions.c.endpoint)
        .where(transmissions.c.source_id.in_(list(source_ids)), IS_OPEN)
        .distinct()
    )
    return [(row.partner_id, row.endpoint) for row in tx.execute(statement)]


def waits_for_retry(tx: Tx, partner_id: int, endpoint: str, now: datetime) -> bool:
    """Tell whether the oldest open transmission of (partner, endpoint) failed and waits for its next try."""
    oldest = tx.execute(_OLDEST_OPEN, {"partner_id": partner_id, "endpoint": endpoint}).first()
    return oldest is not None and oldest.state == "queued" and oldest.due_at > now


def by_reference(tx: Tx, partner_id: int, control_reference: str) -> dict[str, Any] | None:
    """Return the transmission that went to a partner under a control reference."""
    statement = (
        select(transmissions)
        .where(transmissions.c.partner_id == partner_id, transmissions.c.control_reference == control_reference)
        .order_by(transmissions.c.id.desc())
        .limit(1)
    )
    row = tx.execute(statement).mappings().first()
    return dict(row) if row else None


def by_id(tx: Tx, transmission_id: int) -> dict[str, Any]:
    """Return a transmission.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(transmissions).where(transmissions.c.id == transmission_id)).mappings().first()
    if row is None:
        raise NotFound(f"there is no transmission {transmission_id}")
    return dict(row)


def acknowledge(tx: Tx, transmission_id: int, state: str, detail: str, answer: Mapping[str, Any]) -> None:
    """Note what the partner answered: ``acknowledged`` or ``refused``, and what it said."""
    tx.execute(
        update(transmissions)
        .where(transmissions.c.id == transmission_id)
        .values(state=state, last_error=detail[:500] or None, answer=dict(answer))
    )


def expire(tx: Tx, transmission_id: int) -> None:
    """Note that no acknowledgement came in time."""
    tx.execute(
        update(transmissions)
        .where(transmissions.c.id == transmission_id, transmissions.c.state == "sent")
        .values(state="expired")
    )


def resend(tx: Tx, transmission_id: int, now: datetime) -> bool:
    """Queue a transmission that has left once more, the same bytes; False while it has not left yet."""
    statement = update(transmissions).where(transmissions.c.id == transmission_id, transmissions.c.state.not_in(OPEN))
    return tx.execute(statement.values(state="queued", due_at=now, last_error=None)).rowcount == 1


def supersede(tx: Tx, transmission_id: int) -> bool:
    """Note that what a transmission carried is said anew by another; False while it has not left yet."""
    statement = update(transmissions).where(transmissions.c.id == transmission_id, transmissions.c.state.not_in(OPEN))
    return tx.execute(statement.values(state="reissued")).rowcount == 1


def _begin(tx: Tx, transmission_id: int, number: int, worker_id: int, at: datetime) -> None:
    attempt = {"transmission_id": transmission_id, "number": number, "worker_id": worker_id, "started_at": at}
    tx.execute(_BEGIN, attempt)


def _ended(transmission_id: int, number: int, at: datetime, *, outcome: str, detail: str = "") -> dict[str, Any]:
    return {
        "transmission": transmission_id,
        "attempt": number,
        "at": at,
        "outcome_": outcome,
        "detail_": detail[:500] or None,
    }


def carrying(tx: Tx, outbox_id: int) -> dict[str, Any] | None:
    """Return the transmission that carries an outbound document (an outbox row), None when there is none."""
    statement = (
        select(transmissions)
        .join(outbox, outbox.c.transmission_id == transmissions.c.id)
        .where(outbox.c.id == outbox_id)
    )
    row = tx.execute(statement).mappings().first()
    return dict(row) if row else None
