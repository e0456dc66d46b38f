"""When the same request is sent again, and how long to wait before."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

#: the gateway did nothing, or says itself that it should be asked again
AGAIN: Final = frozenset({429, 502, 503, 504})
#: the first request of a key is still at work, and its answer will be given
UNFINISHED: Final = "idempotency.unfinished"


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently a request is repeated.

    ``attempts`` counts the first; the pause doubles from ``first_seconds``, with jitter, so that clients that failed
    together do not come back together. A gateway that asks for more than ``longest_seconds`` is not waited for.
    """

    attempts: int = 5
    first_seconds: float = 0.25
    longest_seconds: float = 30.0

    def pause(self, attempt: int, retry_after: float | None) -> float | None:
        """Return the seconds to wait after the failed *attempt* (1 is the first), None to give up."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_seconds else None
        most = min(self.first_seconds * 2 ** (attempt - 1), self.longest_seconds)
        return float(most) * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads calls and guards nothing


def read_retry_after(given: str | None, now: float) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110 section 10.2.3), None without one that can be read.

    *now* is the time in seconds since 1970, for the form that names a date.
    """
    if given is None:
        return None
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        return max(parsedate_to_datetime(given).timestamp() - now, 0.0)
    except ValueError:
        return None
