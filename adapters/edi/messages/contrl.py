"""CONTRL both ways: the receipt of the syntax of an interchange (ISO 9735:1992 D.3, ISO 9735-4:2002 4.1).

We say it of what was received; a partner says it of one interchange of ours, in version 3 or 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, cast

from adapters.edi.directory.captures import Reader
from adapters.edi.lexer import Placed, shown
from adapters.edi.mapping import Mapping
from adapters.edi.serializer import OutboundSegment
from core.documents import Acknowledgement, MessageAcknowledgement
from core.provenance import Level, Violation, fault

#: repeats of the segment groups in the message table: UCS per UCM, UCD per UCS
_MAX_SEGMENTS: Final = 999
_MAX_ELEMENTS: Final = 99


def contrl_segments(acknowledgement: Acknowledgement) -> list[OutboundSegment]:
    """Return the body of CONTRL: UCI once, UCM per told message, UCS and UCD per fault with a place.

    UCI, UCM copy references, parties and message type as received; they are neither cut nor normalised, because
    the other side finds its own interchange by them.
    """
    segments = [
        OutboundSegment(
            "UCI",
            acknowledgement.control_reference,
            [acknowledgement.sender, acknowledgement.sender_qualifier],
            [acknowledgement.recipient, acknowledgement.recipient_qualifier],
            acknowledgement.action,
            acknowledgement.code,
            acknowledgement.segment_tag,
        )
    ]
    for message in acknowledgement.messages:
        segments += _message_segments(message)
    return segments


def _message_segments(message: MessageAcknowledgement) -> list[OutboundSegment]:
    whole_message = next((code for code, segment, _, _ in message.faults if segment is None), "")
    segments = [
        OutboundSegment(
            "UCM",
            message.reference,
            [message.type, message.version, message.release, message.agency, message.association],
            message.action,
            whole_message,
        )
    ]
    placed = sorted(
        ((segment, element, component, code) for code, segment, element, component in message.faults if segment),
        key=itemgetter(0),
    )
    faulty_segments = 0
    for position, faults in groupby(placed, key=itemgetter(0)):
        told = _fault_segments(position, [fault[1:] for fault in faults])
        faulty_segments += sum(segment.tag == "UCS" for segment in told)
        if faulty_segments > _MAX_SEGMENTS:
            break
        segments += told
    return segments


def _fault_segments(position: int, faults: list[tuple[int | None, int | None, str]]) -> list[OutboundSegment]:
    """Return UCS of the segment at *position* and UCD of its elements.

    UCS has room for one code of its own: a second fault of the whole segment takes another UCS at the position.
    """
    whole_segment = [code for element, _, code in faults if element is None]
    elements = [
        # 0098 counts the segment tag as 1, our places count it as 0
        OutboundSegment("UCD", code, [str(element + 1), "" if component is None else str(component)])
        for element, component, code in faults
        if element is not None
    ]
    segments = [OutboundSegment("UCS", str(position), *whole_segment[:1]), *elements[:_MAX_ELEMENTS]]
    segments += [OutboundSegment("UCS", str(position), code) for code in whole_segment[1:]]
    for start in range(_MAX_ELEMENTS, len(elements), _MAX_ELEMENTS):
        segments += [OutboundSegment("UCS", str(position)), *elements[start : start + _MAX_ELEMENTS]]
    return segments


#: as in ``MessageAcknowledgement.faults``
Fault = tuple[str, int | None, int | None, int | None]


@dataclass(slots=True)
class RawMessageAnswer:
    """The texts of one UCM and the faults of the segment groups under it."""

    fields: Sequence[str]
    faults: list[Fault] = field(default_factory=list)
    segment: int | None = None


@dataclass(slots=True)
class RawAcknowledgement:
    """The texts of one CONTRL as collected."""

    interchange: Sequence[str] = ()
    messages: list[RawMessageAnswer] = field(default_factory=list)


def _uci(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    raw.interchange = c


def _ucm(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    answer = RawMessageAnswer(c)
    if c[7]:
        answer.faults.append((str(c[7]), None, None, None))
    raw.messages.append(answer)


def _ucs(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    answer = raw.messages[-1]
    answer.segment = _position(c[0])
    if c[1]:
        answer.faults.append((str(c[1]), answer.segment, None, None))


def _ucd(raw: RawAcknowledgement, c: Sequence[str]) -> None:
    answer = raw.messages[-1]
    answer.faults.append((str(c[0]), answer.segment, _position(c[1]), _position(c[2])))


def _position(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() else None


_UCM: Final = Reader(((1, 1), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (3, 1), (4, 1)), _ucm)
_UCS: Final = Reader(((1, 1), (2, 1)), _ucs)
_UCD: Final = Reader(((1, 1), (2, 1), (2, 2)), _ucd)
READERS: Final = {
    "UCI": Reader(((1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (5, 1), (6, 1)), _uci),
    "UCM": _UCM,
    "UCM/UCS": _UCS,
    "UCM/UCS/UCD": _UCD,
    "UCF/UCM": _UCM,
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
    violations: list[Violation] = []
    reference, sender, sender_qualifier, recipient, recipient_qualifier, action, code, tag = map(str, raw.interchange)
    if action not in _INTERCHANGE_ACTIONS:
        violations.append(_unknown_action(raw.interchange[5], "UCI"))
    messages = []
    for answer in raw.messages:
        message = [str(value) for value in answer.fields]
        if message[6] not in _MESSAGE_ACTIONS:
            violations.append(_unknown_action(answer.fields[6], "UCM"))
            continue
        messages.append(
            MessageAcknowledgement(
                reference=message[0],
                type=message[1],
                version=message[2],
                release=message[3],
                agency=message[4],
                association=message[5],
                action=cast('Literal["4", "7"]', _MESSAGE_ACTIONS[message[6]]),
                faults=tuple(answer.faults),
            )
        )
    if violations:
        return None, violations
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
            messages=tuple(messages),
        ),
        [],
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
