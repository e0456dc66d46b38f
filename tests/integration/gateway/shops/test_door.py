"""The door of webhooks: who is let in, what is kept, and what is kept once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

import pytest
from shop_traffic import SECRET, Message, Shops, shopify
from sqlalchemy import delete, event, update

from core.errors import ShopNotReady, SignatureRefused, StoreUnavailable
from core.store.alerts import open_alerts
from core.store.tables.master import stores
from core.testing.trade import CUP
from gateway.shops.door import HookDoor, end_alerts_of_secrets

SIGNED = {"SHOP_SECRET": SECRET}
ORDER = shopify(41, 1, {CUP: 3}, "orders/create")


def headers(message: Message, delivery: str = "d-1", secret: str = SECRET) -> dict[str, str]:
    digest = base64.b64encode(hmac.new(secret.encode(), message.body, hashlib.sha256).digest()).decode()
    return {"x-shopify-hmac-sha256": digest, "x-shopify-topic": message.topic, "x-shopify-webhook-id": delivery}


def take(door: HookDoor, *deliveries: str, platform: str = "shopify", store: str = "main") -> list[str | BaseException]:
    """Hand the same order in at once under each of *deliveries*, and return what the door said to each."""

    async def all_at_once() -> list[str | BaseException]:
        asked = (door.take(platform, store, headers(ORDER, one), ORDER.body) for one in deliveries)
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(all_at_once())


def test_a_signed_webhook_becomes_an_order_of_channel_ec(each_shops: Shops) -> None:
    """INT-02: a customer orders on the shop, and the order is here under channel EC without a hand."""
    door = HookDoor(each_shops.store, each_shops.clock, SIGNED)
    assert take(door, "d-1") == ["kept"]
    assert take(door, "d-1", "d-1") == ["repeated", "repeated"]
    each_shops.worker.run_due()
    order = each_shops.order(41)
    assert order is not None
    assert (order["number"], order["state"]) == ("2026-EC-000001", "confirmed")
    (delivery,) = each_shops.deliveries()
    assert (delivery.state, delivery.effect) == ("done", "placed 2026-EC-000001")


def test_a_door_is_busy_for_a_while_after_a_delivery(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    door = HookDoor(shops.store, shops.clock, SIGNED)
    assert not door.is_busy()
    take(door, "d-1")
    monkeypatch.setattr("gateway.shops.door._BUSY_SECONDS", 600.0)
    assert door.is_busy()
    monkeypatch.setattr("gateway.shops.door._BUSY_SECONDS", 0.0)
    assert not door.is_busy()


def test_what_comes_at_once_shares_a_commit(shops: Shops) -> None:
    door = HookDoor(shops.store, shops.clock, SIGNED)
    commits = []
    event.listen(shops.store._writer._engine, "commit", commits.append)  # type: ignore[union-attr]
    assert set(take(door, *(f"d-{count}" for count in range(200)))) == {"kept"}
    assert len(commits) <= 3
    assert len(shops.deliveries()) == 200


@pytest.mark.parametrize(
    ("platform", "name", "environment"),
    [
        ("shopify", "main", {"SHOP_SECRET": "another secret of the tests"}),
        ("shopify", "other", SIGNED),
        ("nobody", "main", SIGNED),
    ],
)
def test_a_stranger_hears_the_same_whatever_is_wrong(
    shops: Shops, platform: str, name: str, environment: Mapping[str, str]
) -> None:
    (said,) = take(HookDoor(shops.store, shops.clock, environment), "d-1", platform=platform, store=name)
    assert isinstance(said, SignatureRefused)
    assert said.message == SignatureRefused().message
    assert shops.deliveries() == []


def test_a_secret_that_is_not_set_calls_a_person_once(shops: Shops) -> None:
    environment: dict[str, str] = {}
    door = HookDoor(shops.store, shops.clock, environment)
    for said in take(door, "d-1", "d-2"):
        assert isinstance(said, ShopNotReady)
    (alert,) = shops.store.read(open_alerts)
    assert (alert["kind"], alert["subject"], alert["count"]) == ("shop.secret_missing", "shopify/main", 1)
    environment.update(SIGNED)
    assert take(door, "d-1") == ["kept"]
    assert shops.store.read(open_alerts) == []


def test_a_secret_that_is_there_after_a_restart_ends_its_alert(shops: Shops) -> None:
    """Issue 5, part 3: the next process has the secret, and no shop need call for that to be seen."""
    take(HookDoor(shops.store, shops.clock, {}), "d-1")
    take(HookDoor(shops.store, shops.clock, {}), "d-1", platform="woocommerce")
    end_alerts_of_secrets(shops.store, shops.clock, {})
    assert {alert["subject"] for alert in shops.store.read(open_alerts)} == {"shopify/main", "woocommerce/main"}
    rename = update(stores).where(stores.c.platform == "shopify").values(secret_env="OTHER_SECRET")
    shops.store.write(lambda tx: tx.execute(rename))
    end_alerts_of_secrets(shops.store, shops.clock, SIGNED)
    assert [alert["subject"] for alert in shops.store.read(open_alerts)] == ["shopify/main"]
    shops.store.write(lambda tx: tx.execute(delete(stores)))
    end_alerts_of_secrets(shops.store, shops.clock, {})
    assert shops.store.read(open_alerts) == []


def test_every_request_is_counted_with_what_became_of_it(shops: Shops) -> None:
    """Issue 5, part 3: a store that is not ours has no name here, whatever paths somebody tries."""
    heard: list[tuple[str, str, str]] = []
    environment = dict(SIGNED)
    door = HookDoor(shops.store, shops.clock, environment)
    door.on_taken = lambda *of: heard.append(of)
    take(door, "d-1")
    take(door, "d-1")
    take(door, "d-2", store="other")
    asyncio.run(door.take("woocommerce", "main", {}, b"webhook_id=142"))
    environment["SHOP_SECRET"] = "another secret of the tests"
    take(door, "d-3")
    environment.clear()
    take(door, "d-3")
    assert heard == [
        ("shopify", "main", "kept"),
        ("shopify", "main", "repeated"),
        ("", "", "hook.signature"),
        ("woocommerce", "main", "ping"),
        ("shopify", "main", "hook.signature"),
        ("shopify", "main", "hook.not_ready"),
    ]


def test_a_ping_is_not_kept(shops: Shops) -> None:
    door = HookDoor(shops.store, shops.clock, SIGNED)
    assert asyncio.run(door.take("woocommerce", "main", {}, b"webhook_id=142")) == "ping"
    assert shops.deliveries() == []


def test_a_database_that_fails_is_told_to_every_sender(shops: Shops) -> None:
    """Nothing is answered with success that was not kept: the platform sends it again."""
    door = HookDoor(shops.store, shops.clock, SIGNED)
    assert take(door, "d-1") == ["kept"]
    shops.store.close()
    assert [type(said) for said in take(door, "d-2", "d-3")] == [StoreUnavailable, StoreUnavailable]


def test_a_process_that_dies_before_it_works_loses_nothing(each_shops: Shops) -> None:
    """What was kept is worked on by the next process, once, however many take it up at the same time."""
    door = HookDoor(each_shops.store, each_shops.clock, SIGNED)
    take(door, "d-1")
    dying, following = each_shops.worker, each_shops.another_worker()

    class Dies(BaseException):
        pass

    def die(_: object) -> None:
        raise Dies

    dying.on_outcome = die
    with pytest.raises(Dies):
        dying.run_due()
    each_shops.clock.advance(timedelta(minutes=1))
    take(door, "d-1", "d-2")
    following.run_due()
    order = each_shops.order(41)
    assert order is not None
    assert order["number"] == "2026-EC-000001"
    assert [row.state for row in each_shops.deliveries()] == ["done", "done"]
