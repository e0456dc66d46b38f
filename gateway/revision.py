"""Which migration a database is at, and which one this installation needs; without alembic, for a quick start."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from core.errors import HomeInvalid, InstallationBroken, StoreUnavailable
from core.store.engine import sqlite_path
from gateway.paths import Home
from gateway.settings import Settings


def scripts() -> Path:
    """Return the folder of the migrations: ``gateway/_migrations`` in a wheel, ``migrations`` in a checkout.

    Raises:
        InstallationBroken: there is none.
    """
    package = Path(__file__).parent
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise InstallationBroken("the migrations are not installed", hint="Install the ordergate wheel anew.")


def revisions() -> list[str]:
    """Return the revisions that this installation knows, the newest last: files are named ``<revision>_<what>.py``."""
    return sorted(path.name.partition("_")[0] for path in (scripts() / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """Return the newest revision that this installation knows."""
    return revisions()[-1]


def current(url: str) -> str | None:
    """Return the revision of the database at *url*; None when it is empty or not there.

    Raises:
        StoreUnavailable: it does not answer.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return None  # connecting would create it
    engine = connectable(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except OperationalError as error:
        raise StoreUnavailable(f"the database does not answer: {error.orig}") from error
    except DatabaseError as error:  # the file is damaged, or something else
        raise StoreUnavailable(f"the database cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def check_known(revision: str | None) -> None:
    """Refuse *revision* of a database when this installation does not know it.

    Raises:
        InstallationBroken: it was made by a newer Ordergate.
    """
    if revision is not None and revision not in revisions():
        raise InstallationBroken(
            f"the database is at migration {revision}, which this Ordergate does not know",
            hint="It was made by a newer version: install that one.",
        )


def check_database(home: Home, settings: Settings) -> None:
    """Refuse a database that is not at the newest migration.

    Raises:
        HomeInvalid: it is empty or older.
        InstallationBroken: it is newer than this installation.
        StoreUnavailable: it does not answer.
    """
    revision = current(settings.database.url)
    if revision == head():
        return
    check_known(revision)
    raise HomeInvalid(
        f"the database is at migration {revision or 'none'}, this Ordergate needs {head()}",
        hint=f"ordergate db upgrade --home {home.root}",
    )


def connectable(url: str) -> Engine:
    """Return an engine that keeps no connection and, on SQLite, lets DDL take part in a transaction."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        # The driver's own guessing would commit before DDL and leave half a migration behind.
        @event.listens_for(engine, "connect")
        def configure(connection: object, _record: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined] # sqlite3.Connection has it

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN")

    return engine
