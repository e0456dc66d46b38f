"""One authorised request as handlers see it, and the typed keys under which the app keeps its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from aiohttp import web

from core.errors import Forbidden
from core.reporting.version import version_of
from gateway.web.broadcast import Broadcaster
from gateway.web.ports import Authenticator, Operations, Principal, ReadStore, TokenDoor, Views
from gateway.web.problems import Problem
from gateway.web.pulse import Pulse
from gateway.web.settings import WebSettings

P = ParamSpec("P")
T = TypeVar("T")
Tx = TypeVar("Tx")

OPERATIONS: Final = web.AppKey("OPERATIONS", Operations)
VIEWS: Final = web.AppKey("VIEWS", Views)
STORE: Final = web.AppKey("STORE", ReadStore)
AUTHENTICATOR: Final = web.AppKey("AUTHENTICATOR", Authenticator)
#: only where tokens of an identity provider are taken
TOKEN_DOOR: Final = web.AppKey("TOKEN_DOOR", TokenDoor)
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

    def expect_version(self, etag: str) -> None:
        """Go on only if the caller changes the version *etag* that is there: If-Match has it, or is ``*``.

        Raises:
            Problem: 428 without If-Match, 412 when another version is there by now.
        """
        if "If-Match" not in self.request.headers:
            raise Problem(
                428,
                "version.required",
                "say which version you change",
                hint="Send its ETag in If-Match, or If-Match: *.",
            )
        if not {"*", etag} & etags(self.request, "If-Match"):
            raise Problem(
                412, "version.changed", "somebody changed it meanwhile", hint="Read it again and repeat your change."
            )

    def expect(self, told: dict[str, Any]) -> None:
        """Go on only if the caller changes *told*, which is what is there.

        Raises:
            Problem: as :meth:`expect_version`.
        """
        self.expect_version(version_of(told))

    def wanted(self, *offered: str) -> str:
        """Return the media type, of those *offered*, that the Accept header likes best; the first without a header.

        Raises:
            Problem: 406, it takes none of them.
        """
        likings = _likings(self.request.headers.get("Accept", ""))
        best = max(offered, key=lambda kind: _liking(likings, kind))
        if _liking(likings, best) == 0:
            raise Problem(406, "media_type.not_offered", f"this can be answered as {', '.join(offered)}")
        return best

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


def etags(request: web.Request, header: str) -> frozenset[str]:
    """Return the entity tags of If-Match or If-None-Match, without quotes; ``*`` stands for any.

    A weak tag counts in If-None-Match alone: If-Match compares strongly (RFC 9110 section 13.1.1).
    """
    found = request.if_match if header == "If-Match" else request.if_none_match
    weak = header != "If-Match"
    return frozenset(tag.value for tag in found or () if weak or not tag.is_weak)


def _likings(accept: str) -> list[tuple[str, float]]:
    """Return (media range, quality) of an Accept header (RFC 9110 section 12.5.1); what cannot be read counts fully."""
    found = []
    for part in accept.split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            liking = min(max(float(quality), 0.0), 1.0)
        except ValueError:
            liking = 1.0
        if kind:
            found.append((kind.lower(), liking))
    return found or [("*/*", 1.0)]


def _liking(likings: list[tuple[str, float]], kind: str) -> float:
    """Return the quality of *kind*: of the most specific range that holds it."""
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        for wanted, liking in likings:
            if wanted == name:
                return liking
    return 0.0
