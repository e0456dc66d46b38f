"""Which charges and allowances of an order an invoice bills: each once, whatever parts the order ships in.

Those of the whole order go with its first invoice, those of a line with what is billed of the line. An allowance takes
off no more than the invoice has; the rest of it is for the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from core.documents import OrderCharge
from core.ordering.charges import part_of

_NOTHING: Final = Decimal(0)


class ChargeKey(NamedTuple):
    """What tells a charge of an order from another one, also after a change of the order."""

    kind: str
    line: int
    label: str
    reference: str


class BilledCharge(NamedTuple):
    """A charge (below 0: an allowance) on an invoice; ``tax_rate`` is per cent, ``line`` 0 for the whole invoice."""

    kind: str
    line: int
    label: str
    reference: str
    code: str
    amount: Decimal
    tax_rate: Decimal
    tax_category: str

    @property
    def key(self) -> ChargeKey:
        """Which charge of the order it is."""
        return ChargeKey(self.kind, self.line, self.label, self.reference)


class LineProgress(NamedTuple):
    """How far a line is billed with this invoice: in sum, of how much, and what this invoice has of it in money."""

    billed: Decimal
    ordered: Decimal
    net: Decimal
    tax_rate: Decimal


def charges_due(
    charges: Iterable[OrderCharge],
    before: Mapping[tuple[str, int, str, str], Decimal],
    lines: Mapping[int, LineProgress],
) -> tuple[BilledCharge, ...]:
    """Return what of *charges* is due on an invoice of *lines*; *before* is what earlier invoices billed of each.

    A charge whose rate was not told is taxed as its line is, one of the whole order as most of its goods.
    """
    whole: dict[ChargeKey, OrderCharge] = {}
    for charge in charges:
        key = _key(charge)
        known = whole.get(key)
        whole[key] = charge if known is None else known._replace(amount=known.amount + charge.amount)
    due = []
    for key, charge in whole.items():
        if charge.line and charge.line not in lines:
            continue
        amount = charge.amount
        if charge.line:
            amount = part_of(charge, lines[charge.line].billed, lines[charge.line].ordered)
        if amount := amount - before.get(key, _NOTHING):
            due.append(_billed(charge, amount, lines))
    return tuple(_affordable(due, sum((line.net for line in lines.values()), _NOTHING)))


def _key(charge: OrderCharge) -> ChargeKey:
    return ChargeKey(charge.kind, charge.line, charge.label, charge.reference)


def _billed(charge: OrderCharge, amount: Decimal, lines: Mapping[int, LineProgress]) -> BilledCharge:
    rate = charge.tax_rate
    if rate is None:
        rate = (
            lines[charge.line].tax_rate
            if charge.line
            else usual_rate((line.tax_rate, line.net) for line in lines.values())
        )
    return BilledCharge(
        charge.kind, charge.line, charge.label, charge.reference, charge.code, amount, rate, charge.tax_category
    )


def usual_rate(goods: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Return the rate that most of the goods have in (rate, net) pairs, of two with as much the higher."""
    nets: dict[Decimal, Decimal] = defaultdict(Decimal)
    for rate, net in goods:
        nets[rate] += net
    return max(nets, key=lambda rate: (nets[rate], rate), default=_NOTHING)


def _affordable(due: list[BilledCharge], goods: Decimal) -> Iterable[BilledCharge]:
    """Yield *due* with the allowances of the whole order cut to what there is to take them off."""
    left = goods + sum((one.amount for one in due if one.line or one.amount > 0), _NOTHING)
    for one in due:
        amount = one.amount
        if not one.line and amount < 0:
            amount = max(amount, -max(left, _NOTHING))
            left += amount
        if amount:
            yield one._replace(amount=amount)
