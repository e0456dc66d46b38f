"""The process that tells a shop is killed: another one finishes, and the shop has everything once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from shop_house import STANDINS, TRACKING, House, sent
from shop_server import ShopServer, serving

from core.testing.shops.bigcommerce import BigCommerceStandIn


async def _killed(house: House, url: str, moment: str) -> None:
    script = Path(__file__).with_name("desk_that_dies.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        url,
        moment,
        house.clock.now().isoformat(),
        env={**os.environ, **house.environment},
        cwd=Path.cwd(),
    )
    assert await process.wait() == -signal.SIGKILL


async def _shipped(house: House, server: ShopServer, url: str, moment: str) -> None:
    house.open_store(server)
    order_id, kept = house.order(server)
    await house.desk.run_due()  # confirmed
    notes = list(kept.notes)
    house.ship(order_id)
    await _killed(house, url, moment)
    assert house.news()[1] == ("shipped", "attempting", 1)
    had = sent(kept) + kept.notes
    assert (had == notes) == (moment == "before")
    assert await house.desk.run_due() == 1
    assert house.news()[1] == ("shipped", "told", 2)
    assert [tracking for tracking, _ in sent(kept)] == [TRACKING]
    assert sum("shipped" in note for note in kept.notes) == (server.shop.platform == "woocommerce")


@pytest.mark.parametrize("platform", sorted(STANDINS))
async def test_killed_after_the_shop_has_taken_it(house: House, house_url: str, platform: str) -> None:
    async with serving(STANDINS[platform]()) as server:
        await _shipped(house, server, house_url, "after")


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_on_either_database(each_house: House, prepared_url: str, moment: str) -> None:
    async with serving(BigCommerceStandIn()) as server:
        await _shipped(each_house, server, prepared_url, moment)
