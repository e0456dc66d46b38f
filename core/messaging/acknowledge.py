"""CONTRL outwards: who wants one, and what it says of a received interchange, its groups and its messages.

ISO 9735-4 / CONTRL message: UCI once with the first error only, UCF per group, UCM per rejected message, positions
counted from UNH = 1. A CONTRL is never answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from core.documents import Acknowledgement, GroupAcknowledgement, MessageAcknowledgement
from core.partners.exchange import DEFAULT_TERMS
from core.partners.model import Agreement
from core.ports import GroupSpan, Interchange, MessageSpan
from core.provenance import Violation

#: UCI/UCF/UCM action codes (UN data element 0083); the last one is said in UCI alone
REJECTED, ACKNOWLEDGED, RECEIVED = "4", "7", "8"
#: 0085: an error has been identified, but its nature is not reported
UNSPECIFIED: Final = "18"
#: UNB 0031: CONTRL is asked for, or only the receipt
ASKED, RECEIPT_ASKED = "1", "2"
#: service segments of a message: UCM itself tells of the first fault in them
_FRAME: Final = frozenset({"UNH", "UNT"})

#: a violation as a document row keeps it: V of the contracts and its ``syntax_code``
Fault = Mapping[str, Any]


class EnvelopeAnswer(NamedTuple):
    """What UCI says: the action and, where there is an error, its 0085 code and the place in a service segment."""

    action: str
    code: str = ""
    segment_tag: str = ""
    element: int | None = None
    component: int | None = None


class ToldMessage(NamedTuple):
    """A message that CONTRL tells of, with its faults; none of them rejecting means that it is accepted."""

    span: MessageSpan
    faults: Sequence[Fault] = ()
    action: str = REJECTED


def refusal(found: Violation) -> EnvelopeAnswer:
    """Return the answer that refuses an interchange for the fault *found* in its envelope."""
    return EnvelopeAnswer(
        REJECTED, found.syntax_code or UNSPECIFIED, found.tag or "UNB", found.element, found.component
    )


def wanted(agreement: Agreement | None, request: str, *, rejected: bool) -> bool:
    """Tell whether the partner wants a CONTRL: by its agreement, and by UNB 0031 where that says "on request".

    Who asks for a receipt only still hears of what is rejected.
    """
    how = agreement.acknowledge if agreement else "always"
    asked = request == ASKED or (request == RECEIPT_ASKED and rejected)
    return how == "always" or (how == "on_request" and asked) or (how == "on_error" and rejected)


def receipt_wanted(agreement: Agreement | None, request: str) -> bool:
    """Tell whether the partner wants the technical receipt: UCI with action 8, before anything is judged."""
    how = (agreement.exchange if agreement else DEFAULT_TERMS).receipt
    return how == "always" or (how == "on_request" and request == RECEIPT_ASKED)


def is_answer(interchange: Interchange) -> bool:
    """Tell whether an interchange holds nothing but CONTRL, broken ones included, and so is never answered."""
    types = {span.type.upper() for span in interchange.messages if span.type}
    return types == {"CONTRL"} or (not types and interchange.application_reference.upper().startswith("CONTRL"))


def envelope_payload(interchange: Mapping[str, Any], answer: EnvelopeAnswer) -> dict[str, Any]:
    """Return the outbox payload of a CONTRL on an interchange row; what it holds is added by :func:`tell`."""
    return {
        "control_reference": interchange["control_reference"],
        "sender": interchange["sender"],
        "sender_qualifier": interchange["sender_qualifier"],
        "recipient": interchange["recipient"],
        "recipient_qualifier": interchange["recipient_qualifier"],
        **answer._asdict(),
        "messages": [],
    }


def tell(payload: dict[str, Any], interchange: Interchange, messages: Iterable[ToldMessage]) -> None:
    """Add *messages* to the payload of a CONTRL, those of a functional group under their UCF.

    A group that is refused as a whole is told with the fault that does it and without its messages. CONTRL among the
    messages is passed over.
    """
    groups: dict[GroupSpan, dict[str, Any]] = {}
    for told in messages:
        if told.span.type == "CONTRL":
            continue
        group = interchange.group_of(told.span.ordinal)
        if group is None:
            payload["messages"].append(message_payload(told))
            continue
        said = groups.setdefault(group, _group_payload(group))
        whole = next((fault for fault in told.faults if _refuses(fault) and fault["level"] == "group"), None)
        if whole is not None:
            said |= _error(whole) | {"action": REJECTED, "code": _code(whole), "messages": []}
        elif said["action"] != REJECTED:
            said["messages"].append(message_payload(told))
    if groups:
        payload["groups"] = list(groups.values())


def message_payload(told: ToldMessage) -> dict[str, Any]:
    """Return the UCM of one message: what its UNH said and, where it is rejected, where it fails."""
    span, errors = told.span, [fault for fault in told.faults if _refuses(fault)]
    frame = next((fault for fault in errors if _frame(fault)), None)
    faults: list[list[Any]] = [] if frame is None else [[_code(frame), None, None, None]]
    faults += [
        [_code(fault), fault["segment"], fault["element"], fault["component"]] for fault in errors if fault is not frame
    ]
    return {
        "reference": span.reference,
        "type": span.type,
        "version": span.version,
        "release": span.release,
        "agency": span.agency,
        "association": span.association,
        "action": told.action,
        "faults": faults,
        "tags": list({fault["segment"]: fault["tag"] for fault in errors if fault["element"] is not None}.items()),
        **({} if frame is None else _error(frame)),
    }


def _group_payload(group: GroupSpan) -> dict[str, Any]:
    return {
        "reference": group.reference,
        "sender": group.sender,
        "sender_qualifier": group.sender_qualifier,
        "recipient": group.recipient,
        "recipient_qualifier": group.recipient_qualifier,
        "action": ACKNOWLEDGED,
        "messages": [],
    }


def _refuses(fault: Fault) -> bool:
    return bool(fault["severity"] == "error")


def _code(fault: Fault) -> str:
    return fault["syntax_code"] or UNSPECIFIED


def _frame(fault: Fault) -> str:
    """Return the tag of the service segment of the message that a fault is about, "" where it is in the body."""
    if fault["code"] == "envelope.unt_missing":  # it is placed at the segment that stands last instead
        return "UNT"
    return str(fault["tag"]) if fault["tag"] in _FRAME else ""


def _error(fault: Fault) -> dict[str, Any]:
    """Return service segment and place of a fault, as UCF and UCM say them."""
    tag = _frame(fault) or fault["tag"] or ""
    placed = fault["tag"] == tag
    return {
        "segment_tag": tag,
        "element": fault["element"] if placed else None,
        "component": fault["component"] if placed else None,
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
        messages=tuple(map(_message_from, payload["messages"])),
        element=payload.get("element"),
        component=payload.get("component"),
        groups=tuple(map(_group_from, payload.get("groups", ()))),
    )


def _group_from(group: Mapping[str, Any]) -> GroupAcknowledgement:
    return GroupAcknowledgement(**{**group, "messages": tuple(map(_message_from, group["messages"]))})


def _message_from(message: Mapping[str, Any]) -> MessageAcknowledgement:
    faults = tuple((code, segment, element, part) for code, segment, element, part in message["faults"])
    tags = tuple((segment, tag) for segment, tag in message.get("tags", ()))
    return MessageAcknowledgement(**{**message, "faults": faults, "tags": tags})
