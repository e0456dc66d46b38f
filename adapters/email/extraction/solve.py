"""Chooses among the readings by the sums that an order must keep: quantity x price = amount, and their sum is the net.

Nothing is invented: a reading that is chosen keeps its place. Only a quantity that no reader saw may be computed, and
only where it is whole (ocr-intake, section 5.7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice, product
from typing import Final

from adapters.email.extraction.goods import is_product
from core.reading import Candidate

Fields = dict[str, tuple[Candidate, ...]]

_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)
#: readings of one line that are tried
_MOST: Final = 64


def solved(lines: Sequence[Fields], totals: Mapping[str, tuple[Candidate, ...]]) -> tuple[list[Fields], Fields]:
    """Return the lines and totals with the readings first that fit each other."""
    chosen = [_line(line) for line in lines]
    amounts = [_value(line, "amount") for line in chosen]
    net = (
        sum((one for one in amounts if one is not None), Decimal(0))
        if all(one is not None for one in amounts)
        else None
    )
    return chosen, _totals(dict(totals), net if lines else None)


def _line(line: Fields) -> Fields:
    """Return a line with the readings first whose product is right."""
    bases = [one * _left(line) for one in [_number(one) for one in line.get("price_basis", ())] or [_ONE]]
    readings = product(*(line.get(name, ()) for name in ("quantity", "price", "amount")))
    for quantity, price, amount in islice(readings, _MOST):
        numbers = (_number(quantity), _number(price), _number(amount))
        if any(is_product(*numbers, basis) for basis in bases):
            first = {"quantity": quantity, "price": price, "amount": amount}
            return {name: _first(found, first.get(name)) for name, found in line.items()}
    return _with_quantity(line, bases[0])


def _left(line: Fields) -> Decimal:
    """Return by what a basis is multiplied for a line's discount: a tenth off is as if the price were for 1.11."""
    off = _number(line["discount"][0]) if line.get("discount") else Decimal(0)
    return _HUNDRED / (_HUNDRED - off) if 0 < off < _HUNDRED else _ONE


def _with_quantity(line: Fields, basis: Decimal) -> Fields:
    """Return a line with the quantity that its amount and price give, where no reader saw one."""
    if line.get("quantity") or not line.get("price") or not line.get("amount"):
        return line
    price, amount = _number(line["price"][0]), _number(line["amount"][0])
    quantity = amount * basis / price if price > 0 else Decimal(0)
    whole = quantity.to_integral_value()
    if whole <= 0 or not is_product(whole, price, amount, basis):
        return line
    sure = min(line["price"][0].confidence, line["amount"][0].confidence)
    return {**line, "quantity": (Candidate(f"{whole:f}", "", None, sure, "computed"),)}


def _totals(totals: Fields, net: Decimal | None) -> Fields:
    """Return the totals with the readings first that add up; a document may tell the net as its only total."""
    nets = [one for one in totals.get("net_total", ()) if net is None or _number(one) == net]
    for one, tax, whole in product(nets, totals.get("tax_total", ()), totals.get("total", ())):
        if _number(one) + _number(tax) == _number(whole):
            first = {"net_total": one, "tax_total": tax, "total": whole}
            return {name: _first(found, first.get(name)) for name, found in totals.items()}
    if net is not None:
        return {
            name: _first(found, next((one for one in found if _number(one) == net), None))
            if name != "tax_total"
            else found
            for name, found in totals.items()
        }
    return totals


def _first(found: tuple[Candidate, ...], chosen: Candidate | None) -> tuple[Candidate, ...]:
    return found if chosen is None else (chosen, *(one for one in found if one is not chosen))


def _value(line: Fields, name: str) -> Decimal | None:
    found = line.get(name)
    return _number(found[0]) if found else None


def _number(one: Candidate) -> Decimal:
    return Decimal(one.value)
