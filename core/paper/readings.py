"""The parts of a source that may be orders, each with the verdict on it, and which of them are one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.paper.acceptance import judge
from core.paper.compare import same_order
from core.paper.customer import Named, name_customer
from core.paper.evidence import Judgement
from core.paper.forms import unit_price
from core.paper.knowledge import what_is_known
from core.paper.replies import is_words
from core.paper.work import Work
from core.reading import Extracted, PartRead

#: a picture that can be read worse may hide an order
_LEGIBLE: Final = 0.9


@dataclass(slots=True)
class Reading:
    """A part that may be an order, with the verdict on it."""

    ordinal: int
    part: PartRead
    found: Extracted
    named: Named
    verdict: Judgement


def order_in(work: Work, part: PartRead) -> Extracted | None:
    """Return what a part says that is or may be an order; the words of an answer never are."""
    if part.extracted is None or (work.answered is not None and is_words(part)):
        return None
    return part.extracted if _may_be_order(part.extracted) else None


def judge_part(work: Work, ordinal: int, part: PartRead, found: Extracted) -> Reading:
    """Return the verdict on what a part says: *found*, for the customer whom it names or whom the letter is from."""
    named = name_customer(work.tx, found, work.read.letter)
    known = what_is_known(work.tx, work.desk.bench.cache, found, named, now=work.now, received_at=work.row.received_at)
    verdict = judge(found, known)
    _doubt_prices(found, verdict)
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


def _may_be_order(found: Extracted) -> bool:
    """Tell whether a document is an order or may be one: then a person looks, as at a picture that is hard to read."""
    if found.kind == "unsure":
        return bool(found.lines) or found.guessed
    return found.kind == "order" or (found.guessed and found.quality < _LEGIBLE)


def _doubt_prices(found: Extracted, verdict: Judgement) -> None:
    """Leave a price per several units to a person where nothing proves how many, or one unit's price has no end."""
    for line in range(1, found.lines + 1):
        path = f"lines.{line}.price"
        one = verdict.accepted.get(path)
        if one is None or found.best(f"lines.{line}.price_basis") in ("", "1"):
            continue
        if "arithmetic.line" not in one.evidence or unit_price(found, line, one.value) is None:
            verdict.doubt(path, "paper.field_doubtful", found.fields[path])
