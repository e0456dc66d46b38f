"""The verdict on one reading of a part, by all that the store knows of its customer."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from core.paper.acceptance import judge
from core.paper.customer import Named, name_customer
from core.paper.evidence import Judgement
from core.paper.forms import unit_price
from core.paper.knowledge import what_is_known
from core.paper.known import Known
from core.reading import Extracted, Letter
from core.store.engine import Tx
from core.store.lookup import MasterCache

#: a picture that can be read worse may hide an order
_LEGIBLE: Final = 0.9


class Judged(NamedTuple):
    """Who is thought to order, what is known of them, and the verdict on what was read."""

    named: Named
    known: Known
    verdict: Judgement


def judged(
    tx: Tx, cache: MasterCache, found: Extracted, letter: Letter | None, *, now: datetime, received_at: datetime
) -> Judged:
    """Return the verdict on *found*, for the customer whom it names or whom its *letter* is from.

    *cache* must have been refreshed in this transaction.
    """
    named = name_customer(tx, found, letter)
    known = what_is_known(tx, cache, found, named, now=now, received_at=received_at)
    verdict = judge(found, known)
    _doubt_prices(found, verdict)
    return Judged(named, known, verdict)


def may_be_order(found: Extracted) -> bool:
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
