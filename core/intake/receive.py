"""Takes a source in: recognises repeats and strangers by the envelope, and commits before anybody is answered.

The rows of the fault table (ARCHITECTURE section 2) that concern a whole envelope are decided here, the first that
matches; what is left is judged message by message.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from core.clock import to_micros
from core.errors import NotFound
from core.intake.gate import used_since
from core.messaging import acknowledge
from core.messaging.acknowledge import REJECTED, EnvelopeAnswer
from core.partners.exchange import DEFAULT_TERMS, ExchangeTerms
from core.partners.model import Agreement
from core.ports import Interchange, MessageSpan, PartnerGuide
from core.provenance import Level, Violation, fault
from core.store import guides, transmissions
from core.store import intake as rows
from core.store.alerts import raise_alert
from core.store.engine import Tx
from core.store.lookup import MasterCache, find_agreement, our_company, partner_by_id
from core.store.outbox import queue

#: a control reference used again: UNB 0020
_DUPLICATE = EnvelopeAnswer(REJECTED, "26", "UNB", 5)
#: violations that one document keeps of a broken envelope and the messages in it
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Door:
    """The way a source came in. ``partner_id`` is set where the door belongs to one partner."""

    channel: str
    transport: str
    origin: str
    partner_id: int | None = None
    claim_id: str | None = None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the first pass said of one interchange, with the SHA-256 of its own bytes.

    ``guide`` is what is agreed with its sender; ``guide_fault`` says why it cannot be had. ``suspends`` is set where
    one rejected message holds up all others of the interchange.
    """

    interchange: Interchange
    sha256: str
    guide: PartnerGuide | None = None
    guide_fault: str = ""
    suspends: bool = False


@dataclass(slots=True)
class Entered:
    """The source as entered: its id, and the interchanges that are left to judge message by message."""

    source_id: int
    to_judge: list[tuple[int, Scanned]] = field(default_factory=list)
    #: (partner, endpoint) of stored replies queued once more because these bytes were taken before
    resent: list[tuple[int, str]] = field(default_factory=list)
    #: the sources that these bytes repeat
    repeats: list[int] = field(default_factory=list)
    #: whether a technical receipt was queued, which leaves before anything is judged
    receipts: bool = False
    #: the company's time zone, where something is left to judge and a company is loaded
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an envelope gets as a whole: outcome "" means that its messages are judged one by one.

    ``answer`` is what the CONTRL says, None when there is nothing to say; ``alert`` is kind, subject and words;
    ``fault`` is what the agreement makes of an envelope that is sound in itself, ``suspends`` as in :class:`Scanned`.
    """

    outcome: str
    reason: str | None = None
    partner_id: int | None = None
    repeats: dict[str, Any] | None = None
    answer: EnvelopeAnswer | None = None
    alert: tuple[str, str, str] | None = None
    fault: Violation | None = None
    suspends: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the documents of one envelope stand."""

    source_id: int
    interchange_id: int
    ordinal: int
    now: datetime


def enter(
    tx: Tx,
    cache: MasterCache,
    door: Door,
    scanned: Sequence[Scanned],
    *,
    sha256: str,
    size: int,
    decoder: str,
    worker_id: int,
    now: datetime,
) -> Entered:
    """Enter one source and its interchanges, with the documents of those that are decided by the envelope.

    *cache* must have been refreshed in this transaction.
    """
    rows.lock_arrivals(tx, {(one.interchange.sender, one.interchange.control_reference) for one in scanned})
    verdicts = decide_all(tx, cache, door, scanned, now)
    left = [not verdict.outcome for verdict in verdicts]
    source_id = rows.add_source(
        tx,
        sha256=sha256,
        size=size,
        channel=door.channel,
        transport=door.transport,
        origin=door.origin[:300],
        partner_id=door.partner_id,
        claim_id=door.claim_id,
        received_at=now,
        decoder=decoder,
        documents=sum(
            _document_count(one.interchange, verdict) for one, verdict in zip(scanned, verdicts, strict=True)
        ),
        settled=not any(left),
        worker_id=worker_id,
    )
    entered = Entered(source_id)
    ordinal = 0
    for one, verdict in zip(scanned, verdicts, strict=True):
        if one.guide is not None:
            guides.keep(tx, one.guide.fingerprint, one.guide.name, one.guide.content, now)
        interchange_id = _add_interchange(tx, source_id, one, verdict)
        if verdict.outcome:
            place = _Place(source_id, interchange_id, ordinal, now)
            documents = _documents(tx, place, one.interchange, verdict)
            rows.append_documents(tx, documents)
            if verdict.repeats is not None and verdict.answer is None:
                entered.repeats.append(verdict.repeats["source_id"])
                entered.resent += transmissions.send_again(tx, verdict.repeats["source_id"], now)
            _answer(tx, cache, place, one.interchange, verdict, document_id=documents[0].id)
        else:
            entered.to_judge.append((interchange_id, replace(one, suspends=True) if verdict.suspends else one))
            assert verdict.partner_id is not None
            entered.receipts |= _receipt(
                tx, cache, interchange_id, one.interchange, partner_id=verdict.partner_id, now=now
            )
        ordinal += _document_count(one.interchange, verdict)
    if entered.to_judge:
        with suppress(NotFound):
            entered.timezone = our_company(tx, cache).timezone
    return entered


def decide_all(tx: Tx, cache: MasterCache, door: Door, scanned: Sequence[Scanned], now: datetime) -> list[Verdict]:
    """Return the verdict of each envelope of one source; an earlier one of the file counts as taken."""
    taken: list[Scanned] = []
    verdicts = []
    for one in scanned:
        verdict = decide(tx, cache, door, one, now=now, before=taken)
        verdicts.append(verdict)
        if verdict.outcome in ("", "parked"):
            taken.append(one)
    return verdicts


def decide(
    tx: Tx, cache: MasterCache, door: Door, one: Scanned, *, now: datetime, before: Sequence[Scanned] = ()
) -> Verdict:
    """Return what the envelope gets as a whole, by the first row of the fault table that matches; writes nothing.

    *before* are the envelopes that stand before it in the same source and are taken.
    """
    interchange = one.interchange
    agreement = find_agreement(tx, cache, interchange.sender, interchange.sender_qualifier, interchange.recipient)
    partner_id = agreement[0] if agreement else None
    if interchange.failed:
        found = next(each for each in interchange.violations if each.severity == "error" and each.level != "group")
        answer = None
        known = partner_id is not None and door.partner_id in (None, partner_id)
        if interchange.readable and known and not acknowledge.is_answer(interchange):
            answer = acknowledge.refusal(found)
        alert = None if answer else ("document.rejected", door.origin, f"{door.origin}: {found.message}")
        return Verdict("rejected", found.code, partner_id or door.partner_id, answer=answer, alert=alert)
    terms = _terms(tx, cache, partner_id, interchange)
    if repeat := _repeat(tx, one, partner_id, before, used_since(terms, now)):
        return repeat
    if verdict := _parked(door, one, agreement):
        host = terms if door.partner_id in (None, partner_id) else _terms(tx, cache, door.partner_id, interchange)
        return _refused_stranger(door, one, verdict, agreement, host)
    if interchange.test and terms.tests == "refuse":
        return _refused_test(one, partner_id)
    return Verdict("", partner_id=partner_id, suspends=terms.suspend == "interchange")


def with_terms(tx: Tx, cache: MasterCache, one: Scanned) -> Scanned:
    """Return *one* with what the agreement says of judging its messages together."""
    interchange = one.interchange
    agreement = find_agreement(tx, cache, interchange.sender, interchange.sender_qualifier, interchange.recipient)
    terms = _terms(tx, cache, agreement[0] if agreement else None, interchange)
    return replace(one, suspends=True) if terms.suspend == "interchange" else one


def _terms(tx: Tx, cache: MasterCache, partner_id: int | None, interchange: Interchange) -> ExchangeTerms:
    """Return how interchanges are exchanged with a partner, by the agreement with these identities or its first."""
    if partner_id is None:
        return DEFAULT_TERMS
    partner = partner_by_id(tx, cache, partner_id)
    agreement = agreement_for(partner.agreements, interchange.sender, interchange.recipient) or partner.agreement
    return agreement.exchange if agreement else DEFAULT_TERMS


def _refused_stranger(
    door: Door, one: Scanned, parked: Verdict, agreement: tuple[int, str] | None, terms: ExchangeTerms
) -> Verdict:
    """Return the refusal of an envelope that names others than the partner and us, where that is agreed on."""
    interchange, partner_id = one.interchange, parked.partner_id or door.partner_id
    if terms.strangers != "refuse" or partner_id is None or parked.reason == "guide.invalid":
        return parked
    if agreement is None or door.partner_id not in (None, agreement[0]):
        sender = interchange.sender[:35]
        found, element = fault("interchange.sender_unknown", {"sent": sender}, value=sender, syntax_code="23"), 2
    else:
        recipient = interchange.recipient[:35]
        found = fault("interchange.recipient_unknown", {"sent": recipient}, value=recipient, syntax_code="7")
        element = 3
    return _refused(one, partner_id, found, element, 1, alert=parked.alert)


def _refused_test(one: Scanned, partner_id: int | None) -> Verdict:
    """Return the refusal of a test interchange from a partner that has left its tests behind."""
    return _refused(one, partner_id, fault("interchange.test_refused", value="1", syntax_code="25"), 11, None)


def _refused(
    one: Scanned,
    partner_id: int | None,
    found: Violation,
    element: int,
    component: int | None,
    *,
    alert: tuple[str, str, str] | None = None,
) -> Verdict:
    found = found._replace(
        level=Level.INTERCHANGE, tag="UNB", element=element, component=component, offset=one.interchange.offset
    )
    answer = None if acknowledge.is_answer(one.interchange) else acknowledge.refusal(found)
    return Verdict("rejected", found.code, partner_id, answer=answer, alert=alert, fault=found)


def _parked(door: Door, one: Scanned, agreement: tuple[int, str] | None) -> Verdict | None:
    """Return the verdict on an envelope of which nobody knows under what agreement it came; None where that is clear.

    *agreement* is the partner's id and our identity with it.
    """
    interchange = one.interchange
    if agreement is None:
        words = f"no partner has the EDI identity {interchange.sender}:{interchange.sender_qualifier}"
        return Verdict("parked", "partner.unknown", alert=("partner.unknown", interchange.sender, words))
    partner_id, our_id = agreement
    if door.partner_id is not None and door.partner_id != partner_id:
        words = f"{door.origin}: the sender {interchange.sender} is not the partner of this folder"
        return Verdict("parked", "partner.mismatch", door.partner_id, alert=("partner.mismatch", door.origin, words))
    if interchange.recipient != our_id:
        words = f"{door.origin}: {interchange.sender} addresses {interchange.recipient}, which is not us"
        return Verdict("parked", "partner.mismatch", partner_id, alert=("partner.mismatch", door.origin, words))
    if one.guide_fault:
        return Verdict("parked", "guide.invalid", partner_id, alert=("guide.invalid", door.origin, one.guide_fault))
    return None


def _repeat(tx: Tx, one: Scanned, partner_id: int | None, before: Sequence[Scanned], since: datetime) -> Verdict | None:
    interchange = one.interchange
    earlier = rows.earlier_interchanges(
        tx,
        sha256=one.sha256,
        sender=interchange.sender,
        recipient=interchange.recipient,
        control_reference=interchange.control_reference,
        test=interchange.test,
        since=since,
    )
    same = next((row for row in earlier if row["sha256"] == one.sha256), None)
    if same is not None:
        return Verdict("duplicate", "source.repeated", partner_id, repeats=same)
    if any(other.sha256 == one.sha256 for other in before):
        return Verdict("duplicate", "source.repeated", partner_id)
    if not earlier and not any(_same_key(other.interchange, interchange) for other in before):
        return None
    reference = interchange.control_reference
    words = f"{interchange.sender} used the control reference {reference} again with other content"
    return Verdict(
        "duplicate",
        "interchange.reference_reused",
        partner_id,
        repeats=earlier[0] if earlier else None,
        answer=_DUPLICATE if partner_id is not None and not acknowledge.is_answer(interchange) else None,
        alert=("interchange.reference_reused", f"{interchange.sender}/{reference}", words),
    )


def _same_key(one: Interchange, other: Interchange) -> bool:
    return (one.sender, one.recipient, one.control_reference, one.test) == (
        other.sender,
        other.recipient,
        other.control_reference,
        other.test,
    )


def _document_count(interchange: Interchange, verdict: Verdict) -> int:
    """One whose envelope fails counts as one document; any other has a document a message."""
    return 1 if verdict.outcome == "rejected" else max(1, len(interchange.messages))


def _add_interchange(tx: Tx, source_id: int, one: Scanned, verdict: Verdict) -> int:
    interchange = one.interchange
    count = _document_count(interchange, verdict)
    return rows.add_interchange(
        tx,
        source_id=source_id,
        ordinal=interchange.ordinal,
        sha256=one.sha256,
        # What a broken envelope says may be longer than an envelope can say.
        sender=interchange.sender[:35],
        sender_qualifier=interchange.sender_qualifier[:4],
        recipient=interchange.recipient[:35],
        recipient_qualifier=interchange.recipient_qualifier[:4],
        control_reference=interchange.control_reference[:35],
        test=interchange.test,
        syntax=f"{interchange.syntax_id}:{interchange.syntax_version}"[:10],
        partner_id=verdict.partner_id,
        documents=count,
        judged=count if verdict.outcome else 0,
        verdict=verdict.outcome,
        reason=verdict.reason,
        repeats_id=verdict.repeats["id"] if verdict.repeats else None,
        violations=[violation.kept() for violation in (*_of(verdict), *interchange.violations)] or None,
        guide=interchange.guide or None,
    )


def _documents(tx: Tx, place: _Place, interchange: Interchange, verdict: Verdict) -> list[rows.DocumentRow]:
    """Return the document rows of an envelope that is decided as a whole."""
    whole = verdict.outcome == "rejected"
    spans = interchange.messages or (MessageSpan(0, interchange.offset, interchange.length, "", ""),)
    rejected = [(spans[0], [fault for span in spans for fault in span.violations])]
    named = rejected if whole else [(span, list(span.violations)) for span in spans]
    return [
        rows.DocumentRow(
            tx.ids.next(),
            place.source_id,
            place.interchange_id,
            place.ordinal + number,
            span.type[:10],
            span.release_name[:10] if span.type else "",
            span.association[:6],
            span.reference[:35],
            interchange.control_reference[:35],
            verdict.partner_id,
            verdict.outcome,
            verdict.reason,
            None,
            to_micros(place.now),
            _kept([*_of(verdict), *interchange.violations, *faults]),
            interchange.guide or None,
        )
        for number, (span, faults) in enumerate(named)
    ]


def _of(verdict: Verdict) -> list[Violation]:
    return [] if verdict.fault is None else [verdict.fault]


def _kept(faults: Sequence[Violation]) -> str | None:
    return orjson.dumps([fault.kept() for fault in faults[:_MOST_FAULTS]]).decode() if faults else None


def _answer(
    tx: Tx, cache: MasterCache, place: _Place, interchange: Interchange, verdict: Verdict, *, document_id: int
) -> None:
    """Raise the alarm of an envelope and queue the CONTRL on it."""
    if verdict.alert is not None:
        kind, subject, message = verdict.alert
        raise_alert(tx, kind, subject, message, at=place.now, document_id=document_id)
    if verdict.answer is None or verdict.partner_id is None:
        return
    partner = partner_by_id(tx, cache, verdict.partner_id)
    agreement = agreement_for(partner.agreements, interchange.sender, interchange.recipient)
    if acknowledge.wanted(agreement, interchange.acknowledgement_request, rejected=True):
        row = rows.interchange(tx, place.interchange_id)
        queue(
            tx,
            partner_id=partner.id,
            type="CONTRL",
            order_id=None,
            payload=acknowledge.envelope_payload(row, verdict.answer),
            at=place.now,
            source_id=place.source_id,
            interchange_id=place.interchange_id,
            document_id=document_id,
            test=interchange.test,
        )


def _receipt(
    tx: Tx, cache: MasterCache, interchange_id: int, interchange: Interchange, *, partner_id: int, now: datetime
) -> bool:
    """Queue the technical receipt of an interchange that will be judged, where it is wanted; tell whether it is.

    It names no source, so that it leaves at once; the functional CONTRL follows when the last message is judged.
    """
    partner = partner_by_id(tx, cache, partner_id)
    agreement = agreement_for(partner.agreements, interchange.sender, interchange.recipient)
    if acknowledge.is_answer(interchange):
        return False
    if not acknowledge.receipt_wanted(agreement, interchange.acknowledgement_request):
        return False
    row = rows.interchange(tx, interchange_id)
    queue(
        tx,
        partner_id=partner.id,
        type="CONTRL",
        order_id=None,
        payload=acknowledge.envelope_payload(row, EnvelopeAnswer(acknowledge.RECEIVED)),
        at=now,
        interchange_id=interchange_id,
        test=interchange.test,
    )
    return True


def agreement_for(agreements: Sequence[Agreement], sender: str, recipient: str) -> Agreement | None:
    """Return the agreement that an envelope was sent under: the same two identities, else the same sender."""
    fitting = [agreement for agreement in agreements if agreement.edi_id == sender]
    return next((agreement for agreement in fitting if agreement.our_id == recipient), fitting[0] if fitting else None)
