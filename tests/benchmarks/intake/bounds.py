"""What a count shows of a share: exact bounds at 95 % (Clopper and Pearson, Biometrika 26, 1934)."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fsum, lgamma, log, log1p

#: bisections: 2 to the minus 50 is finer than any share that is told
_STEPS = 50


def bounds(hits: int, of: int, *, beyond: float = 0.05) -> tuple[float, float]:
    """Return the bounds of a share, 0 to 1, which lies beyond them with a chance of *beyond*, half of it a side."""
    if not of:
        return 0.0, 1.0
    low = 0.0 if hits == 0 else _share(lambda share: _at_most(of - hits, of, 1 - share) >= beyond / 2)
    high = 1.0 if hits == of else 1 - _share(lambda share: _at_most(hits, of, 1 - share) >= beyond / 2)
    return low, high


def at_most(hits: int, of: int, *, beyond: float = 0.05) -> float:
    """Return the share, 0 to 1, that is not exceeded but by a chance of *beyond*; with no hit it is about 3 / *of*."""
    return bounds(hits, of, beyond=2 * beyond)[1]


def _share(enough: Callable[[float], bool]) -> float:
    """Return the least share of which a growing chance is *enough*."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _at_most(hits: int, of: int, share: float) -> float:
    """Return the chance of no more than *hits* of *of*, each with a chance of *share* (binomial distribution)."""
    if share <= 0.0 or share >= 1.0:
        return 1.0 if share <= 0.0 or hits >= of else 0.0
    yes, no, ways = log(share), log1p(-share), lgamma(of + 1)
    return fsum(
        exp(ways - lgamma(one + 1) - lgamma(of - one + 1) + one * yes + (of - one) * no) for one in range(hits + 1)
    )
