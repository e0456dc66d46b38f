"""The migrations make exactly the tables of the code, on both databases, forth and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from core.errors import InstallationBroken, StoreUnavailable
from core.store.tables import metadata
from gateway import migrate


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def differences(url: str) -> list[object]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(compare_metadata(MigrationContext.configure(connection), metadata))
    finally:
        engine.dispose()


def test_upgrade_from_empty_equals_the_metadata_and_goes_back_and_forth(database_url: str) -> None:
    migrate.upgrade(database_url)
    assert differences(database_url) == []
    assert tables(database_url) == {*metadata.tables, "alembic_version"}
    assert migrate.current(database_url) == migrate.head()
    migrate.downgrade(database_url, "base")
    assert tables(database_url) == {"alembic_version"}
    assert migrate.current(database_url) is None
    migrate.upgrade(database_url)
    assert differences(database_url) == []


def test_partial_indexes_keep_their_condition(database_url: str) -> None:
    migrate.upgrade(database_url)
    engine = create_engine(database_url)
    listing = (
        "SELECT sql FROM sqlite_master WHERE name = 'ix_alerts_open'"
        if engine.dialect.name == "sqlite"
        else "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_alerts_open'"
    )
    try:
        with engine.connect() as connection:
            statement = connection.execute(text(listing)).scalar_one()
    finally:
        engine.dispose()
    assert "UNIQUE" in statement
    assert "closed_at IS NULL" in statement


def test_upgrades_at_the_same_time_take_turns(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for finished in [pool.submit(migrate.upgrade, database_url) for _ in range(4)]:
            finished.result()
    assert differences(database_url) == []


def test_a_failing_migration_leaves_nothing_behind(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE workers (id INTEGER)"))  # the migration will stumble over it, late
    engine.dispose()
    with pytest.raises(Exception, match="workers"):
        migrate.upgrade(database_url)
    assert "addresses" not in tables(database_url)
    assert migrate.current(database_url) is None


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    migrate.upgrade(database_url)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(InstallationBroken, match="9999"):
        migrate.upgrade(database_url)


def test_asking_for_the_revision_creates_no_database(tmp_path: Path) -> None:
    path = tmp_path / "absent.db"
    assert migrate.current(f"sqlite:///{path}") is None
    assert not path.exists()


def test_a_server_that_is_not_there_is_told_as_such() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer"):
        migrate.upgrade("postgresql+psycopg://nobody@localhost:1/none")
