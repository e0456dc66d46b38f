"""The key form: an API key opens the console for a few hours."""

from __future__ import annotations

import asyncio

from aiohttp import web

from core.errors import Unauthenticated
from gateway.console.access import SESSIONS, Visitor, form_of, keep_visit, visit_id
from gateway.console.rendering import page
from gateway.console.sessions import COOKIE
from gateway.web.call import ANYONE, AUTHENTICATOR
from gateway.web.limits import charge_failure

_KEY_LIMIT = 512


def local_address(asked: str) -> str:
    """Return where to go after the login: an address of our own, whatever was asked for."""
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if ours else "/"


async def login_form(request: web.Request) -> web.Response:
    """Ask for a key."""
    visitor = Visitor(ANYONE, visit_id(request), logged_in=False)
    return page(request, visitor, "login.html", next=local_address(request.query.get("next", "/")), refusal="")


async def login(request: web.Request) -> web.StreamResponse:
    """Take a key; a session starts under a new id."""
    visitor = Visitor(ANYONE, visit_id(request), logged_in=False)
    fields = await form_of(request, visitor.session_id)
    after = local_address(fields.get("next", "/"))
    key = fields.get("key", "").strip()[:_KEY_LIMIT]
    try:
        principal = await asyncio.to_thread(request.app[AUTHENTICATOR].authenticate, key)
    except Unauthenticated:
        charge_failure(request)
        return page(request, visitor, "login.html", status=401, next=after, refusal="There is no such key.")
    if not principal.may("read"):
        return page(request, visitor, "login.html", status=403, next=after, refusal="This key may not read.")
    response = web.Response(status=303, headers={"Location": after})
    keep_visit(request, response, request.app[SESSIONS].log_in(key))
    return response


async def logout(request: web.Request) -> web.StreamResponse:
    """End the session."""
    session_id = visit_id(request)
    await form_of(request, session_id)
    request.app[SESSIONS].log_out(session_id)
    response = web.Response(status=303, headers={"Location": "/"})
    response.del_cookie(COOKIE, path="/")
    return response
