"""Calls to the APIs of shops: paced, authorised, their answers judged. Tokens are in no log and no row."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from core.clock import Clock
from core.errors import DeliveryFailed, SettingsInvalid, ValueRefused
from core.storefront import ShopCall, StoreAccess, Storefront
from gateway.transports.http_out.client import HttpOut, Reply
from gateway.transports.http_out.policy import TargetRefused

#: of an answer, what is read: an order of some thousand lines
_ANSWER_LIMIT: Final = 8 * 1024 * 1024
#: calls that may follow each other at once, before the platform's pace counts
_BURST: Final = 10
#: calls a second that each platform bears for good, by what it says of its REST API; sources: Shopify "API limits",
#: BigCommerce "API rate limits" (150 in 30 s), Amazon SP-API "getOrder". Shops that one runs oneself get no more than 5
_PACE: Final[Mapping[str, float]] = {"shopify": 2.0, "bigcommerce": 5.0, "amazon": 0.5}
_OWN_PACE: Final = 5.0
#: the longest wait that a shop may ask for in one answer
_LONGEST_WAIT: Final = timedelta(hours=1)
_SHOWN: Final = 160
#: a session is renewed so long before its end
_MARGIN_SECONDS: Final = 60
#: statuses that say no to this very call, whenever it is made again
_REFUSED: Final = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422})
_NOT_FOUND: Final = 404
_NO_ACCESS: Final = frozenset({401, 403})
_BUSY: Final = frozenset({429, 503})

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class Shop(NamedTuple):
    """One store as it is called: ``token`` is the one of the environment."""

    storefront: Storefront
    access: StoreAccess
    base_url: str
    token: str

    @property
    def key(self) -> tuple[str, str]:
        """Platform and name of the store."""
        return self.storefront.id, self.access.store

    def __repr__(self) -> str:
        """Name the store, and neither its token nor its secrets."""
        return f"<shop {self.storefront.id}/{self.access.store}>"


class CallFault(Exception):
    """A call did not do what it was made for.

    ``refused`` tells that the shop, or its adapter, says no to this very thing; ``gone`` that it does not know the
    order; ``no_access`` that the token is the fault; ``wait`` is how long the shop asks to be left alone.
    """

    def __init__(
        self,
        words: str,
        *,
        refused: bool = False,
        gone: bool = False,
        no_access: bool = False,
        wait: timedelta = timedelta(0),
    ) -> None:
        super().__init__(words)
        self.words = words
        self.refused = refused
        self.gone = gone
        self.no_access = no_access
        self.wait = wait


@dataclass(slots=True)
class _Lane:
    """What is known of one store while the process runs."""

    #: when all calls so far have had their time (the loop's clock); how far that may lie ahead is the burst
    ahead: float = 0.0
    closed_until: datetime = _LONG_AGO
    session: str = ""
    session_until: datetime = _LONG_AGO
    logging_in: asyncio.Lock = field(default_factory=asyncio.Lock)


class ShopCaller:
    """Calls shops, each at its platform's pace."""

    def __init__(self, out: HttpOut, clock: Clock) -> None:
        self._out = out
        self._clock = clock
        self._lanes: defaultdict[tuple[str, str], _Lane] = defaultdict(_Lane)

    def closed(self) -> set[tuple[str, str]]:
        """Return the stores that asked to be left alone for now."""
        now = self._clock.now()
        return {key for key, lane in self._lanes.items() if lane.closed_until > now}

    async def call(self, shop: Shop, call: ShopCall) -> bytes:
        """Make one call and return the body of its answer.

        Raises:
            CallFault: it was not answered with 2xx; whether it was done may be unknown.
        """
        lane = self._lanes[shop.key]
        now = self._clock.now()
        try:
            token = await self._token(lane, shop)
            headers = dict(call.headers) | dict(shop.storefront.authorise(call, token, shop.access, now))
        except SettingsInvalid as error:
            raise CallFault(f"{error.message}. {error.hint}".strip(), no_access=True) from error
        await _turn(lane, shop.key[0])
        reply = await self._send(call.method, shop.base_url.rstrip("/") + call.path, call.body, headers)
        self._judge(lane, shop, reply)
        return reply.body

    async def _token(self, lane: _Lane, shop: Shop) -> str:
        """Return what the API takes: the token itself, or that of a login, which is kept while it counts.

        Raises:
            SettingsInvalid: the token can be none of this platform.
        """
        login = shop.storefront.login(shop.token, shop.access)
        if login is None:
            return shop.token
        async with lane.logging_in:
            if lane.session_until <= self._clock.now():
                reply = await self._send("POST", login.url, login.body, dict(login.headers))
                if reply.status in (400, *_NO_ACCESS):  # RFC 6749, section 5.2: invalid_grant is a 400
                    raise CallFault(f"the login was refused: {_said(reply, shop)}", no_access=True)
                self._judge(lane, shop, reply)
                try:
                    session = shop.storefront.session(reply.body)
                except ValueRefused as error:
                    raise CallFault(error.message) from error
                lane.session = session.token
                lane.session_until = self._clock.now() + timedelta(seconds=session.seconds - _MARGIN_SECONDS)
            return lane.session

    async def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        try:
            return await self._out.send(method, url, body=body, headers=headers, limit=_ANSWER_LIMIT)
        except TargetRefused as error:
            raise CallFault(f"{error.message} {error.hint}".strip(), refused=True) from error
        except DeliveryFailed as error:
            raise CallFault(error.message) from error

    def _judge(self, lane: _Lane, shop: Shop, reply: Reply) -> None:
        if reply.accepted:
            if reply.cut:
                raise CallFault(f"the answer is longer than {_ANSWER_LIMIT} bytes", refused=True)
            return
        words = f"answered {reply.status}{_said(reply, shop)}"
        if reply.status in _NO_ACCESS:
            lane.session_until = _LONG_AGO
            raise CallFault(words, no_access=True)
        if reply.status in _BUSY:
            wait = _asked_wait(reply.headers, self._clock.now())
            lane.closed_until = max(lane.closed_until, self._clock.now() + wait)
            raise CallFault(words, wait=wait)
        raise CallFault(words, refused=reply.status in _REFUSED, gone=reply.status == _NOT_FOUND)


async def _turn(lane: _Lane, platform: str) -> None:
    """Wait until the store may be called: a burst at once, then at the platform's pace (GCRA)."""
    interval = 1 / _PACE.get(platform, _OWN_PACE)
    now = asyncio.get_running_loop().time()
    lane.ahead = max(now, lane.ahead) + interval
    await asyncio.sleep(max(0.0, lane.ahead - now - _BURST * interval))


def _asked_wait(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long ``Retry-After`` asks to wait: seconds or a date (RFC 9110, section 10.2.3); 0 where it is odd."""
    asked = next((value.strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        wait = timedelta(seconds=float(asked)) if asked[:1].isdigit() else parsedate_to_datetime(asked) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _said(reply: Reply, shop: Shop) -> str:
    """Return the beginning of what the shop said, for people; our token is not in it, should the shop say it back."""
    said = " ".join(reply.body[:1_000].decode(errors="replace").split())
    for secret in (shop.token, *shop.token.split(":"), *shop.access.secrets):
        said = said.replace(secret, "***") if secret else said
    shown = "".join(letter for letter in said if letter.isprintable())[:_SHOWN]
    return f": {shown}" if shown else ""
