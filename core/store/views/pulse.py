"""One text that moves whenever something that people look at was added or changed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, func, select, text

from core.store.engine import Tx
from core.store.events import sealed_upto
from core.store.tables.intake import alerts, documents
from core.store.tables.messaging import outbox, transmissions
from core.store.tables.ordering import events, holds

#: ids carry milliseconds above their lowest 22 bits; a slower worker's smaller id may be committed so much later
_LATE: Final = 5_000 << 22
#: word for word the condition of the index, or SQLite does not use it
_OPEN: Final = text("state IN ('queued', 'attempting')")
# What every page that lives asks for is built once: making a statement costs several times as much as running it.
_NEWEST: Final = [
    select(func.coalesce(func.max(table.c.id), 0))
    for table in (documents, outbox, transmissions, events, holds, alerts)
]
_LATE_ONES: Final = select(func.count()).select_from(documents).where(documents.c.id > bindparam("since"))
_WAITING: Final = select(func.count()).select_from(outbox).where(outbox.c.transmission_id.is_(None))
_LEAVING: Final = select(func.count()).select_from(transmissions).where(_OPEN)
_OPENED: Final = select(func.count().label("n"), func.coalesce(func.sum(alerts.c.count), 0).label("times")).where(
    alerts.c.closed_at.is_(None)
)


def beat(tx: Tx) -> str:
    """Return the newest ids and the counts of what is open; every part is read from an index.

    A change of an order, a hold or an acknowledged message always comes with an event, a healed cause closes its alert.
    """
    newest = [tx.execute(statement).scalar_one() for statement in _NEWEST]
    late = tx.execute(_LATE_ONES, {"since": newest[0] - _LATE}).scalar_one()
    waiting = tx.execute(_WAITING).scalar_one()
    leaving = tx.execute(_LEAVING).scalar_one()
    opened = tx.execute(_OPENED).one()
    parts = (*newest, late, sealed_upto(tx), waiting, leaving, opened.n, opened.times)
    return ".".join(f"{part:x}" for part in map(int, parts))
