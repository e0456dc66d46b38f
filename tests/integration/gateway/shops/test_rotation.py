"""Every platform at the door: a repeat is known, a secret is exchanged without losing a delivery, old ones are refused.

What each signature covers is held by ``core.testing.storefront``; here it goes through settings, environment and rows.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from shop_lives import OPTIONS, PLATFORMS
from shop_traffic import Shops
from shops import sample
from sqlalchemy import update

from core.errors import SignatureRefused
from core.store.tables.master import stores
from core.testing.stores import prepared_store
from gateway.shops.door import HookDoor


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shops]:
    """A store of each platform, whose secret of before is known as well."""
    root: Path = tmp_path_factory.mktemp("rotation")
    store = prepared_store(f"sqlite:///{root / 'shops.db'}")
    found = Shops(store, root, {**OPTIONS, "generic": sample("generic").options})
    store.write(lambda tx: tx.execute(update(stores).values(previous_secret_env="OLD_SECRET")))
    yield found
    store.close()


class Sender:
    """Sends one body of a platform to the door, signed by a secret."""

    def __init__(self, house: Shops, platform: str, environment: dict[str, str]) -> None:
        self.house, self.platform = house, platform
        self.sample = sample(platform)
        self.door = HookDoor(house.store, house.clock, environment)
        self.signed_at = house.clock.now()

    def send(self, secret: str, body: bytes | None = None) -> str:
        """Return what the door says to the sample, or to *body* under the signature of the sample."""
        headers = self.sample.sign(self.sample.body, secret, self.signed_at)
        try:
            return asyncio.run(self.door.take(self.platform, "main", headers, body or self.sample.body))
        except SignatureRefused as refused:
            return refused.code


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_secret_is_exchanged_without_losing_a_delivery(house: Shops, platform: str) -> None:
    """Issue 5, part 3: two secrets while it is exchanged; a repeat under either is one delivery."""
    environment: dict[str, str] = {}
    sender = Sender(house, platform, environment)
    first, second = sender.sample.secrets
    environment["SHOP_SECRET"] = first
    kept = len(house.deliveries())
    assert [sender.send(first), sender.send(first), sender.send(second)] == ["kept", "repeated", "hook.signature"]
    environment |= {"SHOP_SECRET": second, "OLD_SECRET": first}
    assert [sender.send(first), sender.send(second)] == ["repeated", "repeated"]
    del environment["OLD_SECRET"]
    assert [sender.send(first), sender.send(second)] == ["hook.signature", "repeated"]
    assert len(house.deliveries()) == kept + 1


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_was_written_again_or_comes_late_is_refused(house: Shops, platform: str) -> None:
    sender = Sender(house, platform, {"SHOP_SECRET": sample(platform).secrets[0]})
    secret = sender.sample.secrets[0]
    again = json.dumps(json.loads(sender.sample.body), indent=3).encode()
    assert (sender.send(secret, again) == "hook.signature") is sender.sample.signs_body
    house.clock.advance(timedelta(seconds=301))
    assert (sender.send(secret) == "hook.signature") is sender.sample.timed
