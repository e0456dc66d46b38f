"""Says something to a partner once more: the same bytes (resend), or anew under new references (re-issue)."""

from __future__ import annotations

from datetime import datetime

from core.audit.record import record
from core.clock import to_micros
from core.errors import Conflict, NotFound
from core.messaging.deadlines import await_answer, met
from core.partners.model import Partner
from core.store import sent, transmissions
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id


def send_again(tx: Tx, document_id: int, *, reissue: bool, actor: str, reason: str, at: datetime) -> int:
    """Send the interchange that carries an outbound document once more; return the document that tells it now.

    A resend leaves with the same bytes and references, which the partner knows as a repeat. A re-issue queues what the
    interchange carried again: it is rendered with new references and takes the place of the first, which is kept. The
    life of each order tells which of the two it was, who did it and why.

    Raises:
        NotFound: we sent no such document.
        Conflict: it has not left yet, or was issued anew already.
    """
    ours = transmissions.carrying(tx, document_id)
    if ours is None:
        raise NotFound(f"there is no document {document_id} that was sent", hint="`ordergate documents` lists them.")
    partner = partner_by_id(tx, MasterCache(), ours["partner_id"])
    documents = sent.documents_in(tx, ours["id"])
    if ours["state"] == "reissued":
        raise Conflict(f"document {document_id} was issued anew already", hint="Send the newer one again.")
    done = transmissions.supersede(tx, ours["id"]) if reissue else transmissions.resend(tx, ours["id"], at)
    if not done:
        raise Conflict(f"document {document_id} has not left yet", hint="It is sent as soon as its way is free.")
    verb, again = "resent", document_id
    if reissue:
        copies = sent.queue_copies(tx, ours["id"], to_micros(at))
        again = copies[[row.id for row in documents].index(document_id)]
        verb = "reissued"
    met(tx, partner, ours, at)
    if not reissue:
        _wait_again(tx, partner, ours["id"], ours["type"], at)
    for row in documents:
        if row.order_id is not None:
            record(
                tx,
                row.order_id,
                f"message.{verb}",
                at=at,
                actor=actor,
                summary=f"{ours['type']} {ours['control_reference']} {verb}" + (f": {reason}" if reason else ""),
                inputs={"transmission_id": str(ours["id"]), "reason": reason},
            )
    return again


def _wait_again(tx: Tx, partner: Partner, transmission_id: int, message_type: str, at: datetime) -> None:
    """Wait for the answer to what is resent as long as for the first; a re-issue is waited for when it is rendered."""
    patience = partner.agreement.exchange.patience(message_type) if partner.agreement else None
    if patience is not None:
        await_answer(tx, transmission_id, patience, at)
