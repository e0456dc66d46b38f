"""What a shop says back of a rest that we cancelled ourselves is no change, and no refund to book."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from shop_traffic import Message, Shops, shopify
from sqlalchemy import select

from core.fulfilment.manual import ship_order
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache
from core.store.tables.tasks import tasks
from core.testing.trade import CRATE, CUP

NUMBER = "2026-EC-000001"


def asked(shops: Shops) -> list[str]:
    """Return the kinds of all tasks."""
    return list(shops.store.read(lambda tx: tx.execute(select(tasks.c.kind).order_by(tasks.c.id)).scalars().all()))


def end_short(shops: Shops) -> None:
    """Ship three of four cups, none of the crates, and cancel the rest."""
    now = shops.clock.now()

    def work(tx: Tx) -> None:
        order_id = order_rows.by_number(tx, NUMBER)["id"]
        ship_order(
            tx, order_id, actor="anna", now=now, quantities={1: Decimal(3)}, short_reason="broken", carrier="DHL",
            tracking_number="TRK-1",
        )  # fmt: skip
        cancel_order(tx, Desk(MasterCache(), "anna", now), NUMBER, reason="no use")

    shops.store.write(work)


def refund(amount: str, note: str, refund_id: int = 900) -> Message:
    given = [{"kind": "refund", "status": "success", "amount": amount}]
    told: dict[str, Any] = {
        "id": refund_id,
        "order_id": 1,
        "note": note,
        "transactions": given,
        "refund_line_items": [],
    }
    return Message("refunds/create", json.dumps(told).encode())


def test_the_echo_of_a_cancelled_rest_asks_nobody(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4, CRATE: 2}))
    end_short(shops)
    shops.tell("shopify", shopify(1, 2, {CUP: 3}), refund("0.00", f"{NUMBER} no use [{NUMBER}/7]"))
    assert [row.effect for row in shops.deliveries()][1:] == ["nothing new"] * 2
    assert asked(shops) == []


def test_what_the_shop_takes_beyond_it_is_asked_for(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4, CRATE: 2}))
    end_short(shops)
    shops.tell("shopify", shopify(1, 2, {CUP: 2}), refund("12.50", f"{NUMBER} no use [{NUMBER}/7]"))
    assert asked(shops) == ["shop.too_late", "shop.refund"]
    shops.tell("shopify", refund("0.00", "came back broken", 901))
    assert asked(shops)[2:] == ["shop.refund"]
