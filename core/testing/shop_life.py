"""The life of one order as its shop tells it: whatever the sequence in which that comes, it ends the same.

Made for every storefront, ours or a third party's (issue 5, part 3): nothing is stored, so all sequences can be tried.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from core.documents import ShopEvent
from core.shops.standing import ShopStanding, after, facts_json
from core.storefront import HookDelivery, StoreAccess, Storefront

_RECEIVED: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_APART: Final = timedelta(seconds=7)


class Sent(NamedTuple):
    """One delivery: its topic and body, and where it names an order alone, what a call back answers."""

    topic: str
    body: bytes
    fetched: bytes | None = None


def all_sequences(count: int) -> list[tuple[int, ...]]:
    """Return every permutation of so many deliveries, each with one of them a second time."""
    return [(*order, order[place % count]) for place, order in enumerate(itertools.permutations(range(count)))]


def some_sequences(count: int, most: int, seed: int = 4) -> list[tuple[int, ...]]:
    """Return the sequence as it happened, the reverse, and others by chance: *most* in all, or all that there are."""
    every = all_sequences(count)
    chosen = [every[0], every[-1], *every[1:-1]]
    return [*chosen[:2], *random.Random(seed).sample(chosen[2:], min(most, len(every)) - 2)]  # noqa: S311 - no secret


def exercise_convergence(
    storefront: Storefront, access: StoreAccess, life: Sequence[Sent], sequences: Iterable[Sequence[int]]
) -> ShopStanding:
    """Bring *life* in each of *sequences* (places in it, repeats too), and return how the order stands after all.

    Raises:
        AssertionError: a delivery cannot be read, or the order ends in two ways.
    """
    events = [event_of(storefront, access, sent) for sent in life]
    first: tuple[Sequence[int], ShopStanding] | None = None
    for sequence in sequences:
        standing = ShopStanding()
        for place, which in enumerate(sequence):
            standing = after(standing, events[which], _RECEIVED + place * _APART)
        first = first or (sequence, standing)
        assert _shown(standing) == _shown(first[1]), (
            f"{storefront.id}: in the sequence {sequence} the order ends otherwise than in {first[0]}"
        )
    assert first is not None, "there is no sequence to try"
    return first[1]


def event_of(storefront: Storefront, access: StoreAccess, sent: Sent) -> ShopEvent:
    """Return what a delivery tells, by a call back where it names an order alone.

    Raises:
        AssertionError: it cannot be read.
    """
    read = storefront.read(HookDelivery("d-1", sent.topic), sent.body, access)
    if read.event is not None and read.event.fetch and read.event.order is None:
        assert sent.fetched is not None, f"{storefront.id}: {sent.topic} names an order alone"
        read = storefront.read_fetched(sent.fetched, access)
    assert read.event is not None, f"{storefront.id}: {sent.topic} is refused: {read.violations}"
    assert read.event.kind != "ignored", f"{storefront.id}: {sent.topic} is passed over"
    return read.event


def _shown(standing: ShopStanding) -> dict[str, Any]:
    """Return how an order stands but for the numbers of its lines, which follow the sequence they were seen in."""
    told = standing.snapshot
    ids = dict(standing.line_ids)
    lines = {} if told is None else {ids[line.line]: line._replace(line=0) for line in told.order.lines}
    rest = None if told is None else replace(told, order=replace(told.order, lines=()), line_ids=())
    return {"facts": facts_json(standing), "ids": set(ids.values()), "lines": lines, "told": rest}
