"""The parts of a source that may be orders, each with the verdict on it, and which of them are one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.paper.compare import same_order
from core.paper.customer import Named
from core.paper.evidence import Judgement
from core.paper.hinting import is_surer
from core.paper.judging import judged, may_be_order
from core.paper.replies import is_words
from core.paper.sheets import doubt_sheets
from core.paper.work import Work
from core.reading import Extracted, PartRead


@dataclass(slots=True)
class Reading:
    """A part that may be an order, with the verdict on it."""

    ordinal: int
    part: PartRead
    found: Extracted
    named: Named
    verdict: Judgement


def reading_of(work: Work, ordinal: int, part: PartRead) -> Reading | None:
    """Return the surer of the readings of a part that is or may be an order; the words of an answer never are."""
    if part.extracted is None or not may_be_order(part.extracted) or (work.answered is not None and is_words(part)):
        return None
    first = judge_part(work, ordinal, part, part.extracted)
    second = second_reading_of(work, ordinal, part)
    if second is None or not is_surer(second.verdict, first.verdict):
        return first
    work.taken.read_again["taken"] += 1
    return second


def second_reading_of(work: Work, ordinal: int, part: PartRead) -> Reading | None:
    """Return the second reading of a part, where there is one and it is or may be an order; its part says it, too."""
    found = work.again.get(ordinal)
    if found is None or not may_be_order(found) or (work.answered is not None and is_words(part)):
        return None
    if banks := part.extracted.fields.get("bank") if part.extracted else None:  # however else the page is parted
        every = {one.value: one for one in (*banks, *found.fields.get("bank", ()))}
        found = replace(found, fields={**found.fields, "bank": tuple(every.values())})
    return judge_part(work, ordinal, replace(part, extracted=found), found)


def judge_part(work: Work, ordinal: int, part: PartRead, found: Extracted) -> Reading:
    """Return the verdict on what a part says: *found*, for the customer whom it names or whom the letter is from."""
    named, _, verdict = judged(
        work.tx, work.desk.bench.cache, found, work.read.letter, now=work.now, received_at=work.row.received_at
    )
    if part.paper is not None:
        doubt_sheets(part.paper.pages, found, verdict)
    return Reading(ordinal, part, found, named, verdict)


def by_order(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Return the documents by the order that they are about; each without a reference is one of its own."""
    groups: list[list[Reading]] = []
    for one in readings:
        group = next((group for group in groups if all(_is_same(each, one) for each in group)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _is_same(one: Reading, other: Reading) -> bool:
    """Tell whether two documents are one order: two customers may number theirs alike."""
    return same_order(one.found, other.found) and len({one.named.code, other.named.code} - {""}) < 2
