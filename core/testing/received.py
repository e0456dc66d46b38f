"""Builders of what a decoder hands over: interchanges and their decoded messages, without any bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from core.documents import Acknowledgement, Inbound, Invoice
from core.ports import Decoded, Interchange, MessageSpan
from core.provenance import Level, Violation
from core.testing.trade import BUYER_GLN, OUR_GLN

#: bytes that each message is said to take
_LENGTH = 100

Message = Inbound | Violation | None

#: UNH 0065, 0054 and 0057 of a document; what is none of these, or was not decoded, is ORDERS
_TYPES: Final = {Acknowledgement: ("CONTRL", "3", ""), Invoice: ("INVOIC", "96A", "EAN008")}


def an_interchange(*messages: Message, **changes: Any) -> tuple[Interchange, list[Decoded]]:
    """Return an interchange of ACME and its decoded messages.

    A message is its canonical document, or the violation that it is rejected for; None is one that was not decoded.
    """
    decoded = [_decoded(ordinal, message) for ordinal, message in enumerate(messages)]
    interchange = Interchange(
        ordinal=0,
        offset=0,
        length=_LENGTH * len(messages),
        readable=True,
        messages=tuple(one.span for one in decoded),
        syntax_id="UNOC",
        syntax_version="3",
        sender=BUYER_GLN,
        sender_qualifier="14",
        recipient=OUR_GLN,
        recipient_qualifier="14",
        control_reference="REF1",
    )
    return replace(interchange, **changes), decoded


def with_violations(decoded: Decoded, *violations: Violation) -> Decoded:
    """Return *decoded* with *violations* besides its document."""
    return Decoded(decoded.span, decoded.document, (*decoded.violations, *violations))


def a_fault(code: str = "quantity.invalid", **changes: Any) -> Violation:
    """Return an error in the fourth segment of a message."""
    fields: dict[str, Any] = {"level": Level.COMPONENT, "segment": 4, "tag": "QTY", "element": 1, "component": 2}
    return Violation(code, "the quantity is not a number", syntax_code="37", **(fields | changes))


def numbered(interchanges: Sequence[Interchange]) -> list[Interchange]:
    """Return *interchanges* as they stand in one file."""
    return [replace(one, ordinal=ordinal) for ordinal, one in enumerate(interchanges)]


def _decoded(ordinal: int, message: Message) -> Decoded:
    kind, release, association = _TYPES.get(type(message), ("ORDERS", "96A", "EAN008"))
    span = MessageSpan(ordinal, _LENGTH * ordinal, _LENGTH, str(ordinal + 1), kind, "D", release, "UN", association)
    if isinstance(message, Violation):
        return Decoded(span, None, (message,))
    return Decoded(span, message)
