"""The tables of one directory release: messages, segments, composites, elements and code lists.

A table is built when it is first asked for, so reading one message costs what that message reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from adapters.edi.directory import facts

#: releases that have tables of their own, oldest first, by the name that UNH gives: version + release
RELEASES: Final = facts.RELEASES
#: syntax versions by the first character of UNB 0002; 1 and 2 have the service segments of 3
_SYNTAX: Final = {"1": "S3", "2": "S3", "3": "S3", "4": "S4"}
#: UNH, UNS and UNT inside a message of a release: those of syntax 4, which take all that those of syntax 3 take
_ENVELOPE: Final = "S4"

Built = TypeVar("Built")


class Component(NamedTuple):
    """A data element at its place: format such as ``an..35`` split up, and its code list if it has one."""

    id: str
    name: str
    mandatory: bool
    kind: str
    least: int
    most: int
    codes: frozenset[str] | None


class Element(NamedTuple):
    """One position of a segment: a composite (several components) or a single data element.

    From D.00A on a position may repeat: ``limit`` times. Syntax 3 writes the repeats as positions of their own,
    which is how a :class:`SegmentTable` holds them; ``turn`` counts them from 1. Syntax 4 writes them at the one
    position, between repetition characters.
    """

    id: str
    name: str
    mandatory: bool
    components: tuple[Component, ...]
    limit: int = 1
    turn: int = 1

    @property
    def composite(self) -> bool:
        """Tell whether the position is a composite data element."""
        return self.id[0] in "CS"


class SegmentTable(NamedTuple):
    """A segment of the directory. ``open`` segments may carry further elements, which are passed over."""

    tag: str
    name: str
    elements: tuple[Element, ...]
    open: bool = False

    def component(self, element: int, component: int) -> Component | None:
        """Return the data element at a place counted from 1, None beyond the table."""
        if 0 < element <= len(self.elements):
            components = self.elements[element - 1].components
            if 0 < component <= len(components):
                return components[component - 1]
        return None

    @property
    def positions(self) -> tuple[Element, ...]:
        """The positions as syntax 4 counts them: one for all repeats of an element."""
        return tuple(element for element in self.elements if element.turn == 1)


class Shelf(Mapping[str, Built]):
    """Tables by their key, each built when it is first taken."""

    def __init__(self, keys: Iterable[str], build: Callable[[str], Built]) -> None:
        self._keys, self._build = dict.fromkeys(keys), build
        self._built: dict[str, Built] = {}

    def __getitem__(self, key: str) -> Built:
        if key not in self._built:
            if key not in self._keys:
                raise KeyError(key)
            self._built[key] = self._build(key)
        return self._built[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys


class Directory(NamedTuple):
    """One release: message tables as nested lists (see ``automaton``) and the segments that they use."""

    name: str
    messages: Mapping[str, list[Any]]
    segments: Mapping[str, SegmentTable]


@lru_cache(maxsize=32)
def load(name: str) -> Directory:
    """Return the directory *name*: one of :data:`RELEASES`, or ``S3`` or ``S4`` for CONTRL and the envelope.

    Raises:
        KeyError: there is no such directory.
    """
    own = facts.keys("segments", name)
    envelope = facts.keys("segments", _ENVELOPE) if name in RELEASES else []
    segments = Shelf(dict.fromkeys([*envelope, *own]), lambda tag: _segment(tag, name if tag in own else _ENVELOPE))
    return Directory(name, Shelf(facts.keys("messages", name), lambda kind: _message(kind, name)), segments)


def service(syntax_version: str) -> Directory:
    """Return the service segments and CONTRL of a syntax version (UNB 0002); an unknown one is read as version 3."""
    return load(_SYNTAX.get(syntax_version, "S3"))


def _message(kind: str, release: str) -> list[Any]:
    """Return a message table: ``[tag, status, limit]`` or ``{"g": number, "s": status, "r": limit, "c": [...]}``."""
    table: list[Any] = []
    open_, groups = [table], 0
    for word in facts.row("messages", kind, release).split():
        if word == ")":
            open_.pop()
            continue
        key, status, limit = _item(word)
        if key == "(":
            groups += 1
            inside: list[Any] = []
            open_[-1].append({"g": groups, "s": status, "r": limit, "c": inside})
            open_.append(inside)
        else:
            open_[-1].append([key, status, limit])
    return table


def _item(word: str) -> tuple[str, str, int]:
    """Split ``DTM:C35`` into (``DTM``, ``C``, 35); without a figure a thing stands once."""
    key, _, rule = word.partition(":")
    return key, rule[0], int(rule[1:] or 1)


def _segment(tag: str, release: str) -> SegmentTable:
    name, items = facts.row("segments", tag, release)
    elements: list[Element] = []
    for key, status, limit in map(_item, items.split()):
        first = _element(key, release, mandatory=status == "M")
        elements.append(first._replace(limit=limit))
        elements += [first._replace(mandatory=False, limit=limit, turn=turn) for turn in range(2, limit + 1)]
    # later editions of the syntax append security elements to the UCx segments
    return SegmentTable(tag, name, tuple(elements), open=tag.startswith("UC"))


def _element(key: str, release: str, *, mandatory: bool) -> Element:
    if key[0] not in "CS":
        single = _component(key, release, mandatory=True)
        return Element(key, single.name, mandatory, (single,))
    name, items = facts.row("composites", key, release)
    # before D.00A repeats are written out; a repeat inside a composite is written out here
    parts = [
        _component(part, release, mandatory=status == "M" and turn == 0)
        for part, status, limit in map(_item, items.split())
        for turn in range(limit)
    ]
    return Element(key, name, mandatory, tuple(parts))


@lru_cache(maxsize=2048)
def _component(key: str, release: str, *, mandatory: bool) -> Component:
    name, form = facts.row("elements", key, release)
    return Component(key, name, mandatory, *_format(form), facts.codes(key, release))


def _format(text: str) -> tuple[str, int, int]:
    """Split ``an..35`` into (``an``, 0, 35) and ``n6`` into (``n``, 6, 6)."""
    kind = text.rstrip("0123456789.")
    size = text[len(kind) :]
    most = int(size.lstrip("."))
    return kind, 0 if size.startswith("..") else most, most
