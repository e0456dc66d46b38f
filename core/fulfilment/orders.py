"""The order as fulfilment and billing see it, and the one way in which they move it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.audit.record import record
from core.errors import Conflict
from core.ordering.closing import tell_end
from core.ordering.states import advance
from core.store import orders
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id

#: who acts where a partner's fulfilment is ``auto`` (ARCHITECTURE decision 15)
AUTO: Final = "rule:auto-fulfilment"


class OrderHead(NamedTuple):
    """The header of an order."""

    id: int
    number: str
    partner_id: int
    test: bool
    buyer_reference: str
    state: str
    billing: str
    currency: str
    total: Decimal
    promised_date: date | None
    revision: int
    credit_rate: str | None = None


class LineRow(NamedTuple):
    """One line of an order; ``price`` is the agreed price of one unit, ``quantity`` what was ordered."""

    line: int
    sku: str | None
    gtin: str
    buyer_code: str
    description: str
    quantity: Decimal
    unit: str
    price: Decimal | None
    state: str
    reserved: Decimal


def order_head(tx: Tx, order_id: int, *, lock: bool = False) -> OrderHead:
    """Return an order's header; with *lock* nobody else changes the order until this transaction ends.

    Raises:
        NotFound: there is none.
    """
    row = orders.by_id(tx, order_id, lock=lock)
    return OrderHead(**{name: row[name] for name in OrderHead._fields})


def lines_of(tx: Tx, order_id: int) -> list[LineRow]:
    """Return an order's lines by line number."""
    return [LineRow(**{name: row[name] for name in LineRow._fields}) for row in orders.lines_of(tx, order_id)]


def move(
    tx: Tx,
    order: OrderHead,
    trigger: str,
    *,
    at: datetime,
    actor: str,
    summary: str,
    inputs: Mapping[str, Any] | None = None,
    document_id: int | None = None,
) -> OrderHead:
    """Move a locked order by *trigger*, tell it as ``order.<state>`` and return its new header.

    Raises:
        Conflict: the state machine does not know the trigger here.
    """
    state = advance(order.state, trigger)
    orders.set_state(tx, order.id, state)
    record(tx, order.id, f"order.{state}", at=at, actor=actor, summary=summary, inputs=inputs, document_id=document_id)
    if state == "delivered" and order.billing == "full":  # billed on despatch: it may be paid by now
        after = orders.by_id(tx, order.id)
        tell_end(tx, after | {"state": order.state}, after, actor=actor, now=at)
    return order._replace(state=state)


def refuse_test(order: OrderHead) -> None:
    """Refuse to ship or bill a test order (fault table: no stock, no booking).

    Raises:
        Conflict: the order is a test.
    """
    if order.test:
        raise Conflict(f"{order.number} is a test order: nothing of it is shipped or billed")


def tells_test(tx: Tx, order: OrderHead) -> bool:
    """Tell whether messages on an order carry the test indicator: it is a test, or its partner is still in test."""
    return order.test or partner_by_id(tx, MasterCache(), order.partner_id).in_test


def refuse_held(tx: Tx, order: OrderHead, *stages: str) -> None:
    """Refuse to go on while a hold blocks one of *stages*.

    Raises:
        Conflict: ``inputs["holds"]`` lists what blocks: code, stage, line and reason of each.
    """
    blocking = [
        {name: hold[name] for name in ("code", "stage", "line", "reason")}
        for hold in orders.holds_of(tx, order.id)
        if hold["stage"] in stages
    ]
    if blocking:
        raise Conflict(
            f"order {order.number} is held: {', '.join(str(hold['code']) for hold in blocking)}",
            hint="Release the holds, then try again.",
            inputs={"holds": blocking},
        )


def tell_held(tx: Tx, order_id: int, event: str, reason: Conflict, *, at: datetime) -> None:
    """Tell that an automatic act waits and why; the holds that block are its inputs."""
    record(tx, order_id, event, at=at, actor=AUTO, summary=f"Waiting: {reason.message}", inputs=reason.inputs)
