"""What waits in the database: the numbers that metrics, probes and ``doctor`` watch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from core.store import workers
from core.store.engine import Tx
from core.store.tables.intake import alerts, sources
from core.store.tables.messaging import outbox, timers, transmissions
from core.store.tables.messaging import workers as worker_rows
from core.store.tables.ordering import events
from core.store.tables.shops import shop_deliveries


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
    shop_deliveries: int
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
        shop_deliveries=_count(tx, shop_deliveries.c.id, shop_deliveries.c.state.in_(("queued", "fetching"))),
        events_unsealed=_count(tx, events.c.id, events.c.seal.is_(None)),
        workers_alive=registered - dead,
        workers_dead=dead,
    )


def _count(tx: Tx, column: ColumnElement[int], condition: ColumnElement[bool]) -> int:
    return int(tx.execute(select(func.count(column)).where(condition)).scalar_one())


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
