"""The change of an order that lies between two snapshots of a shop: pure.

Only what the shop altered is said. What people agreed on here since, such as another price, stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from core.documents import ChangedLine, ChangeFunction, LineAction, Order, OrderChange, OrderLine

#: of a line, what a change may say anew
_SAID: Final = (
    "quantity", "gtin", "buyer_code", "supplier_code", "description", "unit", "price", "price_basis", "amount", "note",
)  # fmt: skip
#: of the header; the buyer is who the store's partner is, whatever name the shop's customer gives
_HEADER: Final = ("currency", "payment_method", "notes", "gift_note", "ship_to", "invoicee")


def change_between(before: Order, told: Order, stands: Order) -> OrderChange | None:
    """Return the change that brings *stands* from *before* to *told*, None where nothing differs.

    *before* and *told* are snapshots under the same line numbers, *stands* is our order as it is by now.
    """
    lines = tuple(_lines(before, told, {line.line for line in stands.lines}))
    header: dict[str, Any] = {
        name: value for name in _HEADER if (value := getattr(told, name)) and value != getattr(before, name)
    }
    for name in ("charges", "line_taxes"):
        value = getattr(told, name)
        if _placeless(value) != _placeless(getattr(before, name)):
            header[name] = value
    if not lines and not header:
        return None
    return OrderChange("", stands.buyer_reference, ChangeFunction.CHANGE, lines, **header)


def unheard(before: Order, told: Order, left: Mapping[int, Decimal]) -> Order:
    """Return *told* without the echo of what we cancelled ourselves: such a line is as it was *before*.

    *left* is what was sent of every line whose rest we cancelled: a shop that took it back tells that much by now.
    """
    known = {line.line: line for line in before.lines if line.line in left}
    wanted = {line.line: line for line in told.lines}
    echoed = False
    for number, old in known.items():
        new = wanted.get(number)
        if (new is None and not left[number]) or (new is not None and new == old._replace(quantity=left[number])):
            wanted[number], echoed = old, True
    if not echoed:
        return told
    lines = tuple(wanted[number] for number in sorted(wanted))
    return replace(told, lines=lines, charges=before.charges, line_taxes=before.line_taxes)


def _placeless(told: Any) -> list[Any]:
    """Return charges or taxes without where they were told: a list in another sequence is no change."""
    return sorted((one._replace(source="") for one in told), key=repr)


def _lines(before: Order, told: Order, there: set[int]) -> Iterator[ChangedLine]:
    known = {line.line: line for line in before.lines}
    wanted = {line.line: line for line in told.lines}
    for number in sorted(known.keys() | wanted.keys()):
        old, new = known.get(number), wanted.get(number)
        if new is None:
            if number in there:
                yield ChangedLine(number, LineAction.DELETE)
        elif old is None:
            if number not in there:
                yield _said(new, LineAction.ADD)
        elif old != new and number in there:
            yield _said(new, LineAction.CHANGE)


def _said(line: OrderLine, action: LineAction) -> ChangedLine:
    return ChangedLine(line.line, action, **{name: getattr(line, name) for name in _SAID})
