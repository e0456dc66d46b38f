"""What a count shows of a share: exact bounds (Clopper and Pearson, Biometrika 26, 1934).

They hold at every size and never claim too much, so that "nothing wrong in 60 fields" reads as "at most 6 %". Where not
all had the same chance to be looked at, the share is weighted, and its bounds are those of the effective size (Korn and
Graubard, Survey Methodology 24, 1998; Kish 1965).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import exp, lgamma, log, log1p
from typing import Final, NamedTuple

#: bisections: 2 to the minus 50 is finer than any share that is told
_STEPS: Final = 50
#: of the continued fraction: it converges in about the square root of the size
_TERMS: Final = 10_000
_TINY: Final = 1e-300
_EXACT: Final = 1e-15


class Looked(NamedTuple):
    """So many were looked at, each with the same ``chance`` above 0 to be, and so many of them were hits."""

    of: int
    hits: int
    chance: float


def weighted(found: Iterable[Looked]) -> tuple[float, float]:
    """Return hits and size of one sample that shows what samples of different chances show together.

    Where all have one chance, they are the counts themselves; else the size is smaller than the sum.
    """
    some = [one for one in found if one.of]
    size = sum(one.of / one.chance for one in some)
    if not some or len({one.chance for one in some}) == 1:
        return float(sum(one.hits for one in some)), float(sum(one.of for one in some))
    effective = size**2 / sum(one.of / one.chance**2 for one in some)
    return effective * sum(one.hits / one.chance for one in some) / size, effective


def bounds(hits: float, of: float, *, beyond: float = 0.05) -> tuple[float, float]:
    """Return the bounds of a share, 0 to 1, which lies beyond them with a chance of *beyond*, half of it a side."""
    if of <= 0:
        return 0.0, 1.0
    low = 0.0 if hits <= 0 else _least(lambda share: _beta(hits, of - hits + 1, share) >= beyond / 2)
    high = 1.0 if hits >= of else _least(lambda share: _beta(hits + 1, of - hits, share) >= 1 - beyond / 2)
    return low, high


def _least(enough: Callable[[float], bool]) -> float:
    """Return the least share that is *enough*."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), 0 < x < 1 (DLMF 8.17)."""
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side (8.17.4)
        return 1 - _beta(b, a, 1 - x)
    front = exp(a * log(x) + b * log1p(-x) - (lgamma(a) + lgamma(b) - lgamma(a + b))) / a
    return front / _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of DLMF 8.17.22, from its front (modified Lentz)."""
    value = front = 1.0
    back = 0.0
    for term in range(1, _TERMS):
        half = term // 2
        if term % 2:
            factor = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            factor = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        back = 1 / ((1 + factor * back) or _TINY)
        front = (1 + factor / front) or _TINY
        value *= front * back
        if abs(front * back - 1) < _EXACT:
            break
    return value
