"""Brings a database to the newest migration, from a wheel (``gateway/_migrations``) and from a checkout alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from core.errors import InstallationBroken, StoreUnavailable
from core.store.engine import sqlite_path

T = TypeVar("T")

#: two processes that upgrade one PostgreSQL database at once take turns under this lock
_ADVISORY_LOCK: Final = 0x6F72_6465


def scripts() -> Path:
    """Return the folder of the migrations.

    Raises:
        InstallationBroken: there is none.
    """
    package = Path(__file__).parent
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise InstallationBroken("the migrations are not installed", hint="Install the ordergate wheel anew.")


def head() -> str:
    """Return the newest revision that this installation knows."""
    revision = ScriptDirectory(str(scripts())).get_current_head()
    assert revision is not None
    return revision


def current(url: str) -> str | None:
    """Return the revision of the database at *url*; None when it is empty or not there.

    Raises:
        StoreUnavailable: it does not answer.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return None  # connecting would create it
    return _inside(url, lambda connection: MigrationContext.configure(connection).get_current_revision())


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at *url* up to *revision*, in one transaction; repeatable, safe beside another upgrade.

    Raises:
        StoreUnavailable: it does not answer.
        InstallationBroken: it was made by a newer Ordergate.
    """
    _check_known(url)
    _inside(url, lambda connection: command.upgrade(_config(connection), revision))


def downgrade(url: str, revision: str) -> None:
    """Take the database at *url* back to *revision* (``base``: empty).

    Raises:
        StoreUnavailable: it does not answer.
        InstallationBroken: it was made by a newer Ordergate.
    """
    _check_known(url)
    _inside(url, lambda connection: command.downgrade(_config(connection), revision))


def storage_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Render our column types as what the database stores: a migration must not change when a class does."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def _check_known(url: str) -> None:
    revision = current(url)
    known = {script.revision for script in ScriptDirectory(str(scripts())).walk_revisions()}
    if revision is not None and revision not in known:
        raise InstallationBroken(
            f"the database is at migration {revision}, which this Ordergate does not know",
            hint="It was made by a newer version: install that one.",
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _inside(url: str, work: Callable[[Connection], T]) -> T:
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            return work(connection)
    except OperationalError as error:
        raise StoreUnavailable(f"the database does not answer: {error.orig}") from error
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        # The driver's own guessing would commit before DDL and leave half a migration behind.
        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
