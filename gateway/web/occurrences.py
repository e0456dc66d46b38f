"""A name for every request: on its answer, in the ``instance`` of a problem, and on every line of the log it causes."""

from __future__ import annotations

import uuid
from typing import Final

import structlog
from aiohttp import web

from gateway.web.problems import REQUEST, Handler

HEADER: Final = "X-Request-Id"


@web.middleware
async def naming_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name *request* before anything is done for it; the caller's own names are not taken over."""
    name = request[REQUEST] = uuid.uuid4().hex
    with structlog.contextvars.bound_contextvars(request=name):
        return await handler(request)


async def tell_name(request: web.Request, response: web.StreamResponse) -> None:
    """Put the name of *request* on its answer (signal ``on_response_prepare``)."""
    if name := request.get(REQUEST):
        response.headers[HEADER] = name
