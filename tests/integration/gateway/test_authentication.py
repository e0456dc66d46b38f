"""API keys: only their hash is kept; they expire, are revoked, and belong to partners."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from core.errors import NotFound, StoreUnavailable, Unauthenticated, UsageError
from core.review.rulebook import read_rulebook
from core.store import Store
from core.store.rulebooks import put_in_force
from core.store.tables.access import api_keys
from core.store.tables.master import partners, users
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
def store(prepared_url: str) -> Iterator[Store]:
    opened = Store(prepared_url)
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


@pytest.fixture
def ada(store: Store) -> str:
    """A user of the master data: a sales representative."""
    store.write(lambda tx: tx.execute(insert(users).values(name="ada", roles=["sales_rep"], email="")))
    return "ada"


def test_a_key_without_roles_is_limited_by_its_scopes_alone(keys: ApiKeys) -> None:
    principal = keys.authenticate(keys.create("shop", {"operate"}).token)
    assert principal.roles is None
    assert principal.may_call("release_order", acting=True)
    assert principal.may_order("sample")
    assert principal.shown({"margin": "9.00"}) == {"margin": "9.00"}


def test_a_key_has_its_own_roles(keys: ApiKeys) -> None:
    """ROL-09."""
    made = keys.create("desk", (), roles=["order_processor", "qc"])
    assert made.scopes == ("operate", "read", "submit")
    principal = keys.authenticate(made.token)
    assert principal.roles == {"order_processor", "qc"}
    assert principal.may_call("confirm_order", acting=True)
    assert not principal.may_call("count_stock", acting=True)
    assert not principal.may_order("sample")
    assert principal.shown({"margin": "9.00"}) == {"margin": None}
    assert keys.authenticate(keys.create("looks", {"read"}, roles=["cfo"]).token).scopes == {"read"}


def test_the_key_of_a_user_has_what_roles_the_user_has_now(keys: ApiKeys, store: Store, ada: str) -> None:
    """ROL-09."""
    token = keys.create("ada", (), user=ada).token
    assert keys.authenticate(token).roles == {"sales_rep"}
    store.write(lambda tx: tx.execute(update(users).values(roles=["sales_vp"])))
    assert keys.authenticate(token).roles == {"sales_vp"}
    store.write(lambda tx: tx.execute(delete(users)))
    gone = keys.authenticate(token)
    assert gone.roles == frozenset(), "less than a key without roles, not more"
    assert not gone.may_call("place_order", acting=True)


def test_a_matrix_in_force_counts_at_once(keys: ApiKeys, store: Store) -> None:
    """ROL-07: it is data of the rulebook."""
    token = keys.create("qc", (), roles=["qc"]).token
    assert not keys.authenticate(token).may_call("count_stock", acting=True)
    book = read_rulebook({"roles": {"operations": {"count_stock": ["qc"]}}})
    store.write(lambda tx: put_in_force(tx, book, at=START, actor="cli:ada", reason="they count now"))
    assert keys.authenticate(token).may_call("count_stock", acting=True)


def test_roles_that_make_no_sense_are_refused(keys: ApiKeys, store: Store, ada: str) -> None:
    with pytest.raises(UsageError, match="unknown role butcher"):
        keys.create("x", (), roles=["butcher"])
    with pytest.raises(NotFound, match="there is no user 'eve'"):
        keys.create("x", (), user="eve")
    with pytest.raises(UsageError, match="not both"):
        keys.create("x", (), user=ada, roles=["qc"])
    with pytest.raises(UsageError, match="not for a partner"):
        keys.create("x", (), partner="ALPINA", roles=["qc"])
    store.write(lambda tx: tx.execute(update(users).values(roles=["sales_rep", "baker"])))
    with pytest.raises(UsageError, match="unknown role baker"):
        keys.create("x", (), user=ada)
    assert keys.all() == []
