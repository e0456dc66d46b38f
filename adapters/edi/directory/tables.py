"""The facts of one directory release: messages, segments, composites, elements and code lists.

The files of ``data/`` are written by ``tools/make_directory.py`` out of the UN directories.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

#: releases that have tables of their own, by the name that UNH gives: version + release
RELEASES: Final = ("D96A", "D01B")
SERVICE: Final = "service"

#: codes that GS1 gives out for EANCOM and the UN lists of an older release lack
_EANCOM_CODES: Final = {"7143": {"SRV", "UP", "EN"}, "3055": {"9"}}


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
    """One position of a segment: a composite (several components) or a single data element."""

    id: str
    name: str
    mandatory: bool
    components: tuple[Component, ...]

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


class Directory(NamedTuple):
    """One release: message tables as nested lists (see ``automaton``) and the segments that they use."""

    name: str
    messages: dict[str, list[Any]]
    segments: dict[str, SegmentTable]


def _format(text: str) -> tuple[str, int, int]:
    """Split ``an..35`` into (``an``, 0, 35) and ``n6`` into (``n``, 6, 6)."""
    kind = text.rstrip("0123456789.")
    size = text[len(kind) :]
    most = int(size.lstrip("."))
    return kind, 0 if size.startswith("..") else most, most


def _segments(content: dict[str, Any]) -> dict[str, SegmentTable]:
    codes = {key: frozenset(listed.split()) | _EANCOM_CODES.get(key, set()) for key, listed in content["codes"].items()}
    composites, elements = content["composites"], content["elements"]

    def component(key: str, status: str) -> Component:
        name, form = elements[key]
        return Component(key, name, status == "M", *_format(form), codes.get(key))

    def element(key: str, status: str) -> Element:
        if key not in composites:
            single = component(key, "M")
            return Element(key, single.name, status == "M", (single,))
        # before D.00A repeats are written out; a repeat inside a composite is written out here
        parts = [component(part, must) for part, must, times in composites[key]["e"] for _ in range(times)]
        return Element(key, composites[key]["n"].capitalize(), status == "M", tuple(parts))

    found = {}
    for tag, segment in content["segments"].items():
        positions = [
            element(key, status if turn == 0 else "C") for key, status, times in segment["e"] for turn in range(times)
        ]
        found[tag] = SegmentTable(tag, segment["n"], tuple(positions), segment.get("open", False))
    return found


@lru_cache(maxsize=8)
def load(name: str) -> Directory:
    """Return the directory *name* of :data:`RELEASES`, or :data:`SERVICE` (CONTRL), service segments included."""
    content = json.loads((files(__package__) / "data" / f"{name}.json").read_text("utf-8"))
    segments = _segments(content)
    if name != SERVICE:
        segments = load(SERVICE).segments | segments
    return Directory(name, content["messages"], segments)


def directory_of(message_type: str, version: str, release: str) -> str | None:
    """Return the name of the directory that reads a message, None where there is no table for it.

    CONTRL has a version of its own (ISO 9735) and one table for all.
    """
    if message_type == "CONTRL":
        return SERVICE
    name = version + release
    return name if name in RELEASES and message_type in load(name).messages else None
