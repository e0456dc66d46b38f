"""What an order of a shop costs, in our terms: prices without tax, charges with their tax, to the cent of the total.

A shop whose prices contain the taxes tells the tax that it took of each line or of the order: what is left is the net
amount. Our invoice takes tax once per rate (``core.billing.plan``), shops often line by line; the cents between both
are kept as a charge of the kind "rounding". What is more than rounding holds the order and names the part that differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from core.documents import ChargeKind, LineTax, Order, OrderCharge, OrderLine, ShopCharge, ShopOrder, ShopTax
from core.review.holds import HoldDraft
from core.values import money_text, round_money

_NOTHING: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)
_PRICE: Final = Decimal("0.000001")
#: what is kept of the words and the codes that a shop has for a charge
_LONGEST_LABEL: Final = 256
_LONGEST_REFERENCE: Final = 100
#: decimals that the rate of a tax has at most
_FINEST_RATE: Final = 4
#: UN data element 7161, by what a charge is for; the list has no word for tips and for what rounding leaves
CODES: Final[Mapping[ChargeKind, str]] = MappingProxyType(
    {
        "discount": "DI",
        "shipping": "FC",
        "packing": "PC",
        "wrapping": "PC",
        "handling": "HD",
        "insurance": "IN",
    }
)


class Reckoned(NamedTuple):
    """An order in our terms, and the hold of one whose sums do not add up."""

    order: Order
    hold: HoldDraft | None = None


@dataclass(frozen=True, slots=True)
class _Taxed:
    """What one owner - a line, a charge - was taxed: in sum, and by which rate in per cent (None is not known)."""

    amount: Decimal
    rate: Decimal | None
    source: str = ""


_UNTAXED: Final = _Taxed(_NOTHING, _NOTHING)


def reckon(told: ShopOrder) -> Reckoned:
    """Return the order that *told* tells in our terms: net prices, charges, and the hold where it does not add up."""
    ids, taxed, charged = dict(told.line_ids), _taxed(told), defaultdict(list)
    for one in told.charges:
        charged[one.line_id].append(one)
    lines, taxes, charges = [], [], []
    for line in told.order.lines:
        line_id = ids.get(line.line, "")
        own = charged[line_id] if line_id else []
        tax = taxed.get(("line", line_id)) or (_UNTAXED if taxed else None)
        if tax is not None and tax.rate is not None:
            taxes.append(LineTax(line.line, tax.rate, tax.amount, tax.source))
        net, allowances = _net_line(line, own, tax) if told.tax_included else (line, [one.amount for one in own])
        lines.append(net)
        charges += [_charge(one, amount, line.line, tax) for one, amount in zip(own, allowances, strict=True)]
    charges += _of_order(told, taxed)
    order = replace(
        told.order,
        lines=tuple(lines),
        charges=tuple(one for one in charges if one.amount),
        line_taxes=tuple(taxes),
        tax_included=told.from_gross or (told.tax_included and bool(told.taxes)),
    )
    return _balanced(told, order)


def _taxed(told: ShopOrder) -> dict[tuple[str, str], _Taxed]:
    """Return what lines ("line", its id) and charges ("charge", where it is told) were taxed.

    Taxes that the shop tells of the whole order alone are those of all lines and charges together.
    """
    found: dict[tuple[str, str], list[ShopTax]] = defaultdict(list)
    for tax in told.taxes:
        owner = ("line", tax.line_id) if tax.line_id else ("charge", tax.charge)
        found[owner].append(tax)
    whole = found.pop(("charge", ""), [])
    bases = _bases(told)
    spread: dict[tuple[str, str], _Taxed] = {}
    if whole:  # of all, or, where lines tell their own, of the charges
        untold = {owner: base for owner, base in bases.items() if owner[0] == "charge" and owner not in found}
        rest = untold if found else bases
        rates = _spread(whole, rest, included=told.tax_included)
        spread = {
            owner: _Taxed(_tax_in(rest[owner], rate or _NOTHING, included=told.tax_included), rate, whole[0].source)
            for owner, rate in rates.items()
        }
    usual = _usual_rate(found, bases, included=told.tax_included)
    return spread | {
        owner: _Taxed(
            sum((tax.amount for tax in taxes), _NOTHING),
            usual if usual is not None else _rate(taxes, bases.get(owner, _NOTHING), included=told.tax_included),
            taxes[0].source,
        )
        for owner, taxes in found.items()
    }


def _usual_rate(
    found: Mapping[tuple[str, str], Sequence[ShopTax]], bases: Mapping[tuple[str, str], Decimal], *, included: bool
) -> Decimal | None:
    """Return the one rate of all that is taxed, where none is told and one explains each to the cent; else None.

    So a line of a few cents, whose tax many rates explain, has the rate of the others.
    """
    taxes = [tax for own in found.values() for tax in own]
    if not taxes or any(tax.rate is not None for tax in taxes):
        return None
    taxed = {owner: _all(tax.amount for tax in own) for owner, own in found.items()}
    base, amount = _all(bases.get(owner, _NOTHING) for owner in taxed), _all(taxed.values())
    for decimals in range(_FINEST_RATE + 1):
        net = base - amount if included else base
        if net <= 0:
            return None
        rate = round(amount / net * _HUNDRED, decimals)
        each = (abs(_tax_in(bases.get(owner, _NOTHING), rate, included=included) - tax) for owner, tax in taxed.items())
        if all(differs <= _CENT for differs in each):
            return rate
    return None


def _bases(told: ShopOrder) -> dict[tuple[str, str], Decimal]:
    """Return what each line and charge of the order costs after its discounts, as the shop tells it."""
    ids = dict(told.line_ids)
    bases: dict[tuple[str, str], Decimal] = {
        ("line", ids.get(line.line, "")): (line.price or _NOTHING) * line.quantity / line.price_basis
        for line in told.order.lines
    }
    for one in told.charges:
        owner = ("line", one.line_id) if one.line_id else ("charge", one.charge or one.source)
        bases[owner] = bases.get(owner, _NOTHING) + one.amount
    return bases


def _spread(
    taxes: Sequence[ShopTax], bases: Mapping[tuple[str, str], Decimal], *, included: bool
) -> dict[tuple[str, str], Decimal | None]:
    """Return the rate of every line and charge by the *taxes* of the order: of all, or of the goods and what is off.

    None where neither explains them: then several rates are in them, and nobody says of what.
    """
    amount = sum((tax.amount for tax in taxes), _NOTHING)
    goods = {owner: base for owner, base in bases.items() if owner[0] == "line" or base < 0}
    told = [tax.rate for tax in taxes if tax.rate is not None]
    for taxed in (bases, goods):
        base = sum(taxed.values(), _NOTHING)
        rate = round(sum(told, _NOTHING), _FINEST_RATE) if told else _rate(taxes, base, included=included)
        slack = _CENT * (len(taxed) + len(taxes))
        if rate is not None and abs(_tax_in(base, rate, included=included) - amount) <= slack:
            return {owner: rate if owner in taxed else _NOTHING for owner in bases}
    return dict.fromkeys(bases)


def _rate(taxes: Sequence[ShopTax], base: Decimal, *, included: bool) -> Decimal | None:
    """Return the rate of *taxes* together: what is told of them, else the roundest rate that explains them."""
    rates = [tax.rate for tax in taxes if tax.rate is not None]
    if len(rates) == len(taxes):
        return round(sum(rates, _NOTHING), _FINEST_RATE)
    amount = sum((tax.amount for tax in taxes), _NOTHING)
    net = base - amount if included else base
    if net <= 0:
        return None if amount else _NOTHING
    for decimals in range(_FINEST_RATE + 1):
        rate = round(amount / net * _HUNDRED, decimals)
        if _tax_in(base, rate, included=included) == amount:
            return rate
    return None


def _tax_in(base: Decimal, rate: Decimal, *, included: bool) -> Decimal:
    """Return the tax of *rate* per cent in, or on top of, *base*."""
    return round_money(base * rate / (_HUNDRED + rate if included else _HUNDRED))


def _net_line(line: OrderLine, discounts: Sequence[ShopCharge], tax: _Taxed | None) -> tuple[OrderLine, list[Decimal]]:
    """Return a line and its discounts without the tax in them: together they are what the tax leaves of it."""
    if tax is None or line.price is None:
        return line, [one.amount for one in discounts]
    gross = line.price * line.quantity / line.price_basis
    net, allowances = _without_tax(gross, [one.amount for one in discounts], tax)
    each = (line.price / line.price_basis * net / gross if gross else _NOTHING).quantize(_PRICE)
    if tax.rate is not None:
        fine = (line.price / line.price_basis * _HUNDRED / (_HUNDRED + tax.rate)).quantize(_PRICE)
        each = fine if abs(round_money(fine * line.quantity) - net) <= _CENT else each
    return line._replace(price=each, price_basis=Decimal(1), amount=None), allowances


def _without_tax(gross: Decimal, parts: Sequence[Decimal], tax: _Taxed) -> tuple[Decimal, list[Decimal]]:
    """Return *gross* and the *parts* that go with it without *tax*, which was taken of all of them."""
    whole = gross + sum(parts, _NOTHING)
    left = whole - tax.amount
    share = _HUNDRED / (_HUNDRED + tax.rate) if tax.rate is not None else left / whole if whole else Decimal(1)
    nets = [round_money(part * share) for part in parts]
    return left - sum(nets, _NOTHING), nets


def _of_order(told: ShopOrder, taxed: Mapping[tuple[str, str], _Taxed]) -> Iterator[OrderCharge]:
    """Yield the charges of the whole order; discounts of a shipping cost go with it."""
    own = [one for one in told.charges if not one.line_id]
    rate, places, going_with = _common(taxed), {one.source for one in own}, defaultdict(list)
    for one in own:
        going_with[one.charge].append(one)
    for one in own:
        if one.charge and one.charge in places:
            continue
        with_it = going_with[one.source] if one.source else []
        tax = taxed.get(("charge", one.source))
        if tax is not None and not one.source:  # of all those together that tell no place
            tax = _Taxed(_tax_in(one.amount, tax.rate or _NOTHING, included=told.tax_included), tax.rate)
        if tax is None:  # nobody tells a tax of it: that of the goods where it takes off them, else none
            spread = one.amount < 0 and taxed
            tax = _Taxed(_tax_in(one.amount, rate, included=told.tax_included), rate) if spread and rate else None
            tax = tax or (_UNTAXED if taxed and not spread else None)
        amounts = [one.amount, *(other.amount for other in with_it)]
        if told.tax_included and tax is not None:
            net, parts = _without_tax(one.amount, amounts[1:], tax)
            amounts = [net, *parts]
        for charge, amount in zip((one, *with_it), amounts, strict=True):
            yield _charge(charge, amount, 0, tax)


def _common(taxed: Mapping[tuple[str, str], _Taxed]) -> Decimal | None:
    """Return the rate of all lines, None where they have several."""
    rates = {tax.rate for (kind, _), tax in taxed.items() if kind == "line"}
    return rates.pop() if len(rates) == 1 else None


def _charge(told: ShopCharge, amount: Decimal, line: int, tax: _Taxed | None) -> OrderCharge:
    rate = None if tax is None else tax.rate
    return OrderCharge(
        kind=told.kind,
        amount=amount,
        line=line,
        code=CODES.get(told.kind, ""),
        label=told.name[:_LONGEST_LABEL],
        reference=told.code[:_LONGEST_REFERENCE],
        tax_rate=rate,
        tax_category="" if rate is None else "S" if rate else "Z",
        source=told.source,
    )


def _balanced(told: ShopOrder, order: Order) -> Reckoned:
    """Return the order with what rounding leaves as a charge of its own, or the hold where more than that differs."""
    if told.total is None:
        return Reckoned(order)
    found = _sum(told, order)
    left = told.total - found
    if abs(left) < _CENT:
        return Reckoned(order)
    if abs(left) <= _CENT * (len(order.lines) + len(order.charges) + 1):
        rounding = OrderCharge("rounding", round_money(left), tax_rate=_NOTHING, tax_category="O")
        return Reckoned(replace(order, charges=(*order.charges, rounding)))
    return Reckoned(order, _hold(told, found))


def _sum(told: ShopOrder, order: Order) -> Decimal:
    """Return what an invoice of *order* comes to: tax once per rate; as told where no rate explains it."""
    rates = {tax.line: tax.rate for tax in order.line_taxes}
    nets: list[tuple[Decimal | None, Decimal]] = [
        (
            rates.get(line.line),
            round_money(line.quantity * ((line.price or _NOTHING) / line.price_basis).quantize(_PRICE)),
        )
        for line in order.lines
    ]
    nets += [(one.tax_rate, one.amount) for one in order.charges]
    total = sum((net for _, net in nets), _NOTHING)
    if told.taxes and not rates:
        return total + sum((tax.amount for tax in told.taxes), _NOTHING)
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for rate, net in nets:
        bases[rate or _NOTHING] += net
    return total + sum((round_money(base * rate / _HUNDRED) for rate, base in bases.items()), _NOTHING)


def _hold(told: ShopOrder, found: Decimal) -> HoldDraft:
    """Return the hold of an order whose parts are not its total, with those of which the shop tells another sum."""
    assert told.total is not None
    ours = _parts(told)
    parts = [
        {"part": name, "told": money_text(said), "found": money_text(ours[name])}
        for name, said in told.sums._asdict().items()
        if said is not None and abs(said - ours[name]) >= _CENT
    ]
    named = ", ".join(f"{one['part']} {one['told']}/{one['found']}" for one in parts)
    inputs: dict[str, Any] = {
        "told": money_text(told.total),
        "found": money_text(found),
        "difference": money_text(told.total - found),
        "parts": parts,
        "differs": named or "-",
    }
    reason = (
        f"the total is {inputs['told']} at the sender and {inputs['found']} by its parts, {inputs['difference']} apart;"
        f" told and found differ in: {inputs['differs']}"
    )
    return HoldDraft("total.mismatch", reason, inputs, "shop.total")


def _parts(told: ShopOrder) -> dict[str, Decimal]:
    """Return what the parts of *told* come to, by the names of its sums."""

    def charged(*kinds: str) -> Decimal:
        return sum((one.amount for one in told.charges if one.kind in kinds), _NOTHING)

    return {
        "goods": _all((line.price or _NOTHING) * line.quantity / line.price_basis for line in told.order.lines),
        "discounts": charged("discount"),
        "shipping": charged("shipping"),
        "taxes": _all(tax.amount for tax in told.taxes),
    }


def _all(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _NOTHING)
