"""The end of a draft of a paper without an order of its own: it was dropped, or another paper took its place."""

from __future__ import annotations

from datetime import datetime

from core.clock import to_micros
from core.paper.questions import REVIEW
from core.paper.reviewed import keep_as_dropped
from core.store import intake, papers
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code
from core.store.papers import Row
from core.tasks.desk import close_task


def drop_paper(
    tx: Tx, draft_id: int, *, actor: str, at: datetime, code: str = "paper.discarded", reason: str = ""
) -> None:
    """Say that the draft of a paper, where it was one, is dropped: its document is refused by *code*.

    *reason* tells those who had the task what took its place.
    """
    part = papers.of_draft(tx, draft_id)
    if part is None:
        return
    papers.set_became(tx, draft_id, "discarded", reason=code)
    keep_as_dropped(tx, part)
    decide(tx, part, "rejected", code, partner=part["partner"], order_id=None)
    outcome = code.rpartition(".")[2]
    close_task(tx, REVIEW, str(draft_id), at=at, actor=actor, outcome=outcome, reason=reason)


def decide(tx: Tx, part: Row, outcome: str, reason: str | None, *, partner: str, order_id: int | None) -> None:
    """Give the document of a part its last outcome."""
    document = intake.document(tx, part["document_id"], lock=True)
    fresh = {
        **document, "outcome": outcome, "reason": reason, "order_id": order_id, "violations": None,
        "partner_id": partner_id_by_code(tx, partner) if partner else None,
        "received_at": to_micros(document["received_at"]),
    }  # fmt: skip
    intake.rejudge(tx, intake.DocumentRow(**fresh))
