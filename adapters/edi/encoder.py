"""EDIFACT outwards: canonical documents to one interchange (UNA, UNB, one message a document, UNZ)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from adapters.edi.dialect import CODECS
from adapters.edi.messages.aperak import aperak_segments
from adapters.edi.messages.contrl import contrl_segments
from adapters.edi.messages.desadv import desadv_segments
from adapters.edi.messages.iftmin import iftmin_segments
from adapters.edi.messages.iftsta import iftsta_segments
from adapters.edi.messages.invoic import invoic_segments
from adapters.edi.messages.invrpt import invrpt_segments
from adapters.edi.messages.orders import orders_segments
from adapters.edi.messages.ordrsp import ResponseWriter
from adapters.edi.serializer import EdifactSerializer, OutboundSegment, spoken
from adapters.edi.style import Style, style_of
from core.documents import (
    Acknowledgement,
    ApplicationReport,
    DespatchAdvice,
    DropShipOrder,
    InventoryReport,
    Invoice,
    OrderResponse,
    Outbound,
    StatusReport,
    TransportInstruction,
)
from core.errors import ValueRefused
from core.ports import Envelope


class EdifactEncoder:
    """Writes every kind of outbound document (``core.ports.Encoder``). Pure: the same input gives the same bytes."""

    id = "edifact"

    def encode(self, envelope: Envelope, documents: Sequence[Outbound]) -> bytes:
        """Return one interchange with one message a document; references count 1..n.

        A text that the envelope's charset cannot say widens the interchange instead of losing a character: UNOA
        to UNOB where lower case is all that it lacks, else to UNOY (UTF-8, syntax 4). UNB says so.

        Raises:
            ValueRefused: no documents, or documents of more than one kind.
        """
        if not documents:
            raise ValueRefused("an interchange has one document or more")
        for dialect in _widening(envelope):
            content = _spoken(dialect, documents)
            if content is not None:
                return content
        raise AssertionError("UTF-8 says every text that the serializer lets through")  # pragma: no cover


def _spoken(dialect: Envelope, documents: Sequence[Outbound]) -> bytes | None:
    """Return the interchange in *dialect*, None where its character set lacks a character of it."""
    serializer = EdifactSerializer(dialect.syntax_version)
    message_type = _message_type(documents[0])
    parts: list[bytes] = []

    def texts() -> Iterator[str]:
        yield serializer.characters.service_string_advice + serializer.message([_unb(dialect, message_type)])
        yield from _messages(serializer, dialect, message_type, documents)
        yield serializer.message([OutboundSegment("UNZ", str(len(documents)), dialect.control_reference)])

    for text in texts():
        part = spoken(text, dialect.charset)
        if part is None:
            return None
        parts.append(part)
    return b"".join(parts)


def _message_type(document: Outbound) -> str:
    """Return UNH 0065 of *document*."""
    return MESSAGE_TYPES[type(document)]


#: every document that is written -> UNH 0065
MESSAGE_TYPES: Final[dict[type[Outbound], str]] = {
    Acknowledgement: "CONTRL",
    ApplicationReport: "APERAK",
    DespatchAdvice: "DESADV",
    DropShipOrder: "ORDERS",
    InventoryReport: "INVRPT",
    Invoice: "INVOIC",
    OrderResponse: "ORDRSP",
    StatusReport: "IFTSTA",
    TransportInstruction: "IFTMIN",
}
#: what writes the body of a document, where it takes nothing but its style
_WRITERS: dict[type[Outbound], Callable[[Any, Style], Iterable[OutboundSegment]]] = {
    ApplicationReport: aperak_segments,
    DespatchAdvice: desadv_segments,
    DropShipOrder: orders_segments,
    InventoryReport: invrpt_segments,
    Invoice: invoic_segments,
    StatusReport: iftsta_segments,
    TransportInstruction: iftmin_segments,
}


def _bodies(serializer: EdifactSerializer, envelope: Envelope, documents: Sequence[Outbound]) -> Iterator[str]:
    """Yield the text between UNH and UNT of each document."""
    style = style_of(envelope.release, envelope.association)
    responses = ResponseWriter(serializer, style)
    kind = None
    for document in documents:
        if kind is not None and type(document) is not kind:
            raise ValueRefused("the documents of one interchange are of one kind")
        kind = type(document)
        match document:
            case OrderResponse():
                yield responses.body(document)
            case Acknowledgement():
                yield serializer.message(contrl_segments(document, envelope.syntax_version))
            case _:
                yield serializer.message(_WRITERS[kind](document, style))


def _widening(envelope: Envelope) -> Iterator[Envelope]:
    """Yield *envelope* and then wider dialects of it, up to the one that says everything."""
    yield envelope
    if envelope.charset == "UNOA":
        yield replace(envelope, charset="UNOB")
    elif envelope.charset not in CODECS:  # one that is not written here: what every partner can read comes first
        yield from (replace(envelope, charset=charset) for charset in ("UNOA", "UNOB", "UNOC"))
    yield replace(envelope, charset="UNOY", syntax_version="4")


def _unb(envelope: Envelope, message_type: str) -> OutboundSegment:
    """Return UNB; the date has its century in syntax 4 only (ISO 9735-1, S004)."""
    prepared = envelope.prepared_at
    day = f"{prepared.year:04d}{prepared.month:02d}{prepared.day:02d}"
    return OutboundSegment(
        "UNB",
        [envelope.charset, envelope.syntax_version],
        [envelope.sender, envelope.sender_qualifier],
        [envelope.recipient, envelope.recipient_qualifier],
        [day if envelope.syntax_version == "4" else day[2:], f"{prepared.hour:02d}{prepared.minute:02d}"],
        envelope.control_reference,
        "",
        envelope.application_reference or message_type,
        "",
        "1" if envelope.acknowledge else "",
        "",
        "1" if envelope.test else "",
    )


def _unh(envelope: Envelope, message_type: str, reference: str) -> OutboundSegment:
    """Return UNH. CONTRL follows the syntax version, not the directory of the partner's messages."""
    if message_type == "CONTRL":
        release = ["4", "1", "UN"] if envelope.syntax_version == "4" else ["D", "3", "UN"]
    else:
        release = [envelope.version, envelope.release, envelope.agency, envelope.association]
    return OutboundSegment("UNH", reference, [message_type, *release])


def _messages(
    serializer: EdifactSerializer, envelope: Envelope, message_type: str, documents: Sequence[Outbound]
) -> Iterator[str]:
    """Yield the text of each message, one at a time: an interchange may hold thousands."""
    before, after = serializer.frame([_unh(envelope, message_type, "0")], "0")
    unt, between, end = serializer.frame([OutboundSegment("UNT", "0", "1")], "0", "1")
    for reference, body in enumerate(_bodies(serializer, envelope, documents), start=1):
        count = serializer.count(body) + 2
        yield f"{before}{reference}{after}{body}{unt}{count}{between}{reference}{end}"
