"""What an invoice says, as pure arithmetic: lines, tax by rate, totals, due date (FIN-05, FIN-06, FIN-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from core.billing.charges import BilledCharge
from core.values import round_money


class BillableLine(NamedTuple):
    """A shipped quantity of one order line, its agreed unit price and its tax rate in per cent."""

    line: int
    quantity: Decimal
    price: Decimal
    tax_rate: Decimal


class BilledLine(NamedTuple):
    """A billable line with its net amount, quantity x price rounded to the cent."""

    line: int
    quantity: Decimal
    price: Decimal
    net: Decimal
    tax_rate: Decimal


class RateTotal(NamedTuple):
    """The tax of one rate in per cent: what it is taken of, and what it comes to."""

    rate: Decimal
    base: Decimal
    tax: Decimal


class InvoicePlan(NamedTuple):
    """An invoice before it has a number."""

    lines: tuple[BilledLine, ...]
    charges: tuple[BilledCharge, ...]
    taxes: tuple[RateTotal, ...]
    net: Decimal
    tax: Decimal
    total: Decimal
    due: date


def plan_invoice(
    lines: Sequence[BillableLine], issued: date, terms_days: int, charges: Sequence[BilledCharge] = ()
) -> InvoicePlan:
    """Return the invoice of *lines* and *charges*; tax is rounded once per rate, the total is net plus those taxes."""
    goods = tuple(billed(line) for line in lines)
    nets = [*((line.tax_rate, line.net) for line in goods), *((one.tax_rate, one.amount) for one in charges)]
    taxes = tax_totals(nets)
    net = sum((part for _, part in nets), Decimal(0))
    tax = sum((part.tax for part in taxes), Decimal(0))
    return InvoicePlan(goods, tuple(charges), taxes, net, tax, net + tax, issued + timedelta(days=terms_days))


def billed(line: BillableLine) -> BilledLine:
    """Return a line with its net amount."""
    return BilledLine(line.line, line.quantity, line.price, round_money(line.quantity * line.price), line.tax_rate)


def tax_totals(nets: Iterable[tuple[Decimal, Decimal]]) -> tuple[RateTotal, ...]:
    """Return base and tax of each rate in (rate, net) pairs, the lowest rate first; tax is rounded per rate."""
    bases: dict[Decimal, Decimal] = {}
    for rate, net in nets:
        bases[rate] = bases.get(rate, Decimal(0)) + net
    # "+ 0": a base below 0 without tax would have the tax -0.00
    return tuple(RateTotal(rate, base, round_money(base * rate / 100) + 0) for rate, base in sorted(bases.items()))
