"""Token buckets: how often one key may call, and how often one address may guess.

The state lives in the process; several processes behind one address each allow the full rate.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from aiohttp import web

from gateway.web.ports import Principal
from gateway.web.problems import Problem

#: failed authentications from one address: this many at once, then one every two seconds
_FAILURE_BURST: Final = 30
_FAILURE_RATE: Final = 0.5
#: visits of public pages from one address; behind a proxy that is everybody
_VISIT_BURST: Final = 200
_VISIT_RATE: Final = 20.0


class Buckets:
    """One bucket a name, the least recently used forgotten first.

    Args:
        rate: tokens that flow back each second.
        burst: what a full bucket holds.
        names: how many buckets are kept; a forgotten one starts full again.
        monotonic: seconds of a clock that never jumps.
    """

    def __init__(
        self, rate: float, burst: int, *, names: int = 10_000, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._names = names
        self._monotonic = monotonic
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, own_rate: float | None = None) -> float:
        """Take one token; return 0, or the seconds until the next one is there.

        A bucket with a rate of its own holds as many seconds of it as the others do of theirs.
        """
        rate = own_rate or self._rate
        burst = max(1.0, self._burst * rate / self._rate)
        now = self._monotonic()
        level, filled_at = self._levels.pop(name, (burst, now))
        level = min(burst, level + (now - filled_at) * rate)
        wait = 0.0 if level >= 1 else (1 - level) / rate
        self._levels[name] = (level if wait else level - 1, now)
        if len(self._levels) > self._names:
            self._levels.popitem(last=False)
        return wait


CALLS: Final = web.AppKey("CALLS", Buckets)
FAILURES: Final = web.AppKey("FAILURES", Buckets)
VISITS: Final = web.AppKey("VISITS", Buckets)


def make_failures() -> Buckets:
    """Return the buckets for failed authentications."""
    return Buckets(_FAILURE_RATE, _FAILURE_BURST)


def make_visits() -> Buckets:
    """Return the buckets for visits of public pages."""
    return Buckets(_VISIT_RATE, _VISIT_BURST)


def charge_visit(request: web.Request) -> None:
    """Count one visit of a public page by the caller's address.

    Raises:
        Problem: 429 with Retry-After.
    """
    _refuse_after(request.app[VISITS].take(request.remote or "?"), "too many visits from this address")


def charge(request: web.Request, principal: Principal) -> None:
    """Count one call of a key, or of its partner over all its keys; a key with a rate of its own counts alone.

    Raises:
        Problem: 429 with Retry-After.
    """
    name = f"partner:{principal.partner}" if principal.partner else f"key:{principal.name}"
    if principal.rate is not None:
        name = f"own:{principal.key}"
    _refuse_after(request.app[CALLS].take(name, principal.rate), "too many requests with this key")


def charge_failure(request: web.Request) -> None:
    """Count one failed authentication of the caller's address.

    Raises:
        Problem: 429 with Retry-After.
    """
    _refuse_after(request.app[FAILURES].take(request.remote or "?"), "too many failed keys from this address")


def _refuse_after(wait: float, detail: str) -> None:
    if wait:
        raise Problem(429, "rate.limited", detail, headers={"Retry-After": str(math.ceil(wait))})
