"""CONTRL both ways: what we say of a received interchange, and what a partner's CONTRL says of ours.

ISO 9735-4 / CONTRL message: UCI once with the first error only, UCM per rejected message, positions counted
from UNH = 1. A CONTRL is never answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.audit.record import record
from core.documents import Acknowledgement, MessageAcknowledgement
from core.partners.model import Agreement
from core.ports import MessageSpan
from core.store import transmissions
from core.store.engine import Tx

#: UCI/UCM action codes (UN data element 0083)
REJECTED, ACKNOWLEDGED = "4", "7"


def wanted(agreement: Agreement | None, request: str, *, rejected: bool) -> bool:
    """Tell whether the partner wants a CONTRL: by its agreement, and by UNB 0031 where that says "on request"."""
    how = agreement.acknowledge if agreement else "always"
    return how == "always" or (how == "on_request" and request in ("1", "2")) or (how == "on_error" and rejected)


def envelope_payload(interchange: Mapping[str, Any], action: str, code: str, segment_tag: str) -> dict[str, Any]:
    """Return the outbox payload of a CONTRL on an interchange row; messages are added by the caller."""
    return {
        "control_reference": interchange["control_reference"],
        "sender": interchange["sender"],
        "sender_qualifier": interchange["sender_qualifier"],
        "recipient": interchange["recipient"],
        "recipient_qualifier": interchange["recipient_qualifier"],
        "action": action,
        "code": code,
        "segment_tag": segment_tag,
        "messages": [],
    }


def message_payload(span: MessageSpan, faults: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the UCM of one rejected message: what its UNH said and where it fails.

    *faults* are violations as the document row keeps them: V of the contracts and its ``syntax_code``.
    """
    return {
        "reference": span.reference,
        "type": span.type,
        "version": span.version,
        "release": span.release,
        "agency": span.agency,
        "association": span.association,
        "action": REJECTED,
        "faults": [
            [fault["syntax_code"] or "12", fault["segment"], fault["element"], fault["component"]]
            for fault in faults
            if fault["severity"] == "error"
        ],
    }


def from_payload(payload: Mapping[str, Any]) -> Acknowledgement:
    """Return the canonical document of an outbox payload."""
    return Acknowledgement(
        control_reference=payload["control_reference"],
        sender=payload["sender"],
        sender_qualifier=payload["sender_qualifier"],
        recipient=payload["recipient"],
        recipient_qualifier=payload["recipient_qualifier"],
        action=payload["action"],
        code=payload["code"],
        segment_tag=payload["segment_tag"],
        messages=tuple(
            MessageAcknowledgement(
                reference=message["reference"],
                type=message["type"],
                version=message["version"],
                release=message["release"],
                agency=message["agency"],
                association=message["association"],
                action=message["action"],
                faults=tuple((code, segment, element, part) for code, segment, element, part in message["faults"]),
            )
            for message in payload["messages"]
        ),
    )


def matches(tx: Tx, partner_id: int, answer: Acknowledgement) -> bool:
    """Tell whether a partner's CONTRL speaks of something that we sent it."""
    return transmissions.by_reference(tx, partner_id, answer.control_reference) is not None


def receive(tx: Tx, partner_id: int, answer: Acknowledgement, *, document_id: int, at: datetime) -> bool:
    """Note a partner's CONTRL on something we sent; False when nothing of ours matches.

    Action 7 or 8 acknowledges everything that is not rejected explicitly; action 4, or a rejected message, refuses.
    """
    ours = transmissions.by_reference(tx, partner_id, answer.control_reference)
    if ours is None:
        return False
    refused = answer.action == REJECTED or any(message.action == REJECTED for message in answer.messages)
    codes = _codes(answer)
    transmissions.acknowledge(tx, ours["id"], "refused" if refused else "acknowledged", codes if refused else "")
    for order_id in transmissions.orders_in(tx, ours["id"]):
        verb = "refused" if refused else "acknowledged"
        record(
            tx,
            order_id,
            f"message.{verb}",
            at=at,
            actor="partner",
            summary=f"{ours['type']} {ours['control_reference']} {verb} by CONTRL {codes}".rstrip(),
            inputs={"transmission_id": str(ours["id"]), "action": answer.action},
            document_id=document_id,
        )
    return True


def _codes(answer: Acknowledgement) -> str:
    found: Iterable[str] = (
        fault[0] for message in answer.messages for fault in message.faults if message.action == REJECTED
    )
    return ", ".join(dict.fromkeys([*([answer.code] if answer.code else []), *found]))
