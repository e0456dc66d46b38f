"""Brings a database to the newest migration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

from core.errors import StoreUnavailable
from gateway.revision import check_known, connectable, current, head, scripts

__all__ = ["current", "downgrade", "head", "storage_type", "upgrade"]

#: two processes that upgrade one PostgreSQL database at once take turns under this lock
_ADVISORY_LOCK: Final = 0x6F72_6465


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at *url* up to *revision*, in one transaction; repeatable, safe beside another upgrade.

    Raises:
        StoreUnavailable: it does not answer.
        InstallationBroken: it was made by a newer Ordergate.
    """
    _inside(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Take the database at *url* back to *revision* (``base``: empty).

    Raises:
        StoreUnavailable: it does not answer.
        InstallationBroken: it was made by a newer Ordergate.
    """
    _inside(url, lambda config: command.downgrade(config, revision))


def storage_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Render our column types as what the database stores: a migration must not change when a class does."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def _inside(url: str, work: Callable[[Config], None]) -> None:
    check_known(current(url))
    engine = connectable(url)
    try:
        with engine.begin() as connection:
            _alone(connection)
            config = Config()
            config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
            config.attributes["connection"] = connection
            work(config)
    except OperationalError as error:
        raise StoreUnavailable(f"the database does not answer: {error.orig}") from error
    finally:
        engine.dispose()


def _alone(connection: Connection) -> None:
    """Wait until no other process migrates."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
    else:
        connection.exec_driver_sql("PRAGMA user_version = 0")  # any write takes SQLite's one writing lock
