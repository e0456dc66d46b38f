"""What waits in the database: the numbers that metrics, probes and ``doctor`` watch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, func, select, text

from core.store import imports, workers
from core.store.engine import Tx
from core.store.papers import OPEN
from core.store.tables.intake import alerts, sources
from core.store.tables.messaging import outbox, timers, transmissions
from core.store.tables.messaging import workers as worker_rows
from core.store.tables.ordering import events
from core.store.tables.papers import paper_sources
from core.store.tables.shops import shop_deliveries, shop_news
from core.store.tables.subscriptions import hook_deliveries


class Waiting(NamedTuple):
    """What of a queue is not done: how many rows by state, each state that counts, and the age of the oldest open."""

    states: Mapping[str, int]
    oldest_seconds: float = 0.0


class Backlog(NamedTuple):
    """One look at what is not done yet; ages are in seconds, 0 when nothing waits."""

    sources_unsettled: int
    outbox_rows: int
    outbox_oldest_seconds: float
    #: of the states that are not final, and failed
    transmissions: Mapping[str, int]
    #: since it should have gone out
    transmission_oldest_seconds: float
    alerts: Mapping[str, int]
    timers_due: int
    #: webhooks of stores, news for them, and events for subscribers
    shop_deliveries: Waiting
    shop_news: Waiting
    event_deliveries: Waiting
    #: mails and faxes
    papers: Waiting
    #: imports that have not ended, by state
    imports: Mapping[str, int]
    #: how long nothing happened to the import that is to be worked on and was left alone for longest
    import_still_seconds: float
    events_unsealed: int
    workers_alive: int
    workers_dead: int


_WATCHED = ("queued", "attempting", "outcome_unknown", "failed")


def look(tx: Tx, now: datetime) -> Backlog:
    """Return what waits at *now*."""
    waiting = tx.execute(
        select(func.count().label("n"), func.min(outbox.c.created_at).label("since")).where(
            outbox.c.transmission_id.is_(None)
        )
    ).one()
    states = tx.execute(
        select(transmissions.c.state, func.count().label("n"), func.min(transmissions.c.due_at).label("due"))
        .where(transmissions.c.state.in_(_WATCHED))
        .group_by(transmissions.c.state)
    ).all()
    opened = tx.execute(
        select(alerts.c.kind, func.count().label("n")).where(alerts.c.closed_at.is_(None)).group_by(alerts.c.kind)
    )
    # Heartbeats follow the machine's clock, not one that the sandbox has moved.
    dead = len(workers.dead(tx, time.time_ns() // 1000))
    registered = int(tx.execute(select(func.count()).select_from(worker_rows)).scalar_one())
    return Backlog(
        sources_unsettled=_count(tx, sources.c.id, ~sources.c.settled),
        outbox_rows=waiting.n,
        outbox_oldest_seconds=_age(now, waiting.since),
        transmissions={row.state: row.n for row in states},
        transmission_oldest_seconds=max((_age(now, row.due) for row in states if row.state != "failed"), default=0.0),
        alerts={row.kind: row.n for row in opened},
        timers_due=_count(tx, timers.c.id, timers.c.due_at <= now),
        shop_deliveries=_waiting(tx, now, shop_deliveries.c.received_at, ("queued", "fetching"), "failed"),
        shop_news=_waiting(tx, now, shop_news.c.created_at, ("queued", "attempting"), "dead"),
        event_deliveries=_waiting(tx, now, hook_deliveries.c.created_at, ("queued", "attempting"), "dead"),
        papers=_waiting(tx, now, paper_sources.c.kept_at, OPEN, "failed"),
        imports=imports.count_by_state(tx),
        import_still_seconds=_age(now, imports.still_since(tx)),
        events_unsealed=_count(tx, events.c.id, events.c.seal.is_(None)),
        workers_alive=registered - dead,
        workers_dead=dead,
    )


def _waiting(tx: Tx, now: datetime, since: Column[datetime], going: tuple[str, str], given_up: str) -> Waiting:
    """Return what of the table of *since* goes on, and what was given up; said as its partial indexes say it."""
    state = since.table.c.state
    found = tx.execute(
        select(state, func.count().label("n"), func.min(since).label("since"))
        .where(text(f"state IN {going!r}"))
        .group_by(state)
    ).all()
    dead = tx.execute(select(func.count()).select_from(since.table).where(text(f"state = '{given_up}'"))).scalar_one()
    states = {**dict.fromkeys(going, 0), **{row.state: row.n for row in found}, given_up: int(dead)}
    return Waiting(states, max((_age(now, row.since) for row in found), default=0.0))


def _count(tx: Tx, column: ColumnElement[int], condition: ColumnElement[bool]) -> int:
    return int(tx.execute(select(func.count(column)).where(condition)).scalar_one())


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
