"""Segments to text to bytes: a thin, fast layer on pydifact's ``Segment``, ``Characters`` and ``Serializer``.

pydifact fixes the model and the escaping; this module adds what it lacks outwards: a segment without the checks of
its constructor (the builders are tested against the directory instead), the repetition character of syntax 4,
the cut of trailing empty elements (ISO 9735-1, 8.7) and the repertoires of UNB 0001.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pydifact.control.characters import Characters
from pydifact.segments import Segment
from pydifact.serializer import Serializer

from adapters.edi.dialect import CODECS

Element = str | list[str]
#: the texts of segments before, between and after what is put into them
Frame = tuple[str, ...]

#: control characters and lone surrogates: no repertoire of UNB 0001 has them, a blank keeps the words apart
_UNSPEAKABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LEVEL_A: Final = re.compile(r"[A-Z0-9 .,\-()/=!\"%&*;<>'+:?]*")
_LEVEL_B: Final = re.compile(r"[A-Za-z0-9 .,\-()/=!\"%&*;<>'+:?]*")


class OutboundSegment(Segment):  # type: ignore[no-untyped-call]  # pydifact types __init_subclass__ loosely
    """A segment on its way out: pydifact's model without its run-time checks.

    An element is a text or a list of component texts; "" stands for what is left out. Text is raw: the
    serializer escapes it.
    """

    __omitted__ = True  # keeps pydifact's factory from taking this class for a plug-in

    def __init__(self, tag: str, *elements: Element) -> None:
        self.tag = tag
        self.elements = list(elements)


class EdifactSerializer(Serializer):
    """Writes segments with the default service characters of one syntax version and ``.`` as decimal mark."""

    def __init__(self, syntax_version: str) -> None:
        repeats = syntax_version == "4"
        super().__init__(Characters.from_str(":+.?*'" if repeats else ":+.? '"))
        if repeats:
            # pydifact does not know the repetition character; unreleased it would split the element (ISO 9735-1, 8.6)
            self.replace_map = {**self.replace_map, "*": "?*"}
            self.regexp = re.compile("|".join(map(re.escape, self.replace_map)))
        marks = re.escape("".join(self.replace_map))
        self._find_mark = re.compile(f"[{marks}\x00-\x1f\x7f-\x9f\ud800-\udfff]").search
        release = self.characters.escape_character
        self._find_released = re.compile(f"{re.escape(release)}.", re.DOTALL).findall
        #: the release character before those that it releases
        self._releases = sorted(self.replace_map.items(), key=lambda pair: pair[0] != release)

    def escape(self, string: str | None) -> str:
        """Return *string* with released service characters; a control character becomes a blank."""
        if not string or self._find_mark(string) is None:
            return string or ""
        string = _UNSPEAKABLE.sub(" ", string)
        for mark, released in self._releases:
            string = string.replace(mark, released)
        return string

    def message(self, segments: Iterable[Segment]) -> str:
        """Return the text of *segments* without UNA: what ``serialize`` gives, several times as fast.

        Empty elements and components at the end of their segment or composite are left out.
        """
        find_mark, escape = self._find_mark, self.escape
        component_separator = self.characters.component_separator
        parts: list[str] = []
        for segment in segments:
            elements = [segment.tag]
            for element in segment.elements:
                if isinstance(element, str):
                    elements.append(element if find_mark(element) is None else escape(element))
                    continue
                if find_mark("".join(element)) is not None:  # one search for all components: marks are rare
                    element = [escape(component) for component in element]  # noqa: PLW2901 - the escaped twin
                composite = component_separator.join(element)
                if element and not element[-1]:
                    composite = _without_tail(element, component_separator)
                elements.append(composite)
            while not elements[-1]:
                elements.pop()
            parts.append(self.characters.data_separator.join(elements))
        parts.append("")
        return self.characters.segment_terminator.join(parts)

    def released(self, texts: Sequence[str]) -> Sequence[str]:
        """Return *texts* as :meth:`escape` does each, after one search in all of them: marks are rare."""
        if self._find_mark("".join(texts)) is None:
            return texts
        return [self.escape(one) for one in texts]

    def frame(self, segments: Iterable[Segment], *places: str) -> Frame:
        """Return the text of *segments* around each of *places*, which stand in this order and nowhere before.

        Numbers and released texts that are not empty give what :meth:`message` would, put between its parts.
        """
        rest = self.message(segments)
        parts = []
        for place in places:
            before, _, rest = rest.partition(place)
            parts.append(before)
        return (*parts, rest)

    def count(self, text: str) -> int:
        """Return how many segments end in *text*, which :meth:`message` wrote."""
        release, terminator = self.characters.escape_character, self.characters.segment_terminator
        ends = text.count(terminator)
        if release in text:
            ends -= self._find_released(text).count(release + terminator)
        return ends


def _without_tail(components: list[str], separator: str) -> str:
    """Join *components* up to the last one that says something."""
    end = len(components)
    while end and not components[end - 1]:
        end -= 1
    return separator.join(components[:end])


def spoken(text: str, charset: str) -> bytes | None:
    """Return *text* in the repertoire of *charset* (UNB 0001), or None when it has a character beyond it."""
    if charset == "UNOA":
        return text.encode("ascii") if _LEVEL_A.fullmatch(text) else None
    if charset == "UNOB":
        return text.encode("ascii") if _LEVEL_B.fullmatch(text) else None
    codec = CODECS.get(charset)
    if codec is None:
        return None
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None
