"""Rows of sources, interchanges and documents; moving them on is compare-and-set, so that nothing is judged twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, func, insert, or_, select, type_coerce, union_all, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.intake import documents, interchanges, sources

#: reasons of duplicates that the sender is told, because a reference that must be new was used again
REPEATED_REFERENCES = ("group.reference_reused", "message.reference_reused", "message.repeated")
#: outcomes that make a later document a duplicate; a rejected one may come again
TAKEN = ("accepted", "changed", "parked", "waiting")

# What every order needs is built once: making a statement costs several times as much as running it.
_ADD_SOURCE = insert(sources)
_SOURCE = select(sources).where(sources.c.id == bindparam("source_id"))
_BY_CLAIM = select(sources.c.id).where(sources.c.claim_id == bindparam("claim_id"))
# What came by mail or fax has a queue of its own (``core.store.papers``).
_UNSETTLED = (
    select(sources.c.id, sources.c.worker_id)
    .where(~sources.c.settled, sources.c.channel != "MF")
    .order_by(sources.c.id)
)
_UNSETTLED_OF = _UNSETTLED.where(
    sources.c.sha256 == bindparam("sha256"),
    sources.c.transport == bindparam("transport"),
    sources.c.partner_id.is_not_distinct_from(bindparam("partner_id")),
)
_ADD_INTERCHANGE = insert(interchanges)
_INTERCHANGE = select(interchanges).where(interchanges.c.id == bindparam("interchange_id"))
_CASE = (
    select(interchanges, sources.c.channel, sources.c.received_at)
    .join(sources, sources.c.id == interchanges.c.source_id)
    .where(interchanges.c.id == bindparam("interchange_id"))
)
_INTERCHANGES_OF = (
    select(interchanges).where(interchanges.c.source_id == bindparam("source_id")).order_by(interchanges.c.ordinal)
)
_ADVANCE = (
    update(interchanges)
    .where(interchanges.c.id == bindparam("interchange"), interchanges.c.judged == bindparam("before"))
    .values(judged=bindparam("after"))
)
_OPEN_INTERCHANGE = select(interchanges.c.id).where(
    interchanges.c.source_id == sources.c.id, interchanges.c.judged < interchanges.c.documents
)
_SETTLE = update(sources).where(sources.c.id == bindparam("source"), ~_OPEN_INTERCHANGE.exists()).values(settled=True)
# Documents are found by the index of their source.
_DOCUMENTS_OF_INTERCHANGE = (
    select(documents)
    .join(interchanges, interchanges.c.source_id == documents.c.source_id)
    .where(interchanges.c.id == bindparam("interchange_id"), documents.c.interchange_id == interchanges.c.id)
    .order_by(documents.c.ordinal)
)
_REFUSED_OF_INTERCHANGE = _DOCUMENTS_OF_INTERCHANGE.where(
    or_(documents.c.outcome == "rejected", documents.c.reason.in_(REPEATED_REFERENCES))
)
_OUTCOMES = (
    select(documents.c.outcome, documents.c.order_id)
    .where(documents.c.source_id == bindparam("source_id"))
    .order_by(documents.c.ordinal)
)
_TAKEN_DOCUMENT = select(documents.c.id).where(
    documents.c.source_id == interchanges.c.source_id,
    documents.c.interchange_id == interchanges.c.id,
    documents.c.outcome.in_(TAKEN),
)
_TAKEN = (
    select(interchanges)
    .where(interchanges.c.verdict.in_(("", "parked")))
    .where(_TAKEN_DOCUMENT.exists() | (interchanges.c.judged < interchanges.c.documents))
    .order_by(interchanges.c.id)
    .limit(1)
)
_TAKEN_BYTES = _TAKEN.where(interchanges.c.sha256 == bindparam("sha256")).subquery()
_TAKEN_KEY = _TAKEN.where(
    interchanges.c.sender == bindparam("sender"),
    interchanges.c.control_reference == bindparam("control_reference"),
    interchanges.c.recipient == bindparam("recipient"),
    interchanges.c.test == bindparam("test"),
    select(sources.c.id)
    .where(sources.c.id == interchanges.c.source_id, sources.c.received_at >= bindparam("since"))
    .exists(),
).subquery()
_EARLIER = union_all(select(_TAKEN_BYTES), select(_TAKEN_KEY))


class DocumentRow(NamedTuple):
    """A row of ``documents`` in driver values (``received_at`` microseconds, ``violations`` JSON text).

    ``guide`` is the fingerprint of the guide that judged it.
    """

    id: int
    source_id: int
    interchange_id: int | None
    ordinal: int
    type: str
    version: str
    association: str
    reference: str
    control_reference: str
    partner_id: int | None
    outcome: str
    reason: str | None
    order_id: int | None
    received_at: int
    violations: str | None
    guide: str | None = None


def add_source(tx: Tx, **values: Any) -> int:
    """Enter one source and return its id."""
    source_id = tx.ids.next()
    tx.execute(_ADD_SOURCE, {"id": source_id, **values})
    return source_id


def source(tx: Tx, source_id: int) -> dict[str, Any]:
    """Return a source row.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_SOURCE, {"source_id": source_id}).mappings().first()
    if row is None:
        raise NotFound(f"there is no source {source_id}")
    return dict(row)


def source_by_claim(tx: Tx, claim_id: str) -> int | None:
    """Return the source that was taken under *claim_id*, if it was."""
    return tx.execute(_BY_CLAIM, {"claim_id": claim_id}).scalar()


def is_named(tx: Tx, sha256: str) -> bool:
    """Tell whether some source has these bytes."""
    return tx.execute(select(sources.c.id).where(sources.c.sha256 == sha256).limit(1)).first() is not None


def unsettled_sources(tx: Tx) -> list[Any]:
    """Return (id, worker_id) of the sources of messages that are not all judged yet, oldest first."""
    return list(tx.execute(_UNSETTLED).all())


def unsettled_of(tx: Tx, sha256: str, transport: str, partner_id: int | None) -> list[Any]:
    """Return (id, worker_id) of unsettled sources with these bytes that came through the same door."""
    door = {"sha256": sha256, "transport": transport, "partner_id": partner_id}
    return list(tx.execute(_UNSETTLED_OF, door).all())


def adopt_source(tx: Tx, source_id: int, from_worker: int | None, to_worker: int) -> bool:
    """Take over the work of a dead worker; False when somebody else did."""
    statement = update(sources).where(sources.c.id == source_id, ~sources.c.settled)
    held = sources.c.worker_id.is_(None) if from_worker is None else sources.c.worker_id == from_worker
    return tx.execute(statement.where(held).values(worker_id=to_worker)).rowcount == 1


def add_interchange(tx: Tx, **values: Any) -> int:
    """Enter one interchange and return its id."""
    interchange_id = tx.ids.next()
    tx.execute(_ADD_INTERCHANGE, {"id": interchange_id, **values})
    return interchange_id


def interchanges_of(tx: Tx, source_id: int) -> list[dict[str, Any]]:
    """Return the interchanges of a source in file order."""
    return [dict(row) for row in tx.execute(_INTERCHANGES_OF, {"source_id": source_id}).mappings()]


def interchange(tx: Tx, interchange_id: int) -> dict[str, Any]:
    """Return an interchange row.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_INTERCHANGE, {"interchange_id": interchange_id}).mappings().first()
    if row is None:
        raise NotFound(f"there is no interchange {interchange_id}")
    return dict(row)


def case(tx: Tx, interchange_id: int) -> dict[str, Any]:
    """Return an interchange row with ``channel`` and ``received_at`` of its source.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_CASE, {"interchange_id": interchange_id}).mappings().first()
    if row is None:
        raise NotFound(f"there is no interchange {interchange_id}")
    return dict(row)


def lock_arrivals(tx: Tx, arrivals: Collection[tuple[str, str]]) -> None:
    """Let no other transaction enter an interchange of these (sender, control reference) until this one ends.

    Otherwise two processes that take the same bytes at once would both find that nobody took them before. SQLite has
    one writer anyway.
    """
    if tx.is_sqlite:
        return
    for sender, reference in sorted(arrivals):
        key = func.hashtextextended(f"{sender}/{reference}", 0)
        tx.execute(select(func.pg_advisory_xact_lock(key)))


def earlier_interchanges(
    tx: Tx, *, sha256: str, sender: str, recipient: str, control_reference: str, test: bool, since: datetime
) -> list[dict[str, Any]]:
    """Return interchanges that *were taken* with these bytes, or under this key since *since*, oldest first.

    Taken = some document of it is accepted, changed, parked or waiting, or is not judged yet.
    """
    key = {
        "sender": sender, "recipient": recipient, "control_reference": control_reference, "test": test, "since": since,
    }  # fmt: skip
    found = {row["id"]: dict(row) for row in tx.execute(_EARLIER, {"sha256": sha256, **key}).mappings()}
    return [found[key] for key in sorted(found)]


def append_documents(tx: Tx, rows: Sequence[DocumentRow]) -> None:
    """Append document rows."""
    tx.append(documents, rows)


def advance_interchange(tx: Tx, interchange_id: int, judged: int, count: int) -> bool:
    """Move an interchange on from *judged* by *count* documents; False when another process did so first."""
    step = {"interchange": interchange_id, "before": judged, "after": judged + count}
    return tx.execute(_ADVANCE, step).rowcount == 1


def settle_if_done(tx: Tx, source_id: int) -> bool:
    """Mark the source settled when every document of every interchange is judged; tell whether it is."""
    return tx.execute(_SETTLE, {"source": source_id}).rowcount == 1


def document(tx: Tx, document_id: int, *, lock: bool = False) -> dict[str, Any]:
    """Return a document row, on PostgreSQL locked against other writers when *lock* is set.

    Raises:
        NotFound: there is none.
    """
    statement = select(documents).where(documents.c.id == document_id)
    if lock and not tx.is_sqlite:
        statement = statement.with_for_update()
    row = tx.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"there is no document {document_id}", hint="`ordergate documents` lists them.")
    return dict(row)


def documents_of_interchange(tx: Tx, interchange_id: int) -> list[dict[str, Any]]:
    """Return the documents of an interchange in order."""
    return [dict(row) for row in tx.execute(_DOCUMENTS_OF_INTERCHANGE, {"interchange_id": interchange_id}).mappings()]


def documents_of_source(tx: Tx, source_id: int) -> list[dict[str, Any]]:
    """Return the documents of a source in order."""
    statement = select(documents).where(documents.c.source_id == source_id).order_by(documents.c.ordinal)
    return [dict(row) for row in tx.execute(statement).mappings()]


def outcomes_of_source(tx: Tx, source_id: int) -> list[tuple[str, int | None]]:
    """Return outcome and order id of each document of a source, in order."""
    return [(row.outcome, row.order_id) for row in tx.execute(_OUTCOMES, {"source_id": source_id})]


def refused_of_interchange(tx: Tx, interchange_id: int) -> list[dict[str, Any]]:
    """Return only those documents of an interchange that its CONTRL has to name: rejected, or a reference again."""
    return [dict(row) for row in tx.execute(_REFUSED_OF_INTERCHANGE, {"interchange_id": interchange_id}).mappings()]


def reopen(tx: Tx, *, interchange_id: int, partner_id: int) -> None:
    """Let an envelope that was parked as a whole be judged message by message, for *partner_id*."""
    tx.execute(
        update(interchanges)
        .where(interchanges.c.id == interchange_id)
        .values(partner_id=partner_id, verdict="", reason=None)
    )


def rejudge(tx: Tx, row: DocumentRow) -> None:
    """Replace the outcome of a document that is replayed."""
    tx.execute(
        update(documents)
        .where(documents.c.id == row.id)
        .values(
            partner_id=row.partner_id,
            outcome=row.outcome,
            reason=row.reason,
            order_id=row.order_id,
            violations=type_coerce(row.violations, Text),
            guide=row.guide,
        )
    )


def outcome_counts(tx: Tx) -> dict[str, int]:
    """Return how many documents have each outcome."""
    statement = select(documents.c.outcome, func.count().label("n")).group_by(documents.c.outcome)
    return {row.outcome: row.n for row in tx.execute(statement)}


def oldest_unsettled(tx: Tx) -> datetime | None:
    """Return when the oldest source with work left came in, None when none has."""
    statement = select(sources.c.received_at).where(~sources.c.settled).order_by(sources.c.id).limit(1)
    return tx.execute(statement).scalar()
