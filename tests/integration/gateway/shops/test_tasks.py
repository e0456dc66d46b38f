"""The task for a line whose item nobody knows ends with what it asks for (issue 5, part 3)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shop_traffic import Message, Shops, shopify
from sqlalchemy import select

from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.store.engine import Tx
from core.store.lookup import MasterCache
from core.store.tables.tasks import tasks
from core.testing.trade import CUP

NUMBER = "2026-EC-000001"


def tell(shops: Shops, minute: int, cups: int = 3, *, unknown: bool = True) -> None:
    """Tell of an order with so many cups and, unless told otherwise, a line whose item nobody knows."""
    told = json.loads(shopify(1, minute, {CUP: cups}).body)
    if unknown:
        told["line_items"].append({"id": 99, "sku": "NOBODY", "name": "A thing", "price": "5.00", "quantity": 2})
    shops.tell("shopify", Message("orders/updated", json.dumps(told).encode()))


@pytest.fixture
def asked(shops: Shops) -> Shops:
    """A store whose first order has such a line."""
    tell(shops, 1)
    assert found(shops) == [("open", None)]
    return shops


def found(shops: Shops) -> list[tuple[str, str | None]]:
    """Return state and outcome of the tasks for unknown items."""
    statement = select(tasks.c.state, tasks.c.outcome).where(tasks.c.kind == "shop.item_unknown").order_by(tasks.c.id)
    return [(*row,) for row in shops.store.read(lambda tx: tx.execute(statement).all())]


def at_desk(shops: Shops, act: Any, **named: Any) -> None:
    def work(tx: Tx) -> None:
        act(tx, Desk(MasterCache(), "anna", shops.clock.now()), NUMBER, **named)

    shops.store.write(work)


def test_it_is_of_the_order_and_its_line(asked: Shops) -> None:
    row = asked.store.read(lambda tx: tx.execute(select(tasks)).mappings().one())
    assert row["order_id"] is not None
    assert (row["inputs"]["line"], row["inputs"]["shop_id"]) == (2, "1")


def test_it_ends_with_its_hold(asked: Shops) -> None:
    at_desk(asked, release_holds, reason="the line is refused")
    assert found(asked) == [("done", "settled")]


def test_it_ends_with_its_order(asked: Shops) -> None:
    at_desk(asked, cancel_order, reason="a mistake")
    assert [state for state, _ in found(asked)] in (["done"], ["cancelled"])
    tell(asked, 2)
    assert "open" not in dict(found(asked))


def test_it_ends_when_the_shop_takes_the_line_away(asked: Shops) -> None:
    tell(asked, 2, unknown=False)
    assert found(asked) == [("done", "settled")]


def test_there_is_one_while_the_line_stays(asked: Shops) -> None:
    tell(asked, 2, cups=5)
    tell(asked, 3, cups=4)
    assert [state for state, _ in found(asked)].count("open") == 1
    tell(asked, 4, unknown=False)
    assert "open" not in dict(found(asked))
