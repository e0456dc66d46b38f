"""One order: where it is, what blocks it, its lines, its life; and the Release form."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from core.errors import Conflict, Forbidden
from gateway.console.access import SESSIONS, Visitor, form_of, visit_id, visitor_of
from gateway.console.fragments import Fragment
from gateway.console.rendering import page, render
from gateway.web.call import OPERATIONS, STORE, VIEWS
from gateway.web.ports import Json, Views

#: the parts of the page that change while somebody looks
PARTS = ("head", "holds", "lines", "timeline", "documents")
_REASON_LIMIT = 500


def look(views: Views, tx: Any, number: str, partner: str | None) -> Json:
    """Return everything the page shows, of one snapshot.

    Raises:
        NotFound: no such order, or another partner's.
    """
    return {
        "order": views.order(tx, number, partner),
        "timeline": views.timeline(tx, number, partner)["events"],
        "documents": views.documents_of(tx, number, partner)["items"],
    }


def fragments(shown: Json, visitor: Visitor, token: str) -> list[Fragment]:
    """Return the live parts of the page."""
    return [
        Fragment(part, render(f"_order_{part}.html", shown=shown, visitor=visitor, token=token, refusal=""))
        for part in PARTS
    ]


async def _show(request: web.Request, visitor: Visitor, *, status: int = 200, refusal: str = "") -> web.Response:
    number = request.match_info["number"]
    views = request.app[VIEWS]
    shown = await asyncio.to_thread(request.app[STORE].read, lambda tx: look(views, tx, number, visitor.partner))
    return page(request, visitor, "order.html", status=status, shown=visitor.principal.shown(shown), refusal=refusal)


async def order(request: web.Request) -> web.Response:
    """Show one order."""
    return await _show(request, await visitor_of(request))


async def release(request: web.Request) -> web.StreamResponse:
    """Lift the open holds of an order, then show it again."""
    visitor = await visitor_of(request)
    if not visitor.operates:
        raise Forbidden(
            "releasing needs a key with the scope operate, a role that releases, if it has roles, and no partner"
        )
    fields = await form_of(request, visit_id(request))
    number = request.match_info["number"]
    act = request.app[OPERATIONS].release
    reason = fields.get("reason", "").strip()[:_REASON_LIMIT]
    try:
        roles = visitor.principal.roles
        await asyncio.to_thread(act, number, actor=visitor.principal.name, reason=reason, codes=(), roles=roles)
    except Conflict as refused:
        return await _show(request, visitor, status=409, refusal=refused.message)
    except Forbidden as refused:
        return await _show(request, visitor, status=403, refusal=refused.message)
    raise web.HTTPSeeOther(f"/orders/{number}")


def form_token(request: web.Request, visitor: Visitor) -> str:
    """Return the token of this visitor's forms."""
    return request.app[SESSIONS].form_token(visitor.session_id)
