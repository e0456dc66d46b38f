"""Rows of questions to the senders of mails, and of their answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, insert, select, update

from core.store.engine import Tx
from core.store.tables.paper_questions import paper_answers, paper_questions
from core.store.tables.papers import paper_sources

Row = dict[str, Any]

#: ``planned`` for a moment, ``asked``, ``settled`` by a person before it was asked, or ``unasked`` for a reason
State = Literal["planned", "asked", "settled", "unasked"]


def add(tx: Tx, source_id: int, values: Mapping[str, Any]) -> None:
    """Keep what is planned for a source."""
    blank = {"partner": "", "to": "", "reason": None, "due_at": None}
    tx.execute(insert(paper_questions), {**blank, **values, "source_id": source_id})


def get(tx: Tx, source_id: int, *, lock: bool = False) -> Row | None:
    """Return the question about a source, None where there is none."""
    statement = select(paper_questions).where(paper_questions.c.source_id == source_id)
    row = tx.execute(statement.with_for_update() if lock and not tx.is_sqlite else statement).mappings().first()
    return None if row is None else dict(row)


def put(tx: Tx, source_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a question."""
    tx.execute(update(paper_questions).where(paper_questions.c.source_id == source_id).values(**values))


def by_token(tx: Tx, token: str) -> Row | None:
    """Return the question that a secret names, None where it names none."""
    row = tx.execute(select(paper_questions).where(paper_questions.c.token == token)).mappings().first()
    return None if row is None else dict(row)


def asked_about_mails(tx: Tx, message_ids: Collection[str]) -> list[Row]:
    """Return the questions that were asked about mails of these Message-IDs, the newest first."""
    statement = (
        select(paper_questions)
        .join(paper_sources, paper_sources.c.id == paper_questions.c.source_id)
        .where(paper_sources.c.message_id.in_(message_ids), paper_questions.c.state == "asked")
        .order_by(paper_questions.c.source_id.desc())
    )
    return [dict(row) for row in tx.execute(statement).mappings()]


def asked_since(tx: Tx, address: str, since: datetime) -> int:
    """Return how many questions went to an address since then."""
    mine = (paper_questions.c.to == address) & (paper_questions.c.asked_at > since)
    return int(tx.execute(select(func.count()).select_from(paper_questions).where(mine)).scalar_one())


def add_answer(tx: Tx, source_id: int, question_id: int, *, sender: str, words: str, at: datetime) -> None:
    """Keep that a mail answers a question."""
    tx.execute(
        insert(paper_answers),
        {"source_id": source_id, "question_id": question_id, "sender": sender, "words": words, "at": at},
    )


def answers_to(tx: Tx, question_id: int) -> list[Row]:
    """Return the answers to the question about a source, the oldest first."""
    statement = select(paper_answers).where(paper_answers.c.question_id == question_id)
    rows = tx.execute(statement.order_by(paper_answers.c.at, paper_answers.c.source_id)).mappings()
    return [dict(row) for row in rows]


def answered_by(tx: Tx, source_id: int) -> int | None:
    """Return the source whose question a mail answers, None where it answers none."""
    statement = select(paper_answers.c.question_id).where(paper_answers.c.source_id == source_id)
    return tx.execute(statement).scalar()
