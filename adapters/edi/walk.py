"""The walk through one interchange: its messages and groups, their counts and references (ISO 9735).

Bodies of messages are counted, never taken apart. The same walk goes over bytes that are all there and over a window
that moves on; of the latter nothing is kept but the message that is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from adapters.edi.counting import count_segments, last_segment
from adapters.edi.lexer import shown
from adapters.edi.marks import marks
from adapters.edi.references import References
from adapters.edi.service import (
    Opening,
    Service,
    counts,
    envelope_fault,
    padding_end,
    prepared_at,
    una_repeated,
)
from adapters.edi.window import Window
from core.ports import GroupSpan, Interchange, MessageSpan
from core.provenance import Level, Parameters, Severity, Violation

_HOLD: Final = "document.count_mismatch"
#: an interchange with more faults than this (of its groups, as a rule) has the rest summed up
_MOST_FAULTS: Final = 1000
_LAYOUT: Final = b" \t\r\n\x00\x1a"
#: the faults of what is not held in the window when it is told
NOT_KEPT: Final = frozenset({"message.too_large", "envelope.unh_missing"})


class Closed(NamedTuple):
    """The end of an interchange: its length and all its own violations."""

    length: int
    violations: tuple[Violation, ...]


class Group(NamedTuple):
    """A functional group as UNG opens it: reference (0048), type of the messages (0038), from whom, to whom."""

    reference: str
    type: str
    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str


class Walk:
    """The walk over the service segments of one interchange.

    A message of more than *limit* bytes is not kept: it is a fault, and its segments are not counted.
    """

    def __init__(
        self,
        window: Window,
        opening: Opening,
        *,
        start: int,
        ordinal: int,
        before: Sequence[Violation],
        limit: int | None = None,
    ) -> None:
        self._window, self._limit = window, limit
        #: the interchange as it opens; *before* are warnings about bytes in front of it
        self.opened = _opened(opening, start, ordinal, before)
        self._unb_offset, self._reference = opening.unb.offset, self.opened.control_reference
        self._separators = opening.dialect.separators
        self._terminator, self._release = self._separators.terminator.encode(), self._separators.release.encode()
        #: the offset behind the interchange
        self.end = opening.unb.end
        self._faults = list(self.opened.violations)
        self._more = False
        self._header: Service | None = None
        self._group: Service | None = None
        self._messages = self._groups = self._in_group = self._first_of_group = 0
        self._references, self._group_references = References(), References()
        #: where the last thing that is accounted for ends
        self._settled = opening.unb.end
        #: what was seen since then, outside of any message: up to where, from where it is more than padding
        self._seen = opening.unb.end
        self._stray: int | None = None
        self._stray_speaks = False

    def spans(self) -> Iterator[MessageSpan | Group | GroupSpan]:
        """Yield messages, and groups before and after theirs.

        A message lies in the window until the next span is asked for.
        """
        for letter, before, segment in marks(self._window, self._unb_offset, self._separators, self._leave_behind):
            if segment is None:
                yield from self._break_off(before + 1)
                return
            if letter == "R":
                yield from self._pass_over(segment)
                continue
            if letter == "T":
                if (closed := self._close(segment)) is not None:
                    yield closed
                continue
            if (left := self._leave_message(before + 1)) is not None:
                yield left
            if letter == "H":
                self._header = segment
            elif letter == "G":
                yield from self._leave_group(None, before + 1)
                self._group, self._in_group, self._first_of_group = segment, 0, self._messages
                self._groups += 1
                self._settle(segment.end)
                yield _group(segment)
            elif letter == "E":
                yield from self._leave_group(segment, before + 1)
                self._settle(segment.end)
            else:
                yield from self._leave_group(None, before + 1)
                self._trailer(segment)
                self.end = segment.end
                return
        yield from self._break_off(self._window.end)

    def closed(self) -> Closed:
        """Return how the interchange closes, once its messages were all told."""
        return Closed(self.end - self.opened.offset, tuple(self._faults))

    def _leave_behind(self, offset: int) -> int:
        """Return from where on the source is still needed when all before *offset* was seen."""
        if self._header is None:
            self._see(offset)
            return offset
        return offset if self._is_too_large(self._header.offset, offset) else self._header.offset

    def _is_too_large(self, start: int, end: int) -> bool:
        return self._limit is not None and end - start > self._limit

    def _settle(self, end: int) -> None:
        """Take all before *end* as accounted for."""
        self._settled = self._seen = end
        self._stray, self._stray_speaks = None, False

    def _see(self, end: int) -> None:
        """Look at what stands outside of any message up to *end*."""
        held, base = self._window.held, self._window.base
        if self._stray is None:
            start = base + padding_end(held, self._seen - base)
            self._stray = start if start < end else None
        if self._stray is not None and not self._stray_speaks:
            start = max(self._stray, self._seen) - base
            self._stray_speaks = bool(held[start : end - base].strip(_LAYOUT + self._terminator))
        self._seen = max(self._seen, end)

    def _break_off(self, end: int) -> Iterator[MessageSpan | GroupSpan]:
        """End the interchange at *end*, where UNZ should stand."""
        if (left := self._leave_message(end)) is not None:
            yield left
        if self._group is not None:
            yield self._group_span(self._group, end)
        self.end = end
        self._note(envelope_fault("envelope.unz_missing", {}, end, "UNZ", "13"))

    def _note(self, fault: Violation) -> None:
        """Take note of a fault of the interchange. No error is ever left out; there are few, as it has but one end."""
        if len(self._faults) < _MOST_FAULTS or fault.severity is Severity.ERROR:
            self._faults.append(fault)
        elif not self._more:
            self._more = True
            rest = envelope_fault("envelope.more_faults", {}, self._settled, None, "", severity=Severity.WARNING)
            self._faults.append(rest)

    def _leave_message(self, end: int) -> MessageSpan | None:
        """Account for what lies between the last settled byte and *end*: an open message, or stray segments."""
        span = None
        if self._header is not None:
            header, self._header = self._header, None
            faults = [] if self._is_too_large(header.offset, end) else [self._unclosed(header, end)]
            span = self._message(header, end, faults)
        elif self._settled < end:
            span = self._strays(end)
        self._settle(end)
        return span

    def _strays(self, end: int) -> MessageSpan | None:
        """Return the segments outside of any message up to *end* as one message, None where there are none."""
        self._see(end)
        if self._stray is None or not self._stray_speaks:
            return None
        fault = envelope_fault("envelope.unh_missing", {}, self._stray, "UNH", "33", level=Level.MESSAGE)
        ordinal, self._messages = self._messages, self._messages + 1
        return MessageSpan(ordinal, self._stray, end - self._stray, "", "", violations=(fault,))

    def _unclosed(self, header: Service, end: int) -> Violation:
        """Return the fault of a message that ends at *end* without UNT."""
        held, base = self._window.held, self._window.base
        start, stop = header.offset - base, end - base
        last = last_segment(held, start, stop, self._separators)
        position = count_segments(held, start, stop, self._separators)
        text = shown(held[last : min(stop, last + 80)].decode("latin-1").strip())
        return envelope_fault(
            "envelope.unt_missing",
            {"position": position, "tag": text[:3]},
            base + last,
            text[:3],
            "13",
            level=Level.MESSAGE,
            segment=position,
            value=text,
        )

    def _pass_over(self, una: Service) -> Iterator[MessageSpan]:
        """Tell UNA where it stands once more: separators are those that the interchange opened with."""
        if (left := self._leave_message(una.offset)) is not None:
            yield left
        self._settle(una.end)
        self._note(una_repeated(self._window.cut(una.offset, una.end - una.offset), una.offset))

    def _close(self, trailer: Service) -> MessageSpan | None:
        """Close the open message by UNT; where there is none, it is one of the segments that stand outside of any."""
        if self._header is None:
            stray = self._strays(trailer.end)
            self._settle(trailer.end)
            return stray
        header, self._header = self._header, None
        span = self._message(header, trailer.end, self._trailer_faults(header, trailer))
        self._settle(trailer.end)
        return span

    def _trailer_faults(self, header: Service, trailer: Service) -> list[Violation]:
        """Return what is wrong with the count and the reference of UNT."""
        sent, reference = trailer.value(1), header.value(1)
        if self._is_too_large(header.offset, trailer.end):
            return []
        faults: list[Violation] = []
        held, base = self._window.held, self._window.base
        start, end = header.offset - base, trailer.end - base
        if not self._counts_plainly(sent, start, end):
            found = count_segments(held, start, end, self._separators)
            if not counts(sent, found):
                faults.append(_miscount("envelope.unt_count", trailer, found, segment=found))
        if trailer.value(2) != reference:
            segment = count_segments(held, start, end, self._separators)
            faults.append(_mismatch("envelope.unt_reference", trailer, reference, segment=segment))
        return faults

    def _counts_plainly(self, sent: str, start: int, end: int) -> bool:
        """Tell at a glance that a count is right; it is not at a glance where a terminator is released."""
        held, terminator, release = self._window.held, self._terminator, self._release
        released = bool(release) and held.find(release + terminator, start, end) >= 0
        return not released and counts(sent, held.count(terminator, start, end))

    def _message(self, header: Service, end: int, faults: list[Violation]) -> MessageSpan:
        reference, kind = header.value(1), header.value(2)
        if self._is_too_large(header.offset, end):
            size = {"size": end - header.offset, "most": self._limit or 0}
            faults.append(
                envelope_fault("message.too_large", size, header.offset, "UNH", "", level=Level.MESSAGE, segment=1)
            )
        if not reference or not kind:
            data_element, name, element = (
                ("0062", "Message reference number", 1) if not reference else ("S009", "Message identifier", 2)
            )
            faults.append(
                envelope_fault(
                    "envelope.unh_incomplete",
                    {"id": data_element, "name": name},
                    header.offset,
                    "UNH",
                    "13",
                    level=Level.ELEMENT,
                    segment=1,
                    element=element,
                )
            )
        if self._references.add(reference):
            faults.append(
                envelope_fault(
                    "envelope.message_reference_repeated",
                    {"sent": reference[:20]},
                    header.offset,
                    "UNH",
                    "26",
                    severity=Severity.WARNING,
                    level=Level.ELEMENT,
                    segment=1,
                    element=1,
                    value=reference[:80],
                )
            )
        self._in_group += 1
        identifier = [part.strip() for part in header.elements[2]] if len(header.elements) > 2 else []
        version, release, agency, association = (*identifier[1:5], "", "", "", "")[:4]
        ordinal, self._messages = self._messages, self._messages + 1
        return MessageSpan(
            ordinal,
            header.offset,
            end - header.offset,
            reference,
            kind,
            version,
            release,
            agency,
            association,
            tuple(faults),
        )

    def _leave_group(self, trailer: Service | None, end: int) -> Iterator[GroupSpan]:
        """Account for the open group, which ends with its UNE, the *trailer*, or at *end* without one."""
        group, self._group = self._group, None
        if group is not None:
            yield self._group_span(group, end if trailer is None else trailer.end)
        if self._more:
            return
        if group is None:
            if trailer is not None:
                self._note(_of_group(envelope_fault("envelope.une_unopened", {}, trailer.offset, "UNE", "33")))
        elif trailer is None:
            self._note(_of_group(envelope_fault("envelope.une_missing", {}, end, "UNE", "13", hold=_HOLD)))
        else:
            if not counts(trailer.value(1), self._in_group):
                self._note(_miscount("envelope.une_count", trailer, self._in_group))
            if trailer.value(2) != group.value(5):
                self._note(_mismatch("envelope.une_reference", trailer, group.value(5)))

    def _group_span(self, group: Service, end: int) -> GroupSpan:
        """Return the group that UNG opened: its messages are those since."""
        reference = group.value(5)
        if not self._in_group:
            self._note(_of_group(envelope_fault("envelope.group_empty", {}, group.offset, "UNG", "32")))
        if self._group_references.add(reference):
            found = envelope_fault(
                "envelope.group_reference_repeated",
                {"sent": reference[:20]},
                group.offset,
                "UNG",
                "26",
                element=5,
                value=reference[:80],
            )
            self._note(_of_group(found))
        return GroupSpan(
            group.offset,
            end - group.offset,
            self._first_of_group,
            self._messages - self._first_of_group,
            *_group(group),
        )

    def _trailer(self, unz: Service) -> None:
        if self._window.cut(unz.end - 1, 1) != self._terminator:
            self._note(envelope_fault("envelope.unz_unterminated", {}, unz.end, "UNZ", "", severity=Severity.WARNING))
        found = self._groups or self._messages
        if not counts(unz.value(1), found):
            self._note(_miscount("envelope.unz_count", unz, found, variant="groups" if self._groups else ""))
        if unz.value(2) != self._reference:
            self._note(_mismatch("envelope.unz_reference", unz, self._reference))
        if not self._messages:
            self._note(envelope_fault("envelope.no_messages", {}, unz.offset, "UNZ", "32"))


def _opened(opening: Opening, start: int, ordinal: int, before: Sequence[Violation]) -> Interchange:
    unb = opening.unb
    return Interchange(
        ordinal=ordinal,
        offset=start,
        length=0,
        readable=opening.readable,
        violations=(*before, *opening.violations),
        syntax_id=unb.value(1),
        syntax_version=unb.value(1, 2),
        sender=unb.value(2),
        sender_qualifier=unb.value(2, 2),
        recipient=unb.value(3),
        recipient_qualifier=unb.value(3, 2),
        control_reference=unb.value(5),
        prepared_at=prepared_at(unb),
        application_reference=unb.value(7),
        acknowledgement_request=unb.value(9),
        test=unb.value(11) == "1",
    )


def _group(ung: Service) -> Group:
    return Group(ung.value(5), ung.value(1), ung.value(2), ung.value(2, 2), ung.value(3), ung.value(3, 2))


def _of_group(found: Violation) -> Violation:
    return found._replace(severity=Severity.WARNING, level=Level.GROUP)


def _miscount(code: str, trailer: Service, found: int, *, variant: str = "", segment: int | None = None) -> Violation:
    """Return the fault of a trailer whose count (its first element) is not what was *found*."""
    sent = trailer.value(1)[:20]
    if not sent:
        return _differs(code, {"found": found}, trailer, 1, variant="absent", segment=segment)
    return _differs(code, {"sent": sent, "found": found}, trailer, 1, variant=variant, segment=segment)


def _mismatch(code: str, trailer: Service, expected: str, *, segment: int | None = None) -> Violation:
    """Return the fault of a trailer whose reference (its second element) is not the one that was opened with."""
    return _differs(code, {"sent": trailer.value(2)[:20], "expected": expected[:20]}, trailer, 2, segment=segment)


def _differs(
    code: str,
    parameters: Parameters,
    trailer: Service,
    element: int,
    *,
    variant: str = "",
    segment: int | None = None,
) -> Violation:
    tag = trailer.elements[0][0]
    return envelope_fault(
        code,
        parameters,
        trailer.offset,
        tag,
        "29" if element == 1 else "28",
        variant=variant,
        severity=Severity.WARNING,
        level={"UNT": Level.MESSAGE, "UNE": Level.GROUP}.get(tag, Level.INTERCHANGE),
        segment=segment,
        element=element,
        value=trailer.value(element)[:80],
        hold=_HOLD,
    )
