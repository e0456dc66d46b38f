"""Counts and transfers: stock is changed by ledger lines alone, each with its reason and who made it (INV-18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from core.errors import Conflict, NotFound
from core.stock.arrival import serve_promises
from core.stock.low import judge
from core.store.engine import Tx
from core.store.master import known_skus, known_warehouses
from core.store.stock import Balance, Move, lock_balances, post
from core.values import text

_NOTHING = Balance(Decimal(0), Decimal(0))


class Count(NamedTuple):
    """What was found of an item in a warehouse."""

    sku: str
    warehouse: str
    counted: Decimal
    reason: str


class Counted(NamedTuple):
    """A count against the book; *short* is what is reserved there and was not found."""

    found: Count
    booked: Decimal
    difference: Decimal
    short: Decimal


class Transfer(NamedTuple):
    """A quantity that goes from one warehouse to another."""

    sku: str
    source: str
    target: str
    quantity: Decimal
    reason: str


def count_stock(tx: Tx, counts: Sequence[Count], *, at: datetime, actor: str) -> list[Counted]:
    """Post the difference of each count to the book (INV-22) and return what was found; no difference, no line.

    Raises:
        NotFound: an item or a warehouse that is not in the master data; nothing was counted then.
        Conflict: one item is counted twice in one warehouse.
    """
    keys = [(count.sku, count.warehouse) for count in counts]
    check_known(tx, keys)
    if len(set(keys)) != len(keys):
        raise Conflict("an item is counted twice in one warehouse", hint="Send the sum of its places.")
    held = lock_balances(tx, keys)
    judged = []
    for count, key in zip(counts, keys, strict=True):
        booked, reserved = held.get(key, _NOTHING)
        short = max(reserved - count.counted, Decimal(0))
        judged.append(Counted(count, booked, count.counted - booked, short))
    moves = [
        Move(one.found.sku, one.found.warehouse, "count", one.difference, one.found.reason, actor)
        for one in judged
        if one.difference
    ]
    post(tx, moves, at)
    serve_promises(tx, keys, at)
    judge(tx, {sku for sku, _ in keys}, at)
    return judged


def transfer_stock(tx: Tx, transfer: Transfer, *, at: datetime, actor: str) -> dict[str, Balance]:
    """Move stock between two warehouses, two lines in the ledger (INV-23); return both balances by warehouse.

    Raises:
        NotFound: the item or a warehouse is not in the master data.
        Conflict: it stays where it is, or the source has less that is not reserved.
    """
    sku, source, target, quantity, reason = transfer
    keys = [(sku, source), (sku, target)]
    check_known(tx, keys)
    if source == target:
        raise Conflict("a transfer goes to another warehouse")
    on_hand, reserved = lock_balances(tx, keys).get((sku, source), _NOTHING)
    if on_hand - reserved < quantity:
        raise Conflict(
            f"{source} has {text(on_hand - reserved)} of {sku} that is not reserved",
            hint="Transfer less, or release what is reserved.",
            inputs={"sku": sku, "warehouse": source, "available": text(on_hand - reserved)},
        )
    moves = [
        Move(sku, source, "transfer", -quantity, reason, actor), Move(sku, target, "transfer", quantity, reason, actor)
    ]  # fmt: skip
    post(tx, moves, at)
    serve_promises(tx, [(sku, target)], at)
    return {warehouse: balance for (_, warehouse), balance in lock_balances(tx, keys).items()}


def check_known(tx: Tx, keys: Sequence[tuple[str, str]]) -> None:
    """Refuse (SKU, warehouse) *keys* that name what is not in the master data.

    Raises:
        NotFound: an item or a warehouse is not known.
    """
    skus, places = {sku for sku, _ in keys}, {warehouse for _, warehouse in keys}
    for what, unknown in (
        ("item", skus - known_skus(tx, skus)), ("warehouse", places - known_warehouses(tx, places))
    ):  # fmt: skip
        if unknown:
            raise NotFound(f"there is no {what} {', '.join(sorted(unknown))}", hint="`ordergate load` brings it in.")
