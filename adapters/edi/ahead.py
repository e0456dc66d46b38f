"""Checks the messages of a large file in several processes, and tells them in order as one process would.

The walk over the envelopes stays here, so counts, references and their order are exact; it takes a twelfth of the
time. What it finds is cut into stretches. A process that has room gets the messages of a stretch, as spans of the
file; when none has, this process checks them itself. Only faults come back, because handing a document over
costs a fifth of reading it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from adapters.edi.check_process import Batch, Crew
from adapters.edi.envelope import Opened
from adapters.edi.streams import Message, Told
from core.ports import PartnerGuide, judged

#: Bytes of messages that are handed over at a time: some 40 orders of ten lines, 15 ms.
STRETCH: Final = 65_536
#: so many events are a stretch, too, however few bytes they have
_MOST_EVENTS: Final = 500
#: stretches, and bytes in them, that are held for each process until the ones before them are checked
_HELD: Final = 16
_HELD_BYTES: Final = 2 * 1024 * 1024
#: Another process costs 0.2 s until it checks its first message; a smaller file takes hardly longer than a second.
_WORTH_BYTES: Final = 4_000_000
#: more processes than this are only started when they are asked for
_MOST_PROCESSES: Final = 4


def processes_for(size: int) -> int:
    """Return how many processes should check a file of *size* bytes: one a small file, else one an idle core."""
    if size < _WORTH_BYTES:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(_MOST_PROCESSES, round(cores - os.getloadavg()[0])))


class _Stretch(NamedTuple):
    """Some events that follow each other, and the messages among them that are checked."""

    events: list[Told]
    batch: Batch
    size: int


def checked_ahead(
    events: Iterator[Told], crew: Crew, guide: PartnerGuide | None, *, stretch: int = STRETCH
) -> Iterator[Told]:
    """Yield *events* in their order, each message once it is checked, here or by the *crew*.

    Messages of an interchange that is refused as it opens are not checked. *stretch* is in bytes.
    """
    held: deque[_Stretch] = deque()
    size = 0
    for found in _stretches(events, guide, stretch):
        held.append(found)
        size += found.size
        if not found.batch.checked and not crew.give(found.batch):
            found.batch.check()
        while held and (held[0].batch.checked or _is_full(len(held), size, len(crew) + 1)):
            crew.finish(held[0].batch)
            size -= held[0].size
            yield from held.popleft().events
    for found in held:
        crew.finish(found.batch)
        yield from found.events


def _is_full(stretches: int, size: int, processes: int) -> bool:
    """Tell whether no more is taken before the first stretch is done; one a process must have room, however large."""
    return stretches > processes * _HELD or (size > processes * _HELD_BYTES and stretches > processes)


def _stretches(events: Iterator[Told], guide: PartnerGuide | None, most: int) -> Iterator[_Stretch]:
    """Cut *events* into stretches of at least *most* bytes of messages."""
    told: list[Told] = []
    messages: list[Message] = []
    size, refused = 0, False
    for event in events:
        told.append(event)
        if isinstance(event, Message):
            size += len(event.content)
            if not refused:
                messages.append(event)
        elif isinstance(event, Opened):
            refused = judged(event.interchange, guide).failed
        if size >= most or len(told) >= _MOST_EVENTS:
            yield _Stretch(told, Batch(messages), size)
            told, messages, size = [], [], 0
    yield _Stretch(told, Batch(messages), size)
