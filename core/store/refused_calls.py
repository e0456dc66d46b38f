"""Refused calls by the hour: who was refused what, how often; bounded, for strangers may call as often as they like."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.tables.refused_calls import WIDTHS, refused_calls

#: rows of one hour; what comes beyond is counted by its code alone
ROWS_AN_HOUR: Final = 1000
KEPT: Final = timedelta(days=90)


class RefusedCalls(NamedTuple):
    """How often one caller was refused one thing for one reason; ``address`` and ``path`` are empty where left out.

    ``reason`` is what a token of an identity provider was refused for, empty for other callers.
    """

    code: str
    key: str
    name: str
    address: str
    method: str
    path: str
    reason: str
    calls: int


def count_refused(tx: Tx, found: Iterable[RefusedCalls], at: datetime) -> None:
    """Add *found* to the hour of *at*, and forget what is older than :data:`KEPT`."""
    table = refused_calls
    hour = at.replace(minute=0, second=0, microsecond=0)
    known = set(tx.execute(select(table.c.id).where(table.c.hour == hour)).scalars())
    make = sqlite.insert if tx.is_sqlite else postgresql.insert
    for each in found:
        row = _cut(each)
        if (identity := _identity(hour, row)) not in known and len(known) >= ROWS_AN_HOUR:
            row = RefusedCalls(row.code, "", "", "", "", "", "", row.calls)
            identity = _identity(hour, row)
        known.add(identity)
        adding = make(table).values(id=identity, hour=hour, first_at=at, last_at=at, **row._asdict())
        tx.execute(
            adding.on_conflict_do_update(
                index_elements=[table.c.id], set_={"calls": table.c.calls + adding.excluded.calls, "last_at": at}
            )
        )
    tx.execute(delete(table).where(table.c.hour < hour - KEPT))


def list_refused(tx: Tx, *, behind: tuple[datetime, str] | None, limit: int) -> list[Any]:
    """Return rows of the newest hours first, those *behind* (hour, id) of a row, at most *limit*."""
    table = refused_calls
    wanted = select(table).order_by(table.c.hour.desc(), table.c.id).limit(limit)
    if behind is not None:
        hour, identity = behind
        wanted = wanted.where(or_(table.c.hour < hour, and_(table.c.hour == hour, table.c.id > identity)))
    return list(tx.execute(wanted))


def _cut(row: RefusedCalls) -> RefusedCalls:
    return row._replace(**{name: getattr(row, name)[:width] for name, width in WIDTHS.items()})


def _identity(hour: datetime, row: RefusedCalls) -> str:
    told = [hour.isoformat(), row.code, row.key, row.address, row.method, row.path, row.reason]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
