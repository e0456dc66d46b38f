"""What is looked after in rounds: notices that have not left, exceptions that nobody of us has heard of, old links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from core.clock import iso
from core.notices import watch
from core.notices.rules import NoticeRules
from core.notices.tell import RAISED
from core.store import notices, timers
from core.store.alerts import close_alert, open_alerts, raise_alert
from core.store.engine import Tx
from core.store.exceptions import Raised, mark_told, people_of, untold
from core.store.links import forget_expired
from core.store.lookup import MasterCache
from core.store.notices import NoticeRow
from core.store.timers import Timer

#: the timer of the round; its subject is nothing
ROUND: Final = "notice.round"
#: what this module fires
KINDS: Final = watch.KINDS | {ROUND}
#: the alert of what should have left by now
LATE: Final = "notice.late"
#: an exception that is older when it is first looked at is told to nobody
_MEMORY: Final = timedelta(days=1)
#: exceptions that one mail names; the others are counted
_NAMED: Final = 20


def start(tx: Tx, now: datetime) -> None:
    """Set the first round, once for an installation."""
    if timers.next_due(tx, [ROUND]) is None:
        timers.schedule(tx, ROUND, 0, now)


def fire(tx: Tx, cache: MasterCache, timer: Timer, now: datetime) -> bool:
    """Do what *timer* is for and tell whether anything was told; False where another transaction was first."""
    if timer.kind != ROUND:
        return watch.fire(tx, cache, timer, now)
    if not timers.take(tx, timer.id):
        return False
    cache.refresh(tx)
    rules = cache.rules.book.notices
    timers.schedule(tx, ROUND, 0, now + timedelta(minutes=rules.staff_minutes))
    forget_expired(tx, now)
    late = tell_late(tx, rules, now)
    return tell_staff(tx, rules, now) > 0 or late


def tell_late(tx: Tx, rules: NoticeRules, now: datetime) -> bool:
    """Raise an alert for every lane with a confirmation that should have left by now (CNF-09); tell if one is new."""
    late = notices.late(tx, now - timedelta(hours=rules.sent_hours))
    for alert in open_alerts(tx):
        if alert["kind"] == LATE and alert["subject"] not in late:
            close_alert(tx, LATE, alert["subject"], at=now)
    new = False
    for lane, (count, since) in late.items():
        words = f"{count} to {lane} have not left, the oldest since {iso(since)}"
        new |= raise_alert(tx, LATE, lane, words, at=now)
    return new


def tell_staff(tx: Tx, rules: NoticeRules, now: datetime) -> int:
    """Tell our people of the holds and alerts that they have not heard of, by the routes of the rules (CNF-17).

    One mail for all of a code, to whoever of the role has an address; return how many mails.
    """
    if not any(rules.staff.values()):
        return 0
    told = 0
    news = sorted(untold(tx, now - _MEMORY), key=attrgetter("code"))
    for code, group in groupby(news, key=attrgetter("code")):
        raised, role = list(group), rules.role_for(code)
        people = people_of(tx, role) if role else []
        if people:
            row = NoticeRow(tx.ids.next(), 0, None, RAISED, "mail", tuple(people), (), rules.staff_language, "")
            exception = {"code": code, "summary": summary_of(raised), "severity": raised[0].severity, "role": role}
            notices.add(tx, [(row, {"exception": exception})], now)
            mark_told(tx, [one.id for one in raised], row.id)
            told += 1
    return told


def summary_of(raised: Sequence[Raised]) -> str:
    """Return what happened in words: each exception with its subject, the ones that are too many by their number."""
    words = [f"{one.subject}: {one.reason}" for one in raised[:_NAMED]]
    more = len(raised) - len(words)
    return "\n".join([*words, f"… and {more} more"] if more else words)
