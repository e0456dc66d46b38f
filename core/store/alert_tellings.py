"""Rows of who is told of which alert, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from core.store.engine import Tx
from core.store.tables.alerting import alert_tellings
from core.store.tables.intake import alerts

_ANY_DUE: Final = (
    select(alert_tellings.c.id)
    .where(alert_tellings.c.told_at.is_(None), alert_tellings.c.due_at <= bindparam("now"))
    .limit(1)
)


class Telling(NamedTuple):
    """One piece of news for one sink, with its alert as it is now; ``held`` by quiet hours."""

    id: int
    what: str
    held: bool
    alert: dict[str, Any]


def note(tx: Tx, sink: str, alert_id: int, what: str, *, due: datetime, now: datetime) -> None:
    """Note that *sink* is to be told *what* at *due*; later than *now* it is held back."""
    values = {"sink": sink, "alert_id": alert_id, "what": what, "due_at": due, "held": due > now, "told_at": None}
    tx.execute(insert(alert_tellings).values(id=tx.ids.next(), **values))


def heard_of(tx: Tx, alert_id: int) -> frozenset[str]:
    """Return the sinks that were told, or are to be told, of an alert."""
    statement = select(alert_tellings.c.sink).where(alert_tellings.c.alert_id == alert_id)
    return frozenset(tx.execute(statement).scalars())


def anything_due(tx: Tx, now: datetime) -> bool:
    """Tell whether any sink is to be told something by now."""
    return tx.execute(_ANY_DUE, {"now": now}).first() is not None


def take_due(tx: Tx, sink: str, now: datetime) -> list[Telling]:
    """Return what *sink* is to be told by now, oldest first, and note that it was: two processes never get the same."""
    mine = (
        update(alert_tellings)
        .where(alert_tellings.c.sink == sink, alert_tellings.c.told_at.is_(None), alert_tellings.c.due_at <= now)
        .values(told_at=now)
        .returning(alert_tellings.c.id, alert_tellings.c.alert_id, alert_tellings.c.what, alert_tellings.c.held)
    )
    taken = sorted(tx.execute(mine).all())
    found: list[Telling] = []
    for row in taken:
        alert = tx.execute(select(alerts).where(alerts.c.id == row.alert_id)).mappings().one()
        found.append(Telling(row.id, row.what, row.held, dict(alert)))
    return found
