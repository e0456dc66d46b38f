"""Margin of an order: what its prices leave over the costs, against the floor of the rules (PRI-12 to PRI-14).

The order as a whole decides, because one line may carry another: what all lines earn must reach what their floors ask
together. A line's floor is that of the rules, or the target of its item or customer where that is higher (requirements
D, 9). Lines whose cost is not known do not count on either side. Everything is exact: integers, per cents x 10^4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, NamedTuple

from core.review.holds import HoldDraft
from core.review.price import PERCENT_SCALE, WHOLE4, PriceRules, percent4, step_for
from core.values import MONEY_SCALE, from_scaled, money_text, text

_HUNDREDTH: Final = Decimal("0.01")
#: a cent where price x quantity has 12 decimals
_CENT: Final = 10**10


#: a line as the review has it: number; price, cost and quantity x 10^6; target of the item in per cent x 10^4
Sold = tuple[int, int | None, int | None, int, int | None]


class CostedLine(NamedTuple):
    """A line whose price and cost are known, and the per cent x 10^4 that its margin shall have."""

    line: int
    price6: int
    cost6: int
    quantity6: int
    floor4: int

    @property
    def percent(self) -> Decimal | None:
        """The margin in per cent of the price, rounded down to a hundredth; None for what is given away."""
        return margin_percent(self.price6 - self.cost6, self.price6)


class Margin(NamedTuple):
    """What lines earn together, exactly: ``earned`` and ``revenue`` x 10^12; ``needed`` by their floors, x 10^18."""

    earned: int
    revenue: int
    needed: int

    @property
    def percent(self) -> Decimal | None:
        """The margin in per cent, rounded down to a hundredth; None without revenue."""
        return margin_percent(self.earned, self.revenue)

    @property
    def floor(self) -> Decimal | None:
        """The floor in per cent, rounded down to a hundredth; None without revenue."""
        if not self.revenue:
            return None
        return _down((Decimal(self.needed) / self.revenue).scaleb(-PERCENT_SCALE))


def costed(rules: PriceRules, target: Decimal | None, sold: Sequence[Sold]) -> list[CostedLine]:
    """Return the lines whose price and cost are known; *target* is the customer's, in per cent."""
    floor4 = _floor4(rules, target)
    return [
        CostedLine(line, price6, cost6, quantity6, max(floor4, target4) if target4 else floor4)
        for line, price6, cost6, quantity6, target4 in sold
        if price6 is not None and cost6 is not None
    ]


def margin_of(lines: Iterable[CostedLine]) -> Margin:
    """Return what *lines* earn together."""
    earned = revenue = needed = 0
    for _, price6, cost6, quantity6, floor4 in lines:
        value = price6 * quantity6
        revenue += value
        earned += value - cost6 * quantity6
        needed += value * floor4
    return Margin(earned, revenue, needed)


def margin_percent(earned: int, revenue: int) -> Decimal | None:
    """Return *earned* in per cent of *revenue*, rounded down to a hundredth; None without revenue."""
    return _down(Decimal(earned * 100) / revenue) if revenue else None


def margin_low(rules: PriceRules, target: Decimal | None, sold: Sequence[Sold], currency: str) -> HoldDraft | None:
    """Return the hold for an order that earns less than its floors ask, None where it earns enough.

    Who may release it follows from how many points of per cent are missing.
    """
    floor4 = _floor4(rules, target)
    short = 0
    for _, price6, cost6, quantity6, target4 in sold:  # every order comes by here: most are told apart by this sum
        if price6 is not None and cost6 is not None:
            own4 = target4 if target4 is not None and target4 > floor4 else floor4
            short += quantity6 * (cost6 * WHOLE4 - price6 * (WHOLE4 - own4))
    if short <= 0:
        return None
    lines = costed(rules, target, sold)
    return _hold(rules, lines, margin_of(lines), currency)


def _hold(rules: PriceRules, lines: list[CostedLine], margin: Margin, currency: str) -> HoldDraft:
    earned, revenue, needed = margin
    short = needed - earned * WHOLE4
    highest4 = max(one.floor4 for one in lines)
    step = step_for(rules.margins, short, revenue) if revenue else rules.margins[-1]
    floor = margin.floor if revenue else Decimal(highest4).scaleb(-PERCENT_SCALE)
    low = [one for one in lines if (one.price6 - one.cost6) * WHOLE4 < one.floor4 * one.price6 or not one.price6]
    inputs: dict[str, Any] = {
        "margin_percent": _text(margin.percent),
        "floor_percent": _text(floor),
        "revenue": money_of(revenue),
        "cost": money_of(revenue - earned),
        "currency": currency,
        "lines": [{"line": one.line, "margin_percent": _text(one.percent)} for one in low],
    }
    told = f"the margin is {inputs['margin_percent']} %" if revenue else "nothing is paid"
    missing = _missing(short, highest4)
    if missing:
        inputs["missing_revenue"] = missing
    return HoldDraft(
        "margin.low",
        f"{told}, {inputs['floor_percent']} % is the floor: {inputs['revenue']} {currency} for goods that cost "
        f"{inputs['cost']}",
        inputs,
        "margin.floor",
        release_when=f"prices that bring {missing} {currency} more, or a release" if missing else "",
        role=step.role,
    )


def _missing(short: int, highest4: int) -> str:
    """Return the revenue that reaches the floor wherever it is added, rounded up to the cent; "" where none would."""
    if highest4 >= WHOLE4:
        return ""
    cents = -(-short // ((WHOLE4 - highest4) * _CENT))
    return money_text(Decimal(cents).scaleb(-2))


def money_of(product: int) -> str:
    """Return a price x quantity (x 10^12) as money, rounded half up to the cent."""
    return money_text(from_scaled((product + _CENT // 2) // _CENT * 100, MONEY_SCALE))


def _floor4(rules: PriceRules, target: Decimal | None) -> int:
    return max(percent4(rules.minimum_margin), percent4(target) if target else 0)


def _down(percent: Decimal) -> Decimal:
    return percent.quantize(_HUNDREDTH, rounding=ROUND_FLOOR)


def _text(percent: Decimal | None) -> str | None:
    return None if percent is None else text(percent)
