"""What a source by mail or fax becomes, in one transaction: orders, drafts with tasks, or a coded reason why neither.

Every part is kept with what became of it, and every one that a person or a report asks for has a document with its
outcome, so that the reconciliation explains every source (INT-05, INT-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import orjson

from core.clock import to_micros
from core.entry.drafts import Writer, create_draft
from core.entry.forms import Form, Origins
from core.errors import ValueOutOfRange
from core.intake.direct import DirectOrder, judge_direct
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates, beyond_what_is_kept
from core.ordering.place import Arrival, apply_plans
from core.paper.acceptance import judge
from core.paper.asking import AskRules
from core.paper.classes import class_of
from core.paper.compare import differing, same_order
from core.paper.customer import Named, name_customer
from core.paper.evidence import Judgement
from core.paper.forms import form_of, order_of, unit_price
from core.paper.knowledge import what_is_known
from core.paper.letters import tell_of_letter
from core.paper.measured import is_measured, without_line
from core.paper.memory import Teacher
from core.paper.questions import REVIEW, ROLE, plan_question
from core.paper.record import doubts_of, judgement_json
from core.paper.replies import ANSWER, Brought, answered_by, is_words, take_reply
from core.paper.sampling import Sampler, draw
from core.paper.teaching import learn_reference
from core.paper.words import packed
from core.provenance import Violation, fault
from core.reading import Extracted, PartRead, ReadSource
from core.store import intake, paper_studies, papers
from core.store.alerts import raise_alert
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code
from core.store.papers import Became, PaperRow
from core.store.rulebooks import rules_in_force
from core.tasks.desk import TaskDraft, open_task

#: the channel of such orders
CHANNEL: Final = papers.CHANNEL
#: alert: a part that nobody but a person can read
UNREAD: Final = "paper.unread"
#: a picture that can be read worse may hide an order
_LEGIBLE: Final = 0.9
#: violations of one document that are kept
_MOST: Final = 50


class ClaimLost(Exception):
    """Another worker has this source by now; nothing of this one's work may be kept."""


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """With what a source is taken: what orders are judged by, which dates are plausible, who is asked and what sampled.

    Without a *sampler* nothing is looked at again.
    """

    bench: Bench
    dates: PlausibleDates
    sampler: Sampler | None = None
    ask: AskRules = field(default_factory=AskRules)


@dataclass(slots=True)
class Taken:
    """What became of a source: the outcomes of its documents, and numbers and ids of what was made."""

    outcomes: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    drafts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """A part that may be an order, with the verdict on it."""

    ordinal: int
    part: PartRead
    found: Extracted
    named: Named
    verdict: Judgement


def take(tx: Tx, desk: PaperDesk, row: PaperRow, read: ReadSource, handed: Mapping[int, int]) -> Taken:
    """Keep what *read* says and make orders or drafts of it.

    *handed* are the sources that parts with a decoder of their own became, by the ordinal of the part.

    Raises:
        ClaimLost: another worker has the source; roll back.
        StockShort: another writer took planned stock; roll back and try again.
    """
    work = _Work(tx, desk, row, read)
    papers.keep_letter(tx, row.id, None if read.letter is None else read.letter._asdict())
    desk.bench.cache.refresh(tx)
    work.run(handed)
    if work.answered is not None and read.letter is not None:
        take_reply(tx, row, read.letter, work.answered, parts=read.parts, brought=work.brought, at=desk.bench.now)
    elif read.violation is None and work.is_idle:
        tell_of_letter(tx, row, read, at=desk.bench.now)
    ended = papers.finish(
        tx, row, state="read" if read.violation is None else "failed", at=desk.bench.now,
        documents=len(work.documents),
        problem=None if read.violation is None else read.violation.kept(),
    )  # fmt: skip
    if not ended:
        raise ClaimLost
    intake.append_documents(tx, work.documents)
    return work.taken


def take_repeat(tx: Tx, desk: PaperDesk, row: PaperRow, before: int) -> Taken:
    """Settle a source whose bytes came before, as the source *before*, of which something was taken.

    Raises:
        ClaimLost: as :func:`take`.
    """
    work = _Work(tx, desk, row, ReadSource(None, ()))
    first = papers.parts_of(tx, before)[0]
    order_id = next((part["order_id"] for part in papers.parts_of(tx, before) if part["order_id"]), None)
    document_id = work.document("duplicate", "source.repeated", partner=first["partner"], order_id=order_id)
    part = {
        "source_id": row.id, "ordinal": 0, "place": "", "name": row.name, "media_type": "", "sha256": row.sha256,
        "size": intake.source(tx, row.id)["size"], "fate": "ignored", "became": "repeat", "reason": "source.repeated",
        "partner": first["partner"], "document_id": document_id, "order_id": order_id,
    }  # fmt: skip
    papers.add_part(tx, part)
    if not papers.finish(tx, row, state="read", at=desk.bench.now, documents=1):
        raise ClaimLost
    intake.append_documents(tx, work.documents)
    return work.taken


class _Work:
    """The steps for one source, in their sequence."""

    def __init__(self, tx: Tx, desk: PaperDesk, row: PaperRow, read: ReadSource) -> None:
        self.tx, self.desk, self.row, self.read = tx, desk, row, read
        self.now = desk.bench.now
        self.documents: list[intake.DocumentRow] = []
        self.taken = Taken()
        #: what of ours the mail answers, and the orders that it brings
        self.answered = answered_by(tx, read.letter)
        self.brought: list[Brought] = []

    @property
    def is_idle(self) -> bool:
        """Whether there was no order in the source, nor anything else that anybody is told of."""
        return {one.reason for one in self.documents} == {"paper.not_an_order"}

    def run(self, handed: Mapping[int, int]) -> None:
        """Decide every part."""
        if self.read.violation is not None:
            self._alone(self.read.violation)
            return
        readings: list[_Reading] = []
        idle: list[tuple[int, PartRead]] = []
        for ordinal, part in enumerate(self.read.parts):
            if part.fate == "format":
                self._part(ordinal, part, "handed_on", handed_source_id=handed.get(ordinal))
            elif part.fate == "picture":
                self._picture(ordinal, part)
            elif part.fate in ("quarantined", "unreadable"):
                self._left(ordinal, part)
            elif (found := self._order_in(part)) is not None:
                readings.append(self._judged(ordinal, part, found))
            else:
                idle.append((ordinal, part))
        for group in _groups(readings):
            self._order(group)
        told = bool(self.documents or handed)
        idle, told = (idle, True) if told else self._without_unread(idle)
        for ordinal, part in idle:
            self._idle(ordinal, part, told=told)
            told = told or part.fate == "paper"
        if not told:  # nothing but signatures and logos
            self.document("rejected", "paper.not_an_order", [fault("paper.not_an_order", {"name": self.row.name})])

    def _order_in(self, part: PartRead) -> Extracted | None:
        """Return what a part says that is or may be an order; the words of an answer never are."""
        if part.extracted is None or (self.answered is not None and is_words(part)):
            return None
        return part.extracted if _may_be_order(part.extracted) else None

    def _without_unread(self, idle: list[tuple[int, PartRead]]) -> tuple[list[tuple[int, PartRead]], bool]:
        """Leave a form that says that it is a known customer's order, and whose lines are not understood, to a person.

        Only where nothing else of the source is an order; it teaches how the next one is read. Return what is left, and
        whether there was one.
        """
        for place, (ordinal, part) in enumerate(idle):
            found = part.extracted
            if part.paper is None or found is None or found.kind != "unsure" or part.paper.pages[0].medium == "body":
                continue
            reading = self._judged(ordinal, part, found)
            if reading.named.named_by - {"name"}:
                self._order([reading])
                return idle[:place] + idle[place + 1 :], True
        return idle, False

    def _judged(self, ordinal: int, part: PartRead, found: Extracted) -> _Reading:
        named = name_customer(self.tx, found, self.read.letter)
        known = what_is_known(
            self.tx, self.desk.bench.cache, found, named, now=self.now, received_at=self.row.received_at
        )
        verdict = judge(found, known)
        _doubt_prices(found, verdict)
        return _Reading(ordinal, part, found, named, verdict)

    def _order(self, group: Sequence[_Reading]) -> None:
        """Place the order that one document, or several forms of one, say; leave it to a person where they may not."""
        best, *others = sorted(group, key=lambda one: (not one.found.lines, len(one.verdict.doubtful), one.ordinal))
        for other in others:
            for path in differing(best.found, other.found):
                best.verdict.doubt(path, "paper.forms_differ", best.found.fields.get(path, ()))
        partner, reference = _certain(best.verdict), best.found.best("buyer_reference")
        # A table without a number of its own may be sent every week.
        if reference and (before := papers.taken_before(self.tx, best.part.sha256, self.row.id)):
            document_id = self.document(
                "duplicate", "source.repeated", partner=before["partner"], reference=reference,
                order_id=before["order_id"], type_="ORDERS",
            )  # fmt: skip
            self._keep(group, best, "repeat", "source.repeated", document_id, order_id=before["order_id"])
            return
        document_id = self.tx.ids.next()
        outcome, became, order_id, faults = self._placed(best, document_id)
        if became == "draft":
            form, origins = form_of(best.verdict, best.found, best.part.place)
            origins = {path: {**origin, "document": str(document_id)} for path, origin in origins.items()}
            doubts = [*doubts_of(best.verdict), *faults]
            likely, guessed = best.verdict.partner, best.found.guessed
            draft_id = self._draft(
                form, origins, doubts, name=best.part.name, reference=reference, likely=likely, guessed=guessed
            )
            self.document(
                "parked", REVIEW, doubts, partner=partner, reference=reference, type_="ORDERS",
                document_id=document_id,
            )  # fmt: skip
            self._keep(group, best, "draft", None, document_id, draft_id=draft_id)
            self.brought.append(Brought(partner, reference, f"draft {draft_id}"))
            papers.add_doubts(
                self.tx, self.row.id, best.ordinal,
                [(path, without_line(path), one.reason) for path, one in best.verdict.doubtful.items()],
            )  # fmt: skip
            return
        reason = "order.repeated" if became == "repeat" else None
        self.document(
            outcome, reason, partner=partner, reference=reference, order_id=order_id, type_="ORDERS",
            document_id=document_id,
        )  # fmt: skip
        self._keep(group, best, became, reason, document_id, order_id=order_id)
        if order_id is not None and became == "order" and self.desk.sampler is not None:
            part = {
                "source_id": self.row.id, "ordinal": best.ordinal, "order_id": order_id, "partner": partner,
                "class": class_of(best.part, self.row.transport), "sha256": best.part.sha256,
                "place": best.part.place,
            }  # fmt: skip
            draw(self.tx, self.desk.sampler, part, at=self.now, actor=self.row.transport)

    def _placed(self, one: _Reading, document_id: int) -> tuple[str, Became, int | None, Sequence[Violation]]:
        """Place the order where nothing of it is doubtful; return outcome, fate, order, and what review finds wrong."""
        verdict = one.verdict
        doubts = {doubt.reason for doubt in verdict.doubtful.values()}
        if doubts - {"paper.reference_used"}:
            return "parked", "draft", None, ()
        order = order_of(verdict, one.found)
        request = DirectOrder(
            order=order, partner=verdict.partner, channel=CHANNEL, actor=self.row.transport, origin=self.row.origin,
            sha256=self.row.sha256, size=0,
        )  # fmt: skip
        try:
            judged = judge_direct(self.tx, self.desk.bench, request, self.desk.dates)
        except ValueOutOfRange as error:
            return "parked", "draft", None, [beyond_what_is_kept(error)]
        plan = judged.plan
        if plan is not None and plan.verdict == "duplicate" and plan.repeats is not None:
            return "duplicate", "repeat", plan.repeats.order_id, ()
        if plan is None or judged.faults or doubts or plan.repeats is not None:
            return "parked", "draft", None, judged.faults
        arrival = Arrival(self.row.id, None, self.row.received_at, self.row.transport, "none", None)
        placed = apply_plans(self.tx, judged.snapshot, arrival, [(plan, document_id)])[0]
        self.taken.orders.append(placed.number)
        self.brought.append(Brought(verdict.partner, one.found.best("buyer_reference"), placed.number))
        if not one.found.guessed:
            teacher = Teacher(self.row.id, placed.order_id, None, self.row.transport, self.now)
            learn_reference(self.tx, verdict.partner, plan.order.buyer_reference, teacher)
        return "accepted", "order", placed.order_id, ()

    def _draft(
        self, form: Form, origins: Origins, doubts: Sequence[Violation], *, name: str, reference: str, likely: str,
        guessed: bool,
    ) -> int:  # fmt: skip
        """Keep a draft and open the task to complete it, due as soon as an order by hand should take (INT-05).

        *likely* is the customer that it may be of, where that is not certain.
        """
        tx, now = self.tx, self.now
        draft_id = create_draft(tx, Writer(self.row.transport, None, now), form, origins)
        book = rules_in_force(tx).book
        minutes = book.targets.handling_minutes.get(CHANNEL, book.papers.baseline_minutes)
        partner = str(form.get("partner", ""))
        who = partner or str(form.get("buyer", {}).get("name", "")) or "an unknown customer"
        answers = self.answered is not None and self.answered.question is not None
        question = plan_question(
            tx, self.row, self.read.letter, self.desk.ask, partner=partner, guessed=guessed,
            doubts={one.code for one in doubts}, answers=answers, at=now,
        )  # fmt: skip
        words = f"{name}: look at {reference or 'an order'} of {who}. {question.words} "
        words += " ".join(one.message for one in doubts)
        inputs = {
            "draft": str(draft_id), "source": str(self.row.id), "partner": partner or None,
            "likely_partner": likely or None, "reference": reference,
            "fields": [one.tag for one in doubts if one.tag], "doubts": [one.kept() for one in doubts[:_MOST]],
            "question": question.told,
        }  # fmt: skip
        task = TaskDraft(REVIEW, str(draft_id), ROLE, words, inputs=inputs, due_at=now + timedelta(minutes=minutes))
        open_task(tx, task, at=now, actor=self.row.transport)
        self.taken.drafts.append(draft_id)
        return draft_id

    def _picture(self, ordinal: int, part: PartRead) -> None:
        """Leave a picture that nothing here can read to a person, as a draft to be typed."""
        if before := papers.taken_before(self.tx, part.sha256, self.row.id):
            order_id, reason = before["order_id"], "source.repeated"
            document_id = self.document("duplicate", reason, partner=before["partner"], order_id=order_id)
            self._part(ordinal, part, "repeat", reason=reason, document_id=document_id, order_id=order_id)
            return
        named = name_customer(self.tx, None, self.read.letter)
        doubts = [part.violation] if part.violation else []
        partner = named.code if named.certain else ""  # a customer's own key sees the drafts of its code
        form: Form = {"partner": partner} if partner else {}
        draft_id = self._draft(form, {}, doubts, name=part.name, reference="", likely=named.code, guessed=True)
        reason = part.violation.code if part.violation else REVIEW
        document_id = self.document("parked", reason, doubts, partner=partner)
        self._part(ordinal, part, "draft", partner=partner, reason=reason, document_id=document_id, draft_id=draft_id)

    def _left(self, ordinal: int, part: PartRead) -> None:
        """Tell a person of a part that may be dangerous or is broken."""
        assert part.violation is not None
        code = part.violation.code
        document_id = self.document("parked", code, [part.violation])
        self._part(ordinal, part, "left", reason=code, document_id=document_id)
        self._alert(part.violation, document_id)

    def _alone(self, violation: Violation) -> None:
        """Tell a person of a source of which nothing could be read."""
        document_id = self.document("parked", violation.code, [violation])
        self._alert(violation, document_id)

    def _idle(self, ordinal: int, part: PartRead, *, told: bool) -> None:
        """Keep a part that is no order: told by a document of its own where nothing else of its source is."""
        if part.fate != "paper":
            self._part(ordinal, part, "ignored")
            return
        reason, document_id = "paper.not_an_order", None
        why = fault("paper.not_an_order", {"name": part.name})
        if self.answered is not None and is_words(part):
            reason, why = ANSWER, self.answered.violation
        if not told:
            document_id = self.document("rejected", reason, [why])
        self._part(ordinal, part, "other", reason=reason, document_id=document_id)

    def _keep(
        self, group: Iterable[_Reading], best: _Reading, became: Became, reason: str | None, document_id: int,
        *, order_id: int | None = None, draft_id: int | None = None,
    ) -> None:  # fmt: skip
        """Keep the part that was decided on, and the other forms of the same order."""
        for one in group:
            assert one.part.paper is not None
            self._part(
                one.ordinal, one.part, became if one is best else "same", partner=_certain(one.verdict),
                reason=reason if one is best else "paper.same_order",
                reference=one.found.best("buyer_reference")[:100], document_id=document_id, order_id=order_id,
                draft_id=draft_id, judgement=judgement_json(one.part.paper, one.found, one.verdict),
                accepted=sum(map(is_measured, one.verdict.accepted)),
                doubtful=sum(map(is_measured, one.verdict.doubtful)),
            )  # fmt: skip
            if (words := packed(one.part.paper.pages)) is not None:
                paper_studies.keep_words(self.tx, self.row.id, one.ordinal, words)

    def _part(self, ordinal: int, part: PartRead, became: Became, **values: Any) -> None:
        found = part.extracted
        read: dict[str, Any] = {}
        if found is not None:
            read = {
                "kind": found.kind, "language": found.language[:5], "layout": found.layout[:64],
                "guessed": found.guessed, "quality": found.quality,
            }  # fmt: skip
        kept = {
            "source_id": self.row.id, "ordinal": ordinal, "place": part.place[:50], "name": part.name,
            "media_type": part.media_type[:100], "sha256": part.sha256, "size": part.size, "fate": part.fate,
            "class": class_of(part, self.row.transport), "became": became,
            "violation": part.violation.kept() if part.violation else None,
        }  # fmt: skip
        papers.add_part(self.tx, kept | read | values)

    def document(
        self, outcome: str, reason: str | None, faults: Sequence[Violation] = (), *, partner: str = "",
        reference: str = "", order_id: int | None = None, type_: str = "", document_id: int | None = None,
    ) -> int:  # fmt: skip
        """Give a part its document, kept when the source is settled, and return its id."""
        told = [one.kept() for one in faults[:_MOST]]
        document = intake.DocumentRow(
            id=document_id or self.tx.ids.next(),
            source_id=self.row.id,
            interchange_id=None,
            ordinal=len(self.documents),
            type=type_,
            version="",
            association="",
            reference=reference[:35],
            control_reference="",
            partner_id=partner_id_by_code(self.tx, partner) if partner else None,
            outcome=outcome,
            reason=reason,
            order_id=order_id,
            received_at=to_micros(self.row.received_at),
            violations=orjson.dumps(told).decode() if told else None,
        )
        self.documents.append(document)
        self.taken.outcomes.append(outcome)
        return document.id

    def _alert(self, violation: Violation, document_id: int) -> None:
        words = f"{self.row.origin}: {violation.message}"
        raise_alert(self.tx, UNREAD, str(document_id), words, at=self.now, document_id=document_id)


def _certain(verdict: Judgement) -> str:
    """Return the customer's code where that is certain, else "": its key sees what is its own."""
    return verdict.partner if "partner" in verdict.accepted else ""


def _may_be_order(found: Extracted) -> bool:
    """Tell whether a document is an order or may be one: then a person looks, as at a picture that is hard to read."""
    if found.kind == "unsure":
        return bool(found.lines) or found.guessed
    return found.kind == "order" or (found.guessed and found.quality < _LEGIBLE)


def _groups(readings: Sequence[_Reading]) -> list[list[_Reading]]:
    """Return the documents by the order that they are about; each without a reference is one of its own."""
    groups: list[list[_Reading]] = []
    for one in readings:
        group = next((group for group in groups if all(_is_same(each, one) for each in group)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _is_same(one: _Reading, other: _Reading) -> bool:
    """Tell whether two documents are one order: two customers may number theirs alike."""
    return same_order(one.found, other.found) and len({one.named.code, other.named.code} - {""}) < 2


def _doubt_prices(found: Extracted, verdict: Judgement) -> None:
    """Leave a price per several units to a person where nothing proves how many, or one unit's price has no end."""
    for line in range(1, found.lines + 1):
        path = f"lines.{line}.price"
        one = verdict.accepted.get(path)
        if one is None or found.best(f"lines.{line}.price_basis") in ("", "1"):
            continue
        if "arithmetic.line" not in one.evidence or unit_price(found, line, one.value) is None:
            verdict.doubt(path, "paper.field_doubtful", found.fields[path])
