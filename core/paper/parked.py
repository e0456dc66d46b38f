"""The draft of an order on paper that a person completes, with its task and what its sender is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.entry.drafts import Writer, create_draft
from core.entry.forms import Form, Origins
from core.paper.questions import REVIEW, ROLE, plan_question
from core.paper.work import MOST_VIOLATIONS, Work
from core.provenance import Violation
from core.store.papers import CHANNEL
from core.store.rulebooks import rules_in_force
from core.tasks.desk import TaskDraft, open_task


def open_draft(
    work: Work, form: Form, origins: Origins, doubts: Sequence[Violation], *, name: str, reference: str, likely: str,
    guessed: bool,
) -> int:  # fmt: skip
    """Keep a draft and open the task to complete it, due as soon as an order by hand should take (INT-05).

    *likely* is the customer that it may be of, where that is not certain.
    """
    tx, now = work.tx, work.now
    draft_id = create_draft(tx, Writer(work.row.transport, None, now), form, origins)
    book = rules_in_force(tx).book
    minutes = book.targets.handling_minutes.get(CHANNEL, book.papers.baseline_minutes)
    partner = str(form.get("partner", ""))
    who = partner or str(form.get("buyer", {}).get("name", "")) or "an unknown customer"
    answers = work.answered is not None and work.answered.question is not None
    question = plan_question(
        tx, work.row, work.read.letter, work.desk.ask, partner=partner, guessed=guessed,
        doubts={one.code for one in doubts}, answers=answers, at=now,
    )  # fmt: skip
    words = f"{name}: look at {reference or 'an order'} of {who}. {question.words} "
    words += " ".join(one.message for one in doubts)
    inputs = {
        "draft": str(draft_id), "source": str(work.row.id), "partner": partner or None,
        "likely_partner": likely or None, "reference": reference,
        "fields": [one.tag for one in doubts if one.tag], "doubts": [one.kept() for one in doubts[:MOST_VIOLATIONS]],
        "question": question.told,
    }  # fmt: skip
    task = TaskDraft(REVIEW, str(draft_id), ROLE, words, inputs=inputs, due_at=now + timedelta(minutes=minutes))
    open_task(tx, task, at=now, actor=work.row.transport)
    work.taken.drafts.append(draft_id)
    return draft_id
