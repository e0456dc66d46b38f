"""How often stock turns and how old it is, of one item in one warehouse, from its ledger (INV-25).

Turnover = what was issued in a period, less what came back, / the mean stock; the mean is that of the balances at the
end of each day. The age of what is left is by first in, first out: the latest receipts are what still lies there.
Quantities are integers x 10^6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

#: the last day of each step of age; what is older stands behind the last
AGES: Final = (30, 60, 90)
_CENT: Final = Decimal("0.01")


class Turnover(NamedTuple):
    """Turns in the period, and how many days the mean stock would last; None where nothing was issued or there."""

    mean6: int
    turns: Decimal | None
    days_of_stock: Decimal | None


def turnover(opening6: int, changes6: Mapping[int, int], issued6: int, days: int) -> Turnover:
    """Return how often stock turned in *days*, from the balance before them and the sum of changes by day (0 first)."""
    balance6, total6 = opening6, 0
    for day in range(days):
        balance6 += changes6.get(day, 0)
        total6 += balance6
    mean6 = total6 // days
    if mean6 <= 0 or issued6 <= 0:
        return Turnover(mean6, None, None)
    turns = (Decimal(issued6) / mean6).quantize(_CENT, ROUND_HALF_UP)
    lasts = (Decimal(mean6) * days / issued6).quantize(_CENT, ROUND_HALF_UP)
    return Turnover(mean6, turns, lasts)


def ages(closing6: int, receipts6: Iterable[tuple[int, int]], steps: Sequence[int] = AGES) -> list[int]:
    """Return how much of *closing6* is up to each of *steps* days old, and last what is older.

    *receipts6* are (days ago, quantity), the latest first; what they do not explain is older than all.
    """
    left6 = max(closing6, 0)
    found = [0] * (len(steps) + 1)
    for ago, quantity6 in receipts6:
        part6 = min(quantity6, left6)
        found[sum(ago > step for step in steps)] += part6
        left6 -= part6
        if not left6:
            break
    found[-1] += left6
    return found
