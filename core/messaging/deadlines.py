"""By when a partner acknowledges what we send: set when it is rendered, closed by the answer, alarmed when it is late.

The time counts from sending. What the partner's agreement names no hours for is not waited for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from core.audit.record import record
from core.clock import iso
from core.notices.watch import end_follow_up, follow_up_message
from core.partners.model import Partner
from core.store import sent, timers, transmissions
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.timers import Timer

ACKNOWLEDGEMENT_DUE: Final = "acknowledgement.due"
OVERDUE: Final = "acknowledgement.overdue"


def await_answer(tx: Tx, transmission_id: int, patience: timedelta, now: datetime) -> None:
    """Wait for the acknowledgement of a transmission, *patience* from its sending on."""
    minutes = int(patience.total_seconds() // 60)
    timers.cancel(tx, ACKNOWLEDGEMENT_DUE, transmission_id)
    timers.schedule(tx, ACKNOWLEDGEMENT_DUE, transmission_id, now + patience, {"minutes": minutes})


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Look after one deadline: nothing when it was met, wait on where it was sent later, else call a person.

    Returns:
        False when another process was first; then nothing was done.
    """
    if not timers.take(tx, timer.id):
        return False
    ours = transmissions.by_id(tx, timer.subject_id)
    patience = timedelta(minutes=timer.payload["minutes"])
    if ours["state"] in transmissions.OPEN:
        await_answer(tx, ours["id"], patience, now)
    elif ours["state"] == "sent":
        due = ours["sent_at"] + patience
        if due > now:
            timers.schedule(tx, ACKNOWLEDGEMENT_DUE, ours["id"], due, timer.payload)
        else:
            _expire(tx, ours, due, now)
    return True


def _expire(tx: Tx, ours: Mapping[str, Any], due: datetime, now: datetime) -> None:
    partner = partner_by_id(tx, MasterCache(), ours["partner_id"])
    transmissions.expire(tx, ours["id"])
    words = f"{partner.code} has not acknowledged {ours['type']} {ours['control_reference']}, due by {iso(due)}"
    raise_alert(tx, OVERDUE, _subject(partner, ours), words, at=now, partner=partner.code)
    for row in sent.documents_in(tx, ours["id"]):
        if row.order_id is not None:
            if ours["type"] == "ORDRSP":
                follow_up_message(tx, row.order_id, words, now)
            record(
                tx,
                row.order_id,
                "message.overdue",
                at=now,
                actor="timer",
                summary=f"{ours['type']} {ours['control_reference']} not acknowledged by {iso(due)}",
                inputs={"transmission_id": str(ours["id"]), "due": iso(due)},
            )


def met(tx: Tx, partner: Partner, ours: Mapping[str, Any], now: datetime) -> None:
    """Stop waiting for the answer to a transmission: it came, or it is waited for no longer."""
    timers.cancel(tx, ACKNOWLEDGEMENT_DUE, ours["id"])
    close_alert(tx, OVERDUE, _subject(partner, ours), at=now)
    if ours["type"] == "ORDRSP" and ours["state"] == "expired":
        for row in sent.documents_in(tx, ours["id"]):
            if row.order_id is not None:
                end_follow_up(tx, row.order_id, now)


def _subject(partner: Partner, ours: Mapping[str, Any]) -> str:
    return f"{partner.code}/{ours['type']}/{ours['control_reference']}"
