"""What becomes of each kind of document: one table, from the document's type to who judges it and follows it up.

A kind that is not in the table is read, kept and parked; an alert calls a person once per partner and message type,
and a replay takes the document up again when a handler is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from core.documents import Acknowledgement, ApplicationReport, Order
from core.errors import ValueOutOfRange
from core.intake.plausibility import beyond_what_is_kept
from core.messaging import answers
from core.ordering.plan import Plan, Snapshot, plan_order
from core.partners.model import Partner
from core.ports import Decoded
from core.provenance import Severity, Violation, fault
from core.review.holds import HoldDraft
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx


@dataclass(slots=True)
class Judged:
    """One document with its outcome; ``plan`` where it is an order."""

    decoded: Decoded
    outcome: str
    reason: str | None = None
    plan: Plan | None = None
    order_id: int | None = None
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a batch is judged by; ``snapshot`` where there is an order in it, ``holds`` are those of its envelope."""

    tx: Tx
    partner: Partner
    snapshot: Snapshot | None
    holds: tuple[HoldDraft, ...]
    test: bool


class Handler(NamedTuple):
    """How one kind of document is handled.

    ``judge`` gives the outcome of a document that was decoded without errors and writes nothing: it is the dry run,
    too. ``follow_up`` writes what follows, in the transaction that writes the outcome; orders stand by then.
    """

    judge: Callable[[Sitting, Decoded, Any], Judged]
    follow_up: Callable[[Tx, Partner, Judged, int, datetime], None]


def handler_of(document: object) -> Handler:
    """Return who handles *document*."""
    return HANDLERS.get(type(document), _PARKING)


def count_holds(violations: Sequence[Violation]) -> tuple[HoldDraft, ...]:
    """Return the hold of documents whose counts or references differ."""
    found = [violation for violation in violations if violation.hold]
    if not found:
        return ()
    inputs: dict[str, Any] = {"violations": [violation.as_json() for violation in found]}
    reason = "; ".join(violation.message for violation in found)
    return (HoldDraft("document.count_mismatch", reason, inputs, "intake.counts"),)


def _judge_order(sitting: Sitting, decoded: Decoded, order: Order) -> Judged:
    assert sitting.snapshot is not None
    holds = (*sitting.holds, *count_holds(decoded.violations))
    try:
        plan = plan_order(sitting.snapshot, order, test=sitting.test, holds=holds[:1])
    except ValueOutOfRange as error:
        refused = beyond_what_is_kept(error)
        return Judged(decoded, "rejected", error.code, violations=(*decoded.violations, refused))
    return Judged(decoded, plan.verdict, plan.reason or None, plan, violations=decoded.violations)


def _tell_reuse(tx: Tx, partner: Partner, judged: Judged, document_id: int, at: datetime) -> None:
    plan = judged.plan
    if judged.outcome != "parked" or plan is None or plan.repeats is None:
        return
    reference = plan.order.buyer_reference
    number = plan.repeats.number or "an order of the same file"
    words = f"{partner.code} used {reference} for {number} and again with other content"
    raise_alert(
        tx, "order.number_reused", f"{partner.code}/{reference}", words, at=at, partner=partner.code,
        document_id=document_id,
    )  # fmt: skip


def _judge_acknowledgement(sitting: Sitting, decoded: Decoded, answer: Acknowledgement) -> Judged:
    if answers.matches(sitting.tx, sitting.partner.id, answer):
        return Judged(decoded, "changed", violations=decoded.violations)
    return Judged(decoded, "parked", "acknowledgement.unmatched", violations=decoded.violations)


def _note_acknowledgement(tx: Tx, partner: Partner, judged: Judged, document_id: int, at: datetime) -> None:
    answer = judged.decoded.document
    assert isinstance(answer, Acknowledgement)
    if judged.outcome == "changed":
        answers.receive(tx, partner, answer, document_id=document_id, at=at)
        return
    _tell_unmatched(tx, partner, answer.control_reference, document_id, at)


def _judge_report(sitting: Sitting, decoded: Decoded, report: ApplicationReport) -> Judged:
    if answers.matches_report(sitting.tx, sitting.partner.id, report):
        return Judged(decoded, "changed", violations=decoded.violations)
    return Judged(decoded, "parked", "acknowledgement.unmatched", violations=decoded.violations)


def _note_report(tx: Tx, partner: Partner, judged: Judged, document_id: int, at: datetime) -> None:
    report = judged.decoded.document
    assert isinstance(report, ApplicationReport)
    if judged.outcome == "changed":
        answers.receive_report(tx, partner, report, document_id=document_id, at=at)
        return
    named = ", ".join(f"{one.qualifier} {one.number}" for one in report.references) or report.number
    _tell_unmatched(tx, partner, named, document_id, at)


def _tell_unmatched(tx: Tx, partner: Partner, subject: str, document_id: int, at: datetime) -> None:
    words = f"{partner.code} acknowledges {subject}, which was never sent"
    raise_alert(
        tx, "acknowledgement.unmatched", f"{partner.code}/{subject}", words, at=at, partner=partner.code,
        document_id=document_id,
    )  # fmt: skip


def parked_unhandled(decoded: Decoded) -> Judged | None:
    """Return how a document that nobody handles is parked, None where somebody does or where there is none."""
    if decoded.failed or type(decoded.document) in HANDLERS:
        return None
    return _park(None, decoded, decoded.document)


def _park(_sitting: Sitting | None, decoded: Decoded, _document: object) -> Judged:
    span = decoded.span
    kept = fault(
        "document.unhandled",
        {"type": span.type},
        severity=Severity.WARNING,
        segment=1,
        tag="UNH",
        element=2,
        offset=span.offset,
        value=span.type,
    )
    return Judged(decoded, "parked", "document.unhandled", violations=(*decoded.violations, kept))


def _tell_parked(tx: Tx, partner: Partner, judged: Judged, document_id: int, at: datetime) -> None:
    kind = judged.decoded.span.type
    words = f"{kind} of {partner.code} is read and not acted on yet; it is kept and can be replayed"
    raise_alert(
        tx, "document.unhandled", f"{partner.code}/{kind}", words, at=at, partner=partner.code,
        document_id=document_id,
    )  # fmt: skip


def close_alert_of_unhandled(tx: Tx, partner: Partner, judged: Judged, at: datetime) -> None:
    """Close the alert that nobody handles this kind of document, now that somebody does."""
    if type(judged.decoded.document) in HANDLERS:
        close_alert(tx, "document.unhandled", f"{partner.code}/{judged.decoded.span.type}", at=at)


HANDLERS: Final[Mapping[type, Handler]] = {
    Order: Handler(_judge_order, _tell_reuse),
    Acknowledgement: Handler(_judge_acknowledgement, _note_acknowledgement),
    ApplicationReport: Handler(_judge_report, _note_report),
}
_PARKING: Final = Handler(_park, _tell_parked)
