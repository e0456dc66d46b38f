"""Counts what became of papers, set-wise: some rows a class, whatever the number of papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, func, select, type_coerce

from core.store.engine import Tx
from core.store.reports import Bucket
from core.store.tables.entry import drafts
from core.store.tables.intake import documents
from core.store.tables.paper_samples import paper_samples
from core.store.tables.papers import paper_doubts, paper_parts, paper_sources

_MICROS: Final = 1_000_000
_MICROS_PER_MINUTE: Final = 60 * _MICROS
#: the part that was decided on: other forms of the same order bear its document, too
_DECIDED: Final = and_(paper_parts.c.document_id == documents.c.id, paper_parts.c.became != "same")
_CLASS: Final = func.coalesce(paper_parts.c["class"], "")
#: written so that the index of drafts is not taken for parts without one, which are most: 6 ms a week, not 240
_BY_PERSON: Final = func.coalesce(paper_parts.c.draft_id, 0) != 0


class Papers(NamedTuple):
    """Which papers: received from ``since`` on, before ``until``; None leaves customer and class open."""

    since: datetime
    until: datetime
    partner: str | None = None
    paper_class: str | None = None


class Outcomes(NamedTuple):
    """So many ``papers`` of a class had this outcome and became this, ``reviewed`` by a person or by themselves.

    ``accepted`` are the measured fields that were taken as they were read, ``slipped`` those of them that a person
    changed all the same.
    """

    paper_class: str
    outcome: str
    became: str
    reviewed: bool
    papers: int
    accepted: int
    slipped: int


class Samples(NamedTuple):
    """So many samples of a class that were drawn so stand so, with their fields; ``misread`` have a wrong field.

    ``share`` is the chance that each had to be drawn.
    """

    paper_class: str
    drawn: str
    share: float
    state: str
    samples: int
    compared: int
    differ: int
    wrong: int
    misread: int


class Doubts(NamedTuple):
    """So many doubts of a class for a field and reason had this outcome."""

    paper_class: str
    field: str
    reason: str
    outcome: str
    doubts: int


def outcomes(tx: Tx, wanted: Papers) -> list[Outcomes]:
    """Return what became of each document that came by mail or fax."""
    named = (_CLASS, documents.c.outcome, func.coalesce(paper_parts.c.became, ""), _BY_PERSON)
    sums = (func.count(), _sum(paper_parts.c.accepted), _sum(paper_parts.c.slipped))
    statement = _received(*named, *sums, wanted=wanted).group_by(*named)
    return [
        Outcomes(paper_class, outcome, became, bool(reviewed), papers, int(accepted), int(slipped))
        for paper_class, outcome, became, reviewed, papers, accepted, slipped in _rows(tx, statement)
    ]


def samples(tx: Tx, wanted: Papers) -> list[Samples]:
    """Return how the samples of these papers stand."""
    named = (paper_samples.c["class"], paper_samples.c.drawn, paper_samples.c.share, paper_samples.c.state)
    sums = (paper_samples.c.compared, paper_samples.c.differ, paper_samples.c.wrong)
    misread = func.count().filter(paper_samples.c.wrong > 0)
    statement = (
        select(*named, func.count(), *map(_sum, sums), misread)
        .join(paper_sources, paper_sources.c.id == paper_samples.c.source_id)
        .where(*_within(wanted), *_of(paper_samples.c.partner, paper_samples.c["class"], wanted))
        .group_by(*named)
    )
    return [Samples(*row[: len(named)], *map(int, row[len(named) :])) for row in _rows(tx, statement)]


def doubts(tx: Tx, wanted: Papers) -> list[Doubts]:
    """Return the doubts of these papers, and what a person found of them."""
    named = (paper_parts.c["class"], paper_doubts.c.field, paper_doubts.c.reason, paper_doubts.c.outcome)
    same = (paper_parts.c.source_id == paper_doubts.c.source_id) & (paper_parts.c.ordinal == paper_doubts.c.ordinal)
    statement = (
        select(*named, func.count())
        .select_from(paper_doubts)
        .join(paper_parts, same)
        .join(paper_sources, paper_sources.c.id == paper_doubts.c.source_id)
        .where(*_within(wanted), *_of(paper_parts.c.partner, paper_parts.c["class"], wanted))
        .group_by(*named)
    )
    return [Doubts(*row) for row in _rows(tx, statement)]


def seconds_to_order(tx: Tx, wanted: Papers) -> dict[str, list[Bucket]]:
    """Return, by class, how many whole seconds it was from the receipt to the order that needed nobody."""
    took = _micros(paper_sources.c.ended_at) - _micros(paper_sources.c.kept_at)
    each = _received(_CLASS.label("class"), took.label("took"), wanted=wanted)
    straight = and_(documents.c.outcome == "accepted", paper_parts.c.became == "order", ~_BY_PERSON)
    return _buckets(tx, each.where(straight), _MICROS)


def minutes_to_order(tx: Tx, wanted: Papers, *, since_draft: bool) -> dict[str, list[Bucket]]:
    """Return, by class, how many whole minutes passed from the receipt, or the draft, until a person submitted it."""
    start = drafts.c.created_at if since_draft else paper_sources.c.kept_at
    took = _micros(drafts.c.changed_at) - _micros(start)
    each = _received(_CLASS.label("class"), took.label("took"), wanted=wanted)
    ended = and_(documents.c.outcome == "accepted", drafts.c.state == "submitted")
    statement = each.join(drafts, drafts.c.id == paper_parts.c.draft_id).where(ended)
    return _buckets(tx, statement, _MICROS_PER_MINUTE)


def _received(*columns: ColumnElement[Any], wanted: Papers) -> Select[Any]:
    """Return *columns* of the documents of these papers, each with its source and its part, if it has one."""
    return (
        select(*columns)
        .select_from(paper_sources)
        .join(documents, documents.c.source_id == paper_sources.c.id)
        .outerjoin(paper_parts, _DECIDED)
        .where(*_within(wanted), *_of(paper_parts.c.partner, paper_parts.c["class"], wanted))
    )


def _within(wanted: Papers) -> list[ColumnElement[bool]]:
    # kept as it is received, in one transaction; few sources are papers, so that their own index is short
    return [paper_sources.c.kept_at >= wanted.since, paper_sources.c.kept_at < wanted.until]


def _of(partner: ColumnElement[str], paper_class: ColumnElement[str], wanted: Papers) -> list[ColumnElement[bool]]:
    asked = ((partner, wanted.partner), (paper_class, wanted.paper_class))
    return [column == value for column, value in asked if value is not None]


def _buckets(tx: Tx, statement: Select[Any], unit: int) -> dict[str, list[Bucket]]:
    """Return, by class, how many took so many whole *unit*s."""
    each = statement.subquery()
    whole = each.c.took.op("/")(unit)
    counted = select(each.c["class"], whole, func.count(), func.sum(each.c.took)).group_by(each.c["class"], whole)
    found: dict[str, list[Bucket]] = {}
    for paper_class, units, number, micros in _rows(tx, counted):
        found.setdefault(paper_class, []).append(Bucket(int(units), number, int(micros)))
    return found


def _micros(column: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column), 0)


def _rows(tx: Tx, statement: Select[Any]) -> Sequence[Any]:
    return tx.execute(statement).all()
