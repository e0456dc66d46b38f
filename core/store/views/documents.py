"""Documents of both directions: received messages and outbox rows with the transmission that carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, select

from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.intake import documents, interchanges
from core.store.tables.messaging import outbox, transmissions
from core.store.tables.ordering import events
from core.store.views.paging import chunks

OUTCOMES: Final = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")
#: what is in the outbox and cannot go anywhere is assigned to this transmission
NOWHERE: Final = 0
#: the reason of a document whose bytes were taken before
REPEATED: Final = "source.repeated"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents; None asks for all.

    ``outcome`` is one of the six outcomes of a received document, or the state of a sent one (:func:`state_of`).
    """

    partner_id: int | None = None
    direction: str | None = None
    outcome: str | None = None
    type: str | None = None
    since: datetime | None = None


def state_of(row: Any) -> str:
    """Return how far an outbound row is.

    ``queued`` in the outbox, ``rendered`` as bytes, then as its transmission: attempting, sent, acknowledged, refused,
    expired, reissued, outcome_unknown, failed; ``undeliverable`` where the partner has no address. Where the partner
    refused other messages of the interchange, this one is acknowledged.
    """
    if row.transmission_id is None:
        return "queued"
    if row.transmission_id == NOWHERE:
        return "undeliverable"
    refused = (row.answer or {}).get("refused")
    if row.state == "refused" and refused and row.id not in refused:
        return "acknowledged"
    return "rendered" if row.state == "queued" else str(row.state)


def _outbound() -> Select[Any]:
    return select(
        outbox.c.id, outbox.c.partner_id, outbox.c.type, outbox.c.source_id, outbox.c.interchange_id,
        outbox.c.order_id, outbox.c.document_id, outbox.c.created_at, outbox.c.transmission_id,
        transmissions.c.control_reference, transmissions.c.filename, transmissions.c.state, transmissions.c.last_error,
        transmissions.c.answer,
    ).outerjoin(transmissions, transmissions.c.id == outbox.c.transmission_id)  # fmt: skip


def page_of_received(tx: Tx, wanted: DocumentFilter, before: int | None, limit: int) -> list[Any]:
    """Return at most *limit* received documents with ids below *before*, newest first."""
    if wanted.direction not in (None, "in") or wanted.outcome not in (None, *OUTCOMES):
        return []
    conditions: list[ColumnElement[bool]] = []
    if wanted.outcome is not None:
        conditions.append(documents.c.outcome == wanted.outcome)
    if wanted.partner_id is not None:
        conditions.append(documents.c.partner_id == wanted.partner_id)
    if wanted.type is not None:
        conditions.append(documents.c.type == wanted.type)
    if wanted.since is not None:
        conditions.append(documents.c.received_at >= wanted.since)
    if before is not None:
        conditions.append(documents.c.id < before)
    return list(tx.execute(select(documents).where(*conditions).order_by(documents.c.id.desc()).limit(limit)).all())


def page_of_sent(tx: Tx, wanted: DocumentFilter, before: int | None, limit: int) -> list[Any]:
    """Return at most *limit* outbound rows with ids below *before*, newest first."""
    if wanted.direction not in (None, "out") or wanted.outcome in OUTCOMES:
        return []
    conditions: list[ColumnElement[bool]] = []
    if wanted.outcome is not None:
        conditions.append(_in_state(wanted.outcome))
    if wanted.partner_id is not None:
        conditions.append(outbox.c.partner_id == wanted.partner_id)
    if wanted.type is not None:
        conditions.append(outbox.c.type == wanted.type)
    if wanted.since is not None:
        conditions.append(outbox.c.created_at >= wanted.since)
    if before is not None:
        conditions.append(outbox.c.id < before)
    return list(tx.execute(_outbound().where(*conditions).order_by(outbox.c.id.desc()).limit(limit)).all())


def _in_state(state: str) -> ColumnElement[bool]:
    """Return the condition under which :func:`state_of` gives *state*."""
    if state == "queued":
        return outbox.c.transmission_id.is_(None)
    if state == "undeliverable":
        return outbox.c.transmission_id == NOWHERE
    return transmissions.c.state == ("queued" if state == "rendered" else state)


def received(tx: Tx, document_ids: Sequence[int]) -> list[Any]:
    """Return received documents by their ids, oldest first."""
    found: list[Any] = []
    for chunk in chunks(sorted(document_ids)):
        found += tx.execute(select(documents).where(documents.c.id.in_(chunk)).order_by(documents.c.id)).all()
    return found


def received_in(tx: Tx, source_id: int) -> list[Any]:
    """Return the judged documents of a source, in file order."""
    statement = select(documents).where(documents.c.source_id == source_id).order_by(documents.c.ordinal)
    return list(tx.execute(statement).all())


def sent(tx: Tx, outbox_id: int) -> Any | None:
    """Return one outbound row, None when there is none."""
    return tx.execute(_outbound().where(outbox.c.id == outbox_id)).one_or_none()


def envelope_violations(tx: Tx, interchange_id: int | None) -> list[dict[str, Any]]:
    """Return what is wrong with the envelope that a document came in."""
    if interchange_id is None:
        return []
    statement = select(interchanges.c.violations).where(interchanges.c.id == interchange_id)
    return tx.execute(statement).scalar_one_or_none() or []


def received_for_orders(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the received documents that each order was made from, repeated by or changed by, oldest first."""
    found: dict[int, dict[int, Any]] = {order_id: {} for order_id in order_ids}
    told: dict[int, set[int]] = {}
    given = {"ids": listed(tx, order_ids)}
    for row in tx.execute(_documents_of_orders(is_sqlite=tx.is_sqlite), given):
        found[row.order_id][row.id] = row
    # An acknowledgement speaks of many orders, so that only their events say which.
    for row in tx.execute(_told_of_orders(is_sqlite=tx.is_sqlite), given):
        if row.document_id not in found[row.order_id]:
            told.setdefault(row.document_id, set()).add(row.order_id)
    for row in received(tx, list(told)):
        for order_id in told[row.id]:
            found[order_id][row.id] = row
    return {order_id: [rows[key] for key in sorted(rows)] for order_id, rows in found.items()}


def sent_for_orders(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return everything that was or will be told of each order, oldest first."""
    found: dict[int, list[Any]] = {order_id: [] for order_id in order_ids}
    for row in tx.execute(_outbound_of_orders(is_sqlite=tx.is_sqlite), {"ids": listed(tx, order_ids)}):
        found[row.order_id].append(row)
    return found


# What the answer to every order reads is built once: making a statement costs several times as much as running it.
@cache
def _documents_of_orders(*, is_sqlite: bool) -> Select[Any]:
    return select(documents).where(among(documents.c.order_id, "ids", is_sqlite=is_sqlite))


@cache
def _told_of_orders(*, is_sqlite: bool) -> Select[Any]:
    of_these = among(events.c.order_id, "ids", is_sqlite=is_sqlite)
    return select(events.c.order_id, events.c.document_id).where(of_these, events.c.document_id.is_not(None))


@cache
def _outbound_of_orders(*, is_sqlite: bool) -> Select[Any]:
    return _outbound().where(among(outbox.c.order_id, "ids", is_sqlite=is_sqlite)).order_by(outbox.c.id)


@cache
def _receipts_of_sources(*, is_sqlite: bool) -> tuple[Select[Any], Select[Any]]:
    """Return two statements for the CONTRL to given sources: those that a transmission carries, and those that wait."""
    carried = among(transmissions.c.source_id, "ids", is_sqlite=is_sqlite) & (transmissions.c.type == "CONTRL")
    of_these = among(outbox.c.source_id, "ids", is_sqlite=is_sqlite)
    waiting = outbox.c.transmission_id.is_(None) & of_these & (outbox.c.type == "CONTRL")
    return _outbound().where(carried), _outbound().where(waiting)


def replies_to(tx: Tx, rows: Sequence[Any]) -> dict[int, list[Any]]:
    """Return the outbound rows that answer each of these received documents, oldest first.

    Bytes that were taken before are answered by the replies to the first, which are sent again.
    """
    firsts = _firsts(tx, rows)
    everyone = {row.id: row for row in (*rows, *firsts.values())}
    found = _own_replies(tx, list(everyone.values()))
    for document_id, first in firsts.items():
        found[document_id] |= found[first.id]
    return {row.id: [found[row.id][key] for key in sorted(found[row.id])] for row in rows}


def _firsts(tx: Tx, rows: Sequence[Any]) -> dict[int, Any]:
    """Return the document that each repeated one was, by the id of the repeated one."""
    repeated = [row for row in rows if row.reason == REPEATED]
    if not repeated:
        return {}
    first, again = interchanges.alias("first"), interchanges.alias("again")
    same = (documents.c.source_id == first.c.source_id) & (documents.c.interchange_id == first.c.id)
    found: dict[tuple[int, str], Any] = {}
    for chunk in chunks(repeated):
        statement = (
            select(documents, again.c.id.label("again_id"))
            .join(first, same)
            .join(again, again.c.repeats_id == first.c.id)
            .where(again.c.id.in_({row.interchange_id for row in chunk}))
            .where(documents.c.reference.in_({row.reference for row in chunk}))
        )
        found.update({(row.again_id, row.reference): row for row in tx.execute(statement)})
    keys = {row.id: (row.interchange_id, row.reference) for row in repeated}
    return {document_id: found[key] for document_id, key in keys.items() if key in found}


def _own_replies(tx: Tx, rows: Sequence[Any]) -> dict[int, dict[int, Any]]:
    """Return outbound rows by document and id.

    An answer to one document names it; a CONTRL answers its whole interchange. The first are found by their order,
    the second by the transmissions of the source, or among what is not rendered yet.
    """
    found: dict[int, dict[int, Any]] = {row.id: {} for row in rows}
    ordered = sorted({row.order_id for row in rows if row.order_id is not None})
    if ordered:
        for reply in tx.execute(_outbound_of_orders(is_sqlite=tx.is_sqlite), {"ids": listed(tx, ordered)}):
            if reply.document_id in found:
                found[reply.document_id][reply.id] = reply
    of_interchange: dict[int, list[int]] = {}
    for row in rows:
        if row.interchange_id is not None:
            of_interchange.setdefault(row.interchange_id, []).append(row.id)
    sources = sorted({row.source_id for row in rows if row.interchange_id is not None})
    if sources:
        for statement in _receipts_of_sources(is_sqlite=tx.is_sqlite):
            for reply in tx.execute(statement, {"ids": listed(tx, sources)}):
                for document_id in of_interchange.get(reply.interchange_id, ()):
                    found[document_id][reply.id] = reply
    return found


def answers_to(tx: Tx, row: Any) -> list[Any]:
    """Return the partner's acknowledgements of an outbound row, as the events of its order tell them."""
    if row.order_id is None or not row.transmission_id:
        return []
    statement = select(events.c.document_id, events.c.inputs).where(
        events.c.order_id == row.order_id,
        or_(events.c.event == "message.acknowledged", events.c.event == "message.refused"),
    )
    mine = f'"transmission_id":"{row.transmission_id}"'
    return received(tx, [told.document_id for told in tx.execute(statement) if mine in told.inputs])
