"""The issuer's keys as they are known now: kept for a while, fetched again when due or when a token names another.

Whatever tokens name, the issuer is asked once in ``refetch_seconds`` at most, and by one call at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta

import structlog
from joserfc.jwk import Key

from core.clock import Clock
from core.errors import IssuerUnavailable, OrdergateError, TokenRefused
from gateway.oidc.fetching import IssuerKey, fetch_keys
from gateway.oidc.settings import OidcSettings
from gateway.oidc.tokens import TokenHead
from gateway.transports.http_out.client import HttpOut

_log = structlog.get_logger(__name__)


class IssuerKeys:
    """The keys of one issuer; used inside one running loop."""

    def __init__(self, settings: OidcSettings, out: HttpOut, clock: Clock) -> None:
        self._settings = settings
        self._out = out
        self._clock = clock
        self._keys: tuple[IssuerKey, ...] = ()
        self._fetched_at: datetime | None = None
        self._asked_at: datetime | None = None
        #: the last fetch failed
        self._down = False
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, head: TokenHead) -> Key:
        """Return the key that *head* names.

        Raises:
            TokenRefused: ``token.key_unknown``, the issuer has no such key.
            IssuerUnavailable: there are no keys to judge by, or none of that name and the issuer cannot be asked.
        """
        if self._is_older_than(self._settings.cache_seconds):
            if self._down and not self._is_older_than(self._settings.keep_seconds):
                self.begin()  # that it is down is known: calls go on by the last keys and do not wait for it
            else:
                await self._ask()
        if (key := self._pick(head)) is None:
            await self._ask()
            key = self._pick(head)
        if key is not None:
            return key
        if self._down:
            raise IssuerUnavailable
        raise TokenRefused("token.key_unknown")

    def begin(self) -> asyncio.Task[None] | None:
        """Begin to fetch, unless that was done a moment ago; return the fetch that is under way."""
        if self._fetching is None or self._fetching.done():
            now = self._clock.now()
            if self._asked_at is not None and abs(now - self._asked_at) < timedelta(
                seconds=self._settings.refetch_seconds
            ):
                return None
            self._asked_at = now
            self._fetching = asyncio.create_task(self._fetch(), name="keys of the issuer")
        return self._fetching

    async def aclose(self) -> None:
        """Break off a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            with contextlib.suppress(asyncio.CancelledError):  # that is how it ends
                await self._fetching

    async def _ask(self) -> None:
        fetching = self.begin()
        if fetching is not None:
            await asyncio.shield(fetching)  # a caller that hangs up ends nothing for the others

    def _pick(self, head: TokenHead) -> Key | None:
        """Return the key of *head*; a head that names none means the only one that fits (Connect Core section 10.1)."""
        if self._is_older_than(self._settings.keep_seconds):
            raise IssuerUnavailable
        fitting = [one for one in self._keys if head.algorithm in one.algorithms]
        if head.kid is not None:
            fitting = [one for one in fitting if one.kid == head.kid]
            return fitting[0].key if fitting else None
        return fitting[0].key if len(fitting) == 1 else None

    def _is_older_than(self, seconds: int) -> bool:
        return self._fetched_at is None or self._clock.now() - self._fetched_at >= timedelta(seconds=seconds)

    async def _fetch(self) -> None:
        issuer = self._settings.issuer
        try:
            keys = await fetch_keys(self._out, self._settings)
        except OrdergateError as error:
            self._down = True
            fetched_at = None if self._fetched_at is None else self._fetched_at.isoformat()
            _log.error("keys of the issuer were not fetched", issuer=issuer, error=error.message, last=fetched_at)
            return
        self._down = False
        self._keys, self._fetched_at = keys, self._clock.now()
        _log.info("keys of the issuer were fetched", issuer=issuer, kids=[one.kid for one in keys])
