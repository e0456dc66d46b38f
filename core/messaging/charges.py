"""What an answer to an order says of its charges, allowances and taxes: the part of each that its lines are served.

A message (``allowances_on``) and a confirmation in words (``core.notices.facts_order``) tell the same
:class:`ToldSums`, so that lines and charges add up to the total of the answer in both (issue 5, part 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from core.billing.charges import usual_rate
from core.billing.plan import tax_totals
from core.catalogue.pricing import line_amount4
from core.documents import Allowance, LineTax, OrderCharge, OrderResponse, ResponseLine, TaxTotal
from core.ordering.charges import part_of
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, to_scaled

_NOTHING: Final = Decimal(0)


class ToldSums(NamedTuple):
    """The charges of an answer by what is served; ``rates`` are the taxes of its lines in per cent, by line number.

    ``taxes`` are empty where the order does not tell the tax of every line that is served: then the invoice says it.
    """

    charges: tuple[OrderCharge, ...]
    rates: Mapping[int, Decimal]
    taxes: tuple[TaxTotal, ...]


def told_sums(charges: Sequence[OrderCharge], line_taxes: Sequence[LineTax], lines: Sequence[ResponseLine]) -> ToldSums:
    """Return what an answer of *lines* tells of the charges and taxes that its order has."""
    served = {line.line: line for line in lines if line.quantity}
    due = []
    for charge in charges:
        line = served.get(charge.line)
        if charge.line and line is None:
            continue
        amount = charge.amount if line is None else part_of(charge, line.quantity, line.ordered)
        if amount:
            due.append(charge._replace(amount=amount))
    rates = {tax.line: tax.rate for tax in line_taxes}
    nets = {line.line: amount_of(line) for line in served.values()}
    if not served or not nets.keys() <= rates.keys() or None in nets.values():
        return ToldSums(tuple(due), {}, ())
    goods = [(rates[number], net or _NOTHING) for number, net in nets.items()]
    taxed = tuple(_taxed(charge, rates, goods) for charge in due)
    both = [*goods, *((one.tax_rate or _NOTHING, one.amount) for one in taxed)]
    return ToldSums(taxed, rates, tuple(TaxTotal(*part) for part in tax_totals(both)))


def amount_of(line: ResponseLine) -> Decimal | None:
    """Return what the goods of a line come to, to the cent; None where it has no price. Our prices are for one."""
    if line.price is None:
        return None
    amount4 = line_amount4(to_scaled(line.price, PRICE_SCALE), to_scaled(line.quantity, QUANTITY_SCALE))
    return from_scaled(amount4, MONEY_SCALE)


def with_charges(response: OrderResponse, charges: Sequence[OrderCharge], taxes: Sequence[LineTax]) -> OrderResponse:
    """Return *response* with what its order costs beside the goods, and with the taxes that are known of it."""
    told = told_sums(charges, taxes, response.lines)
    whole = tuple(_allowance(one) for one in told.charges if not one.line)
    return replace(
        response,
        lines=tuple(_line(line, told) for line in response.lines),
        allowances=whole,
        allowance_total=sum((one.amount for one in told.charges if not one.line), _NOTHING) if whole else None,
        tax=sum((part.tax or _NOTHING for part in told.taxes), _NOTHING) if told.taxes else None,
    )


def _line(line: ResponseLine, told: ToldSums) -> ResponseLine:
    own = tuple(_allowance(one) for one in told.charges if one.line == line.line)
    return line._replace(allowances=own, tax_rate=told.rates.get(line.line) if line.quantity else None)


def _allowance(one: OrderCharge) -> Allowance:
    return Allowance(
        charge=one.amount > 0,
        amount=abs(one.amount),
        code=one.code,
        reason=one.label or one.kind,
        tax_rate=one.tax_rate,
        tax_category=one.tax_category,
    )


def _taxed(charge: OrderCharge, rates: Mapping[int, Decimal], goods: Sequence[tuple[Decimal, Decimal]]) -> OrderCharge:
    """Return a charge with its rate: where none was told that of its line, or of most of the goods, as it is billed."""
    if charge.tax_rate is not None:
        return charge
    return charge._replace(tax_rate=rates[charge.line] if charge.line else usual_rate(goods))
