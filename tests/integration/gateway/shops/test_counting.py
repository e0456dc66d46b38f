"""What was worked on is counted by its result; what waits is seen with its age (issue 5, part 3)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from shop_lives import life
from shop_traffic import Message, Shops, shopify
from sqlalchemy import text

from core.shops import work
from core.store.backlog import look
from core.store.engine import Tx
from core.store.tables.shops import shop_deliveries, shop_news
from core.store.tables.subscriptions import hook_deliveries
from core.testing.trade import CUP


def test_every_delivery_is_counted_once_with_what_it_did(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: Counter[tuple[str, str, str]] = Counter()
    shops.worker.on_worked = lambda *of: heard.update([of])
    made = shopify(1, 1, {CUP: 1})
    shops.tell(
        "shopify", made, made, shopify(1, 2, {CUP: 2}), Message("shop/update", b"{}"), Message("orders/create", b"{")
    )
    shops.keep("bigcommerce", life("bigcommerce", 7, cancelled=False)[:1])
    shops.work()
    monkeypatch.setattr(work._Work, "run", lambda *_: 1 / 0)
    shops.tell("shopify", shopify(2, 1, {CUP: 1}))
    assert {result: count for (platform, _, result), count in heard.items() if platform == "shopify"} == {
        "accepted": 1, "duplicate": 1, "changed": 1, "ignored": 1, "rejected": 1, "retried": 1,
    }  # fmt: skip
    assert heard["bigcommerce", "main", "fetching"] == heard["bigcommerce", "main", "accepted"] == 1


def test_what_waits_is_seen_by_state_with_the_age_of_the_oldest(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 1}), Message("orders/create", b"{"))
    shops.keep("shopify", [shopify(2, 1, {CUP: 1})])
    shops.clock.advance(timedelta(seconds=90))
    shops.keep("shopify", [shopify(3, 1, {CUP: 1})])
    found = shops.store.read(lambda tx: look(tx, shops.clock.now()))
    assert found.shop_deliveries == ({"queued": 2, "fetching": 0, "failed": 1}, 90.0)
    assert found.shop_news == found.event_deliveries == ({"queued": 0, "attempting": 0, "dead": 0}, 0.0)


@pytest.mark.parametrize("table", [shop_deliveries, shop_news, hook_deliveries], ids=lambda table: table.name)
def test_what_was_given_up_is_counted_by_an_index(shops: Shops, table: object) -> None:
    """A scrape must not read a month of deliveries."""

    def plan(tx: Tx) -> list[str]:
        given_up = "failed" if table is shop_deliveries else "dead"
        counted = text(f"EXPLAIN QUERY PLAN SELECT count(*) FROM {table} WHERE state = '{given_up}'")
        return [row.detail for row in tx.execute(counted)]

    assert [f"ix_{table}_" in line for line in shops.store.read(plan)] == [True]
