"""The sums of an order: quantity x price = amount, and the amounts add up to the net; what was misread breaks one.

A sum is more than a check: where one number of a line was misread or not seen, it says which one was meant. That is
taken only where the sum of the whole order closes to the cent in one way, or where the price is ours to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import islice, product
from math import prod
from typing import Final, NamedTuple

from core.paper.evidence import SURE, Evidence, calibrated
from core.paper.known import KnownItem
from core.paper.signs import is_misread, numbers_near
from core.reading import Candidate, Extracted

Fields = Mapping[str, tuple[Candidate, ...]]

NAMES: Final = ("quantity", "price", "amount")
_CENT: Final = Decimal("0.01")
_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)
#: readings of one line that are tried, and ways to read all lines: that one of so many adds up by chance, to the cent,
#: is one in a thousand for an order of a thousand, and then the right one must be missing
_MOST: Final = 64
_WAYS: Final = 100


class Numbers(NamedTuple):
    """One way to read a line: its numbers, ``price`` for ``basis`` units, and which of them was not read so."""

    quantity: Decimal
    price: Decimal
    amount: Decimal
    basis: Decimal
    solved: str = ""


class Settled(NamedTuple):
    """The numbers of the lines, None where nothing proves them, and what the totals prove."""

    lines: tuple[Numbers | None, ...]
    proved: frozenset[Evidence]


def settle(found: Extracted, items: Mapping[int, KnownItem]) -> Settled:
    """Return the numbers that the sums of a document prove; *items* are those that are meant, by line from 1.

    Only what was guessed from a picture is solved for; what a text says, it says.
    """
    lines = [_fields(found, number) for number in range(1, found.lines + 1)]
    ways = [list(_ways(line, items.get(number), guessed=found.guessed)) for number, line in enumerate(lines, 1)]
    proved: set[Evidence] = {"arithmetic.total"} if found.best("tax_total") and is_total(found) else set()
    nets = _nets(found)
    if found.guessed and (added := _added(ways, nets)) is not None:
        seen = [
            "amount" in line or _is_ours(one, items.get(number))
            for number, (one, line) in enumerate(zip(added, lines, strict=True), 1)
        ]
        if all(seen) or is_total(found, strictly=True):  # else a price and the sum may be misread alike
            return Settled(tuple(added), frozenset({*proved, "arithmetic.sum"}))
    amounts = [_best(line, "amount") for line in lines]
    if amounts and None not in amounts and sum(one for one in amounts if one is not None) in nets:
        proved.add("arithmetic.sum")
    alone = tuple(_alone(way, items.get(number)) for number, way in enumerate(ways, 1))
    return Settled(alone, frozenset(proved))


def number_of(text: str) -> Decimal | None:
    """Return a number as extraction writes it, None where there is none."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _fields(found: Extracted, line: int) -> Fields:
    names = (*NAMES, "price_basis", "discount")
    return {name: said for name in names if (said := found.fields.get(f"lines.{line}.{name}"))}


def widened(line: Fields) -> Decimal:
    """Return by what the basis of a price is multiplied for a discount: a tenth off is as if it were for 1.11 units."""
    off = _best(line, "discount") or Decimal(0)
    return _HUNDRED / (_HUNDRED - off) if 0 < off < _HUNDRED else _ONE


def _best(line: Fields, name: str) -> Decimal | None:
    return number_of(line[name][0].value) if name in line else None


def _read(line: Fields, name: str) -> list[Decimal]:
    """Return the readings of a number, without repeats."""
    found = [number for one in line.get(name, ()) if one.spot and (number := number_of(one.value)) is not None]
    return list(dict.fromkeys(number for number in found if number > 0))


def _ways(line: Fields, item: KnownItem | None, *, guessed: bool) -> Iterator[Numbers]:
    """Yield the ways to read a line in which the product is right: as it was read, else with one number solved."""
    quantities, prices, amounts = (_read(line, name) for name in NAMES)
    if guessed:  # a third decimal may be a sign read twice
        prices = list(dict.fromkeys([*prices, *(price.quantize(_CENT) for price in prices if price >= _CENT)]))
    bases = [one * widened(line) for one in _read(line, "price_basis") or [_ONE]]
    seen: set[tuple[Decimal, Decimal, Decimal]] = set()
    for quantity, price, amount, basis in islice(product(quantities, prices, amounts, bases), _MOST):
        if _is_product(quantity, price, amount, basis):
            seen.add((quantity, price, amount))
            yield Numbers(quantity, price, amount, basis)
    if seen or not guessed:
        return
    for one in islice(_solved(quantities, prices, amounts, bases[0], item, sure=_sure(line)), _MOST):
        if (key := (one.quantity, one.price, one.amount)) not in seen:
            seen.add(key)
            yield one


def _solved(
    quantities: Sequence[Decimal], prices: Sequence[Decimal], amounts: Sequence[Decimal], basis: Decimal,
    item: KnownItem | None, *, sure: frozenset[str],
) -> Iterator[Numbers]:  # fmt: skip
    """Yield the ways to read a line with one number solved: one that was not seen, or that differs by one sign.

    Where quantity or price was not seen, the other may be misread and still have a product. So the price must be near
    ours, and no other reading of what was seen may have that, too, unless the reader was *sure* of it.
    """
    for quantity, price in product(quantities, prices):
        amount = (quantity * price / basis).quantize(_CENT)
        if amount > 0 and _may_be(amounts, amount):
            yield Numbers(quantity, price, amount, basis, "amount")
    for price, amount in product(prices, amounts):
        quantity = (amount * basis / price).to_integral_value()
        known = (
            _may_be(quantities, quantity)
            if quantities
            else item and _is_only_price(price, amount, basis, item, sure="price" in sure)
        )
        if quantity > 0 and known and _is_product(quantity, price, amount, basis):
            yield Numbers(quantity, price, amount, basis, "quantity")
    for quantity, amount in product(quantities, amounts):
        ours = [] if item is None or item.price is None else [item.price * basis]
        for price in dict.fromkeys([(amount * basis / quantity).quantize(_CENT), *ours]):
            known = (
                _may_be(prices, price)
                if prices
                else item and _is_only_quantity(quantity, amount, basis, item, sure="quantity" in sure)
            )
            if price > 0 and known and _is_product(quantity, price, amount, basis):
                yield Numbers(quantity, price, amount, basis, "price")


def _sure(line: Fields) -> frozenset[str]:
    """Return which numbers of a line its reader was sure of."""
    return frozenset(name for name in NAMES if name in line and calibrated(line[name][0].confidence) >= SURE)


def _is_only_price(price: Decimal, amount: Decimal, basis: Decimal, item: KnownItem, *, sure: bool) -> bool:
    """Tell whether a price is near ours, and no other that it may be misread from gives the amount a whole quantity."""
    near = {price} if sure else {price, *(one for text in numbers_near(_digits(price)) if (one := number_of(text)))}
    ours = (one for one in near if item.sells_at(one / basis))
    return {one for one in ours if _is_whole(amount * basis / one, one, amount, basis)} == {price}


def _is_whole(quantity: Decimal, price: Decimal, amount: Decimal, basis: Decimal) -> bool:
    whole = quantity.to_integral_value()
    return whole > 0 and _is_product(whole, price, amount, basis)


def _is_only_quantity(quantity: Decimal, amount: Decimal, basis: Decimal, item: KnownItem, *, sure: bool) -> bool:
    """Tell whether a quantity gives the amount a price near ours, and no other that it may be misread from does."""
    misread = () if sure else (one for text in numbers_near(f"{quantity:f}") if (one := number_of(text)))
    near = {quantity, *misread}
    prices = {one: (amount * basis / one).quantize(_CENT) for one in near}
    fitting = {one for one, price in prices.items() if _is_product(one, price, amount, basis)}
    return {one for one in fitting if item.sells_at(prices[one] / basis)} == {quantity}


def _is_ours(one: Numbers, item: KnownItem | None) -> bool:
    """Tell whether the price is ours to the cent."""
    return item is not None and one.price / one.basis == item.price


def _is_product(quantity: Decimal, price: Decimal, amount: Decimal, basis: Decimal) -> bool:
    """Tell whether an amount is the product, rounded to the cent as programs do: half a cent may go either way."""
    exact = quantity * price / basis
    return amount in (exact.quantize(_CENT, ROUND_HALF_UP), exact.quantize(_CENT, ROUND_HALF_EVEN))


def _may_be(read: Sequence[Decimal], meant: Decimal) -> bool:
    """Tell whether a number may be the one that was read: nothing was, or it differs by one sign."""
    return not read or any(is_misread(_digits(one), _digits(meant)) for one in read)


def _digits(number: Decimal) -> str:
    return f"{number.quantize(_CENT):f}" if number == number.quantize(_CENT) else f"{number.normalize():f}"


def _nets(found: Extracted) -> frozenset[Decimal]:
    """Return what the amounts may add up to: the net, the total without its tax, or the only total."""
    net, tax, total = (
        [number for one in found.fields.get(name, ()) if (number := number_of(one.value)) is not None]
        for name in ("net_total", "tax_total", "total")
    )
    nets = set(net) if found.guessed else set(net[:1])
    nets |= {one - other for one in total[:1] for other in tax[:1]} if found.guessed else set()
    return frozenset(nets | (set(total[:1]) if not tax else set()))


def is_total(found: Extracted, *, strictly: bool = False) -> bool:
    """Tell whether the total is the net and the tax together, or the only total there is; *strictly*, all three."""
    net, tax, total = (number_of(found.best(name)) for name in ("net_total", "tax_total", "total"))
    if net is None or total is None or (strictly and tax is None):
        return not strictly
    return net + (tax or 0) == total


def _added(ways: Sequence[Sequence[Numbers]], nets: frozenset[Decimal]) -> list[Numbers] | None:
    """Return the only way to read the lines that adds up to a net; None where there is none, or where there are two."""
    if not ways or not nets or not 0 < prod(map(len, ways)) <= _WAYS:
        return None
    fitting = {
        tuple((one.quantity, one.price / one.basis) for one in chosen): chosen
        for chosen in product(*ways)
        if sum(one.amount for one in chosen) in nets
    }
    return list(fitting.popitem()[1]) if len(fitting) == 1 else None


def _alone(way: Sequence[Numbers], item: KnownItem | None) -> Numbers | None:
    """Return the only way to read a line by itself: as it was read, or else with a price that is ours to the cent.

    A quantity that was solved for needs the sum: at a price of ten cents every amount has one.
    """
    fitting = [one for one in way if not one.solved or (one.solved == "price" and _is_ours(one, item))]
    return fitting[0] if len({(one.quantity, one.price) for one in fitting}) == 1 else None
