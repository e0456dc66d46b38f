"""What a credit note says, as pure arithmetic: the parts of an invoice that a sum given back comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.billing.charges import BilledCharge
from core.billing.plan import BilledLine, tax_totals
from core.values import round_money, text

_NOTHING: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class CreditPart(NamedTuple):
    """A part of a credit note: so many pieces of a line, or with ``line`` 0 a sum; ``net`` is what is given back."""

    line: int
    quantity: Decimal
    net: Decimal
    tax_rate: Decimal
    label: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "line": self.line, "quantity": text(self.quantity), "net": text(self.net),
            "tax_rate": text(self.tax_rate), "label": self.label,
        }  # fmt: skip


def part_from(kept: Mapping[str, Any]) -> CreditPart:
    """Return what :meth:`CreditPart.as_json` kept."""
    numbers = {name: Decimal(kept[name]) for name in ("quantity", "net", "tax_rate")}
    return CreditPart(**{**kept, **numbers})


def plan_credit(
    amount: Decimal,
    pieces: Mapping[int, Decimal],
    lines: Sequence[BilledLine],
    charges: Sequence[BilledCharge],
    before: Sequence[CreditPart] = (),
) -> tuple[CreditPart, ...]:
    """Return the parts of a credit note of *amount*, tax included, for *pieces* (line -> quantity) of an invoice.

    *before* are the parts of its other credit notes: what they have of a line or at a rate is not credited again. The
    pieces are credited as they were billed, with their part of the line's own discounts. What was given back beyond
    them (shipping, good will) is credited at the rates of the invoice, by the share that each has in what is left of
    it; where less was given back, the pieces are credited by so much less. Cents that rounding leaves are a part of
    their own, without tax.
    """
    parts = list(_pieces(_left_of(pieces, lines, before), lines, charges))
    found = total_of(parts)
    if found > amount:
        parts = [one._replace(net=round_money(one.net * amount / found)) for one in parts]
    elif amount > found:
        parts += _rest(amount - found, lines, charges, [*before, *parts])
    left = amount - total_of(parts)
    if left:
        parts.append(CreditPart(0, Decimal(1), left, _NOTHING, "rounding"))
    return tuple(parts)


def total_of(parts: Iterable[CreditPart]) -> Decimal:
    """Return what *parts* come to with tax, which is rounded once per rate."""
    return sum((one.base + one.tax for one in tax_totals((part.tax_rate, part.net) for part in parts)), _NOTHING)


def _left_of(
    pieces: Mapping[int, Decimal], lines: Sequence[BilledLine], before: Sequence[CreditPart]
) -> dict[int, Decimal]:
    """Return how many of *pieces* were billed and are not credited yet."""
    left = {line.line: line.quantity for line in lines}
    for part in before:
        if part.line in left:
            left[part.line] -= part.quantity
    return {line: min(quantity, left.get(line, _NOTHING)) for line, quantity in pieces.items()}


def _pieces(
    pieces: Mapping[int, Decimal], lines: Sequence[BilledLine], charges: Sequence[BilledCharge]
) -> Iterable[CreditPart]:
    for line in lines:
        quantity = pieces.get(line.line, _NOTHING)
        if quantity > 0:
            billed = line.net + sum((one.amount for one in charges if one.line == line.line), _NOTHING)
            yield CreditPart(line.line, quantity, round_money(billed * quantity / line.quantity), line.tax_rate)


def _rest(
    amount: Decimal, lines: Sequence[BilledLine], charges: Sequence[BilledCharge], credited: Sequence[CreditPart]
) -> Iterable[CreditPart]:
    """Yield *amount*, tax included, by what is left of an invoice at each rate; the last one takes what is left."""
    gross: dict[Decimal, Decimal] = defaultdict(Decimal)
    billed = (*((one.tax_rate, one.net) for one in lines), *((one.tax_rate, one.amount) for one in charges))
    for rate, net in (*billed, *((one.tax_rate, -one.net) for one in credited)):
        gross[rate] += net * (_HUNDRED + rate) / _HUNDRED
    shares = sorted((rate, share) for rate, share in gross.items() if share)
    whole, left = sum((share for _, share in shares), _NOTHING), amount
    if whole <= 0:  # nothing but cents that rounding left
        return
    for place, (rate, share) in enumerate(shares, 1):
        part = left if place == len(shares) else round_money(amount * share / whole)
        left -= part
        if part:
            yield CreditPart(0, Decimal(1), round_money(part * _HUNDRED / (_HUNDRED + rate)), rate, "credit")
