"""The sandbox carrier's memory: one SQLite file in which a booking is durable before it is answered.

The file belongs to the carrier alone; Ordergate's own database never holds or reads it.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from core.clock import from_micros, to_micros

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS consignment (
    serial    INTEGER PRIMARY KEY AUTOINCREMENT,
    reference TEXT NOT NULL UNIQUE,
    content   TEXT NOT NULL,
    booked_at INTEGER NOT NULL
)
"""
_BUSY_SECONDS: Final = 2.0


class Entry(NamedTuple):
    """One taken booking: ``content`` is the consignment as canonical JSON."""

    serial: int
    reference: str
    content: str
    booked_at: datetime


class Ledger:
    """Keeps bookings under their reference. Belongs to the thread that made it."""

    def __init__(self, path: Path) -> None:
        """Open or create the file at *path*.

        Raises:
            sqlite3.Error: the file cannot be opened or is no such ledger.
        """
        # autocommit: every statement below is a transaction of its own
        self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(_SCHEMA)

    def take(self, reference: str, content: str, booked_at: datetime) -> tuple[Entry, bool]:
        """Keep a booking, durably, unless *reference* is known already.

        Returns:
            The entry that now stands under *reference* and whether this call made it. The entry of an earlier call
            may hold other content: comparing is the caller's part.
        """
        insert = self._connection.execute(
            "INSERT INTO consignment (reference, content, booked_at) VALUES (?, ?, ?) "
            "ON CONFLICT (reference) DO NOTHING",
            (reference, content, to_micros(booked_at)),
        )
        entry = self.by_reference(reference)
        assert entry is not None, "a row that was inserted or in the way is there: rows are never deleted"
        return entry, insert.rowcount == 1

    def by_reference(self, reference: str) -> Entry | None:
        """Return the booking under the sender's *reference*."""
        return self._one("SELECT * FROM consignment WHERE reference = ?", reference)

    def by_serial(self, serial: int) -> Entry | None:
        """Return the booking that was taken as *serial*-th."""
        return self._one("SELECT * FROM consignment WHERE serial = ?", serial)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _one(self, statement: str, key: str | int) -> Entry | None:
        row = self._connection.execute(statement, (key,)).fetchone()
        return None if row is None else Entry(row[0], row[1], row[2], from_micros(row[3]))
