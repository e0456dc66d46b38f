"""Judges documents: each gets exactly one outcome, in the transaction of everything that follows from it.

A batch moves its interchange on by compare-and-set: whoever comes second finds it judged and does nothing. The last
batch queues the CONTRL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from core.clock import to_micros
from core.documents import Order
from core.intake import gate as gates
from core.intake.gate import open_gate
from core.intake.handlers import Judged, Occasion, Sitting, close_alert_of_unhandled, handler_of, told_holds
from core.intake.receive import agreement_for
from core.messaging import acknowledge, reports
from core.messaging.acknowledge import ACKNOWLEDGED, EnvelopeAnswer, ToldMessage
from core.ordering.place import Arrival, apply_plans
from core.ordering.plan import Snapshot
from core.ordering.planned_standing import PlannedKey
from core.ordering.snapshot import take_snapshot
from core.ordering.standing import Standing
from core.partners.exchange import DEFAULT_TERMS, ExchangeTerms
from core.partners.model import Agreement, Partner
from core.ports import Decoded, Interchange, MessageSpan
from core.provenance import Severity, Violation
from core.store import intake as rows
from core.store.alerts import raise_alert
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.outbox import queue


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs besides the documents: the cache of master data and rules, and the time."""

    cache: MasterCache
    now: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """The interchange under judgement: its row with the source's channel, its partner, the agreement it came under."""

    row: dict[str, Any]
    interchange: Interchange
    partner: Partner
    agreement: Agreement | None

    @property
    def terms(self) -> ExchangeTerms:
        """How interchanges are exchanged under the agreement."""
        return self.agreement.exchange if self.agreement else DEFAULT_TERMS


def _open_case(tx: Tx, bench: Bench, interchange_id: int, interchange: Interchange) -> _Case:
    bench.cache.refresh(tx)
    row = rows.case(tx, interchange_id)
    partner = partner_by_id(tx, bench.cache, row["partner_id"])
    agreement = agreement_for(partner.agreements, row["sender"], row["recipient"])
    return _Case(row, interchange, partner, agreement)


def plan_batch(
    tx: Tx,
    bench: Bench,
    partner: Partner,
    interchange: Interchange,
    batch: Sequence[Decoded],
    *,
    channel: str,
    terms: ExchangeTerms = DEFAULT_TERMS,
    interchange_id: int = 0,
    suspended: bool = False,
    carry: Snapshot | None = None,
    foreseen: dict[int | PlannedKey, Standing] | None = None,
) -> tuple[Snapshot | None, list[Judged]]:
    """Decide the outcome of each document of *batch*; writes nothing (this is also the dry run).

    *terms* are those that the interchange came under, *interchange_id* its row, 0 where it has none; *suspended*
    parks what is not rejected. *carry* is the snapshot of what was planned before and not written, which a dry run
    builds upon, *foreseen* how orders stand after what it judged before. The snapshot returned is None
    when there is no order among them and nothing was carried.
    """
    gate = open_gate(
        tx, partner, terms, interchange, batch, interchange_id=interchange_id, now=bench.now, suspended=suspended
    )
    stopped = [gate.stop(one) for one in batch]
    orders = [
        one.document
        for one, stop in zip(batch, stopped, strict=True)
        if stop is None and isinstance(one.document, Order) and not one.failed
    ]
    snapshot = None
    if orders:
        snapshot = take_snapshot(
            tx,
            bench.cache,
            partner,
            orders,
            channel=channel,
            now=bench.now,
            test=interchange.test,
        )
        if carry is not None:
            snapshot.continue_from(carry)
    holds = told_holds(interchange.violations)
    sitting = Sitting(
        tx,
        bench.cache,
        bench.now,
        partner,
        snapshot or carry,
        holds,
        interchange.test,
        foreseen,
    )
    judged = [stop or _judge_one(sitting, one) for one, stop in zip(batch, stopped, strict=True)]
    reviewed = [one.change.snapshot for one in judged if one.change is not None and one.change.snapshot is not None]
    return snapshot or (reviewed[-1] if reviewed else carry), judged


def _judge_one(sitting: Sitting, decoded: Decoded) -> Judged:
    if decoded.failed:
        reason = next((v.code for v in decoded.violations if v.severity == Severity.ERROR), "message.unreadable")
        return Judged(decoded, "rejected", reason, violations=decoded.violations)
    judged = handler_of(decoded.document).judge(sitting, decoded, decoded.document)
    if judged.outcome == "duplicate" and gates.stands_twice(decoded.span):
        twice = gates.repeated(decoded)
        judged.reason, judged.violations = twice.code, (*judged.violations, twice)
    return judged


def judge_batch(
    tx: Tx,
    bench: Bench,
    *,
    interchange_id: int,
    interchange: Interchange,
    batch: Sequence[Decoded],
    judged_before: int,
    suspended: bool = False,
) -> list[Judged] | None:
    """Judge and write *batch*, the documents after the first *judged_before* ones of the interchange.

    With *suspended* what is not rejected is parked, because another message of the interchange is. None when another
    process judged them first.

    Raises:
        StockShort: another writer took planned stock; roll back, judge them one by one.
    """
    if not rows.advance_interchange(tx, interchange_id, judged_before, len(batch)):
        return None
    case = _open_case(tx, bench, interchange_id, interchange)
    snapshot, judged = plan_batch(
        tx,
        bench,
        case.partner,
        interchange,
        batch,
        channel=case.row["channel"],
        terms=case.terms,
        interchange_id=interchange_id,
        suspended=suspended,
    )
    _write(tx, bench, case, snapshot, judged, first=_ordinal(tx, case.row) + judged_before)
    if judged_before + len(batch) == case.row["documents"]:
        _conclude(tx, bench, case, None if judged_before else _faults(judged))
    return judged


def _ordinal(tx: Tx, row: dict[str, Any]) -> int:
    """Return how many documents the interchanges before this one hold."""
    if row["ordinal"] == 0:
        return 0
    return sum(
        one["documents"] for one in rows.interchanges_of(tx, row["source_id"]) if one["ordinal"] < row["ordinal"]
    )


def judge_again(
    tx: Tx,
    bench: Bench,
    *,
    interchange_id: int,
    interchange: Interchange,
    batch: Sequence[tuple[int, Decoded]],
    actor: str,
    answered: Mapping[int, str],
) -> list[Judged]:
    """Judge documents that have an outcome already (document id, decoded again) and replace it.

    *answered* are the outcomes that the partner was told by document id: it is told again only what changed.
    """
    case = _open_case(tx, bench, interchange_id, interchange)
    decoded = [one for _, one in batch]
    snapshot, judged = plan_batch(
        tx,
        bench,
        case.partner,
        interchange,
        decoded,
        channel=case.row["channel"],
        terms=case.terms,
        interchange_id=interchange_id,
    )
    ids = [document_id for document_id, _ in batch]
    _apply(tx, bench, case, snapshot=snapshot, judged=judged, ids=ids, actor=actor)
    for document_id, one in zip(ids, judged, strict=True):
        rows.rejudge(
            tx, document_row(document_id, one, case.row, ordinal=0, now=bench.now, guide=case.interchange.guide)
        )
        close_alert_of_unhandled(tx, case.partner, one, bench.now)
        if one.outcome != answered.get(document_id):
            _report(tx, bench, case, one, document_id)
    if any(one.outcome != answered.get(document_id) for document_id, one in zip(ids, judged, strict=True)):
        _conclude(tx, bench, case)
    return judged


def _write(
    tx: Tx, bench: Bench, case: _Case, snapshot: Snapshot | None, judged: Sequence[Judged], *, first: int
) -> None:
    ids = tx.ids.take(len(judged))
    _apply(tx, bench, case, snapshot=snapshot, judged=judged, ids=ids, actor=f"partner:{case.partner.code}")
    rows.append_documents(
        tx,
        [
            document_row(document_id, one, case.row, ordinal=first + place, now=bench.now, guide=case.interchange.guide)
            for place, (one, document_id) in enumerate(zip(judged, ids, strict=True))
        ],
    )
    for one, document_id in zip(judged, ids, strict=True):
        _report(tx, bench, case, one, document_id)


def _apply(
    tx: Tx,
    bench: Bench,
    case: _Case,
    *,
    snapshot: Snapshot | None,
    judged: Sequence[Judged],
    ids: Sequence[int],
    actor: str,
) -> None:
    """Write the orders of accepted documents and follow up the others; *ids* are the documents' ids."""
    accepted = [
        (one.plan, document_id)
        for one, document_id in zip(judged, ids, strict=True)
        if one.plan is not None and one.outcome == "accepted"
    ]
    by_document: dict[int, int] = {}
    by_reference: dict[str, int] = {}
    if accepted:
        assert snapshot is not None
        arrival = Arrival(
            source_id=case.row["source_id"],
            interchange_id=case.row["id"],
            received_at=case.row["received_at"],
            actor=actor,
            respond=case.agreement.respond if case.agreement else "ORDRSP",
            reply_with=case.row["source_id"],
            tell_pending=case.agreement is not None and case.agreement.exchange.tell_pending,
        )
        placed = apply_plans(tx, snapshot, arrival, accepted)
        by_document = {order.document_id: order.order_id for order in placed}
        by_reference = {order.plan.order.buyer_reference: order.order_id for order in placed}
    occasion = Occasion(
        bench.cache,
        case.partner,
        bench.now,
        actor,
        source_id=case.row["source_id"],
        interchange_id=case.row["id"],
        respond=case.agreement is None or case.agreement.respond == "ORDRSP",
        test=case.interchange.test,
        holds=told_holds(case.interchange.violations),
    )
    for one, document_id in zip(judged, ids, strict=True):
        one.order_id = by_document.get(document_id)
        if one.order_id is None and one.plan is not None and one.plan.repeats is not None:
            # A repeat inside the same batch names an order that had no id yet when it was planned.
            one.order_id = one.plan.repeats.order_id or by_reference.get(one.plan.order.buyer_reference)
        _follow_up(tx, case, occasion, one, document_id)
    gates.remember(tx, case.partner, case.terms, case.interchange, judged, interchange_id=case.row["id"], now=bench.now)


def _follow_up(tx: Tx, case: _Case, occasion: Occasion, one: Judged, document_id: int) -> None:
    """Write what follows from an outcome besides orders, and call a person where nobody else would."""
    span, code = one.decoded.span, case.partner.code
    if one.reason in rows.REPEATED_REFERENCES:
        words = f"{code} used the reference {span.reference} of a {span.type} again"
        raise_alert(
            tx, one.reason, f"{code}/{span.reference}", words, at=occasion.at, partner=code, document_id=document_id
        )
    elif one.reason == gates.SUSPENDED:
        words = f"{code}: {case.interchange.control_reference} waits, because a message of it is rejected"
        subject = f"{code}/{case.interchange.control_reference}"
        raise_alert(tx, one.reason, subject, words, at=occasion.at, partner=code, document_id=document_id)
    elif one.decoded.failed and span.type == "CONTRL":  # it is not answered, so that the partner cannot know
        words = f"{code} sent a CONTRL that cannot be read: {one.reason}"
        subject = f"{code}/{case.interchange.control_reference}/{span.reference}"
        raise_alert(
            tx, "acknowledgement.unreadable", subject, words, at=occasion.at, partner=code, document_id=document_id
        )
    elif not one.decoded.failed and one.outcome != "rejected":
        handler_of(one.decoded.document).follow_up(tx, occasion, one, document_id)


def document_row(
    document_id: int, one: Judged, interchange: dict[str, Any], *, ordinal: int, now: datetime, guide: str
) -> rows.DocumentRow:
    """Return the row of a document that was judged by the guide of the fingerprint *guide*, "" for none."""
    span = one.decoded.span
    faults = stored_violations(one.violations)
    return rows.DocumentRow(
        document_id,
        interchange["source_id"],
        interchange["id"],
        ordinal,
        span.type[:10],
        span.release_name[:10],
        span.association[:6],
        span.reference[:35],
        interchange["control_reference"],
        interchange["partner_id"],
        one.outcome,
        one.reason,
        one.order_id,
        to_micros(now),
        orjson.dumps(faults).decode() if faults else None,
        guide or None,
    )


def stored_violations(violations: Sequence[Violation]) -> list[dict[str, Any]]:
    """Return violations as a document row keeps them."""
    return [violation.kept() for violation in violations]


def report_on(agreement: Agreement | None, one: Judged, document_id: int) -> dict[str, Any] | None:
    """Return the payload of the APERAK on a document that was read without an error, None where none is wanted."""
    document, span = one.decoded.document, one.decoded.span
    if document is None or not reports.is_told(document, one.outcome, one.reason):
        return None
    if not reports.wanted(agreement, document, refused=one.outcome not in reports.TAKEN):
        return None
    return reports.report_payload(
        document,
        document_id=document_id,
        outcome=one.outcome,
        reason=one.reason,
        version=span.release_name,
        association=span.association,
    )


def _report(tx: Tx, bench: Bench, case: _Case, one: Judged, document_id: int) -> None:
    payload = report_on(case.agreement, one, document_id)
    if payload is None:
        return
    queue(
        tx,
        partner_id=case.partner.id,
        type=reports.REPORT,
        order_id=one.order_id if one.outcome in reports.TAKEN else None,
        payload=payload,
        at=bench.now,
        source_id=case.row["source_id"],
        interchange_id=case.row["id"],
        document_id=document_id,
        test=case.interchange.test,
    )


def _conclude(
    tx: Tx, bench: Bench, case: _Case, faults: Mapping[int, Sequence[acknowledge.Fault]] | None = None
) -> None:
    """Settle an interchange whose last document is judged: queue its CONTRL, settle its source.

    *faults* are those of its refused messages by ordinal; None reads them.
    """
    row, interchange = case.row, case.interchange
    rows.settle_if_done(tx, row["source_id"])
    if faults is None:
        first = _ordinal(tx, row)
        refused = rows.refused_of_interchange(tx, row["id"])
        faults = {document["ordinal"] - first: document["violations"] or () for document in refused}
    asked = interchange.acknowledgement_request
    if acknowledge.is_answer(interchange) or not acknowledge.wanted(case.agreement, asked, rejected=bool(faults)):
        return
    payload = acknowledge.envelope_payload(row, EnvelopeAnswer(ACKNOWLEDGED))
    acknowledge.tell(payload, interchange, told_messages(case.terms, interchange.messages, faults))
    queue(
        tx,
        partner_id=row["partner_id"],
        type="CONTRL",
        order_id=None,
        payload=payload,
        at=bench.now,
        source_id=row["source_id"],
        interchange_id=row["id"],
        test=interchange.test,
    )


def _faults(judged: Sequence[Judged]) -> dict[int, Sequence[acknowledge.Fault]]:
    """Return the faults of what the CONTRL on a whole interchange refuses, by ordinal."""
    return {
        ordinal: stored_violations(one.violations)
        for ordinal, one in enumerate(judged)
        if one.outcome == "rejected" or one.reason in rows.REPEATED_REFERENCES
    }


def told_messages(
    terms: ExchangeTerms, spans: Sequence[MessageSpan], faults: Mapping[int, Sequence[acknowledge.Fault]]
) -> list[ToldMessage]:
    """Return the messages that a CONTRL tells of: those with *faults* (by ordinal), the others where it is agreed."""
    return [
        ToldMessage(span, faults[span.ordinal]) if span.ordinal in faults else ToldMessage(span, action=ACKNOWLEDGED)
        for span in spans
        if span.ordinal in faults or terms.tell_accepted
    ]


def park_poison(
    tx: Tx,
    bench: Bench,
    *,
    interchange_id: int,
    interchange: Interchange,
    decoded: Decoded,
    judged_before: int,
    error: str,
) -> None:
    """Park a document that made the system itself fail, so that it harms no other; replay takes it up again."""
    if not rows.advance_interchange(tx, interchange_id, judged_before, 1):
        return
    case = _open_case(tx, bench, interchange_id, interchange)
    one = Judged(decoded, "parked", "system.failed", violations=decoded.violations)
    document_id = tx.ids.next()
    ordinal = _ordinal(tx, case.row) + judged_before
    row = document_row(document_id, one, case.row, ordinal=ordinal, now=bench.now, guide=interchange.guide)
    rows.append_documents(tx, [row])
    raise_alert(
        tx, "system.failed", f"{case.row['source_id']}/{ordinal}", error, at=bench.now, partner=case.partner.code,
        document_id=document_id,
    )  # fmt: skip
    if judged_before + 1 == case.row["documents"]:
        _conclude(tx, bench, case)
