"""The sandbox clock's offset and other small facts of the installation, kept in the database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select

from core.store.engine import Tx
from core.store.tables.master import settings

_OFFSET = "clock_offset_seconds"


def clock_offset(tx: Tx) -> timedelta:
    """Return how far the sandbox moved the clock."""
    value = tx.execute(select(settings.c.value).where(settings.c.key == _OFFSET)).scalar()
    return timedelta(seconds=float(value)) if value else timedelta(0)


def keep_clock_offset(tx: Tx, offset: timedelta) -> None:
    """Keep the offset, so that every process and the next start share it."""
    tx.execute(delete(settings).where(settings.c.key == _OFFSET))
    tx.execute(insert(settings).values(key=_OFFSET, value=str(offset.total_seconds())))
