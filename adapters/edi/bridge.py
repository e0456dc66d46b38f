"""pydifact's objects from our reader, for scripts that want its ``Segment``, ``Message`` or ``Interchange``.

:class:`EdifactParser` is a pydifact ``Parser`` and goes wherever pydifact takes one. pydifact keeps the model and the
serialising; this reader decides what a segment, an element and an interchange are. So several interchanges are never
merged under one reference, UNA inside of a text stays text, and repeats (syntax 4) stay apart. pydifact warns of
directories that its wheel does not ship; the factory here does not, and no warning filter is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pydifact.constants import EDI_DEFAULT_VERSION, Element
from pydifact.control.characters import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.segmentcollection import Interchange, Message
from pydifact.segments import Segment, SegmentFactory

from adapters.edi import library
from adapters.edi.dialect import BOM, PADDING, Separators, read_text, read_una
from adapters.edi.envelope import dialect_at, scan
from adapters.edi.splitter import Splitter
from core.provenance import Severity, Violation

#: so much of a text is looked at for UNA and UNB
_HEAD: Final = 16_384
#: a byte order mark as it reads in UTF-8 and, as pydifact opens files, in ISO 8859-1
_BOMS: Final = ("\ufeff", BOM.decode("iso8859-1"))
_CONTENT: Final = re.compile(f"[^{PADDING.decode()}]")


class InboundSegment(Segment):  # type: ignore[no-untyped-call]  # pydifact types __init_subclass__ loosely
    """pydifact's ``Segment`` without the checks and warnings of its constructor; equal to one with the same content."""

    __omitted__ = True  # keeps pydifact's factory from taking this class for a plug-in

    def __init__(self, tag: str, elements: list[Element]) -> None:
        self.tag = tag
        self.elements = elements

    def validate(self, syntax_version: str, directory: str) -> None:
        """Validate by *directory*. Where none is named pydifact would look for one that its wheel does not ship."""
        if directory:
            super().validate(syntax_version, directory)


class EdifactSegmentFactory(SegmentFactory):
    """Makes segments without a word about missing directories; plug-ins (subclasses of ``Segment``) are honoured."""

    @staticmethod
    def create_segment(
        name: str,
        *elements: Element,
        validate: bool = True,
        version: str = EDI_DEFAULT_VERSION,
        directory: str = "",
    ) -> Segment:
        """Return the segment *name*.

        Raises:
            EDISyntaxError: *name* is no tag.
            ValidationError: it was validated and is not what *directory* asks for.
        """
        if not is_tag(name):
            raise EDISyntaxError(f"{name!r} is not the tag of a segment: three capital letters or digits.")
        for plugin in Segment.plugins:
            if plugin.tag == name and getattr(plugin, "version", EDI_DEFAULT_VERSION) == version:
                segment: Segment = plugin(*elements)
                break
        else:
            segment = InboundSegment(name, list(elements))
        silent = not directory and type(segment).validate is Segment.validate
        if validate and not silent:
            segment.validate(version, directory)
        return segment


def is_tag(name: object) -> bool:
    """Tell whether *name* may be the tag of a segment."""
    return isinstance(name, str) and len(name) == 3 and name.isalnum() and name.isupper()


class EdifactParser(Parser):
    """pydifact's ``Parser`` over our splitter: one interchange, or a bare run of segments, per text.

    Elements are as pydifact gives them: a text, or a list of component texts without empty ones at its end. An element
    that repeats (syntax 4) is a list of such lists, one a repeat; pydifact has no way to write that, and says so.
    """

    def __init__(
        self, factory: SegmentFactory | None = None, characters: Characters | None = None, directory: str = ""
    ) -> None:
        super().__init__(factory or EdifactSegmentFactory(), characters, directory)

    def parse(self, message: str, characters: Characters | None = None) -> Iterator[Segment]:
        """Yield the segments of *message*; UNA, if it is there, as the first one.

        *characters* are the service characters where neither UNA names them nor UNB implies them.

        Raises:
            EDISyntaxError: *message* holds more than one interchange or ends inside of one, or one of its segments is
                none; the place is told in characters.
        """
        start = _content_start(message)
        separators = self._separators(message, start, characters)
        if message.startswith("UNA", start):
            yield self.factory.create_segment("UNA", message[start + 3 : start + 9])
            start += 9
        direct = type(self.factory) is EdifactSegmentFactory and not Segment.plugins
        course, shape = _Course(), _Shape(message, separators)
        usual, take_apart = course.usual, shape.of
        tag, end = "", start
        for offset, raw in shape.splitter.segments(message[start:] if start else message):
            tag, elements = take_apart(raw)
            if tag not in usual:
                course.meet(tag, elements, start + offset)
                if tag == "UNB":
                    self.syntax_identifier, self.version = course.syntax
            if direct:
                yield InboundSegment(tag, elements)
            else:
                yield self.factory.create_segment(tag, *elements, version=self.version, directory=self.directory)
            end = start + offset + len(raw)
        course.end(tag, end, terminated=separators.terminator in message[end:])

    def _separators(self, message: str, start: int, given: Characters | None) -> Separators:
        head = message[start : start + _HEAD].encode("utf-8", "replace")
        dialect = dialect_at(head, 0)
        if head.startswith(b"UNA"):
            advised = read_una(head, 0)
            if advised is None:
                raise _fault("UNA gives one character two roles", start)
            # without UNB nothing says that its fifth character is in use
            return dialect.separators if dialect.syntax_id else replace(advised, repetition="")
        chosen = given or self.characters
        if chosen == Characters():  # type: ignore[no-untyped-call]  # pydifact types it loosely
            return dialect.separators
        return Separators(
            chosen.component_separator,
            chosen.data_separator,
            chosen.decimal_point,
            chosen.escape_character.strip(),
            chosen.reserved_character.strip(),
            chosen.segment_terminator,
        )


def interchanges(content: bytes) -> Iterator[Interchange]:
    """Yield the interchanges in *content* as pydifact's, each by itself, in the character set that its UNB names.

    Raises:
        EDISyntaxError: an interchange is refused, with the byte where; those before it were yielded.
    """
    for found in scan(content):
        if (error := _first_error(found.violations)) is not None:
            raise _refusal(error)
        text = read_text(content[found.offset : found.offset + found.length], dialect_at(content, found.offset)).text
        yield Interchange.from_str(text, parser=EdifactParser())


def messages(source: library.Source) -> Iterator[Message]:
    """Yield the messages of *source* (a path, a file or bytes of any size) as pydifact's, one at a time.

    Groups are no hindrance. What the messages say is not checked.

    Raises:
        EDISyntaxError: a message has no UNH or no UNT, or an interchange is refused, with the byte where; what came
            before was yielded.
        OSError: the file cannot be read.
    """
    for interchange in library.read(source):
        for message in interchange:
            if (error := _first_error(message.span.violations)) is not None:
                raise _refusal(error)
            yield _message(message)
        if (error := _first_error(interchange.violations)) is not None:
            raise _refusal(error)


def _message(message: library.Message) -> Message:
    text = read_text(message.content, message.dialect).text
    shape = _Shape(text, message.dialect.separators)
    segments = [InboundSegment(*shape.of(raw)) for _, raw in shape.splitter.segments(text)]
    header = segments[0].elements
    identifier = header[1] if len(header) > 1 and isinstance(header[1], list) else [message.type]
    found = Message(message.reference, identifier, extra_header_elements=header[2:])
    found.segments = list(segments[1:-1])
    return found


def _first_error(violations: Sequence[Violation]) -> Violation | None:
    return next((violation for violation in violations if violation.severity is Severity.ERROR), None)


def _refusal(error: Violation) -> EDISyntaxError:
    return EDISyntaxError(f"{error.message} (byte {error.offset})")


def _content_start(message: str) -> int:
    """Return where *message* begins behind a byte order mark and padding."""
    start = next((len(mark) for mark in _BOMS if message.startswith(mark)), 0)
    content = _CONTENT.search(message, start)
    return content.start() if content else len(message)


class _Course:
    """The course of one interchange: what may come is let through, what means another one or a cut is refused."""

    def __init__(self) -> None:
        #: tags that were met and need no second look
        self.usual: set[str] = set()
        #: syntax identifier and version, once UNB was met
        self.syntax = ("", "")
        self._opened = self._closed = False

    def meet(self, tag: str, elements: list[Element], offset: int) -> None:
        """Look at a segment whose tag is not among the usual ones."""
        if self._closed:
            raise _fault("A segment follows UNZ: hand over one interchange at a time", offset)
        if not is_tag(tag):
            raise _fault(f"{tag[:20]!r} is not the tag of a segment", offset)
        if tag == "UNA" or (tag == "UNB" and self._opened):
            raise _fault("Another interchange begins: hand over one at a time", offset)
        if tag == "UNB":
            syntax = elements[0] if elements else ""
            if isinstance(syntax, str) or not all(isinstance(part, str) for part in syntax[:2]):
                raise _fault("UNB does not name its syntax identifier and version", offset)
            self.syntax = (syntax[0], syntax[1])
            self._opened = True
        elif tag == "UNZ":
            self._closed = True
            self.usual.clear()
        else:
            self.usual.add(tag)

    def end(self, tag: str, offset: int, *, terminated: bool) -> None:
        """See the text end after a segment *tag* that ends at *offset*."""
        if self._opened and not self._closed:
            raise _fault("The interchange has no end: UNZ is missing", offset)
        if tag and not self._closed and not terminated:
            raise _fault(f"The last segment ({tag}) has no terminator", offset)


class _Shape:
    """Gives the segments of one text the shape that pydifact's parser gives them."""

    def __init__(self, text: str, separators: Separators) -> None:
        self.splitter = Splitter(separators)
        self._element, self._component = separators.element, separators.component
        #: what makes a segment more than its marks: release characters, repeats, line ends inside of it
        self._special = [
            mark for mark in (separators.release, separators.repetition, "\r", "\n") if mark and mark in text
        ]

    def of(self, segment: str) -> tuple[str, list[Element]]:
        """Return tag and elements of *segment*."""
        for mark in self._special:
            if mark in segment:
                return self._exactly(segment)
        component = self._component
        texts = segment.split(self._element)
        tag = texts.pop(0)
        elements: list[Element] = texts  # type: ignore[assignment]  # the same list: texts give way to lists
        if component in segment:
            for place, text in enumerate(texts):
                if component in text:
                    elements[place] = _trimmed(text.split(component))
        return tag, elements

    def _exactly(self, segment: str) -> tuple[str, list[Element]]:
        (tag, *_), *elements = self.splitter.repeats(segment)
        return self._component.join(tag), [
            _trimmed(repeats[0]) if len(repeats) == 1 else repeats  # type: ignore[misc]  # pydifact knows no repeats
            for repeats in elements
        ]


def _trimmed(components: list[str]) -> Element:
    """Return *components* without empty ones at the end; a single one is a text."""
    while len(components) > 1 and not components[-1]:
        components.pop()
    return components if len(components) > 1 else components[0]


def _fault(text: str, offset: int) -> EDISyntaxError:
    return EDISyntaxError(f"{text} (character {offset}).")
