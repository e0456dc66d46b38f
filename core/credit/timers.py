"""Fires the timers of the credit account."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.credit.adjustments import ADJUSTMENT_EXPIRES, expire_adjustment
from core.credit.report import CREDIT_REPORT, keep_warnings
from core.credit.review import CREDIT_REVIEW, RULE, review_again
from core.credit.settlement import PAYMENT_TELL
from core.credit.settlement import fire as tell_payment
from core.ordering.confirm import Desk
from core.store import timers
from core.store.engine import Tx
from core.store.lookup import MasterCache
from core.store.timers import Timer

#: what this module fires
KINDS: Final = frozenset({CREDIT_REVIEW, ADJUSTMENT_EXPIRES, CREDIT_REPORT, PAYMENT_TELL})


def fire(tx: Tx, cache: MasterCache, timer: Timer, now: datetime) -> bool:
    """Do what *timer* is for and tell whether anything changed; False where another transaction was first.

    Raises:
        StockShort: another writer took stock or credit meanwhile; try again.
    """
    if not timers.take(tx, timer.id):
        return False
    if timer.kind == CREDIT_REVIEW:
        return review_again(tx, Desk(cache, RULE, now), timer.subject_id)
    if timer.kind == PAYMENT_TELL:
        return tell_payment(tx, timer, now)
    if timer.kind == CREDIT_REPORT:
        return keep_warnings(tx, cache, now)
    return expire_adjustment(tx, timer.subject_id)
