"""Fires what is due in the database alone: stock, answers, reviews, credit, the ranking, fulfilment; seals events."""

from __future__ import annotations

from typing import Final

import structlog

from core.approvals import handover
from core.approvals.flow import APPROVAL_EXPIRE
from core.clock import Clock
from core.credit import timers as credit
from core.entry.drafts import DRAFT_EXPIRE, expire_draft
from core.errors import SystemFailed
from core.fulfilment import timers as fulfilment
from core.messaging import deadlines
from core.notices import rounds as notices
from core.ordering import closing, phase_watch, ranking, review_clock
from core.ordering.expire import RESERVATION_EXPIRE, expire_reservation
from core.paper import questions
from core.store import timers
from core.store.alerts import raise_alert
from core.store.engine import Store, Tx
from core.store.events import seal_some, unsealed_count
from core.store.lookup import MasterCache
from core.store.orders import StockShort
from core.store.timers import Timer
from core.tasks import clock as task_clock

_log = structlog.get_logger(__name__)

DATABASE_KINDS: Final = (
    fulfilment.DATABASE_KINDS
    | review_clock.KINDS
    | credit.KINDS
    | notices.KINDS
    | ranking.KINDS
    | closing.KINDS
    | phase_watch.KINDS
    | task_clock.KINDS
    | questions.KINDS
    | {APPROVAL_EXPIRE, RESERVATION_EXPIRE, deadlines.ACKNOWLEDGEMENT_DUE, DRAFT_EXPIRE}
)
#: rooms that fire their timers by the master data and the rules in force, by their kinds
_BY_MASTER_DATA: Final = {
    **dict.fromkeys(credit.KINDS, credit.fire),
    **dict.fromkeys(notices.KINDS, notices.fire),
    **dict.fromkeys(questions.KINDS, questions.fire),
    APPROVAL_EXPIRE: handover.fire,
}
#: rooms that fire their timers from the database alone, without master data, by their kinds
_ROOMS: Final = {
    **dict.fromkeys(review_clock.KINDS, review_clock.fire),
    **dict.fromkeys(ranking.KINDS, ranking.fire),
    **dict.fromkeys(task_clock.KINDS, task_clock.fire),
    **dict.fromkeys(closing.KINDS, closing.fire),
    **dict.fromkeys(phase_watch.KINDS, phase_watch.fire),
    **dict.fromkeys(fulfilment.DATABASE_KINDS, fulfilment.fire),
}
#: events chained in one transaction
_SEALS = 500


class TimerDesk:
    """Fires timers, each in one transaction with its work, so that it happens exactly once (invariant 9)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._cache = MasterCache()
        self._failed: set[int] = set()

    def start(self) -> None:
        """Set what runs in rounds for as long as the installation lives."""
        now = self._clock.now()
        self._store.write(lambda tx: ranking.start(tx, now))
        self._store.write(lambda tx: phase_watch.start(tx, now))
        self._store.write(lambda tx: notices.start(tx, now))

    def run_due(self, limit: int = 100) -> int:
        """Fire up to *limit* due timers and return how many did something."""
        now = self._clock.now()
        due = self._store.read(lambda tx: timers.due(tx, now, DATABASE_KINDS, limit + len(self._failed)))
        return sum(self._fire(timer) for timer in due if timer.id not in self._failed)

    def _fire(self, timer: Timer) -> bool:
        try:
            return self._store.write(lambda tx: self._do(tx, timer))
        except StockShort:
            return False  # another writer took stock or credit: it stays due
        except SystemFailed:
            raise
        except Exception as error:  # noqa: BLE001 - one timer must not stop the others; a person is told
            _log.exception("a timer failed", kind=timer.kind, subject=timer.subject_id)
            self._failed.add(timer.id)
            words = f"{timer.kind}: {type(error).__name__}: {error}"
            subject = str(timer.subject_id)
            self._store.write(lambda tx: raise_alert(tx, "timer.failed", subject, words, at=self._clock.now()))
            return False

    def _do(self, tx: Tx, timer: Timer) -> bool:
        now = self._clock.now()
        if timer.kind == RESERVATION_EXPIRE:
            if taken := timers.take(tx, timer.id):
                expire_reservation(tx, timer.subject_id, now)
            return taken
        if timer.kind == DRAFT_EXPIRE:
            return expire_draft(tx, timer)
        if timer.kind == deadlines.ACKNOWLEDGEMENT_DUE:
            return deadlines.fire(tx, timer, now)
        if (fire := _BY_MASTER_DATA.get(timer.kind)) is not None:
            return fire(tx, self._cache, timer, now)
        return _ROOMS[timer.kind](tx, timer, now)

    def seal(self) -> int:
        """Chain every event that waits into the stream and return how many there were."""
        sealed = 0
        while self._store.read(lambda tx: unsealed_count(tx) > 0):
            now = self._store.write(lambda tx: seal_some(tx, _SEALS))
            sealed += now
            if now < _SEALS:
                break  # whatever is committed from now on wakes the loop again
        return sealed
