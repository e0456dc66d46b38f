"""Rows appended at once read back exactly, on both databases: prepared INSERT and COPY."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, delete, select
from sqlalchemy.types import Boolean

from core.store.engine import Store

#: one column of each kind that hot paths append
KINDS = Table(
    "every_kind",
    MetaData(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Text),
    Column("bytes", LargeBinary),
    Column("small", Integer),
    Column("truth", Boolean),
)

ROWS = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        # NUL cannot be stored as text on PostgreSQL and is refused at the door
        st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        st.none() | st.binary(),
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.booleans(),
    ),
    unique_by=lambda row: row[0],
    max_size=5,
)


def appended(store: Store, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    def work(tx) -> list[tuple[Any, ...]]:
        tx.append(KINDS, rows)
        found = tx.execute(select(KINDS).order_by(KINDS.c.id)).all()
        tx.execute(delete(KINDS))
        return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in found]

    return store.write(work)


def test_every_value_comes_back(each_store: Store) -> None:
    each_store.write(lambda tx: KINDS.create(tx.connection))
    awkward = [
        (1, "tab\tnewline\nreturn\rback\\slash \\N quote\" 'x'", b"\0\xff\n", -1, True),
        (2, None, None, None, None),
        (3, "", b"", 0, False),
        (4, string.printable.replace("\x00", "") + "Łódź 北京 🚚", b"", 2**31 - 1, True),
    ]
    assert appended(each_store, awkward) == awkward

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(ROWS)
    def any_rows(rows: list[tuple[Any, ...]]) -> None:
        assert appended(each_store, rows) == sorted(rows)

    any_rows()


def test_rows_may_come_in_any_sequence_type_and_number(each_store: Store) -> None:
    each_store.write(lambda tx: KINDS.create(tx.connection))
    assert appended(each_store, []) == []
    many = [(number, "x", b"y", number, True) for number in range(3000)]
    assert appended(each_store, tuple(many)) == many


def test_the_rows_belong_to_the_transaction(each_store: Store) -> None:
    each_store.write(lambda tx: KINDS.create(tx.connection))

    def work(tx) -> None:
        tx.append(KINDS, [(1, "x", b"", 1, True)])
        raise LookupError

    try:
        each_store.write(work)
    except LookupError:
        assert each_store.read(lambda tx: tx.execute(select(KINDS)).all()) == []
