"""Appends many rows at once: the insert is compiled once and fed tuples; PostgreSQL gets COPY.

Measured (explanation/decisions, 3): 2.6 times the speed of ``insert(table)`` with dictionaries on SQLite and 2.3
times that of ``unnest`` on PostgreSQL. Rows are whole, in column order, in the driver's own values (integers,
text, bytes, booleans): the column types' conversions are the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

from core.store import prepared


@lru_cache(maxsize=64)
def _sqlite_insert(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - names come from our own MetaData


@lru_cache(maxsize=64)
def _postgresql_copy(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns)
    return f"COPY {table.name} ({names}) FROM STDIN"


def append(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append *rows* to *table* inside the present transaction."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        prepared.run_many(connection, _sqlite_insert(table), rows)
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(_postgresql_copy(table)) as copy:
        for row in rows:
            copy.write_row(row)
