"""What a count shows of a share: exact bounds (Clopper and Pearson, Biometrika 26, 1934).

They hold at every size and never claim too much, so that "nothing wrong in 60 fields" reads as "at most 6 %".
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fsum, lgamma, log, log1p
from typing import Final

#: bisections: 2 to the minus 50 is finer than any share that is told
_STEPS: Final = 50


def bounds(hits: int, of: int, *, beyond: float = 0.05) -> tuple[float, float]:
    """Return the bounds of a share, 0 to 1, which lies beyond them with a chance of *beyond*, half of it a side."""
    if not of:
        return 0.0, 1.0
    if hits * 2 > of:  # what is missed is the smaller sum
        low, high = bounds(of - hits, of, beyond=beyond)
        return 1 - high, 1 - low
    low = 0.0 if hits == 0 else _least(lambda share: 1 - _at_most(hits - 1, of, share) >= beyond / 2)
    return low, _least(lambda share: _at_most(hits, of, share) <= beyond / 2)


def _least(enough: Callable[[float], bool]) -> float:
    """Return the least share that is *enough*."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _at_most(hits: int, of: int, share: float) -> float:
    """Return the chance of no more than *hits* of *of*, each with a chance of *share* between 0 and 1 (binomial)."""
    yes, no, ways = log(share), log1p(-share), lgamma(of + 1)
    return fsum(
        exp(ways - lgamma(one + 1) - lgamma(of - one + 1) + one * yes + (of - one) * no) for one in range(hits + 1)
    )
