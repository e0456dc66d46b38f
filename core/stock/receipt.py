"""Takes goods in: against what was to come of them, for who was promised them, and once for each reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.errors import Conflict
from core.stock.arrival import serve_promises
from core.stock.atp import Kind
from core.stock.ledger import check_known
from core.stock.low import judge
from core.store import orders as order_rows
from core.store import supply
from core.store.engine import Tx
from core.store.stock import Balance, Move, lock_balances, open_balances, post
from core.values import text

_NOTHING = Decimal(0)


class Receipt(NamedTuple):
    """What came of an item in a warehouse, by the number of its delivery note.

    ``kind`` is the supply that it settles; ``final`` says that nothing more comes of the delivery it belongs to.
    """

    sku: str
    warehouse: str
    quantity: Decimal
    reference: str
    kind: Kind = "inbound"
    final: bool = False


class Received(NamedTuple):
    """What a receipt came to.

    ``settled`` is what it took from supply to come by day, ``over`` what nothing was expected for, ``cut`` what was
    expected and does not come. ``orders`` are the numbers that got their goods; a repeated one did nothing.
    """

    balance: Balance
    settled: Sequence[tuple[date, Decimal]] = ()
    over: Decimal = _NOTHING
    cut: Decimal = _NOTHING
    orders: Sequence[str] = ()
    repeated: bool = False


def receive(tx: Tx, receipt: Receipt, *, at: datetime, actor: str) -> Received:
    """Post *receipt*: a line of the ledger, less to come, and reservations where promises waited for it (INV-18).

    The supply that is due first is settled first. What is received beyond it is free; what is lacking of the last
    delivery that is settled stays expected, unless the receipt is final.

    Raises:
        NotFound: the item or the warehouse is not in the master data.
        Conflict: the reference stands for another quantity.
    """
    sku, warehouse = key = (receipt.sku, receipt.warehouse)
    check_known(tx, [key])
    open_balances(tx, [key])
    lock_balances(tx, [key])
    before = supply.received(tx, sku, warehouse, receipt.reference)
    if before is not None:
        if before != receipt.quantity:
            raise Conflict(
                f"{receipt.reference} was received with {text(before)} of {sku}",
                hint="Correct what is on hand by a count.",
                inputs={"reference": receipt.reference, "quantity": text(before)},
            )
        return Received(lock_balances(tx, [key])[key], repeated=True)
    left, settled, over, cut = settle(supply.coming(tx, sku, warehouse, receipt.kind), receipt)
    supply.expect(tx, sku, warehouse, receipt.kind, left)
    post(tx, [Move(sku, warehouse, supply.RECEIPT, receipt.quantity, receipt.reference, actor)], at)
    served = serve_promises(tx, [key], at)
    judge(tx, [sku], at)
    numbers = [order_rows.by_id(tx, order_id)["number"] for order_id in served]
    return Received(lock_balances(tx, [key])[key], settled, over, cut, numbers)


def settle(
    expected: Sequence[tuple[date, Decimal]], receipt: Receipt
) -> tuple[list[tuple[date, Decimal]], list[tuple[date, Decimal]], Decimal, Decimal]:
    """Return what is still to come, what of it was settled by day, what is over and what is cut."""
    rest, cut = receipt.quantity, _NOTHING
    left, settled = [], []
    for day, quantity in expected:
        part = min(rest, quantity)
        rest -= part
        if part:
            settled.append((day, part))
        open_ = quantity - part
        if part and open_ and receipt.final:
            cut = open_
        elif open_:
            left.append((day, open_))
    return left, settled, rest, cut
