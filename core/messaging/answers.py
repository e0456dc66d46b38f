"""What partners say of what we sent: their CONTRL and APERAK, matched to the transmission and its documents.

A transmission is ``sent`` until the partner answers it: then ``acknowledged`` or ``refused``; ``expired`` while an
answer that was agreed on is late (``deadlines``). Every answer is kept: a later one of the same kind replaces what
the first said, and a CONTRL does not mend what an application refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from core.audit.record import record
from core.clock import iso
from core.documents import Acknowledgement, ApplicationReport, MessageAcknowledgement
from core.messaging.acknowledge import REJECTED
from core.messaging.deadlines import met
from core.partners.model import Partner
from core.store import sent, transmissions
from core.store.engine import Tx

#: faults of one transmission that are kept
_MOST_FAULTS: Final = 200


def matches(tx: Tx, partner_id: int, answer: Acknowledgement) -> bool:
    """Tell whether a partner's CONTRL speaks of something that we sent it."""
    return transmissions.by_reference(tx, partner_id, answer.control_reference) is not None


def matches_report(tx: Tx, partner_id: int, report: ApplicationReport) -> bool:
    """Tell whether a partner's APERAK speaks of a document that we sent it."""
    return _reported(tx, partner_id, report) is not None


def receive(tx: Tx, partner: Partner, answer: Acknowledgement, *, document_id: int, at: datetime) -> bool:
    """Note a partner's CONTRL on something we sent; False when nothing of ours matches.

    Action 7 or 8 acknowledges everything that is not rejected explicitly; action 4 refuses all of it. A message is
    known by its reference: ours count from 1 in the order of the documents that they carry.
    """
    ours = transmissions.by_reference(tx, partner.id, answer.control_reference)
    if ours is None:
        return False
    documents = sent.documents_in(tx, ours["id"])
    whole = answer.action == REJECTED or any(group.action == REJECTED for group in answer.groups)
    rejected = {message.reference for message in answer.every_message if message.action == REJECTED}
    numbers = {str(number): row.id for number, row in enumerate(documents, 1)}
    refused = [row.id for row in documents] if whole else [numbers[key] for key in rejected if key in numbers]
    faults = [
        [numbers.get(message.reference), *fault] for message in answer.every_message for fault in _placed(message)
    ]
    said = {
        "action": answer.action,
        "codes": _codes(answer),
        "segment_tag": answer.segment_tag,
        "faults": faults[:_MOST_FAULTS],
    }
    _note(
        tx, partner, ours, documents, kind="CONTRL", said=said, refused=refused, is_refused=whole or bool(rejected),
        document_id=document_id, at=at,
    )  # fmt: skip
    return True


def receive_report(tx: Tx, partner: Partner, report: ApplicationReport, *, document_id: int, at: datetime) -> bool:
    """Note a partner's APERAK on a document we sent; False when nothing of ours matches."""
    subject = _reported(tx, partner.id, report)
    if subject is None:
        return False
    ours = transmissions.by_id(tx, subject.transmission_id)
    is_refused = report.outcome == "rejected"
    codes = ", ".join(dict.fromkeys(fault.code for fault in report.faults if fault.severity == "error"))
    said = {
        "action": report.outcome,
        "codes": codes,
        "texts": [[fault.code, fault.text, fault.severity] for fault in report.faults][:_MOST_FAULTS],
    }
    _note(
        tx, partner, ours, [subject], kind="APERAK", said=said, refused=[subject.id] if is_refused else [],
        is_refused=is_refused, document_id=document_id, at=at,
    )  # fmt: skip
    return True


def _reported(tx: Tx, partner_id: int, report: ApplicationReport) -> sent.SentDocument | None:
    for reference in report.references:
        found = sent.document_named(tx, partner_id, reference.qualifier, reference.number)
        if found is not None:
            return found
    return None


def _note(
    tx: Tx,
    partner: Partner,
    ours: Mapping[str, Any],
    documents: Sequence[sent.SentDocument],
    *,
    kind: str,
    said: dict[str, Any],
    refused: Sequence[int],
    is_refused: bool,
    document_id: int,
    at: datetime,
) -> None:
    """Keep what was said with the transmission, and tell it in the life of each order that it speaks of."""
    late = ours["state"] == "expired"
    before: Mapping[str, Any] = ours["answer"] or {}
    stands = ours["state"] == "refused" and before.get("type") == "APERAK" and kind == "CONTRL"
    if not stands:
        kept = {"type": kind, "at": iso(at), "late": late, "document_id": str(document_id), **said}
        kept["refused"] = sorted(refused)
        state = "refused" if is_refused else "acknowledged"
        transmissions.acknowledge(tx, ours["id"], state, said["codes"] if is_refused else "", kept)
    met(tx, partner, ours, at)
    gone = set(refused)
    for row in documents:
        if row.order_id is None:
            continue
        verb = "refused" if row.id in gone or (is_refused and not gone) else "acknowledged"
        codes = f" {said['codes']}" if verb == "refused" and said["codes"] else ""
        record(
            tx,
            row.order_id,
            f"message.{verb}",
            at=at,
            actor="partner",
            summary=f"{ours['type']} {ours['control_reference']} {verb} by {kind}{codes}{' (late)' if late else ''}",
            inputs={"transmission_id": str(ours["id"]), "action": said["action"], "late": late},
            document_id=document_id,
        )


def _placed(message: MessageAcknowledgement) -> Iterable[tuple[str, int | None, int | None, int | None]]:
    """Yield the faults of a message; the one that UCM itself tells stands in UNH or UNT, if it says so."""
    for code, segment, element, component in message.faults:
        if segment is None and message.segment_tag == "UNH":
            yield code, 1, message.element, message.component
        else:
            yield code, segment, element, component


def _codes(answer: Acknowledgement) -> str:
    own = [answer.code, *(group.code for group in answer.groups)]
    found = [fault[0] for message in answer.every_message if message.action == REJECTED for fault in message.faults]
    return ", ".join(dict.fromkeys(code for code in [*own, *found] if code))
