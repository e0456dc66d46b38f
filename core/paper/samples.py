"""A sample's way: typed by somebody who did not see what was read, and settled by somebody else where that differs.

A wrong field of an order that is not over calls sales, who change it as any other, or see to what left already.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from core.entry.drafts import DraftChanged
from core.errors import Conflict, Forbidden, ValidationFailed
from core.ordering.states import FINAL
from core.paper.blind import Answers, Finding, Verdict, compared, faults_of
from core.paper.sampling import SAMPLE
from core.provenance import fault
from core.store import paper_samples as rows
from core.store import papers
from core.store.alerts import raise_alert
from core.store.engine import Tx
from core.store.lookup import MasterCache
from core.store.orders import by_number
from core.store.rulebooks import rules_in_force
from core.tasks.desk import TaskDraft, close_task, open_task

#: the kind of task by which somebody else decides on what differs; its subject is the sample
FINDING: Final = "paper.finding"
#: alert and task: a field of this order was read wrong; the subject is its number
MISREAD: Final = "paper.misread"
_ROLE: Final = "sales"
#: how a sample stands, in words
_STANDS: Final = {
    "open": "is not answered yet",
    "differs": "is answered and waits for the second look",
    "done": "is done",
}
#: nothing is to be done for such an order; what left is put right by return or credit note
_OVER: Final = FINAL | {"archived"}


def answer_sample(
    tx: Tx, cache: MasterCache, sample_id: int, answers: Answers, *, actor: str, at: datetime, seen: int | None = None
) -> None:
    """Take what *actor* read of the paper of a sample, and compare it with what was accepted.

    Raises:
        NotFound: there is no such sample.
        DraftChanged: it is not the version *seen* any more.
        Conflict: it was answered before.
        ValidationFailed: an answer is missing or cannot be understood; every one at once.
    """
    sample = _of(tx, sample_id, "open", seen)
    if faults := faults_of(answers):
        raise ValidationFailed(faults)
    cache.refresh(tx)
    count, found = compared(tx, cache, sample["partner"], _verdicts(tx, sample), answers)
    answered = {
        "answers": dict(answers), "answered_by": actor[:100], "answered_at": at, "compared": count,
        "differ": len(found), "findings": [one._asdict() for one in found],
        "state": "differs" if found else "done",
    }  # fmt: skip
    rows.put(tx, sample, answered)
    close_task(tx, SAMPLE, str(sample_id), at=at, actor=actor, outcome="differs" if found else "same")
    if found:
        words = f"decide who was wrong on a paper that two read otherwise: {', '.join(one.field for one in found)}"
        inputs = {"sample": str(sample_id), "fields": [one.field for one in found]}
        role = rules_in_force(tx).book.papers.finding_role
        open_task(tx, TaskDraft(FINDING, str(sample_id), role, words, inputs=inputs), at=at, actor=actor)


def settle_sample(
    tx: Tx,
    sample_id: int,
    verdicts: Mapping[str, Verdict],
    *,
    actor: str,
    reason: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Decide who was wrong in each field that differs.

    Raises:
        NotFound, DraftChanged: as :func:`answer_sample`.
        Conflict: nothing of it differs, or it is decided.
        Forbidden: *actor* typed it: nobody judges what they did.
        ValidationFailed: a field that differs is left out, or one is named that does not.
    """
    sample = _of(tx, sample_id, "differs", seen)
    if sample["answered_by"] == actor[:100]:
        raise Forbidden(
            f"{actor} typed what stands there", hint="Somebody else decides who was wrong.", inputs={"by": actor}
        )
    found = [Finding(**one) for one in sample["findings"]]
    differ = {one.field for one in found}
    faults = [(path, fault("sample.verdict_missing", {"path": path})) for path in sorted(differ - {*verdicts})]
    faults += [(path, fault("sample.verdict_unasked", {"path": path})) for path in sorted({*verdicts} - differ)]
    if faults:
        raise ValidationFailed([one._replace(tag=f"/verdicts/{path}") for path, one in faults])
    settled = [one._replace(verdict=verdicts[one.field]) for one in found]
    wrong = [one for one in settled if one.verdict == "reader"]
    rows.put(
        tx,
        sample,
        {
            "findings": [one._asdict() for one in settled], "wrong": len(wrong), "state": "done",
            "settled_by": actor[:100], "settled_at": at, "reason": reason[:500],
        },
    )  # fmt: skip
    close_task(tx, FINDING, str(sample_id), at=at, actor=actor, outcome="settled", reason=reason)
    if wrong:
        _call_sales(tx, sample, wrong, actor=actor, at=at)


def _call_sales(tx: Tx, sample: Mapping[str, Any], wrong: list[Finding], *, actor: str, at: datetime) -> None:
    """Have the order put right, unless it is over."""
    order = by_number(tx, sample["order"])
    if order["state"] in _OVER:
        return
    told = ", ".join(f"{one.field} is {_quoted(one.typed)} and not {_quoted(one.read)}" for one in wrong)
    words = f"{order['number']} was read wrong: {told}"
    raise_alert(tx, MISREAD, order["number"], words, at=at, partner=sample["partner"])
    inputs = {"sample": str(sample["id"]), "fields": [one._asdict() for one in wrong]}
    book = rules_in_force(tx).book
    minutes = book.targets.handling_minutes.get(papers.CHANNEL, book.papers.baseline_minutes)
    task = TaskDraft(
        MISREAD, order["number"], _ROLE, words, order["id"], inputs, due_at=at + timedelta(minutes=minutes)
    )
    open_task(tx, task, at=at, actor=actor)


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else repr(value)


def _of(tx: Tx, sample_id: int, state: str, seen: int | None) -> rows.Row:
    """Return the locked row of a sample in *state*."""
    sample = rows.get(tx, sample_id, lock=True)
    if seen is not None and seen != sample["version"]:
        raise DraftChanged(
            f"sample {sample_id} is at version {sample['version']}, not {seen}", hint="Read it again.",
            inputs={"version": sample["version"]},
        )  # fmt: skip
    if sample["state"] != state:
        raise Conflict(f"sample {sample_id} {_STANDS[sample['state']]}", inputs={"state": sample["state"]})
    return sample


def _verdicts(tx: Tx, sample: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    part = papers.part(tx, sample["source_id"], sample["ordinal"])
    fields: Mapping[str, Mapping[str, Any]] = (part["judgement"] or {"fields": {}})["fields"]
    return fields
