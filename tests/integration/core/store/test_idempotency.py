"""Idempotency keys: the first answer again, another body refused, also under concurrency."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.errors import IdempotencyMismatch
from core.store import Store, Tx, idempotency
from core.store.tables.access import idempotency_keys
from core.store.tables.master import settings

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HASH = b"\x01" * 32


@pytest.fixture
def store(prepared_url: str) -> Iterator[Store]:
    opened = Store(prepared_url)
    yield opened
    opened.close()


def place(tx: Tx, owner: str = "shop", key: str = "k", body: bytes = HASH, answer: Any = "first") -> Any:
    before = idempotency.begin(tx, owner, key, body, NOW)
    if before is not None:
        return before.answer
    idempotency.finish(tx, owner, key, 201, {"is": answer})
    return {"is": answer}


def test_the_first_answer_is_given_again(store: Store) -> None:
    assert store.write(place) == {"is": "first"}
    assert store.write(lambda tx: place(tx, answer="second")) == {"is": "first"}
    assert store.write(lambda tx: idempotency.begin(tx, "shop", "k", HASH, NOW)) == (201, {"is": "first"})


def test_another_body_under_the_key_is_refused(store: Store) -> None:
    store.write(place)
    with pytest.raises(IdempotencyMismatch) as refused:
        store.write(lambda tx: place(tx, body=b"\x02" * 32))
    assert refused.value.code == "idempotency.mismatch"


def test_keys_of_other_owners_are_other_keys(store: Store) -> None:
    store.write(place)
    assert store.write(lambda tx: place(tx, owner="other", answer="other")) == {"is": "other"}


def test_a_request_that_failed_leaves_its_key_free(store: Store) -> None:
    def fail(tx: Tx) -> None:
        idempotency.begin(tx, "shop", "k", HASH, NOW)
        raise ValueError("the work failed")

    with pytest.raises(ValueError, match="the work failed"):
        store.write(fail)
    assert store.write(place) == {"is": "first"}


def test_of_requests_at_the_same_time_one_does_the_work(store: Store) -> None:
    started = threading.Barrier(4)

    def work(tx: Tx, number: int) -> Any:
        before = idempotency.begin(tx, "shop", "k", HASH, NOW)
        if before is not None:
            return before.answer
        tx.execute(settings.insert().values(key=f"done-{number}", value=""))
        idempotency.finish(tx, "shop", "k", 201, {"by": number})
        return {"by": number}

    def request(number: int) -> Any:
        started.wait(timeout=10)
        return store.write(lambda tx: work(tx, number))

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(request, number) for number in range(4)]]
    assert len({answer["by"] for answer in answers}) == 1
    assert store.read(lambda tx: tx.execute(select(func.count()).select_from(settings)).scalar_one()) == 1


def test_old_keys_are_forgotten(store: Store) -> None:
    store.write(place)
    assert store.write(lambda tx: idempotency.forget(tx, NOW)) == 0
    assert store.write(lambda tx: idempotency.forget(tx, NOW + timedelta(seconds=1))) == 1
    assert store.read(lambda tx: tx.execute(select(func.count()).select_from(idempotency_keys)).scalar_one()) == 0
