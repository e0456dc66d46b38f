"""The order that one document, or several forms of one, say: placed, or left to a person where it may not be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.errors import ValueOutOfRange
from core.intake.direct import DirectOrder, judge_direct
from core.intake.plausibility import beyond_what_is_kept
from core.ordering.place import Arrival, apply_plans
from core.paper.classes import class_of
from core.paper.compare import differing
from core.paper.evidence import Judgement
from core.paper.forms import form_of, order_of
from core.paper.measured import is_measured, without_line
from core.paper.memory import Teacher
from core.paper.parked import open_draft
from core.paper.questions import REVIEW
from core.paper.readings import Reading
from core.paper.record import doubts_of, judgement_json
from core.paper.replies import Brought
from core.paper.sampling import draw
from core.paper.teaching import learn_reference
from core.paper.words import packed
from core.paper.work import Work
from core.provenance import Violation
from core.store import paper_studies, papers
from core.store.papers import CHANNEL, Became


def settle_order(work: Work, group: Sequence[Reading]) -> None:
    """Place the order that one document, or several forms of one, say; leave it to a person where they may not."""
    best, *others = sorted(group, key=lambda one: (not one.found.lines, len(one.verdict.doubtful), one.ordinal))
    for other in others:
        for path in differing(best.found, other.found):
            best.verdict.doubt(path, "paper.forms_differ", best.found.fields.get(path, ()))
        if bank := other.verdict.doubtful.get("bank"):  # whichever form names it
            best.verdict.doubt("bank", bank.reason, bank.candidates)
    partner, reference = _certain(best.verdict), best.found.best("buyer_reference")
    # A table without a number of its own may be sent every week.
    if reference and (before := papers.taken_before(work.tx, best.part.sha256, work.row.id)):
        document_id = work.document(
            "duplicate", "source.repeated", partner=before["partner"], reference=reference,
            order_id=before["order_id"], type_="ORDERS",
        )  # fmt: skip
        _keep(
            work, group, best, "repeat", reason="source.repeated", document_id=document_id,
            order_id=before["order_id"],
        )  # fmt: skip
        return
    document_id = work.tx.ids.next()
    outcome, became, order_id, faults = _placed(work, best, document_id)
    if became == "draft":
        _left_to_person(work, group, best, document_id, faults)
        return
    reason = "order.repeated" if became == "repeat" else None
    work.document(
        outcome, reason, partner=partner, reference=reference, order_id=order_id, type_="ORDERS",
        document_id=document_id,
    )  # fmt: skip
    _keep(work, group, best, became, reason=reason, document_id=document_id, order_id=order_id)
    if order_id is not None and became == "order" and work.desk.sampler is not None:
        part = {
            "source_id": work.row.id, "ordinal": best.ordinal, "order_id": order_id, "partner": partner,
            "class": class_of(best.part, work.row.transport), "sha256": best.part.sha256,
            "place": best.part.place,
        }  # fmt: skip
        draw(work.tx, work.desk.sampler, part, at=work.now, actor=work.row.transport)


def _left_to_person(
    work: Work, group: Sequence[Reading], best: Reading, document_id: int, faults: Sequence[Violation]
) -> None:
    """Keep the order as a draft to be completed, with what is doubtful of it and what review found wrong."""
    partner, reference = _certain(best.verdict), best.found.best("buyer_reference")
    form, origins = form_of(best.verdict, best.found, best.part.place)
    origins = {path: {**origin, "document": str(document_id)} for path, origin in origins.items()}
    doubts = [*doubts_of(best.verdict), *faults]
    draft_id = open_draft(
        work, form, origins, doubts, name=best.part.name, reference=reference, likely=best.verdict.partner,
        guessed=best.found.guessed,
    )  # fmt: skip
    work.document(
        "parked", REVIEW, doubts, partner=partner, reference=reference, type_="ORDERS", document_id=document_id
    )
    _keep(work, group, best, "draft", document_id=document_id, draft_id=draft_id)
    work.brought.append(Brought(partner, reference, f"draft {draft_id}"))
    papers.add_doubts(
        work.tx, work.row.id, best.ordinal,
        [(path, without_line(path), one.reason) for path, one in best.verdict.doubtful.items()],
    )  # fmt: skip


def _placed(work: Work, one: Reading, document_id: int) -> tuple[str, Became, int | None, Sequence[Violation]]:
    """Place the order where nothing of it is doubtful; return outcome, fate, order, and what review finds wrong."""
    verdict = one.verdict
    doubts = {doubt.reason for doubt in verdict.doubtful.values()}
    if doubts - {"paper.reference_used"}:
        return "parked", "draft", None, ()
    order = order_of(verdict, one.found)
    request = DirectOrder(
        order=order, partner=verdict.partner, channel=CHANNEL, actor=work.row.transport, origin=work.row.origin,
        sha256=work.row.sha256, size=0,
    )  # fmt: skip
    try:
        judged = judge_direct(work.tx, work.desk.bench, request, work.desk.dates)
    except ValueOutOfRange as error:
        return "parked", "draft", None, [beyond_what_is_kept(error)]
    plan = judged.plan
    if plan is not None and plan.verdict == "duplicate" and plan.repeats is not None:
        return "duplicate", "repeat", plan.repeats.order_id, ()
    if plan is None or judged.faults or doubts or plan.repeats is not None:
        return "parked", "draft", None, judged.faults
    arrival = Arrival(work.row.id, None, work.row.received_at, work.row.transport, "none", None)
    placed = apply_plans(work.tx, judged.snapshot, arrival, [(plan, document_id)])[0]
    work.taken.orders.append(placed.number)
    work.brought.append(Brought(verdict.partner, one.found.best("buyer_reference"), placed.number))
    if not one.found.guessed:
        teacher = Teacher(work.row.id, placed.order_id, None, work.row.transport, work.now)
        learn_reference(work.tx, verdict.partner, plan.order.buyer_reference, teacher)
    return "accepted", "order", placed.order_id, ()


def _keep(
    work: Work, group: Iterable[Reading], best: Reading, became: Became, *, document_id: int,
    reason: str | None = None, order_id: int | None = None, draft_id: int | None = None,
) -> None:  # fmt: skip
    """Keep the part that was decided on, and the other forms of the same order."""
    for one in group:
        assert one.part.paper is not None
        work.part(
            one.ordinal, one.part, became if one is best else "same", partner=_certain(one.verdict),
            reason=reason if one is best else "paper.same_order",
            reference=one.found.best("buyer_reference")[:100], document_id=document_id, order_id=order_id,
            draft_id=draft_id, judgement=judgement_json(one.part.paper, one.found, one.verdict),
            accepted=sum(map(is_measured, one.verdict.accepted)),
            doubtful=sum(map(is_measured, one.verdict.doubtful)),
        )  # fmt: skip
        if (words := packed(one.part.paper.pages)) is not None:
            paper_studies.keep_words(work.tx, work.row.id, one.ordinal, words)


def _certain(verdict: Judgement) -> str:
    """Return the customer's code where that is certain, else "": its key sees what is its own."""
    return verdict.partner if "partner" in verdict.accepted else ""
