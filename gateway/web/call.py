"""One authorised request as handlers see it, and the typed keys under which the app keeps its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, Final, ParamSpec, TypeVar

from aiohttp import web

from core.errors import Forbidden
from gateway.web.broadcast import Broadcaster
from gateway.web.ports import Authenticator, Operations, Principal, ReadStore, Views
from gateway.web.pulse import Pulse
from gateway.web.settings import WebSettings

P = ParamSpec("P")
T = TypeVar("T")
Tx = TypeVar("Tx")

OPERATIONS: Final = web.AppKey("OPERATIONS", Operations)
VIEWS: Final = web.AppKey("VIEWS", Views)
STORE: Final = web.AppKey("STORE", ReadStore)
AUTHENTICATOR: Final = web.AppKey("AUTHENTICATOR", Authenticator)
BROADCASTER: Final = web.AppKey("BROADCASTER", Broadcaster)
PULSE: Final = web.AppKey("PULSE", Pulse)
SETTINGS: Final = web.AppKey("SETTINGS", WebSettings)

#: the caller of an endpoint that is open to everyone
ANYONE: Final = Principal(name="anyone", scopes=frozenset())


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was authenticated, authorised and validated; ``content`` is its body as sent."""

    request: web.Request
    principal: Principal
    content: bytes = b""

    @property
    def operations(self) -> Operations:
        """The acts of the gateway."""
        return self.request.app[OPERATIONS]

    @property
    def views(self) -> Views:
        """The read models."""
        return self.request.app[VIEWS]

    @property
    def partner(self) -> str | None:
        """The one partner that the caller may see, or None for all."""
        return self.principal.partner

    def partner_asked(self, asked: str | None) -> str | None:
        """Return the partner to act for: the key's own, or the one *asked* for.

        Raises:
            Forbidden: the key belongs to another partner than the one asked for.
        """
        if self.partner is not None and asked not in (None, self.partner):
            raise Forbidden(f"this key acts for partner {self.partner} only")
        return self.partner or asked

    async def read(self, view: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return ``view(tx, ...)`` of one read transaction, run in a worker thread."""
        return await read(self.request.app, view, *args, **kwargs)

    async def run(self, act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return ``act(...)``, run in a worker thread."""
        return await asyncio.to_thread(act, *args, **kwargs)


async def read(app: web.Application, view: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return ``view(tx, ...)`` of one read transaction of *app*'s store, run in a worker thread."""
    return await asyncio.to_thread(app[STORE].read, lambda tx: view(tx, *args, **kwargs))
