"""Rows of sources by mail and fax: the queue of what waits to be read, and what the parts of each became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import exists, func, insert, literal_column, select, update

from core.store import claims
from core.store.engine import Tx
from core.store.tables.intake import documents, sources
from core.store.tables.ordering import orders
from core.store.tables.papers import paper_doubts, paper_parts, paper_sources

Row = dict[str, Any]

#: the channel that numbers orders by mail and fax: ``2026-MF-000001``
CHANNEL: Final = "MF"
#: what became of a part: an order; a draft with a task; the same order again (``repeat``), or the same one in another
#: form of one mail (``same``); no order (``other``); a source of its own (``handed_on``); left to a person (``left``);
#: nothing, as a signature (``ignored``); a draft that was dropped (``discarded``)
Became = Literal["order", "draft", "repeat", "same", "other", "handed_on", "left", "ignored", "discarded"]
#: what a person found of a doubt: the reading stayed, was corrected, or is of no field of the order; or the draft went
Outcome = Literal["confirmed", "corrected", "seen", "dropped"]
#: what makes a later part with the same bytes a repeat
TAKEN: Final[tuple[Became, ...]] = ("order", "draft", "repeat", "same", "handed_on")
#: who reads a source: pictures take seconds, so they wait for one another and not what is read in an instant
Lane = Literal["text", "pictures"]
#: states that have not ended
OPEN: Final = ("received", "reading")

_NAME: Final = 200
#: signs of an address, or of a Message-ID, by which a mail is found
ADDRESS: Final = 250
#: written out, so that the index of those that have not ended is taken: a claim looks at no other
_IS_OPEN: Final = paper_sources.c.state.in_([literal_column(f"'{state}'") for state in OPEN])
_READ: Final = paper_sources.alias("being_read")
_BYTES: Final = sources.alias("their_bytes")


class PaperRow(NamedTuple):
    """A source that a worker has claimed to read."""

    id: int
    sha256: str
    name: str
    transport: str
    origin: str
    received_at: datetime
    attempts: int
    worker_id: int
    lane: Lane


def add(tx: Tx, source_id: int, *, name: str, at: datetime) -> None:
    """Queue a source that was kept just now."""
    tx.execute(
        insert(paper_sources),
        {
            "id": source_id, "name": name[:_NAME], "state": "received", "lane": "text", "attempts": 0, "due_at": at,
            "message_id": "", "sender": "", "forwarded_from": "", "kept_at": at,
        },
    )  # fmt: skip


def claim_due(tx: Tx, now: datetime, worker_id: int, lane: Lane = "text") -> PaperRow | None:
    """Claim the source of a lane that is due first, None where none is.

    One with the bytes of a source that is being read waits for what becomes of that, as it may be its repeat.
    """
    if not tx.is_sqlite:  # claims take turns, so that each sees those before it
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("paper_sources", 0))))
    in_hand = (
        select(_READ.c.id)
        .join(_BYTES, _BYTES.c.id == _READ.c.id)
        .where(_READ.c.state == "reading", _BYTES.c.sha256 == sources.c.sha256)
    )
    due = (
        select(paper_sources.c.id)
        .join(sources, sources.c.id == paper_sources.c.id)
        .where(_IS_OPEN, paper_sources.c.state == "received", paper_sources.c.lane == lane)
        .where(paper_sources.c.due_at <= now, ~exists(in_hand))
        .order_by(paper_sources.c.due_at, paper_sources.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=paper_sources)
    )
    source_id = tx.execute(due).scalar()
    if source_id is None:
        return None
    tx.execute(
        update(paper_sources)
        .where(paper_sources.c.id == source_id)
        .values(state="reading", worker_id=worker_id, attempts=paper_sources.c.attempts + 1)
    )
    found = tx.execute(
        select(
            paper_sources.c.id, sources.c.sha256, paper_sources.c.name, sources.c.transport, sources.c.origin,
            sources.c.received_at, paper_sources.c.attempts, paper_sources.c.worker_id, paper_sources.c.lane,
        )
        .join(sources, sources.c.id == paper_sources.c.id)
        .where(paper_sources.c.id == source_id)
    ).one()  # fmt: skip
    return PaperRow._make(found)


def under_way(tx: Tx, lane: Lane = "text") -> list[tuple[int, int]]:
    """Return (source, worker) of every one that is being read in a lane."""
    statement = select(paper_sources.c.id, paper_sources.c.worker_id)
    found = tx.execute(statement.where(_IS_OPEN, paper_sources.c.state == "reading", paper_sources.c.lane == lane))
    return [(int(row.id), int(row.worker_id)) for row in found]


def free(tx: Tx, source_id: int, worker_id: int) -> bool:
    """Take a claim from a worker that is gone, so that the source is read again; False when it had ended."""
    held = (paper_sources.c.id == source_id) & (paper_sources.c.worker_id == worker_id)
    statement = update(paper_sources).where(held, paper_sources.c.state == "reading")
    return tx.execute(statement.values(state="received", worker_id=None)).rowcount == 1


def put_off(tx: Tx, row: PaperRow, due_at: datetime, problem: Mapping[str, Any]) -> bool:
    """Let a source be read again at *due_at*; False when the claim was lost."""
    return _end(tx, row, state="received", due_at=due_at, problem=problem)


def give_back(tx: Tx, row: PaperRow) -> bool:
    """Let a source be read as if it had not been claimed; False when the claim was lost."""
    return _end(tx, row, state="received", attempts=row.attempts - 1)


def hand_to_pictures(tx: Tx, row: PaperRow) -> bool:
    """Let a source be read by who reads pictures, with tries of its own; False when the claim was lost."""
    return _end(tx, row, state="received", lane="pictures", attempts=0)


def keep_letter(tx: Tx, source_id: int, letter: Mapping[str, Any] | None) -> None:
    """Keep what the head of a mail claims, None where it is no mail."""
    values = {
        "letter": letter, "message_id": letter["message_id"][:ADDRESS] if letter else "",
        **{name: letter[name].lower()[:ADDRESS] if letter else "" for name in ("sender", "forwarded_from")},
    }  # fmt: skip
    tx.execute(update(paper_sources).where(paper_sources.c.id == source_id).values(**values))


def finish(
    tx: Tx,
    row: PaperRow,
    *,
    state: Literal["read", "failed"],
    at: datetime,
    documents: int,
    problem: Mapping[str, Any] | None = None,
) -> bool:
    """Settle a source with so many documents; False when the claim was lost, and its end is another's."""
    values = {"problem": problem, "ended_at": at}
    if not _end(tx, row, state=state, **values):
        return False
    tx.execute(update(sources).where(sources.c.id == row.id).values(settled=True, documents=documents))
    return True


def add_part(tx: Tx, values: Mapping[str, Any]) -> None:
    """Keep a part; what is left out is unknown."""
    blank = {
        "reason": None, "partner": "", "reference": "", "kind": "", "language": "", "class": "", "layout": "",
        "guessed": False, "quality": 1.0, "accepted": 0, "doubtful": 0, "slipped": None, "judgement": None,
        "violation": None, "document_id": None, "order_id": None, "draft_id": None, "handed_source_id": None,
    }  # fmt: skip
    tx.execute(insert(paper_parts), {**blank, **values, "name": values["name"][:_NAME]})


def add_doubts(tx: Tx, source_id: int, ordinal: int, doubts: Sequence[tuple[str, str, str]]) -> None:
    """Keep the fields of a draft that were left to a person: path, path without the line, reason."""
    rows = [
        {
            "source_id": source_id, "ordinal": ordinal, "path": path, "field": field, "reason": reason,
            "outcome": "open",
        }
        for path, field, reason in doubts
    ]  # fmt: skip
    if rows:
        tx.execute(insert(paper_doubts), rows)


def settle_doubts(tx: Tx, part: Mapping[str, Any], outcomes: Mapping[str, Outcome], *, slipped: int) -> None:
    """Say what a person found of each doubt of a part, and of how many fields that nobody had doubted."""
    mine = (paper_doubts.c.source_id == part["source_id"]) & (paper_doubts.c.ordinal == part["ordinal"])
    for outcome in sorted({*outcomes.values()}):
        paths = [path for path, found in outcomes.items() if found == outcome]
        tx.execute(update(paper_doubts).where(mine, paper_doubts.c.path.in_(paths)).values(outcome=outcome))
    same = (paper_parts.c.source_id == part["source_id"]) & (paper_parts.c.ordinal == part["ordinal"])
    tx.execute(update(paper_parts).where(same).values(slipped=slipped))


def source(tx: Tx, source_id: int) -> Row | None:
    """Return the row of a source, None where it came another way."""
    row = tx.execute(select(paper_sources).where(paper_sources.c.id == source_id)).mappings().first()
    return None if row is None else dict(row)


def parts_of(tx: Tx, source_id: int) -> list[Row]:
    """Return the parts of a source in the order of the tree."""
    statement = select(paper_parts).where(paper_parts.c.source_id == source_id).order_by(paper_parts.c.ordinal)
    return [dict(row) for row in tx.execute(statement).mappings()]


def part(tx: Tx, source_id: int, ordinal: int) -> Row:
    """Return a part that is there."""
    mine = (paper_parts.c.source_id == source_id) & (paper_parts.c.ordinal == ordinal)
    return dict(tx.execute(select(paper_parts).where(mine)).mappings().one())


def letter_of_order(tx: Tx, order_id: int) -> tuple[int, Row | None] | None:
    """Return the source by mail or fax of an order and the head of its mail; None where it came otherwise."""
    statement = (
        select(paper_sources.c.id, paper_sources.c.letter)
        .join(documents, documents.c.source_id == paper_sources.c.id)
        .join(orders, orders.c.document_id == documents.c.id)
        .where(orders.c.id == order_id)
    )
    row = tx.execute(statement).first()
    return None if row is None else (row.id, row.letter)


def of_draft(tx: Tx, draft_id: int) -> Row | None:
    """Return the part that a draft was made of, None where it was none; the best of several forms of one order."""
    statement = select(paper_parts).where(paper_parts.c.draft_id == draft_id).order_by(paper_parts.c.became)
    row = tx.execute(statement).mappings().first()
    return None if row is None else dict(row)


def of_document(tx: Tx, document_id: int) -> Row | None:
    """Return the part that a document stands for, None where it is no paper."""
    statement = select(paper_parts).where(paper_parts.c.document_id == document_id).order_by(paper_parts.c.ordinal)
    row = tx.execute(statement).mappings().first()
    return None if row is None else dict(row)


def set_became(
    tx: Tx, draft_id: int, became: Became, *, partner: str = "", order_id: int | None = None, reason: str = ""
) -> None:
    """Say what the draft of a part became in the end, and with it the other forms of the same order.

    Those of a draft that was dropped are dropped with it: sent again, each may be the order.
    """
    known = {name: value for name, value in (("partner", partner), ("reason", reason)) if value}
    values: dict[str, Any] = {"order_id": order_id} | known
    for before, now in (("draft", became), ("same", "discarded" if became == "discarded" else "same")):
        mine = (paper_parts.c.draft_id == draft_id) & (paper_parts.c.became == before)
        tx.execute(update(paper_parts).where(mine).values(**values, became=now))


def taken_before(tx: Tx, sha256: str, source_id: int) -> Row | None:
    """Return the oldest part of another source with these bytes that was taken, None where none was.

    Until this transaction ends, no other one that asks for the same bytes is answered.
    """
    if not tx.is_sqlite:  # a writer is alone there
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(sha256, 0))))
    statement = select(paper_parts).where(
        paper_parts.c.sha256 == sha256, paper_parts.c.source_id != source_id, paper_parts.c.became.in_(TAKEN)
    )
    row = tx.execute(statement.order_by(paper_parts.c.source_id, paper_parts.c.ordinal)).mappings().first()
    return None if row is None else dict(row)


def read_before(tx: Tx, sha256: str, source_id: int) -> int | None:
    """Return the oldest other source with these bytes of which something was taken, None where there is none."""
    statement = (
        select(sources.c.id)
        .join(paper_sources, paper_sources.c.id == sources.c.id)
        .join(paper_parts, paper_parts.c.source_id == sources.c.id)
        .where(sources.c.sha256 == sha256, sources.c.id < source_id, paper_sources.c.state == "read")
        .where(paper_parts.c.became.in_(TAKEN))
        .order_by(sources.c.id)
        .limit(1)
    )
    return tx.execute(statement).scalar()


def is_named(tx: Tx, sha256: str) -> bool:
    """Tell whether a part has these bytes."""
    statement = select(paper_parts.c.source_id).where(paper_parts.c.sha256 == sha256).limit(1)
    return tx.execute(statement).first() is not None


def _end(tx: Tx, row: PaperRow, **values: Any) -> bool:
    """Set *values* and end the claim; False when it was lost."""
    # In another lane the tries are counted anew, so that the same claim could stand there.
    held = claims.held(paper_sources, row, "reading") & (paper_sources.c.lane == row.lane)
    return tx.execute(update(paper_sources).where(held).values(worker_id=None, **values)).rowcount == 1
