"""Which papers are read a second time, and what of their customers may stand on them (INT-05, INT-11).

A form that nobody has seen leaves doubts: its heads are in no lexicon. What stands below them is known, though: items
of the catalogue, and the customer's own numbers and places. So such a paper is read again by what it says and not by
what it calls it, and both readings are judged alike.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.hints import Hints
from core.paper.hinting import hints_of
from core.paper.judging import judged, may_be_order
from core.paper.knowledge import with_items
from core.paper.namings import texts_of
from core.paper.replies import is_words
from core.reading import ReadSource
from core.store.engine import Tx
from core.store.lookup import MasterCache

#: parts of a source that are read again: a mail has as many orders at most
MOST_PARTS: Final = 20


def hints_by_part(
    tx: Tx, cache: MasterCache, read: ReadSource, *, now: datetime, received_at: datetime
) -> dict[int, Hints]:
    """Return the parts that are worth a second reading, :data:`MOST_PARTS` at most, with what may stand on them.

    Those of a customer that is named, whose first reading leaves a doubt. Where no part is an order as it was first
    read, any file that names an item of ours may be one; the words of a mail are then for a person, whatever they name.

    *cache* must have been refreshed in this transaction.
    """
    hints: dict[int, Hints] = {}
    orders = [part.extracted is not None and may_be_order(part.extracted) for part in read.parts]
    some_order = any(orders)
    for ordinal, part in enumerate(read.parts):
        paper, found = part.paper, part.extracted
        worth = orders[ordinal] if some_order else not is_words(part)
        if paper is None or found is None or not worth:
            continue
        if len(hints) == MOST_PARTS:
            break
        named, known, verdict = judged(tx, cache, found, read.letter, now=now, received_at=received_at)
        if not named.code or (some_order and verdict.certain):
            continue
        told = hints_of(with_items(tx, cache, known, found, texts_of(paper.pages), now=now))
        if told.goods or some_order:
            hints[ordinal] = told
    return hints
