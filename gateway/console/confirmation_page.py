"""The confirmation of an order as its buyer reads it: as told, or as it would be."""

from __future__ import annotations

import asyncio

from aiohttp import web

from gateway.console.access import visitor_of
from gateway.web.call import OPERATIONS
from gateway.web.routes.confirmation import PAGE_POLICY


async def confirmation(request: web.Request) -> web.Response:
    """Show the page, in the language of the partner; it may style itself and nothing else."""
    visitor = await visitor_of(request)
    desk = request.app[OPERATIONS].confirmation_desk
    number = request.match_info["number"]
    found = await asyncio.to_thread(desk.confirmation, number, preview=True, partner=visitor.partner)
    headers = {"Content-Security-Policy": PAGE_POLICY, "Content-Language": found["language"]}
    return web.Response(text=found["html"], content_type="text/html", headers=headers)
