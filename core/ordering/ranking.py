"""The hourly ranking: counts the priority of every open order anew, and tells where it changed (EXE-01, EXE-03).

One timer of the installation walks all of them, a few hundred in a transaction, and sets itself for the next of them
or for the next round. An order is placed without it: until its first round the queue counts its score on reading.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.audit.record import record
from core.clock import from_micros, to_micros
from core.review.priority import OPEN, RULE, Priority, PriorityRules, priority
from core.store import ranking as rows
from core.store import timers
from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.ranking import OpenOrder, Score
from core.store.timers import Timer

QUEUE_RANK: Final = "queue.rank"
#: what this module fires
KINDS: Final = frozenset({QUEUE_RANK})
#: orders in one transaction: on SQLite it keeps other writers waiting for some 20 ms at most
_CHUNK: Final = 200
#: a timer is about an order, this one about all of them
_NO_ORDER: Final = 0


class _Place(NamedTuple):
    """How far a round has come: 0 is the scores of finished orders, then the orders of each open state."""

    stage: int = 0
    at: int = 0
    after: int = 0


def start(tx: Tx, now: datetime) -> None:
    """Set the timer of the first round where the installation has none; any process may ask again."""
    next_in_sequence(tx, QUEUE_RANK, 0)  # its row makes two processes that start at once take turns
    if timers.next_due(tx, KINDS) is None:
        timers.schedule(tx, QUEUE_RANK, _NO_ORDER, now)


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Rank the next orders of the round; False where somebody was first."""
    if not timers.take(tx, timer.id):
        return False
    ranker = Ranker(tx, now)
    place = _rank_some(ranker, _Place(**timer.payload.get("place", {})))
    began = timer.payload.get("began", to_micros(timer.due_at))
    if place is not None:
        timers.schedule(tx, QUEUE_RANK, _NO_ORDER, now, {"began": began, "place": place._asdict()})
        return True
    pause = timedelta(minutes=ranker.rules.every_minutes)
    following = from_micros(began) + pause
    # Rounds that were missed are not made up for.
    timers.schedule(tx, QUEUE_RANK, _NO_ORDER, following if following > now else now + pause)
    return True


class Ranker:
    """Counts scores by the rules in force, as of one instant at the company's place."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx = tx
        self.now = now
        self._cache = MasterCache()
        self._cache.refresh(tx)
        self._first_orders: dict[int, int | None] = {}
        self._today: date | None = None

    @property
    def rules(self) -> PriorityRules:
        """The rules in force."""
        return self._cache.rules.book.priority

    @property
    def rule_version(self) -> str:
        """The version of the rulebook in force."""
        return str(self._cache.rules.version)

    @property
    def today(self) -> date:
        """The day at the company's place."""
        if self._today is None:
            zone = ZoneInfo(our_company(self.tx, self._cache).timezone)
            self._today = self.now.astimezone(zone).date()
        return self._today

    def priority(self, order: OpenOrder) -> Priority:
        """Return the score of an open order."""
        customer = order.partner_id
        if customer not in self._first_orders:
            self._first_orders[customer] = rows.first_order_of(self.tx, customer)
        is_first = self._first_orders[customer] == order.id
        return priority(self.rules, order.type, order.promised_date, self.today, vip=order.vip, first_order=is_first)


def _rank_some(ranker: Ranker, place: _Place) -> _Place | None:
    """Rank a chunk behind *place*; return where the round goes on, None at its end."""
    left, stage = _CHUNK, place.stage
    if stage == 0:
        seen, last = rows.forget_finished(ranker.tx, place.after, left)
        if seen == left:
            return _Place(after=last)
        left, stage, place = left - seen, 1, _Place()
    for number, state in enumerate(OPEN[stage - 1 :], stage):
        found = rows.open_after(ranker.tx, state, from_micros(place.at), place.after, left)
        _rank(ranker, found)
        if len(found) == left:
            return _Place(number, to_micros(found[-1].received_at), found[-1].id)
        left, place = left - len(found), _Place()
    return None


def _rank(ranker: Ranker, orders: list[OpenOrder]) -> None:
    """Keep the scores that are new or changed, and tell of each that changed."""
    changed = [(order, found) for order in orders if (found := ranker.priority(order)).score != order.score]
    version, at = ranker.rule_version, ranker.now
    rows.put(ranker.tx, [Score(order.id, found.score, found.parts_json(), version, at) for order, found in changed])
    for order, found in changed:
        if order.score is not None:
            _tell(ranker, order, order.score, found)


def _tell(ranker: Ranker, order: OpenOrder, before: int, found: Priority) -> None:
    record(
        ranker.tx,
        order.id,
        "order.ranked",
        at=ranker.now,
        actor="rule:priority",
        summary=f"priority {found.score}, before {before}",
        inputs={
            "before": before,
            "after": found.score,
            "parts": found.parts_json(),
            "rule": RULE,
            "rule_version": ranker.rule_version,
        },
    )
