"""What becomes of each kind of document: one table, from the document's type to who judges it and follows it up.

A kind that is not in the table is read, kept and parked; an alert calls a person once per partner and message type,
and a replay takes the document up again when a handler is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from core.documents import Acknowledgement, ApplicationReport, Order, OrderChange
from core.errors import ValueOutOfRange
from core.intake.plausibility import beyond_what_is_kept
from core.messaging import answers
from core.ordering.amend import Request, amend, decide, standing_of
from core.ordering.change import Decision, standing_after
from core.ordering.confirm import Desk
from core.ordering.plan import Plan, Snapshot, plan_order
from core.ordering.planned_standing import PlannedKey, planned_standing
from core.ordering.standing import Standing
from core.partners.model import Partner
from core.ports import Decoded
from core.provenance import Severity, Violation, fault
from core.review.holds import HoldDraft
from core.store import changes as change_rows
from core.store import orders as order_rows
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from core.store.lookup import MasterCache


@dataclass(slots=True)
class Judged:
    """One document with its outcome; ``plan`` where it is an order, ``change`` where it is a change of one."""

    decoded: Decoded
    outcome: str
    reason: str | None = None
    plan: Plan | None = None
    order_id: int | None = None
    violations: tuple[Violation, ...] = ()
    change: ForeseenChange | None = None


class ForeseenChange(NamedTuple):
    """A change as it was judged: what would become of it now, and the snapshot that it was reviewed by."""

    decision: Decision
    snapshot: Snapshot | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a batch is judged by; ``snapshot`` where there is an order in it, ``holds`` are those of its envelope.

    ``foreseen`` is how orders stand after what a dry run judged before: changes, by the id of their order, and orders
    of the same file; None where what is judged is written, too.
    """

    tx: Tx
    cache: MasterCache
    now: datetime
    partner: Partner
    snapshot: Snapshot | None
    holds: tuple[HoldDraft, ...]
    test: bool
    foreseen: dict[int | PlannedKey, Standing] | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the documents of a batch are followed up with: when, of which source, in whose name.

    ``respond`` tells whether its sender wants an ORDRSP, ``holds`` are those of its envelope.
    """

    cache: MasterCache
    partner: Partner
    at: datetime
    actor: str
    source_id: int
    interchange_id: int
    respond: bool
    test: bool
    holds: tuple[HoldDraft, ...]


class Handler(NamedTuple):
    """How one kind of document is handled.

    ``judge`` gives the outcome of a document that was decoded without errors and writes nothing: it is the dry run,
    too. ``follow_up`` writes what follows, in the transaction that writes the outcome; orders stand by then, so that
    it may settle the outcome anew.
    """

    judge: Callable[[Sitting, Decoded, Any], Judged]
    follow_up: Callable[[Tx, Occasion, Judged, int], None]


def handler_of(document: object) -> Handler:
    """Return who handles *document*."""
    return HANDLERS.get(type(document), _PARKING)


#: the holds that a violation may set, and the rule that does
_RULES: Final = {"document.count_mismatch": "intake.counts", "charges.claimed": "intake.claims"}


def told_holds(violations: Sequence[Violation]) -> tuple[HoldDraft, ...]:
    """Return the holds that *violations* set, one a code: of counts that differ, and of claims."""
    holds = []
    for code in sorted({violation.hold for violation in violations if violation.hold}):
        found = [violation for violation in violations if violation.hold == code]
        inputs: dict[str, Any] = {"violations": [violation.kept() for violation in found]}
        holds.append(HoldDraft(code, "; ".join(violation.message for violation in found), inputs, _RULES[code]))
    return tuple(holds)


def _first_of_each(*holds: HoldDraft) -> tuple[HoldDraft, ...]:
    """Return *holds* without what the envelope and the message in it say of the same code: the envelope's stays."""
    return tuple({hold.code: hold for hold in reversed(holds)}.values())[::-1]


def _judge_order(sitting: Sitting, decoded: Decoded, order: Order) -> Judged:
    assert sitting.snapshot is not None
    holds = _first_of_each(*sitting.holds, *told_holds(decoded.violations))
    try:
        plan = plan_order(sitting.snapshot, order, test=sitting.test, holds=holds)
    except ValueOutOfRange as error:
        return _beyond(decoded, error)
    if sitting.foreseen is not None and plan.verdict == "accepted":
        key = PlannedKey(sitting.partner.id, order.buyer_reference, sitting.test)
        sitting.foreseen[key] = planned_standing(sitting.snapshot, plan)
    return Judged(decoded, plan.verdict, plan.reason or None, plan, violations=decoded.violations)


def _beyond(decoded: Decoded, error: ValueOutOfRange) -> Judged:
    return Judged(decoded, "rejected", error.code, violations=(*decoded.violations, beyond_what_is_kept(error)))


def _tell_reuse(tx: Tx, occasion: Occasion, judged: Judged, document_id: int) -> None:
    plan = judged.plan
    if judged.outcome != "parked" or plan is None or plan.repeats is None:
        return
    reference = plan.order.buyer_reference
    number = plan.repeats.number or "an order of the same file"
    words = f"{occasion.partner.code} used {reference} for {number} and again with other content"
    _call(tx, occasion, document_id, ("order.number_reused", reference, words))


def _call(tx: Tx, occasion: Occasion, document_id: int, alert: tuple[str, str, str]) -> None:
    """Raise an alert (kind, subject, words) about a document of the partner."""
    (kind, subject, words), code = alert, occasion.partner.code
    raise_alert(tx, kind, f"{code}/{subject}", words, at=occasion.at, partner=code, document_id=document_id)


def _judge_change(sitting: Sitting, decoded: Decoded, change: OrderChange) -> Judged:
    """Say what would become of a change as its order stands now; one of the same batch is seen by its follow-up."""
    order_id = change_rows.order_referred(
        sitting.tx, sitting.partner.id, change.buyer_reference, change.order_number, test=sitting.test
    )
    key = PlannedKey(sitting.partner.id, change.buyer_reference, sitting.test) if order_id is None else order_id
    standing = sitting.foreseen.get(key) if sitting.foreseen else None
    if standing is None and order_id is not None:
        standing = standing_of(sitting.tx, order_rows.by_id(sitting.tx, order_id))
    if standing is None:
        planned = sitting.snapshot is not None and change.buyer_reference in sitting.snapshot.known
        if planned:
            return Judged(decoded, "changed", violations=decoded.violations)
        return Judged(decoded, "parked", "order.unknown", violations=decoded.violations)
    desk = Desk(sitting.cache, f"partner:{sitting.partner.code}", sitting.now)
    holds = _first_of_each(*sitting.holds, *told_holds(decoded.violations))
    carry = sitting.snapshot if sitting.foreseen is not None else None
    try:
        snapshot, decision = decide(sitting.tx, desk, standing, change, holds=holds, carry=carry)
    except ValueOutOfRange as error:
        return _beyond(decoded, error)
    if sitting.foreseen is not None:
        sitting.foreseen[key] = standing_after(decision)
    foreseen = ForeseenChange(decision, snapshot)
    return Judged(decoded, *_OUTCOMES[decision.verdict], violations=decoded.violations, change=foreseen)


def _take_change(tx: Tx, occasion: Occasion, judged: Judged, document_id: int) -> None:
    """Take a change to its order as it stands by now, and settle the outcome by what came of it."""
    change = judged.decoded.document
    assert isinstance(change, OrderChange)
    code, reference = occasion.partner.code, change.buyer_reference
    order_id = change_rows.order_referred(tx, occasion.partner.id, reference, change.order_number, test=occasion.test)
    if order_id is None:
        judged.outcome, judged.reason = "parked", "order.unknown"
        words = f"{code} changes {reference}, which was never ordered"
        _call(tx, occasion, document_id, ("order.unknown", reference, words))
        return
    order = order_rows.by_id(tx, order_id, lock=True)
    holds = _first_of_each(*occasion.holds, *told_holds(judged.decoded.violations))
    request = Request(
        change,
        document_id,
        source_id=occasion.source_id,
        interchange_id=occasion.interchange_id,
        respond=occasion.respond,
        holds=holds,
    )
    decision = amend(tx, Desk(occasion.cache, occasion.actor, occasion.at), order, request)
    judged.order_id = order_id
    judged.outcome, judged.reason = _OUTCOMES[decision.verdict]
    if decision.verdict == "reused":
        words = f"{code} used the number {change.number} for a change of {order['number']} and again with other content"
        _call(tx, occasion, document_id, ("order.number_reused", change.number, words))


def _judge_acknowledgement(sitting: Sitting, decoded: Decoded, answer: Acknowledgement) -> Judged:
    if answers.matches(sitting.tx, sitting.partner.id, answer):
        return Judged(decoded, "changed", violations=decoded.violations)
    return Judged(decoded, "parked", "acknowledgement.unmatched", violations=decoded.violations)


def _note_acknowledgement(tx: Tx, occasion: Occasion, judged: Judged, document_id: int) -> None:
    answer = judged.decoded.document
    assert isinstance(answer, Acknowledgement)
    if judged.outcome == "changed":
        answers.receive(tx, occasion.partner, answer, document_id=document_id, at=occasion.at)
        return
    _tell_unmatched(tx, occasion, document_id, answer.control_reference)


def _judge_report(sitting: Sitting, decoded: Decoded, report: ApplicationReport) -> Judged:
    if answers.matches_report(sitting.tx, sitting.partner.id, report):
        return Judged(decoded, "changed", violations=decoded.violations)
    return Judged(decoded, "parked", "acknowledgement.unmatched", violations=decoded.violations)


def _note_report(tx: Tx, occasion: Occasion, judged: Judged, document_id: int) -> None:
    report = judged.decoded.document
    assert isinstance(report, ApplicationReport)
    if judged.outcome == "changed":
        answers.receive_report(tx, occasion.partner, report, document_id=document_id, at=occasion.at)
        return
    named = ", ".join(f"{one.qualifier} {one.number}" for one in report.references) or report.number
    _tell_unmatched(tx, occasion, document_id, named)


def _tell_unmatched(tx: Tx, occasion: Occasion, document_id: int, subject: str) -> None:
    words = f"{occasion.partner.code} acknowledges {subject}, which was never sent"
    _call(tx, occasion, document_id, ("acknowledgement.unmatched", subject, words))


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


def _tell_parked(tx: Tx, occasion: Occasion, judged: Judged, document_id: int) -> None:
    kind = judged.decoded.span.type
    words = f"{kind} of {occasion.partner.code} is read and not acted on yet; it is kept and can be replayed"
    _call(tx, occasion, document_id, ("document.unhandled", kind, words))


def close_alert_of_unhandled(tx: Tx, partner: Partner, judged: Judged, at: datetime) -> None:
    """Close the alert that nobody handles this kind of document, now that somebody does."""
    if type(judged.decoded.document) in HANDLERS:
        close_alert(tx, "document.unhandled", f"{partner.code}/{judged.decoded.span.type}", at=at)


HANDLERS: Final[Mapping[type, Handler]] = {
    Order: Handler(_judge_order, _tell_reuse),
    OrderChange: Handler(_judge_change, _take_change),
    Acknowledgement: Handler(_judge_acknowledgement, _note_acknowledgement),
    ApplicationReport: Handler(_judge_report, _note_report),
}
#: what becomes of a change -> the outcome of its document and why; one that is refused is answered, not rejected
_OUTCOMES: Final[Mapping[str, tuple[str, str | None]]] = {
    "revised": ("changed", None),
    "cancelled": ("changed", None),
    "refused": ("changed", "change.refused"),
    "repeated": ("duplicate", "change.repeated"),
    "reused": ("parked", "order.number_reused"),
}
_PARKING: Final = Handler(_park, _tell_parked)
