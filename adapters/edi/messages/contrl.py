"""CONTRL: what we say of the syntax of a received interchange (ISO 9735:1992 D.3, ISO 9735-4:2002 4.1)."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Final

from adapters.edi.serializer import OutboundSegment
from core.documents import Acknowledgement, MessageAcknowledgement

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
