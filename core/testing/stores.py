"""An empty store with all its tables, made fast: SQLite databases are copied from one that was made once."""

from __future__ import annotations

import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from core.store.engine import Store, Tx, sqlite_path
from core.store.tables import metadata


def prepared_store(url: str) -> Store:
    """Return a store on the empty database at *url*, its tables created."""
    path = sqlite_path(url)
    if path is not None:
        path.write_bytes(_sqlite_image())
        return Store(url)
    store = Store(url)
    store.write(_create_tables)
    return store


def _create_tables(tx: Tx) -> None:
    metadata.create_all(tx.connection, checkfirst=False)


@cache
def _sqlite_image() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        store = Store(f"sqlite:///{path}")
        store.write(_create_tables)
        store.close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return path.read_bytes()
