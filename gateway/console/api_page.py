"""The reference of the API as a page, from the same endpoints that serve it; readable without a network."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

from aiohttp import web

from gateway.console.access import visitor_of
from gateway.console.rendering import page
from gateway.web.app import document
from gateway.web.call import SETTINGS

_METHODS = ("get", "post")


@cache
def operations(*, with_sandbox: bool) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations of the OpenAPI document by subject, each with its method and path."""
    paths: dict[str, dict[str, Any]] = document(with_sandbox=with_sandbox)["paths"]
    found = [
        {"method": method.upper(), "path": path, "parameters": [], "description": "", **operations[method]}
        for path, operations in paths.items()
        for method in _METHODS
        if method in operations
    ]
    return [(tag, list(own)) for tag, own in groupby(found, key=lambda operation: str(operation["tags"][0]))]


async def api(request: web.Request) -> web.Response:
    """Show what the API can do."""
    visitor = await visitor_of(request)
    subjects = operations(with_sandbox=request.app[SETTINGS].sandbox)
    return page(request, visitor, "api.html", subjects=subjects)
