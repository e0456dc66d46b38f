"""What a source by mail or fax becomes, in one transaction: orders, drafts with tasks, or a coded reason why neither.

Every part is kept with what became of it, and every one that a person or a report asks for has a document with its
outcome, so that the reconciliation explains every source (INT-05, INT-10).
"""

from __future__ import annotations

from collections.abc import Mapping

from core.entry.forms import Form
from core.paper.customer import name_customer
from core.paper.letters import tell_of_letter
from core.paper.orders import settle_order
from core.paper.parked import open_draft
from core.paper.questions import REVIEW
from core.paper.readings import Reading, by_order, judge_part, reading_of, second_reading_of
from core.paper.replies import ANSWER, is_words, take_reply
from core.paper.work import PaperDesk, Taken, Work
from core.provenance import Violation, fault
from core.reading import Extracted, PartRead, ReadSource
from core.store import intake, papers
from core.store.engine import Tx
from core.store.papers import PaperRow


class ClaimLost(Exception):
    """Another worker has this source by now; nothing of this one's work may be kept."""


def take(
    tx: Tx, desk: PaperDesk, row: PaperRow, read: ReadSource, *, handed: Mapping[int, int],
    again: Mapping[int, Extracted],
) -> Taken:  # fmt: skip
    """Keep what *read* says and make orders or drafts of it.

    *handed* are the sources that parts with a decoder of their own became, by the ordinal of the part; *again* what
    parts said that were read a second time (``core.paper.again``), of which the surer reading is taken.

    Raises:
        ClaimLost: another worker has the source; roll back.
        StockShort: another writer took planned stock; roll back and try again.
    """
    work = Work(tx, desk, row, read, again)
    papers.keep_letter(tx, row.id, None if read.letter is None else read.letter._asdict())
    desk.bench.cache.refresh(tx)
    _decide(work, handed)
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
    work.taken.read_again["left"] = len(again) - work.taken.read_again["taken"]
    return work.taken


def take_repeat(tx: Tx, desk: PaperDesk, row: PaperRow, before: int) -> Taken:
    """Settle a source whose bytes came before, as the source *before*, of which something was taken.

    Raises:
        ClaimLost: as :func:`take`.
    """
    work = Work(tx, desk, row, ReadSource(None, ()))
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


def _decide(work: Work, handed: Mapping[int, int]) -> None:
    """Decide every part."""
    if work.read.violation is not None:
        _alone(work, work.read.violation)
        return
    readings, idle = _at_first_sight(work, handed)
    if not readings:
        readings, idle = _at_second_sight(work, idle)
    for group in by_order(readings):
        settle_order(work, group)
    told = bool(work.documents or handed)
    idle, told = (idle, True) if told else _without_unread(work, idle)
    for ordinal, part in idle:
        _idle(work, ordinal, part, told=told)
        told = told or part.fate == "paper"
    if not told:  # nothing but signatures and logos
        work.document("rejected", "paper.not_an_order", [fault("paper.not_an_order", {"name": work.row.name})])


Idle = list[tuple[int, PartRead]]


def _at_first_sight(work: Work, handed: Mapping[int, int]) -> tuple[list[Reading], Idle]:
    """Return the parts that may be orders and those that are none, by their ordinals; the others are decided."""
    readings: list[Reading] = []
    idle: Idle = []
    for ordinal, part in enumerate(work.read.parts):
        if part.fate == "format":
            work.part(ordinal, part, "handed_on", handed_source_id=handed.get(ordinal))
        elif part.fate == "picture":
            _picture(work, ordinal, part)
        elif part.fate in ("quarantined", "unreadable"):
            _left(work, ordinal, part)
        elif (reading := reading_of(work, ordinal, part)) is not None:
            readings.append(reading)
        else:
            idle.append((ordinal, part))
    return readings, idle


def _at_second_sight(work: Work, idle: Idle) -> tuple[list[Reading], Idle]:
    """Return the orders among parts that were none as they were first read, and the other parts.

    They have to say that they are orders: lists and letters name items, too.
    """
    second = {ordinal: second_reading_of(work, ordinal, part) for ordinal, part in idle}
    found = {ordinal: one for ordinal, one in second.items() if one is not None and one.found.kind == "order"}
    work.taken.read_again["taken"] += len(found)
    return list(found.values()), [(ordinal, part) for ordinal, part in idle if ordinal not in found]


def _without_unread(work: Work, idle: Idle) -> tuple[Idle, bool]:
    """Leave a form that says that it is a known customer's order, and whose lines are not understood, to a person.

    Only where nothing else of the source is an order; it teaches how the next one is read. Return what is left, and
    whether there was one.
    """
    for place, (ordinal, part) in enumerate(idle):
        found = part.extracted
        if part.paper is None or found is None or found.kind != "unsure" or part.paper.pages[0].medium == "body":
            continue
        reading = judge_part(work, ordinal, part, found)
        if reading.named.named_by - {"name"}:
            settle_order(work, [reading])
            return idle[:place] + idle[place + 1 :], True
    return idle, False


def _picture(work: Work, ordinal: int, part: PartRead) -> None:
    """Leave a picture that nothing here can read to a person, as a draft to be typed."""
    if before := papers.taken_before(work.tx, part.sha256, work.row.id):
        order_id, reason = before["order_id"], "source.repeated"
        document_id = work.document("duplicate", reason, partner=before["partner"], order_id=order_id)
        work.part(ordinal, part, "repeat", reason=reason, document_id=document_id, order_id=order_id)
        return
    named = name_customer(work.tx, None, work.read.letter)
    doubts = [part.violation] if part.violation else []
    partner = named.code if named.certain else ""  # a customer's own key sees the drafts of its code
    form: Form = {"partner": partner} if partner else {}
    draft_id = open_draft(work, form, {}, doubts, name=part.name, reference="", likely=named.code, guessed=True)
    reason = part.violation.code if part.violation else REVIEW
    document_id = work.document("parked", reason, doubts, partner=partner)
    work.part(ordinal, part, "draft", partner=partner, reason=reason, document_id=document_id, draft_id=draft_id)


def _left(work: Work, ordinal: int, part: PartRead) -> None:
    """Tell a person of a part that may be dangerous or is broken."""
    assert part.violation is not None
    code = part.violation.code
    document_id = work.document("parked", code, [part.violation])
    work.part(ordinal, part, "left", reason=code, document_id=document_id)
    work.alert(part.violation, document_id)


def _alone(work: Work, violation: Violation) -> None:
    """Tell a person of a source of which nothing could be read."""
    document_id = work.document("parked", violation.code, [violation])
    work.alert(violation, document_id)


def _idle(work: Work, ordinal: int, part: PartRead, *, told: bool) -> None:
    """Keep a part that is no order: told by a document of its own where nothing else of its source is."""
    if part.fate != "paper":
        work.part(ordinal, part, "ignored")
        return
    reason, document_id = "paper.not_an_order", None
    why = fault("paper.not_an_order", {"name": part.name})
    if work.answered is not None and is_words(part):
        reason, why = ANSWER, work.answered.violation
    if not told:
        document_id = work.document("rejected", reason, [why])
    work.part(ordinal, part, "other", reason=reason, document_id=document_id)
