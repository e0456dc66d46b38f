"""What was ordered under a contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from core.store.engine import Tx
from core.store.tables.master import partners
from core.store.tables.ordering import order_revisions, orders
from core.store.tables.pricing import prices
from core.store.views.orders import ENDED


def partners_of(tx: Tx, contract: str) -> list[str]:
    """Return the codes of the partners that *contract* gives prices to."""
    statement = select(prices.c.partner).where(prices.c.contract == contract).distinct().order_by(prices.c.partner)
    return list(tx.execute(statement).scalars())


def orders_under(tx: Tx, codes: Sequence[str], contract: str, since: datetime) -> list[dict[str, Any]]:
    """Return the orders in force of these partners, received *since*, that name *contract*; each with ``partner``."""
    named = orjson.dumps(contract).decode()
    statement = (
        select(orders, partners.c.code.label("partner"))
        .join(partners, partners.c.id == orders.c.partner_id)
        .join(
            order_revisions,
            (order_revisions.c.order_id == orders.c.id) & (order_revisions.c.revision == orders.c.revision),
        )
        .where(
            partners.c.code.in_(codes),
            orders.c.received_at >= since,
            orders.c.test.is_(False),
            orders.c.state.not_in(ENDED),
            order_revisions.c.document.contains(f'"contract":{named}', autoescape=True),
        )
        .order_by(orders.c.id)
    )
    return [dict(row) for row in tx.execute(statement).mappings()]
