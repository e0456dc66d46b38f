"""Queues what shops are to be told, from the stream of events: each fact once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from core.shops.news import SHIPPED, TOLD, ShopFact, news_json, news_of
from core.store import shop_news as rows
from core.store.engine import Tx
from core.store.events import of_order

#: positions of the stream that are looked through in one transaction
_PAGE: Final = 5_000


def make_news(tx: Tx, at: datetime) -> int:
    """Queue the news of the next page of the stream and return how many positions were looked through.

    The cursor is locked until the transaction ends: two processes never make the same news.
    """
    after, upto = rows.lock_cursor(tx, _PAGE)
    made = []
    for found in rows.told_facts(tx, after, upto, tuple(TOLD)):
        news = news_of(_fact(tx, found))
        if news is not None:
            made.append(
                {
                    "platform": found["platform"],
                    "store": found["store"],
                    "shop_id": news.shop_id,
                    "order_id": found["order_id"],
                    "event_id": found["event_id"],
                    "seal": found["seal"],
                    "kind": news.kind,
                    "payload": news_json(news),
                }
            )
    rows.add_news(tx, made, at)
    return upto - after


def _fact(tx: Tx, found: Mapping[str, Any]) -> ShopFact:
    shipped = [
        (event["seq"], orjson.loads(event["inputs"]))
        for event in of_order(tx, found["order_id"])
        if event["event"] in SHIPPED and event["seq"] <= found["seq"]
    ]
    return ShopFact(
        event=found["event"],
        seq=found["seq"],
        at=found["at"],
        inputs=orjson.loads(found["inputs"]),
        number=found["number"],
        shop_id=found["shop_id"],
        line_ids={int(number): line_id for number, line_id in found["line_ids"]},
        shipped=shipped,
        ended_there=bool(found["facts"].get("cancelled_at") or found["facts"].get("deleted")),
        test=found["test"],
    )
