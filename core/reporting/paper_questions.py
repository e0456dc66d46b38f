"""What the sender of a mail was asked, when and by whom, or why nobody was, and what it answered (issue 6, part 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clock import iso
from core.provenance import ENGLISH, told_again
from core.store import paper_questions as rows
from core.store import papers
from core.store.engine import Tx
from core.store.views.orders import numbers_of

Json = dict[str, Any]


def question(tx: Tx, source_id: int, *, language: str = ENGLISH) -> Json | None:
    """Return the question about a mail with its answers, None where nothing of it was doubtful."""
    row = rows.get(tx, source_id)
    if row is None:
        return None
    return {
        "state": row["state"],
        "to": row["to"] or None,
        "reason": None if row["reason"] is None else told_again(row["reason"], language),
        "due_at": _at(row["due_at"]),
        "asked_at": _at(row["asked_at"]),
        "asked_by": row["asked_by"],
        "asked": row["asked"] or [],
        "answers": [_answer(tx, one) for one in rows.answers_to(tx, source_id)],
    }


def question_of_draft(tx: Tx, draft_id: int, *, language: str = ENGLISH) -> tuple[str | None, Json | None]:
    """Return the mail or fax that a draft was read from, and the question about it; None where it was not read."""
    part = papers.of_draft(tx, draft_id)
    if part is None:
        return None, None
    return str(part["source_id"]), question(tx, part["source_id"], language=language)


def answers(tx: Tx, source_id: int) -> str | None:
    """Return the mail whose question a mail answers, None where it answers none."""
    answered = rows.answered_by(tx, source_id)
    return None if answered is None else str(answered)


def _answer(tx: Tx, row: Mapping[str, Any]) -> Json:
    parts = papers.parts_of(tx, row["source_id"])
    numbers = numbers_of(tx, sorted({part["order_id"] for part in parts if part["order_id"] is not None}))
    return {
        "paper": str(row["source_id"]),
        "sender": row["sender"],
        "at": iso(row["at"]),
        "words": row["words"],
        "orders": sorted(set(numbers.values())),
        "drafts": [str(part["draft_id"]) for part in parts if part["became"] == "draft"],
    }


def _at(when: datetime | None) -> str | None:
    return None if when is None else iso(when)
