"""API keys: only their hash is kept; they expire, are revoked, and belong to partners."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from core.errors import NotFound, StoreUnavailable, Unauthenticated, UsageError
from core.store import Store, open_store
from core.store.tables import metadata
from core.store.tables.access import api_keys
from core.store.tables.master import partners
from gateway.authentication import ApiKeys, new_token

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class MovableClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    opened.write(lambda tx: metadata.create_all(tx.connection))
    row = {"id": 7, "code": "ALPINA", "name": "A", "language": "en", "vip": False, "fulfilment": "manual"}
    row |= {"allow_auto": False, "tolerances": {}, "contact": {}}
    opened.write(lambda tx: tx.execute(insert(partners).values(**row)))
    yield opened
    opened.close()


@pytest.fixture
def keys(store: Store, clock: MovableClock) -> ApiKeys:
    return ApiKeys(store, clock)


def test_a_key_opens_what_it_was_made_for(keys: ApiKeys) -> None:
    made = keys.create("shop", {"submit", "read"}, partner="ALPINA")
    principal = keys.authenticate(made.token)
    assert (principal.name, principal.partner) == ("shop", "ALPINA")
    assert principal.scopes == {"read", "submit"}
    assert not principal.may("operate")


def test_only_the_hash_is_kept(keys: ApiKeys, store: Store) -> None:
    token = keys.create("shop", {"read"}).token
    (row,) = store.read(lambda tx: list(tx.execute(select(api_keys))))
    assert bytes(row.hash) == hashlib.sha256(token.encode()).digest()
    assert token.split("_", 2)[2] not in str(row)


def test_a_key_has_256_random_bits() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert {len(token.split("_", 2)[2]) for token in tokens} == {43}


def test_what_is_no_key_of_ours_is_refused(keys: ApiKeys) -> None:
    token = keys.create("shop", {"read"}).token
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in ("", altered, new_token(), token[:-1], token + "A", "og_" * 40, "é" * 57, "\udce9" * 57):
        with pytest.raises(Unauthenticated, match="no such key"):
            keys.authenticate(wrong)


def test_a_key_expires_on_the_second(keys: ApiKeys, clock: MovableClock) -> None:
    token = keys.create("shop", {"read"}, expires_at=START + timedelta(days=1)).token
    clock.time = START + timedelta(days=1, microseconds=-1)
    assert keys.authenticate(token).name == "shop"
    clock.time = START + timedelta(days=1)
    with pytest.raises(Unauthenticated, match="expired"):
        keys.authenticate(token)


def test_a_revoked_key_opens_nothing_at_once(keys: ApiKeys, clock: MovableClock) -> None:
    made = keys.create("shop", {"read"})
    keys.authenticate(made.token)
    keys.revoke(made.prefix)
    with pytest.raises(Unauthenticated, match="revoked"):
        keys.authenticate(made.token)
    clock.time += timedelta(days=1)
    keys.revoke(made.token)
    assert [row.revoked_at for row in keys.all()] == [START], "the first revocation stands"


def test_what_does_not_exist_cannot_be_revoked_or_given(keys: ApiKeys) -> None:
    with pytest.raises(NotFound):
        keys.revoke("abcdefghij")
    with pytest.raises(NotFound, match="NOBODY"):
        keys.create("x", {"read"}, partner="NOBODY")


def test_a_key_that_makes_no_sense_is_refused(keys: ApiKeys) -> None:
    nonsense: list[tuple[str, set[str], str | None]] = [
        ("x", {"rule"}, None),
        ("x", set(), None),
        ("x", {"admin"}, "ALPINA"),
        ("", {"read"}, None),
    ]
    for name, scopes, partner in nonsense:
        with pytest.raises(UsageError):
            keys.create(name, scopes, partner=partner)
    assert keys.all() == []


def test_the_last_use_is_noted_now_and_then(keys: ApiKeys, clock: MovableClock) -> None:
    token = keys.create("shop", {"read"}).token
    assert keys.all()[0].last_used_at is None
    for minutes, noted in ((0, 0), (4, 0), (6, 6)):
        clock.time = START + timedelta(minutes=minutes)
        keys.authenticate(token)
        assert keys.all()[0].last_used_at == START + timedelta(minutes=noted)


def test_a_database_that_takes_no_writes_still_lets_readers_in(keys: ApiKeys, store: Store) -> None:
    token = keys.create("shop", {"read"}).token

    class ReadOnly:
        read = staticmethod(store.read)

        def write(self, _job: object) -> None:
            raise StoreUnavailable

    reading = ApiKeys(ReadOnly(), MovableClock())  # type: ignore[arg-type] # as much of a store as authenticate needs
    assert reading.authenticate(token).name == "shop"
