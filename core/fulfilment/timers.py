"""Fires the timers of fulfilment whose work is in the database alone; the gateway fires those that call outside."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.errors import SystemFailed
from core.fulfilment.auto import carry_on
from core.fulfilment.booking import BOOKING_SEND
from core.fulfilment.rest import FULFILMENT_AUTO
from core.fulfilment.ship import TRACKING_POLL
from core.store import timers
from core.store.engine import Tx
from core.store.timers import Timer

#: work of one transaction, done by :func:`fire`
DATABASE_KINDS: Final = frozenset({FULFILMENT_AUTO})
#: work that calls a carrier between two transactions
OUTSIDE_KINDS: Final = frozenset({BOOKING_SEND, TRACKING_POLL})


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Do the work of a due timer of :data:`DATABASE_KINDS` and delete it, in this transaction.

    Returns:
        False when another process was first; then nothing was done.

    Raises:
        SystemFailed: the kind is not one of them.
    """
    if timer.kind not in DATABASE_KINDS:
        raise SystemFailed(f"timer kind {timer.kind!r} is not fired here")
    if not timers.take(tx, timer.id):
        return False
    carry_on(tx, timer.subject_id, now)
    return True
