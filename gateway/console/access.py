"""Who may look at the console, and who may post its forms."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from aiohttp import web

from core.errors import Forbidden, Unauthenticated
from gateway.console.sessions import COOKIE, LIFETIME_SECONDS, Sessions
from gateway.web.call import AUTHENTICATOR, SETTINGS
from gateway.web.ports import Principal
from gateway.web.problems import Problem

SESSIONS: Final = web.AppKey("SESSIONS", Sessions)

#: the person at an open console: the machine's own user, who could read the database as well
_LOCAL_PERSON: Final = Principal("console", frozenset({"read", "operate"}))
_FORM_LIMIT: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who looks at a page: what they may do and the visit that their forms belong to."""

    principal: Principal
    session_id: str
    logged_in: bool

    @property
    def partner(self) -> str | None:
        """The one partner that the visitor may see, or None for all."""
        return self.principal.partner

    @property
    def operates(self) -> bool:
        """Tell whether the visitor may release holds."""
        may = self.principal.may("operate") and self.principal.may_call("release_order", acting=True)
        return may and self.partner is None


def is_loopback_host(host: str) -> bool:
    """Tell whether the Host header *host* names this machine; a rebound foreign name does not."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_open(request: web.Request) -> bool:
    """Tell whether the console needs no login: sandbox, bound to loopback, and asked by a loopback name."""
    settings = request.app[SETTINGS]
    return settings.sandbox and settings.loopback and is_loopback_host(request.headers.get("Host", ""))


def visit_id(request: web.Request) -> str:
    """Return the id of this visit: that of the signed cookie, or a new one."""
    sessions = request.app[SESSIONS]
    return sessions.read(request.cookies.get(COOKIE, "")) or sessions.new()


async def visitor_of(request: web.Request) -> Visitor:
    """Return who looks.

    Raises:
        HTTPSeeOther: to the key form, when a login is needed.
    """
    session_id = visit_id(request)
    key = request.app[SESSIONS].key(session_id)
    if key is not None:
        try:
            principal = await asyncio.to_thread(request.app[AUTHENTICATOR].authenticate, key)
        except Unauthenticated:
            request.app[SESSIONS].log_out(session_id)
        else:
            return Visitor(principal, session_id, logged_in=True)
    if is_open(request):
        return Visitor(_LOCAL_PERSON, session_id, logged_in=False)
    raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs)}")


def keep_visit(request: web.Request, response: web.StreamResponse, session_id: str) -> None:
    """Set the signed cookie of the visit."""
    response.set_cookie(
        COOKIE,
        request.app[SESSIONS].sign(session_id),
        max_age=LIFETIME_SECONDS,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=request.secure,
    )


async def form_of(request: web.Request, session_id: str) -> dict[str, str]:
    """Return the fields of a posted form that came from one of our own pages.

    Raises:
        Forbidden: it came from elsewhere, or its token is not this visit's.
        Problem: 413, the form is larger than any of ours.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != request.headers.get("Host")):
        raise Forbidden("this form was not sent from the console")
    if request.content_length is None or request.content_length > _FORM_LIMIT:
        raise Problem(413, "body.too_large", f"a form may have {_FORM_LIMIT} bytes")
    fields = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    if not request.app[SESSIONS].form_token_holds(session_id, fields.pop("token", "")):
        raise Forbidden("the form is stale", hint="Load the page again and repeat.")
    return fields
