"""CONTRL both ways: the receipt of the syntax of an interchange (ISO 9735:1992 D.3, ISO 9735-4:2002 4.1).

We say it of what was received; a partner says it of one interchange of ours, in version 3 or 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, NamedTuple, cast

from adapters.edi.directory.captures import Reader
from adapters.edi.directory.releases import directory_of
from adapters.edi.directory.tables import SegmentTable, load
from adapters.edi.lexer import Placed, shown
from adapters.edi.mapping import Mapping
from adapters.edi.serializer import OutboundSegment
from adapters.edi.syntax_errors import code_for
from core.documents import Acknowledgement, GroupAcknowledgement, MessageAcknowledgement
from core.provenance import Level, Violation, fault

#: repeats of the segment groups in the message table: UCS per UCM, UCD per UCS
_MAX_SEGMENTS: Final = 999
_MAX_ELEMENTS: Final = 99
#: 0085 in UCD: an element repeats more often than it may
TOO_MANY_REPETITIONS: Final = "35"


def contrl_segments(acknowledgement: Acknowledgement, syntax_version: str = "3") -> list[OutboundSegment]:
    """Return the body of CONTRL: UCI once, UCM per told message, UCF per told group, UCS and UCD per fault.

    UCI, UCF and UCM copy references, parties and message type as received; they are neither cut nor normalised,
    because the other side finds its own interchange by them. Codes of 0085 are those of *syntax_version*.
    """
    segments = [
        OutboundSegment(
            "UCI",
            acknowledgement.control_reference,
            [acknowledgement.sender, acknowledgement.sender_qualifier],
            [acknowledgement.recipient, acknowledgement.recipient_qualifier],
            acknowledgement.action,
            *_error(acknowledgement.code, acknowledgement, syntax_version),
        )
    ]
    for message in acknowledgement.messages:
        segments += _message_segments(message, syntax_version)
    for group in acknowledgement.groups:
        segments.append(
            OutboundSegment(
                "UCF",
                group.reference,
                [group.sender, group.sender_qualifier],
                [group.recipient, group.recipient_qualifier],
                group.action,
                *_error(group.code, group, syntax_version),
            )
        )
        for message in group.messages:
            segments += _message_segments(message, syntax_version)
    return segments


def _error(
    code: str, told: Acknowledgement | GroupAcknowledgement | MessageAcknowledgement, syntax_version: str
) -> tuple[str, str, list[str]]:
    """Return 0085, 0013 (0135 in version 4) and S011, with which UCI, UCF and UCM end."""
    return code_for(code, syntax_version), told.segment_tag, _place(told.element, told.component)


def _place(element: int | None, component: int | None) -> list[str]:
    """Return S011. 0098 counts the segment tag as 1, our places count it as 0."""
    return ["" if element is None else str(element + 1), "" if component is None else str(component)]


class _Counting(NamedTuple):
    """How the elements of one segment count: its table, None where there is none, and whether each repeat does."""

    table: SegmentTable | None
    flat: bool

    def place(self, element: int, component: int | None, code: str) -> list[str]:
        """Return S011 of a fault in the segment.

        Our places count each repeat, as syntax 3 writes them; syntax 4 counts positions (0098) and repeats at each
        (0136). A component (0104) is one of a composite alone.
        """
        # a repeat too many stands behind the last that there may be
        beyond = code == TOO_MANY_REPETITIONS
        known = self.table.elements[: element - beyond] if self.table is not None else ()
        if not known:
            return _place(element, component)
        last, whole = known[-1], len(known) == element - beyond
        if whole and not last.composite:
            component = None
        if self.flat:
            return _place(element, component)
        position = sum(one.turn == 1 for one in known) + element - beyond - len(known)
        occurrence = str(last.turn + beyond) if (last.limit > 1 or beyond) and whole else ""
        return [*_place(position, component), occurrence]


def _countings(message: MessageAcknowledgement, syntax_version: str) -> dict[int, _Counting]:
    """Return how the elements of the segments with faulty ones count, by position."""
    directory = directory_of(message.type, message.version, message.release)
    if directory is None or not message.tags:
        return {}
    segments = load(directory).segments
    return {position: _Counting(segments.get(tag), syntax_version != "4") for position, tag in message.tags}


_UNKNOWN: Final = _Counting(None, flat=True)


def _message_segments(message: MessageAcknowledgement, syntax_version: str) -> list[OutboundSegment]:
    whole_message = next((code for code, segment, _, _ in message.faults if segment is None), "")
    segments = [
        OutboundSegment(
            "UCM",
            message.reference,
            [message.type, message.version, message.release, message.agency, message.association],
            message.action,
            *_error(whole_message, message, syntax_version),
        )
    ]
    placed = sorted(
        (
            (segment, element, component, code_for(code, syntax_version))
            for code, segment, element, component in message.faults
            if segment
        ),
        key=itemgetter(0),
    )
    countings = _countings(message, syntax_version)
    faulty_segments = 0
    for position, faults in groupby(placed, key=itemgetter(0)):
        told = _fault_segments(position, [fault[1:] for fault in faults], countings.get(position, _UNKNOWN))
        faulty_segments += sum(segment.tag == "UCS" for segment in told)
        if faulty_segments > _MAX_SEGMENTS:
            break
        segments += told
    return segments


def _fault_segments(
    position: int, faults: list[tuple[int | None, int | None, str]], counting: _Counting
) -> list[OutboundSegment]:
    """Return UCS of the segment at *position* and UCD of its elements.

    UCS has room for one code of its own: a second fault of the whole segment takes another UCS at the position.
    """
    whole_segment = [code for element, _, code in faults if element is None]
    elements = [
        OutboundSegment("UCD", code, counting.place(element, component, code))
        for element, component, code in faults
        if element is not None
    ]
    segments = [OutboundSegment("UCS", str(position), *whole_segment[:1]), *elements[:_MAX_ELEMENTS]]
    segments += [OutboundSegment("UCS", str(position), code) for code in whole_segment[1:]]
    for start in range(_MAX_ELEMENTS, len(elements), _MAX_ELEMENTS):
        segments += [OutboundSegment("UCS", str(position)), *elements[start : start + _MAX_ELEMENTS]]
    return segments


#: texts of one fault: 0085, the segment (0096), its element, component and repeat (0098, 0104, 0136); "" is not told
RawFault = tuple[str, str, str, str, str]


@dataclass(slots=True)
class RawMessageAnswer:
    """The texts of one UCM and the faults of the segment groups under it."""

    fields: Sequence[str]
    faults: list[RawFault] = field(default_factory=list)
    segment: str = ""


@dataclass(slots=True)
class RawGroupAnswer:
    """The texts of one UCF and of the messages under it."""

    fields: Sequence[str]
    messages: list[RawMessageAnswer] = field(default_factory=list)


@dataclass(slots=True)
class RawAcknowledgement:
    """The texts of one CONTRL as collected; ``answers`` are all messages, those of groups are in ``groups``, too."""

    interchange: Sequence[str] = ()
    messages: list[RawMessageAnswer] = field(default_factory=list)
    groups: list[RawGroupAnswer] = field(default_factory=list)
    answers: list[RawMessageAnswer] = field(default_factory=list)


def _uci(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    raw.interchange = c


def _ucf(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    raw.groups.append(RawGroupAnswer(c))


def _ucm(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    raw.messages.append(_answer(raw, c))


def _ucm_of_group(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    raw.groups[-1].messages.append(_answer(raw, c))


def _answer(raw: RawAcknowledgement, c: Sequence[str]) -> RawMessageAnswer:
    answer = RawMessageAnswer(c)
    if c[7]:
        answer.faults.append((c[7], "", "", "", ""))
    raw.answers.append(answer)
    return answer


def _ucs(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    answer = raw.answers[-1]
    answer.segment = c[0]
    if c[1]:
        answer.faults.append((c[1], c[0], "", "", ""))


def _ucd(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    answer = raw.answers[-1]
    occurrence = c[3] if len(c) > 3 else ""  # syntax 3 has none
    answer.faults.append((c[0], answer.segment, c[1], c[2], occurrence))


def _position(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _element(digits: str, occurrence: str = "") -> int | None:
    """Return 0098 as our places count: the segment tag is 0, and each repeat (0136) counts.

    No segment that we send has another element behind one that repeats.
    """
    position = _position(digits)
    return None if position is None else position - 1 + max(0, (_position(occurrence) or 1) - 1)


_UCI_PLACES: Final = ((1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (5, 1), (6, 1), (7, 1), (7, 2))
_UCM_PLACES: Final = ((1, 1), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (3, 1), (4, 1), (5, 1), (6, 1), (6, 2))
_UCS: Final = Reader(((1, 1), (2, 1)), _ucs)
_UCD: Final = Reader(((1, 1), (2, 1), (2, 2), (2, 3)), _ucd)
READERS: Final = {
    "UCI": Reader(_UCI_PLACES, _uci),
    "UCM": Reader(_UCM_PLACES, _ucm),
    "UCM/UCS": _UCS,
    "UCM/UCS/UCD": _UCD,
    "UCF": Reader(_UCI_PLACES, _ucf),
    "UCF/UCM": Reader(_UCM_PLACES, _ucm_of_group),
    "UCF/UCM/UCS": _UCS,
    "UCF/UCM/UCS/UCD": _UCD,
}

#: 0083 as partners send it -> what it comes to: 1 and 2 acknowledge, 3 and 6 reject what lies below
_INTERCHANGE_ACTIONS: Final = {"1": "7", "2": "7", "3": "7", "4": "4", "5": "7", "6": "4", "7": "7", "8": "8"}
_MESSAGE_ACTIONS: Final = {"1": "7", "2": "7", "3": "4", "4": "4", "7": "7"}


def assemble(raw: RawAcknowledgement, _decimal: str) -> tuple[Acknowledgement | None, list[Violation]]:
    """Return the acknowledgement, or None and why not."""
    if not raw.interchange:
        return None, [fault("acknowledgement.uci_missing", tag="UCI", syntax_code="13")]
    violations = [
        _unknown_action(answer.fields[6], "UCM") for answer in raw.answers if answer.fields[6] not in _MESSAGE_ACTIONS
    ]
    violations += [
        _unknown_action(group.fields[5], "UCF") for group in raw.groups if group.fields[5] not in _INTERCHANGE_ACTIONS
    ]
    if raw.interchange[5] not in _INTERCHANGE_ACTIONS:
        violations.insert(0, _unknown_action(raw.interchange[5], "UCI"))
    if violations:
        return None, violations
    reference, sender, sender_qualifier, recipient, recipient_qualifier, action, *error = map(str, raw.interchange)
    code, tag, element, component = error
    return (
        Acknowledgement(
            control_reference=reference,
            sender=sender,
            sender_qualifier=sender_qualifier,
            recipient=recipient,
            recipient_qualifier=recipient_qualifier,
            action=cast('Literal["4", "7", "8"]', _INTERCHANGE_ACTIONS[action]),
            code=code,
            segment_tag=tag,
            messages=tuple(map(_message, raw.messages)),
            element=_element(element),
            component=_position(component),
            groups=tuple(map(_group, raw.groups)),
        ),
        [],
    )


def _group(answer: RawGroupAnswer) -> GroupAcknowledgement:
    reference, sender, sender_qualifier, recipient, recipient_qualifier, action, *error = map(str, answer.fields)
    code, tag, element, component = error
    return GroupAcknowledgement(
        reference=reference,
        sender=sender,
        sender_qualifier=sender_qualifier,
        recipient=recipient,
        recipient_qualifier=recipient_qualifier,
        action="4" if _INTERCHANGE_ACTIONS[action] == "4" else "7",
        code=code,
        segment_tag=tag,
        element=_element(element),
        component=_position(component),
        messages=tuple(map(_message, answer.messages)),
    )


def _message(answer: RawMessageAnswer) -> MessageAcknowledgement:
    reference, kind, version, release, agency, association, action, _, tag, element, component = map(str, answer.fields)
    return MessageAcknowledgement(
        reference=reference,
        type=kind,
        version=version,
        release=release,
        agency=agency,
        association=association,
        action=cast('Literal["4", "7"]', _MESSAGE_ACTIONS[action]),
        faults=tuple(
            (str(code), _position(segment), _element(element, occurrence), _position(component))
            for code, segment, element, component, occurrence in answer.faults
        ),
        segment_tag=tag,
        element=_element(element),
        component=_position(component),
    )


def _unknown_action(sent: str, tag: str) -> Violation:
    place = sent.place if isinstance(sent, Placed) else None
    return fault(
        "acknowledgement.action_unknown",
        {"sent": sent[:10], "tag": tag},
        level=Level.ELEMENT,
        segment=place.segment if place else None,
        tag=tag,
        element=place.element if place else None,
        offset=place.offset if place else None,
        value=shown(str(sent)),
        syntax_code="12",
    )


MAPPING: Final = Mapping(READERS, RawAcknowledgement, assemble)
