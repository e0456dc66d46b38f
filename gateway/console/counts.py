"""The outcome counts of the first page, counted no more often than they are cheap."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from gateway.web.ports import Json, Views

#: what may be counted at every look
_CHEAP_SECONDS: Final = 0.02
#: a dearer count is followed by a rest of so many times its cost
_REST: Final = 20


class Counts:
    """Counts for every page of this process; the sums walk over all documents, a page must not pay that each time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._counting = threading.Lock()
        self._counted: Json | None = None
        self._due_at = 0.0

    def of(self, views: Views, tx: Any) -> Json:
        """Return the six outcomes, ``documents`` and ``unexplained``; at most a rest old."""
        known = self._counted
        if known is not None and (self._monotonic() < self._due_at or self._counting.locked()):
            return known
        with self._counting:
            started = self._monotonic()
            counted = views.reconciliation(tx)
            cost = self._monotonic() - started
            self._due_at = started + cost + (cost * _REST if cost > _CHEAP_SECONDS else 0)
            self._counted = counted
        return counted


COUNTS: Final = web.AppKey("COUNTS", Counts)
