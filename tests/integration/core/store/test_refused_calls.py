"""Refused calls by the hour on both engines: added up, bounded, forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core.store.engine import Store
from core.store.refused_calls import KEPT, ROWS_AN_HOUR, RefusedCalls, count_refused, list_refused
from core.store.tables.refused_calls import refused_calls
from core.testing.trade import MONDAY

CALL = RefusedCalls("auth.failed", "", "", "192.0.2.7", "GET", "/api/v1/orders", "", 1)


def rows(store: Store) -> list[tuple[str, str, int]]:
    found = store.read(lambda tx: list_refused(tx, behind=None, limit=5000))
    return [(row.code, row.address, row.calls) for row in found]


def count(store: Store, at: datetime, *calls: RefusedCalls) -> None:
    store.write(lambda tx: count_refused(tx, calls, at))


def test_the_same_in_one_hour_is_one_row(each_store: Store) -> None:
    hour = MONDAY.replace(minute=0)
    count(each_store, hour, CALL, CALL._replace(calls=4))
    count(each_store, hour + timedelta(minutes=59, seconds=59), CALL)
    assert rows(each_store) == [("auth.failed", "192.0.2.7", 6)]
    (row,) = each_store.read(lambda tx: list(tx.execute(select(refused_calls))))
    assert (row.first_at, row.last_at) == (hour, hour + timedelta(minutes=59, seconds=59))
    count(each_store, hour + timedelta(hours=1), CALL)
    assert [calls for _, _, calls in rows(each_store)] == [1, 6], "the newest hour first"


def test_who_where_and_why_are_told_apart(each_store: Store) -> None:
    others = [
        CALL._replace(code="forbidden"),
        CALL._replace(key="abcdefghij"),
        CALL._replace(address="192.0.2.8"),
        CALL._replace(method="POST"),
        CALL._replace(path="/api/v1/documents"),
        CALL._replace(reason="token.expired"),
    ]
    count(each_store, MONDAY, CALL, *others)
    assert [calls for _, _, calls in rows(each_store)] == [1] * 7


def test_an_hour_cannot_be_filled_at_will(each_store: Store) -> None:
    many = [CALL._replace(address=f"10.0.{place // 250}.{place % 250}") for place in range(ROWS_AN_HOUR + 50)]
    count(each_store, MONDAY, *many[:700])
    count(each_store, MONDAY, *many[700:], CALL._replace(path="x" * 10_000, name="n" * 1000))
    found = rows(each_store)
    assert len(found) == ROWS_AN_HOUR + 1
    assert [(code, calls) for code, address, calls in found if not address] == [("auth.failed", 51)]
    count(each_store, MONDAY, many[0])
    assert ("auth.failed", "10.0.0.0", 2) in rows(each_store), "who is known already is still told apart"


def test_texts_of_callers_are_cut(each_store: Store) -> None:
    count(each_store, MONDAY, CALL._replace(path="/" + "x" * 10_000, name="n" * 1000, method="M" * 99))
    (row,) = each_store.read(lambda tx: list(tx.execute(select(refused_calls))))
    assert (len(row.path), len(row.name), len(row.method)) == (200, 100, 16)


def test_what_is_old_is_forgotten(each_store: Store) -> None:
    hour = MONDAY.replace(minute=0)
    count(each_store, hour, CALL)
    count(each_store, hour + KEPT, CALL)
    assert len(rows(each_store)) == 2
    count(each_store, hour + KEPT + timedelta(hours=1), CALL)
    assert len(rows(each_store)) == 2, "that of the first hour is gone"


def test_pages_follow_each_other(each_store: Store) -> None:
    for hours in range(3):
        count(each_store, MONDAY + timedelta(hours=hours), CALL, CALL._replace(code="forbidden"))
    seen, behind = [], None
    while page := each_store.read(lambda tx, behind=behind: list_refused(tx, behind=behind, limit=2)):
        seen += [(row.hour, row.id) for row in page]
        behind = seen[-1]
    assert len(set(seen)) == 6
    assert [hour for hour, _ in seen] == sorted((hour for hour, _ in seen), reverse=True)
