"""A statement that comes again goes to the driver directly, and answers as SQLAlchemy would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Executable,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from core.store import prepared
from core.store.types import Day, Instant, Json, money

things = Table(
    "things",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("name", String(20), nullable=False, unique=True),
    Column("open", Boolean),
    Column("bytes", LargeBinary),
    Column("day", Day),
    Column("at", Instant),
    Column("amount", money()),
    Column("words", Json),
)
defaulted = Table(
    "defaulted",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("name", String(20), default="new"),
    Column("place", String(20), server_default="here"),
)
ONE = {
    "id": 1,
    "name": "one",
    "open": True,
    "bytes": b"\x00\x01",
    "day": date(2026, 11, 22),
    "at": datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
    "amount": Decimal("12.34"),
    "words": {"a": [1, None]},
}
EMPTY = dict.fromkeys(ONE) | {"id": 2, "name": "two"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'things.db'}")
    for table in (things, defaulted):
        table.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execute(insert(things), [ONE, EMPTY])
        yield connection


def again(connection: Connection, statement: Executable, parameters: dict[str, Any] | None = None) -> prepared.Done:
    """Run *statement* as one that has come before."""
    assert prepared.run(connection, statement, parameters) is None
    done = prepared.run(connection, statement, parameters)
    assert done is not None
    return done


def test_the_first_time_is_left_to_sqlalchemy(connection: Connection) -> None:
    statement = select(things)
    assert prepared.run(connection, statement, None) is None
    assert prepared.run(connection, statement, None) is not None


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (select(things).order_by(things.c.id), None),
        (select(things.c.name, things.c.amount).where(things.c.id == bindparam("wanted")), {"wanted": 1}),
        (select(things).where(things.c.day == bindparam("day")), {"day": ONE["day"]}),
        (select(things).where(things.c.at >= bindparam("since")), {"since": ONE["at"]}),
        (select(things).where(things.c.open.is_(True), things.c.name == "one"), None),
        (select(func.count().label("number"), func.max(things.c.amount).label("most")), None),
        (select(things.c.id.label("key"), literal("x").label("mark")).limit(1).offset(1), None),
        (select(things.c.name).where(things.c.id == bindparam("wanted", 2)), {}),
        (select(things.c.name).where(things.c.id == bindparam("wanted")), {"wanted": 7}),
        (union_all(select(things.c.id), select(things.c.id + 10)).order_by("id"), None),
    ],
)
def test_it_answers_as_sqlalchemy_does(
    connection: Connection, statement: Executable, parameters: dict[str, Any] | None
) -> None:
    expected = connection.execute(statement, parameters).mappings().all()
    prepared.run(connection, statement, parameters)
    done = prepared.run(connection, statement, parameters)
    assert done is not None
    assert [dict(row) for row in done.mappings()] == [dict(row) for row in expected]


def test_rows_have_the_names_and_the_methods_of_rows(connection: Connection) -> None:
    statement = select(things).where(things.c.id == bindparam("wanted"))
    row = again(connection, statement, {"wanted": 1}).one()
    nobody = prepared.run(connection, statement, {"wanted": 9})
    assert (row.name, row.amount, row.at, row._asdict()) == ("one", ONE["amount"], ONE["at"], ONE)
    assert nobody is not None
    assert nobody.first() is None
    assert again(connection, select(things.c.name).order_by(things.c.id)).scalars().all() == ["one", "two"]


def test_changes_tell_how_many_rows_they_changed(connection: Connection) -> None:
    rename = update(things).where(things.c.id == bindparam("wanted")).values(name=bindparam("to"))
    assert again(connection, rename, {"wanted": 2, "to": "zwei"}).rowcount == 1
    nobody = prepared.run(connection, rename, {"wanted": 9, "to": "neun"})
    assert nobody is not None
    assert nobody.rowcount == 0
    assert connection.execute(select(things.c.name).where(things.c.id == 2)).scalar() == "zwei"
    assert again(connection, delete(things).where(things.c.id > bindparam("above")), {"above": 0}).rowcount == 2


def test_an_insert_goes_by_the_names_of_its_parameters(connection: Connection) -> None:
    statement = insert(things)
    prepared.run(connection, statement, {"id": 3, "name": "three"})
    assert prepared.run(connection, statement, {"id": 3, "name": "three"}) is not None
    assert prepared.run(connection, statement, ONE | {"id": 4, "name": "four"}) is not None
    rows = connection.execute(select(things).where(things.c.id > 2).order_by(things.c.id)).mappings().all()
    assert [dict(row) for row in rows] == [
        dict.fromkeys(ONE) | {"id": 3, "name": "three"},
        ONE | {"id": 4, "name": "four"},
    ]


def test_a_default_of_the_database_is_left_to_it(connection: Connection) -> None:
    statement = insert(defaulted).returning(defaulted.c.name, defaulted.c.place)
    assert again(connection, statement, {"id": 1, "name": "one"}).one() == ("one", "here")


def test_many_rows_tell_how_many_rows_they_changed(connection: Connection) -> None:
    rename = "UPDATE things SET name = ?2 WHERE id = ?1"
    assert prepared.run_many(connection, rename, [(1, "eins"), (2, "zwei"), (9, "neun")]) == 2
    with pytest.raises(IntegrityError, match="UNIQUE"):
        prepared.run_many(connection, rename, [(1, "zwei")])
    assert connection.execute(select(things.c.name).order_by(things.c.id)).scalars().all() == ["eins", "zwei"]


def test_returned_rows_are_fetched(connection: Connection) -> None:
    statement = (
        update(things)
        .where(things.c.id == bindparam("wanted"))
        .values(open=False)
        .returning(things.c.name, things.c.open)
    )
    assert again(connection, statement, {"wanted": 1}).one() == ("one", False)


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (select(things).where(things.c.id.in_(bindparam("ids", expanding=True))), {"ids": [1, 2]}),
        (insert(defaulted), {"id": 1}),  # a default of Python's
        (text("SELECT 1"), None),
        (select(things).execution_options(yield_per=1), None),
        (select(things).where(things.c.id == bindparam("wanted")), {}),  # SQLAlchemy says what is missing
        (select(things).where(things.c.id == bindparam(None, callable_=lambda: 1)), None),
    ],
)
def test_what_depends_on_more_than_names_stays_with_sqlalchemy(
    connection: Connection, statement: Executable, parameters: dict[str, Any] | None
) -> None:
    for _ in range(3):
        assert prepared.run(connection, statement, parameters) is None


def test_a_refusal_is_the_exception_that_sqlalchemy_raises(connection: Connection, engine: Engine) -> None:
    statement = insert(things)
    prepared.run(connection, statement, {"id": 5, "name": "one"})
    with pytest.raises(IntegrityError, match="UNIQUE") as refused:
        prepared.run(connection, statement, {"id": 5, "name": "one"})
    assert refused.value.params == (5, "one")
    with pytest.raises(OperationalError, match="no such table"):
        prepared.tell(connection, "DELETE FROM nowhere")
    assert prepared.run(connection, statement, {"id": 5, "name": "five"}) is not None


def test_a_value_that_its_type_refuses_is_told_as_the_type_tells_it(connection: Connection) -> None:
    statement = update(things).values(amount=bindparam("to"))
    again(connection, statement, {"to": Decimal("1.5")})
    with pytest.raises(Exception, match="does not fit 4 decimals"):
        prepared.run(connection, statement, {"to": Decimal("1.23456")})


def test_a_statement_that_is_gone_is_forgotten(connection: Connection) -> None:
    before = len(prepared._known)
    statement = select(things.c.id)
    prepared.run(connection, statement, None)
    assert len(prepared._known) == before + 1
    del statement
    assert len(prepared._known) <= before
