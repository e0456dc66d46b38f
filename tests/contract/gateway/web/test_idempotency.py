"""An Idempotency-Key on any act: done once, answered alike, whoever asks again and whenever it broke off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from core.store.tables.access import idempotency_keys
from gateway import master_data
from gateway.authentication import ApiKeys
from gateway.web.app import endpoints
from gateway.web.once import takes_key
from gateway.wiring import Gateway, open_gateway

TRANSFERS = "/api/v1/stock/transfers"
MOVE = {"sku": "NL-1001", "source": "MAIN", "target": "NORTH", "quantity": "30", "reason": "shop opens"}


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    """The demonstration with a second warehouse and 100 of one item."""
    one = open_gateway(home, "serve")
    content = {
        "warehouses": [{"code": "NORTH", "name": "North", "country": "DE", "priority": 200}],
        "stock": [{"sku": "NL-1001", "warehouse": "MAIN", "on_hand": "100"}],
    }
    master_data.load(one.store, one.home, one.settings, one.clock, content, where="test")
    yield one
    one.close()


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


class Caller:
    """Posts with a key of the API and an Idempotency-Key."""

    def __init__(self, client: TestClient[Any, Any], token: str) -> None:
        self._client = client
        self._token = token

    async def post(self, path: str, body: Any, key: str | None) -> tuple[int, Any, bool]:
        """Return status, body and whether it is the answer of an earlier request."""
        headers = {"Authorization": f"Bearer {self._token}"} | ({} if key is None else {"Idempotency-Key": key})
        answer = await self._client.post(path, json=body, headers=headers)
        return answer.status, await answer.json(), answer.headers.get("Idempotent-Replayed") == "true"

    async def on_hand(self, warehouse: str) -> str:
        found = await self._client.get(
            f"/api/v1/stock?sku=NL-1001&warehouse={warehouse}", headers={"Authorization": f"Bearer {self._token}"}
        )
        return str((await found.json())["items"][0]["on_hand"])


@pytest.fixture
def caller(client: TestClient[Any, Any], demo_key: str) -> Caller:
    return Caller(client, demo_key)


async def test_an_act_is_done_once_and_answered_alike(caller: Caller) -> None:
    first = await caller.post(TRANSFERS, MOVE, "t-1")
    assert (first[0], first[2]) == (200, False)
    assert await caller.post(TRANSFERS, MOVE, "t-1") == (200, first[1], True)
    assert await caller.on_hand("NORTH") == "30"
    assert (await caller.post(TRANSFERS, MOVE, "t-2"))[2] is False
    assert (await caller.post(TRANSFERS, MOVE, None))[2] is False
    assert await caller.on_hand("NORTH") == "90"


async def test_a_key_is_for_one_request_of_one_caller(caller: Caller, client: Any, gateway: Gateway) -> None:
    await caller.post(TRANSFERS, MOVE, "t-1")
    status, problem, _ = await caller.post(TRANSFERS, MOVE | {"quantity": "31"}, "t-1")
    assert (status, problem["code"]) == (422, "idempotency.mismatch")
    status, problem, _ = await caller.post("/api/v1/stock/counts", MOVE, "t-1")
    assert (status, problem["code"]) == (422, "validation.failed")
    other = ApiKeys(gateway.store, gateway.clock).create("other", ["operate"]).token
    assert (await Caller(client, other).post(TRANSFERS, MOVE, "t-1"))[2] is False
    assert await caller.on_hand("NORTH") == "60"


async def test_what_was_refused_may_be_sent_again(caller: Caller) -> None:
    assert (await caller.post(TRANSFERS, MOVE | {"quantity": "101"}, "t-1"))[0] == 409
    assert (await caller.post(TRANSFERS, MOVE | {"quantity": "99"}, "t-1"))[0] == 200
    assert await caller.on_hand("MAIN") == "1"


async def test_many_at_once_are_one(caller: Caller) -> None:
    answers = await asyncio.gather(*(caller.post(TRANSFERS, MOVE, "t-1") for _ in range(8)))
    assert {status for status, _, _ in answers} <= {200, 409}
    assert await caller.on_hand("NORTH") == "30"
    for status, body, _ in answers:
        assert status == 200 or body["code"] == "idempotency.unfinished"
    assert (await caller.post(TRANSFERS, MOVE, "t-1"))[::2] == (200, True)


async def test_what_broke_off_before_its_answer_was_kept_is_not_done_again(
    caller: Caller, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> None:
        raise ConnectionError("the process ends here")

    with monkeypatch.context() as broken:
        broken.setattr(type(gateway.operations.idempotency_desk), "keep", die)
        assert (await caller.post(TRANSFERS, MOVE, "t-1"))[0] == 500
    status, problem, _ = await caller.post(TRANSFERS, MOVE, "t-1")
    assert (status, problem["code"]) == (409, "idempotency.unfinished")
    assert await caller.on_hand("NORTH") == "30"


async def test_what_is_shown_once_is_not_kept(caller: Caller, gateway: Gateway) -> None:
    wanted = {"name": "shop", "url": "https://93.184.215.14/events"}
    _, made, _ = await caller.post("/api/v1/subscriptions", wanted, "s-1")
    status, again, replayed = await caller.post("/api/v1/subscriptions", wanted, "s-1")
    assert (status, again, replayed) == (201, made | {"secret": ""}, True)
    kept = gateway.store.read(lambda tx: tx.execute(select(idempotency_keys.c.answer)).scalars().all())
    assert made["secret"] not in str(kept)


async def test_reading_by_post_keeps_nothing(caller: Caller, gateway: Gateway) -> None:
    asked = {"items": [{"sku": "NL-1001"}]}
    for _ in range(2):
        assert (await caller.post("/api/v1/atp/batch", asked, "a-1"))[::2] == (200, False)
    assert gateway.store.read(lambda tx: tx.execute(select(idempotency_keys)).all()) == []


@pytest.mark.parametrize("key", ["", "a b", "ü", "k" * 129, "a/b"])
async def test_what_is_no_key_is_refused(caller: Caller, key: str) -> None:
    status, problem, _ = await caller.post(TRANSFERS, MOVE, key)
    assert (status, problem["violations"][0]["parameter"]) == (422, "Idempotency-Key")
    assert await caller.on_hand("MAIN") == "100"


def test_every_act_that_makes_something_takes_a_key() -> None:
    acts = [one for one in endpoints(with_sandbox=True) if one.method == "POST" and one.scope is not None]
    own = {one.name for one in acts if not takes_key(one)}
    assert {"place_order", "change_order"} <= own
    assert own <= {"place_order", "change_order", "place_orders", "decide_approval", "send_import", "place_batch"}
    assert len(acts) - len(own) > 30
