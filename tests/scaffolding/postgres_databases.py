"""Databases of a PostgreSQL server that tests make for themselves and drop again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from core.store.tables import metadata

_HANG_UP = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def database_on(server: str, *, like: str = "template1") -> Iterator[str]:
    """Create a database on *server* and tell its SQLAlchemy address; drop it, whoever is still connected.

    It is a copy of the database named *like*, to which nobody may be connected; by default it is empty.
    """
    name = f"ordergate_test_{uuid.uuid4().hex}"
    identifier = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(identifier, sql.Identifier(like)))
        try:
            address = make_url(server).set(drivername="postgresql+psycopg", database=name)
            yield address.render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


def clear(url: str) -> None:
    """End what is still connected to the database at *url*, drop tables not ours, delete every row of those of ours.

    That makes it as good as new: no table counts by itself, all ids and numbers are made by the core.
    """
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    names = [sql.Identifier(table.name) for table in reversed(metadata.sorted_tables)]  # what refers to a row first
    with psycopg.connect(address) as connection:
        connection.execute(_HANG_UP)
        for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            if name not in metadata.tables:
                connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(name)))
        connection.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in names))
