"""Watches the phase calendar: an order whose phase ran out is an alert, once, closed when it is through (ORD-03 to 05).

One timer of the installation looks for all orders at once, so that an order costs nothing while it is in time. It looks
every hour, and sooner when the next deadline comes before that: no deadline is shorter than its pause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.audit.record import record
from core.clock import from_micros, iso, to_micros
from core.review.phases import PHASE_OF, PHASES, PhaseRules, current_phase, day_end, phase_due
from core.store import orders as order_rows
from core.store import phases as rows
from core.store import timers
from core.store.alerts import close_alert, raise_alert
from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.master import has_company
from core.store.phases import Window
from core.store.rulebooks import rules_in_force
from core.store.timers import Timer

PHASE_WATCH: Final = "phase.watch"
#: what this module fires
KINDS: Final = frozenset({PHASE_WATCH})
#: the alert, and the event of the order, when its phase ran out
PHASE_OVERDUE: Final = "phase.overdue"
#: a timer is about an order, this one about all of them
_NO_ORDER: Final = 0
#: between two looks, at most and at least
_PAUSE: Final = timedelta(hours=1)
_BREATH: Final = timedelta(minutes=1)
#: orders told in one transaction: on SQLite it keeps other writers waiting for some 50 ms at most
_CHUNK: Final = 50
#: a phase is over behind its last instant
_INSTANT: Final = timedelta(microseconds=1)
#: before every order
_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def start(tx: Tx, now: datetime) -> None:
    """Set the timer of the watch where the installation has none; any process may ask again."""
    next_in_sequence(tx, PHASE_WATCH, 0)  # its row makes two processes that start at once take turns
    if timers.next_due(tx, KINDS) is None:
        timers.schedule(tx, PHASE_WATCH, _NO_ORDER, now)


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Tell of the phases that ran out since the last look, and close what is healed; False where somebody was first."""
    if not timers.take(tx, timer.id):
        return False
    if not has_company(tx):
        timers.schedule(tx, PHASE_WATCH, _NO_ORDER, now + _PAUSE)
        return True
    watch = _Watch(tx, now)
    seen = timer.payload
    # Under other rules deadlines have passed that were still to come.
    since = from_micros(seen["since"]) if seen.get("rules") == watch.rule_version else _EVER
    following, until = watch.look(since)
    told = {"since": to_micros(until), "rules": watch.rule_version}
    timers.schedule(tx, PHASE_WATCH, _NO_ORDER, following, told)
    return True


Row = Mapping[str, Any]
Told = dict[str, str]


class _Watch:
    """One look at all orders, by the rules in force."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx, self.now = tx, now
        cache = MasterCache()
        cache.refresh(tx)
        self.timezone = our_company(tx, cache).timezone
        in_force = rules_in_force(tx)
        self.rules: PhaseRules = in_force.book.phases
        self.rule_version = str(in_force.version)

    def look(self, since: datetime) -> tuple[datetime, datetime]:
        """Return when to look again, and up to when everything is told by then."""
        self._heal()
        until = self.now - _INSTANT
        earliest = self.now + _PAUSE
        for window, hours, slack in self._windows(since, until):
            found = rows.ran_out(self.tx, window, PHASE_OVERDUE, _CHUNK)
            told = [self._tell(row) for row in found]
            if len(told) == _CHUNK and any(told):
                return self.now, since
            if (receipt := rows.next_receipt(self.tx, window)) is not None:
                earliest = min(earliest, receipt + hours + _INSTANT)
            if window.day is not None:
                earliest = min(earliest, day_end(window.day, self.timezone) + slack + _INSTANT)
        return max(earliest, self.now + _BREATH), until

    def _windows(self, since: datetime, until: datetime) -> Iterator[tuple[Window, timedelta, timedelta]]:
        """Yield the orders of each phase and type whose deadline lies between two instants.

        With its hours from the receipt, and those from the end of the promised day.
        """
        for phase in PHASES:
            states = [state for state, its in PHASE_OF.items() if its == phase]
            named = self.rules.types(phase)
            for order_type, hours in named.items():
                after = timedelta(hours=hours)
                slack = after - timedelta(hours=self.rules.hours("execute", order_type))
                day_before = day = None
                if phase != "review":
                    day_before, day = (self._day(at - slack) for at in (since, until))
                others = order_type == "standard"
                types = [name for name in named if name != order_type] if others else [order_type]
                yield Window(states, types, others, since - after, until - after, day_before, day), after, slack

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def _heal(self) -> None:
        """Close the alerts of orders that are through, and tell anew where the next phase ran out, too."""
        open_alerts = rows.alerted(self.tx, PHASE_OVERDUE)
        known = rows.by_numbers(self.tx, [number for number, _ in open_alerts])
        for number, message in open_alerts:
            words = self._late(known[number])
            if words is None:
                close_alert(self.tx, PHASE_OVERDUE, number, at=self.now)
            elif words[0] != message:
                self._tell(known[number])

    def _late(self, row: Row) -> tuple[str, Told] | None:
        """Return what is told of an order whose phase ran out; None of one that is in time."""
        phase = current_phase(row["state"], row["billing"])
        if phase is None:
            return None
        due_at = phase_due(
            self.rules, phase, order_type=row["type"], received_at=row["received_at"], promised=row["promised_date"],
            timezone=self.timezone,
        )  # fmt: skip
        if self.now <= due_at:
            return None
        told = {"phase": phase, "due_at": iso(due_at), "state": row["state"], "rule_version": self.rule_version}
        return f"{row['number']}: {phase} was to end by {iso(due_at)}", told

    def _tell(self, row: Row) -> bool:
        """Raise the alert of one order and tell it; False when it went on meanwhile."""
        row = order_rows.by_id(self.tx, row["id"], lock=True)
        late = self._late(row)
        if late is None:
            return False
        words, told = late
        raise_alert(self.tx, PHASE_OVERDUE, row["number"], words, at=self.now)
        record(self.tx, row["id"], PHASE_OVERDUE, at=self.now, actor="rule:phases", summary=words, inputs=told)
        return True
