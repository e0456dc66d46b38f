"""Where orders and master data say different things, and the forms that decide which of the two holds (VAL-09)."""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast, get_args
from urllib.parse import urlencode

from aiohttp import web

from core.errors import Conflict, Forbidden
from core.ordering.discrepancies import Decision
from gateway.console.access import Visitor, form_of, visit_id, visitor_of
from gateway.console.rendering import page
from gateway.web.call import OPERATIONS
from gateway.web.problems import Problem

PATH: Final = "/discrepancies"
ROWS: Final = 30
_REASON_LIMIT: Final = 500


def sees(visitor: Visitor) -> bool:
    """Tell whether the visitor may look: it is the house's own work."""
    may = visitor.principal.may("read") and visitor.principal.may_call("discrepancies", acting=False)
    return may and visitor.partner is None


def decides(visitor: Visitor) -> bool:
    """Tell whether the visitor may decide."""
    return visitor.principal.may("operate") and visitor.principal.may_call("resolve_discrepancy", acting=True)


async def _shown(request: web.Request, visitor: Visitor, *, status: int = 200, refusal: str = "") -> web.Response:
    number, cursor = (request.query.get(name) or None for name in ("number", "cursor"))
    desk: Any = request.app[OPERATIONS].validation_desk
    found = await asyncio.to_thread(desk.discrepancies, number=number, cursor=cursor, limit=ROWS)
    kept = {"number": number} if number else {}
    return page(
        request,
        visitor,
        "discrepancies.html",
        status=status,
        found=visitor.principal.shown(found["items"]),
        number=number,
        decides=decides(visitor),
        refusal=refusal,
        more=f"{PATH}?{urlencode({**kept, 'cursor': found['next']})}" if found["next"] else "",
    )


async def discrepancies(request: web.Request) -> web.Response:
    """Show what is not decided yet, oldest first."""
    visitor = await visitor_of(request)
    if not sees(visitor):
        raise Forbidden("discrepancies are shown to the house alone")
    return await _shown(request, visitor)


async def decide(request: web.Request) -> web.StreamResponse:
    """Decide on one, then show what is left."""
    visitor = await visitor_of(request)
    if not (sees(visitor) and decides(visitor)):
        raise Forbidden("deciding needs a key with the scope operate, a role that decides, if it has roles")
    fields = await form_of(request, visit_id(request))
    chosen = fields.get("decision", "")
    if chosen not in get_args(Decision):
        raise Problem(422, "validation.failed", "the form names no decision")
    act = request.app[OPERATIONS].validation_desk.resolve
    reason = fields.get("reason", "").strip()[:_REASON_LIMIT]
    decision, actor = cast("Decision", chosen), visitor.principal.name
    try:
        await asyncio.to_thread(act, request.match_info["id"], decision, actor=actor, reason=reason)
    except Conflict as refused:
        return await _shown(request, visitor, status=409, refusal=refused.message)
    raise web.HTTPSeeOther(PATH)
