"""`ordergate check`: the dry run. Verdict, every violation, the order it would make, the replies it would send.

It runs the same plan as intake and throws it away; it peeks at numbers and references, and writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.clock import Clock
from core.documents import Acknowledgement, ApplicationReport, OrderResponse, Outbound
from core.intake.guides import Guides, with_guide
from core.intake.handlers import Judged, parked_unhandled
from core.intake.judge import Bench, plan_batch, report_on, stored_violations, told_messages
from core.intake.receive import Door, Scanned, Verdict, agreement_for, decide
from core.messaging import acknowledge, reports
from core.messaging.acknowledge import EnvelopeAnswer
from core.ordering.change import Decision
from core.ordering.change_answers import answer_to
from core.ordering.place import receipt_year
from core.ordering.plan import Snapshot
from core.ordering.planned_standing import PlannedKey
from core.ordering.standing import Standing
from core.partners.exchange import DEFAULT_TERMS, ExchangeTerms
from core.partners.model import Agreement, Partner
from core.ports import Decoder, Encoder, Interchange, MessageSpan, PartnerGuide, judged
from core.provenance import ENGLISH, Severity, Violation
from core.reporting.planned import planned_order, planned_response
from core.reporting.planned_change import change_response, changed_order
from core.store import transmissions
from core.store.blobs import digest
from core.store.counters import order_number, peek_sequence, peek_serial
from core.store.engine import Store, Tx
from core.store.intake import REPEATED_REFERENCES
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.replies import Addressed
from core.texts.hold_words import retold
from gateway.pipeline import Pipeline
from gateway.rendering import Association, file_name, make_envelope, reference_sequence, reference_text
from gateway.summary import verdict_of

#: every reply -> UNH 0065
_REPLIES: Mapping[type[Outbound], str] = {
    Acknowledgement: "CONTRL",
    ApplicationReport: reports.REPORT,
    OrderResponse: "ORDRSP",
}


@dataclass(slots=True)
class _Run:
    """What one dry run carries on: folded stock and credit, peeked serials and references, the outcome counts."""

    bench: Bench
    door: Door
    content: bytes
    summary: bool
    language: str
    guide: PartnerGuide | None = None
    before: list[Scanned] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)
    snapshot: Snapshot | None = None
    foreseen: dict[int | PlannedKey, Standing] = field(default_factory=dict)
    #: by the key of an order of this file
    numbers: dict[PlannedKey, str] = field(default_factory=dict)
    serial: int = 0
    references: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    exit_code: int = 0


@dataclass(slots=True)
class _Envelope:
    """One interchange under check."""

    interchange: Interchange
    verdict: Verdict
    partner: Partner | None
    agreement: Agreement | None
    follows: Addressed
    guide: PartnerGuide | None
    judged: list[Judged] = field(default_factory=list)

    @property
    def terms(self) -> ExchangeTerms:
        """How interchanges are exchanged under the agreement."""
        return self.agreement.exchange if self.agreement else DEFAULT_TERMS


class Checker:
    """Checks files against one home."""

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        *,
        decoder: Decoder,
        encoder: Encoder,
        association: Association,
        text: Callable[[bytes], str],
        clock: Clock,
        guides: Guides | None = None,
    ) -> None:
        self._guides = guides
        self._store = store
        self._pipeline = pipeline
        self._decoder = decoder
        self._encoder = encoder
        self._association = association
        self._text = text
        self._clock = clock

    def check(
        self,
        content: bytes,
        name: str,
        *,
        partner_id: int | None = None,
        guide: PartnerGuide | None = None,
        summary: bool = False,
        language: str = ENGLISH,
    ) -> tuple[dict[str, Any], int]:
        """Return the JSON of the contracts (counts only with *summary*) and the exit code of the fault table.

        Violations and holds are told in *language*.
        """
        bench = Bench(MasterCache(), self._clock.now())
        run = _Run(bench, Door("ED", "cli", name, partner_id), content, summary, language, guide)

        def work(tx: Tx) -> list[dict[str, Any]]:
            bench.cache.refresh(tx)
            return [self._interchange(tx, run, self._agreed(tx, run, one)) for one in self._decoder.scan(content)]

        shown = self._store.read(work)
        if summary:
            return {
                "file": name,
                "format": self._decoder.id,
                "interchanges": len(shown),
                "messages": sum(run.outcomes.values()),
                "verdicts": dict(sorted(run.outcomes.items())),
                "violations": dict(sorted(run.violations.items())),
            }, run.exit_code
        told: dict[str, Any] = {"file": name, "format": self._decoder.id, "interchanges": retold(shown, language)}
        return told, run.exit_code

    def _agreed(self, tx: Tx, run: _Run, interchange: Interchange) -> Scanned:
        """Return the interchange by the guide that the check was given, else by that of its agreement."""
        sha256 = digest(run.content[interchange.offset : interchange.offset + interchange.length])
        if run.guide is not None:
            return Scanned(judged(interchange, run.guide), sha256, run.guide)
        return with_guide(tx, self._guides, Scanned(interchange, sha256))

    def _interchange(self, tx: Tx, run: _Run, scanned: Scanned) -> dict[str, Any]:
        interchange = scanned.interchange
        verdict = decide(tx, run.bench.cache, run.door, scanned, now=run.bench.now, before=run.before)
        if verdict.outcome in ("", "parked"):
            run.before.append(scanned)
        partner = partner_by_id(tx, run.bench.cache, verdict.partner_id) if verdict.partner_id is not None else None
        agreement = agreement_for(partner.agreements, interchange.sender, interchange.recipient) if partner else None
        case = _Envelope(interchange, verdict, partner, agreement, _followed(interchange), scanned.guide)
        run.violations.update(violation.code for violation in interchange.violations)
        if verdict.outcome:
            count = 1 if verdict.outcome == "rejected" else max(1, len(interchange.messages))
            run.outcomes[verdict.outcome] += count
            worst = {"rejected": 2, "parked": 1}.get(verdict.outcome, 0)
            run.exit_code = max(run.exit_code, worst)
            messages = [_undecided(span, verdict.outcome, run.language) for span in interchange.messages]
            replies = self._acknowledge(tx, run, case, {})
        else:
            drafts, refused = self._plan(tx, run, case, scanned)
            replies = self._acknowledge(tx, run, case, refused)
            messages = [self._message(tx, run, case, snapshot, one) for snapshot, one in drafts]
            self._count_reply(run, case, drafts)
        envelope = interchange.violations if verdict.fault is None else (verdict.fault, *interchange.violations)
        return {
            "sender": interchange.sender,
            "recipient": interchange.recipient,
            "control_reference": interchange.control_reference,
            "test": interchange.test,
            "violations": _told(envelope, run.language),
            "replies": replies,
            "messages": messages,
        }

    def _plan(
        self, tx: Tx, run: _Run, case: _Envelope, scanned: Scanned
    ) -> tuple[list[tuple[Snapshot | None, Judged]], dict[int, list[dict[str, Any]]]]:
        """Plan every message; return what is shown of them, and the faults of the refused ones by ordinal."""
        assert case.partner is not None
        drafts: list[tuple[Snapshot | None, Judged]] = []
        refused: dict[int, list[dict[str, Any]]] = {}
        suspended = self._pipeline.holds_up(run.content, replace(scanned, suspends=case.verdict.suspends))
        for batch in self._pipeline.decode(run.content, case.interchange, guide=case.guide):
            run.snapshot, planned = plan_batch(
                tx,
                run.bench,
                case.partner,
                case.interchange,
                batch,
                channel="ED",
                terms=case.terms,
                suspended=suspended,
                carry=run.snapshot,
                foreseen=run.foreseen,
            )
            for one in planned:
                run.outcomes[_verdict(one)] += 1
                run.violations.update(violation.code for violation in one.violations)
                run.exit_code = max(run.exit_code, int(one.outcome in ("rejected", "parked", "waiting")))
                if (one.outcome == "rejected" or one.reason in REPEATED_REFERENCES) and not run.summary:
                    refused[one.decoded.span.ordinal] = stored_violations(one.violations)
                if not run.summary:
                    drafts.append((run.snapshot, one))
        return drafts, refused

    def _message(self, tx: Tx, run: _Run, case: _Envelope, snapshot: Snapshot | None, one: Judged) -> dict[str, Any]:
        order, replies = None, []
        if one.outcome == "accepted" and one.plan is not None and snapshot is not None:
            number = self._number(tx, run, snapshot, test=case.interchange.test)
            key = PlannedKey(snapshot.partner.id, one.plan.order.buyer_reference, case.interchange.test)
            run.numbers[key] = number
            order = planned_order(snapshot, one.plan, number)
            if _is_answered(case, one):
                response = planned_response(snapshot, one.plan, number)
                span = one.decoded.span
                follows = case.follows._replace(version=span.release_name, association=span.association)
                replies.append(self._reply(tx, run, case, response, follows))
        if one.outcome == "changed" and one.change is not None and case.partner is not None:
            decision = _numbered(run, one.change.decision)
            order = changed_order(tx, decision, case.partner)
            replies += self._change_answered(tx, run, case, decision, one.decoded.span)
        if (report := report_on(case.agreement, one, 0)) is not None:
            follows = case.follows._replace(version=report["version"], association=report["association"])
            replies.append(self._reply(tx, run, case, reports.from_payload(report, run.bench.now), follows))
        return {
            **_span(one.decoded.span),
            "verdict": _verdict(one),
            "violations": _told(one.violations, run.language),
            "order": order,
            "replies": replies,
        }

    def _change_answered(
        self, tx: Tx, run: _Run, case: _Envelope, decision: Decision, span: MessageSpan
    ) -> list[dict[str, Any]]:
        assert case.partner is not None
        response = change_response(
            decision,
            company=our_company(tx, run.bench.cache),
            partner=case.partner,
            rules=run.bench.cache.rules.book.credit,
            at=run.bench.now,
            respond=_responds(case),
        )
        if response is None:
            return []
        follows = case.follows._replace(version=span.release_name, association=span.association)
        return [self._reply(tx, run, case, response, follows)]

    def _number(self, tx: Tx, run: _Run, snapshot: Snapshot, *, test: bool) -> str:
        if test:
            return "TEST-0"
        year = receipt_year(snapshot, snapshot.now)
        run.serial = run.serial + 1 if run.serial else peek_serial(tx, year, snapshot.channel)
        return order_number(year, snapshot.channel, run.serial)

    def _acknowledge(
        self, tx: Tx, run: _Run, case: _Envelope, refused: Mapping[int, Sequence[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """Return what intake would send on the envelope: the technical receipt and the CONTRL, where wanted."""
        interchange, verdict = case.interchange, case.verdict
        if run.summary or case.partner is None:
            return []
        if verdict.outcome:
            if verdict.answer is None:
                return self._stored(tx, run, verdict)
            answers, bad = [verdict.answer], True
        elif acknowledge.is_answer(interchange):
            return []
        else:
            answers, bad = [EnvelopeAnswer(acknowledge.ACKNOWLEDGED)], bool(refused)
        asked = interchange.acknowledgement_request
        if not acknowledge.wanted(case.agreement, asked, rejected=bad):
            answers = []
        if not verdict.outcome and acknowledge.receipt_wanted(case.agreement, asked):
            answers.insert(0, EnvelopeAnswer(acknowledge.RECEIVED))
        replies = []
        for answer in answers:
            row = {**case.follows._asdict(), "control_reference": interchange.control_reference}
            payload = acknowledge.envelope_payload(row, answer)
            if answer.action == acknowledge.ACKNOWLEDGED:
                acknowledge.tell(payload, interchange, told_messages(case.terms, interchange.messages, refused))
            replies.append(self._reply(tx, run, case, acknowledge.from_payload(payload), case.follows))
            run.references[case.partner.id] += 1
        return replies

    def _stored(self, tx: Tx, run: _Run, verdict: Verdict) -> list[dict[str, Any]]:
        """Return the replies that intake would send again, as they are: the bytes were taken before."""
        if verdict.repeats is None or verdict.repeats["source_id"] in run.repeated:
            return []
        run.repeated.add(verdict.repeats["source_id"])
        stored = transmissions.to_send_again(tx, verdict.repeats["source_id"])
        return [{**one, "content": self._text(one["content"])} for one in stored]

    def _reply(self, tx: Tx, run: _Run, case: _Envelope, document: Outbound, follows: Addressed) -> dict[str, Any]:
        assert case.partner is not None
        message_type = _REPLIES[type(document)]
        partner = case.partner
        serial = peek_sequence(tx, reference_sequence(partner.id)) + run.references[partner.id]
        reference = reference_text(serial)
        envelope = make_envelope(
            message_type,
            reference,
            follows,
            partner,
            company=our_company(tx, run.bench.cache),
            association=self._association,
            now=run.bench.now,
            test=case.interchange.test,
        )
        content = self._encoder.encode(envelope, [document])
        return {
            "type": message_type,
            "filename": file_name(message_type, reference),
            "content": self._text(content),
        }

    def _count_reply(self, run: _Run, case: _Envelope, drafts: list[tuple[Snapshot | None, Judged]]) -> None:
        """Count the one ORDRSP interchange that would carry all answers of this interchange."""
        answered = any(
            _is_answered(case, one) or (one.change and answer_to(one.change.decision, 0) and _responds(case))
            for _, one in drafts
        )
        if case.partner is not None and answered:
            run.references[case.partner.id] += 1


def _numbered(run: _Run, decision: Decision) -> Decision:
    """Return *decision* with the number that its order would have, where it is one of the same file."""
    head = decision.standing.head
    if head["number"]:
        return decision
    key = PlannedKey(head["partner_id"], head["buyer_reference"], head["test"])
    standing = replace(decision.standing, head={**head, "number": run.numbers[key]})
    return replace(decision, standing=standing)


def _is_answered(case: _Envelope, one: Judged) -> bool:
    """Tell whether a new order gets an ORDRSP: it is decided, or its buyer is told that it waits."""
    if one.plan is None or not _responds(case):
        return False
    return one.plan.confirmed or (case.agreement is not None and case.agreement.exchange.tell_pending)


def _responds(case: _Envelope) -> bool:
    """Tell whether the sender wants an ORDRSP."""
    return case.agreement is not None and case.agreement.respond == "ORDRSP"


def check_directory(
    decoder: Decoder,
    content: bytes,
    name: str,
    *,
    guide: PartnerGuide | None = None,
    language: str = ENGLISH,
) -> tuple[dict[str, Any], int]:
    """Check a file without a home: envelope, directory, formats and *guide*; no partner, no order, no replies.

    What nobody handles is parked, as intake parks it. Violations are told in *language*.
    """
    shown, exit_code = [], 0
    for scanned in decoder.scan(content):
        interchange = judged(scanned, guide)
        messages = []
        if interchange.failed:
            exit_code = 2
            messages = [_undecided(span, "rejected", language) for span in interchange.messages]
        else:
            for one in decoder.decode(content, interchange, interchange.messages, guide):
                parked = parked_unhandled(one)
                exit_code = max(exit_code, int(one.failed or parked is not None))
                verdict = verdict_of(one.violations, failed=one.failed) if parked is None else parked.outcome
                messages.append(
                    {
                        **_span(one.span),
                        "verdict": verdict,
                        "violations": _told(one.violations if parked is None else parked.violations, language),
                        "order": None,
                        "replies": [],
                    }
                )
        shown.append(
            {
                "sender": interchange.sender,
                "recipient": interchange.recipient,
                "control_reference": interchange.control_reference,
                "test": interchange.test,
                "violations": _told(interchange.violations, language),
                "replies": [],
                "messages": messages,
            }
        )
    return {"file": name, "format": decoder.id, "interchanges": shown}, exit_code


def _followed(interchange: Interchange) -> Addressed:
    return Addressed(
        interchange.sender,
        interchange.sender_qualifier,
        interchange.recipient,
        interchange.recipient_qualifier,
        f"{interchange.syntax_id}:{interchange.syntax_version}",
        "",
        "",
    )


def _verdict(one: Judged) -> str:
    if one.outcome == "accepted" and any(violation.severity == Severity.WARNING for violation in one.violations):
        return "accepted_with_warnings"
    return one.outcome


def _span(span: MessageSpan) -> dict[str, Any]:
    return {"type": span.type, "version": span.release_name if span.type else "", "reference": span.reference}


def _undecided(span: MessageSpan, outcome: str, language: str) -> dict[str, Any]:
    """Return a message whose envelope was decided as a whole."""
    violations = _told(span.violations, language)
    return {**_span(span), "verdict": outcome, "violations": violations, "order": None, "replies": []}


def _told(violations: Sequence[Violation], language: str) -> list[dict[str, object]]:
    return [violation.as_json(language) for violation in violations]
