"""The order of segments of one message as a deterministic automaton: state x tag -> state.

A state is the segment that was read last. Where one tag can mean two things the earlier one in the message table
wins, which is how the directories are to be read (ISO 9735, rules of explicit position). Repeats are counted per
segment and per group; since the repeats of a thing follow each other, a counter starts anew whenever it is entered
from outside, and nothing else ever resets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

#: a group that may repeat so often is what a long message is made of
_OFTEN: Final = 100


class Step(NamedTuple):
    """A permitted move to state ``node``.

    ``slot`` is the counter that it touches (-1 for none): +1 up to ``limit`` when it ``repeats``, else it starts at
    1. ``missing`` are the mandatory tags passed over; a move with any is for the validator only. ``group`` says
    that the counter belongs to a segment group.
    """

    node: int
    slot: int
    limit: int
    repeats: bool
    group: bool
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class _Entry:
    """A segment or, with ``children``, a group of the message table."""

    mandatory: bool
    limit: int
    parent: _Entry | None
    index: int
    tag: str = ""
    node: int = -1
    slot: int = -1
    children: list[_Entry] = field(default_factory=list)

    @property
    def trigger(self) -> _Entry:
        return self.children[0].trigger if self.children else self


class Automaton:
    """The message table of one message.

    Attributes:
        tags: the tag of each state.
        paths: the state's name, triggers of its groups included, such as ``LIN/QTY`` or ``NAD/CTA/COM``.
        steps: for each state, tag -> :class:`Step` without missing segments.
        leaps: the same with mandatory segments passed over, for recovery after a fault.
        slots: how many counters there are.
        most_repeated: the tag that begins the group which may repeat most, such as ``LIN``; "" where none does often.
    """

    def __init__(self, table: list[Any]) -> None:
        self.tags: list[str] = []
        self.paths: list[str] = []
        self.slots = 0
        self._entries: list[_Entry] = []
        root = _Entry(mandatory=True, limit=1, parent=None, index=0)
        self._grow(root, table, "")
        groups = [entry for entry in self._all(root) if entry.children and entry.limit >= _OFTEN]
        self.most_repeated = max(groups, key=lambda entry: entry.limit).trigger.tag if groups else ""
        self.steps: list[dict[str, Step]] = []
        self.leaps: list[dict[str, Step]] = []
        for entry in self._entries:
            reached: dict[str, Step] = {}
            leaps: dict[str, Step] = {}
            for tag, step in self._moves(entry):
                leaps.setdefault(tag, step)
                if not step.missing:
                    reached.setdefault(tag, step)
            self.steps.append(reached)
            self.leaps.append(leaps)

    def path(self, node: int, tags: Iterable[str]) -> list[int] | None:
        """Return the states from *node* on through *tags*; None where one may not follow or only its repeats decide.

        These are counted from here on: a counter that earlier segments may have touched leaves the answer open.
        """
        nodes, counts = [node], dict[int, int]()
        for tag in tags:
            step = self.steps[nodes[-1]].get(tag)
            if step is None:
                return None
            if step.slot >= 0:
                if step.repeats and step.slot not in counts:
                    return None
                counts[step.slot] = counts[step.slot] + 1 if step.repeats else 1
                if counts[step.slot] > step.limit:
                    return None
            nodes.append(step.node)
        return nodes

    def _grow(self, parent: _Entry, table: list[Any], path: str) -> None:
        for index, item in enumerate(table):
            group = isinstance(item, dict)
            status, limit = (item["s"], item["r"]) if group else item[1:]
            entry = _Entry(mandatory=status == "M", limit=limit, parent=parent, index=index)
            parent.children.append(entry)
            if limit > 1:
                entry.slot, self.slots = self.slots, self.slots + 1
            if group:
                self._grow(entry, item["c"], f"{path}{item['c'][0][0]}/")
            else:
                entry.tag, entry.node = item[0], len(self.tags)
                own = path[:-1] if path and index == 0 else path + item[0]
                self.tags.append(entry.tag)
                self.paths.append(own)
                self._entries.append(entry)

    def _all(self, entry: _Entry) -> Iterator[_Entry]:
        for child in entry.children:
            yield child
            yield from self._all(child)

    def _moves(self, entry: _Entry) -> Iterator[tuple[str, Step]]:
        """Yield every move from *entry*, nearest first."""
        if entry.slot >= 0:
            yield entry.tag, Step(entry.node, entry.slot, entry.limit, repeats=True, group=False)
        missing: tuple[str, ...] = ()
        inside = entry
        while (parent := inside.parent) is not None:
            for sibling in parent.children[inside.index + 1 :]:
                first = sibling.trigger
                yield (
                    first.tag,
                    Step(
                        first.node,
                        sibling.slot,
                        sibling.limit,
                        repeats=False,
                        group=bool(sibling.children),
                        missing=missing,
                    ),
                )
                if sibling.mandatory:
                    missing += (first.tag,)
            if parent.slot >= 0:
                first = parent.trigger
                yield (
                    first.tag,
                    Step(first.node, parent.slot, parent.limit, repeats=True, group=True, missing=missing),
                )
            inside = parent
