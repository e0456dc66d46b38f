"""The reference of the API as a page, from the same endpoints that serve it; readable without a network."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from aiohttp import web

from gateway.console.access import visitor_of
from gateway.console.rendering import page
from gateway.web.app import document
from gateway.web.call import SETTINGS

_METHODS: Final = ("get", "post", "put", "patch", "delete")


@cache
def operations(*, with_sandbox: bool) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations of the OpenAPI document by subject, each with its method and path."""
    paths: dict[str, dict[str, Any]] = document(with_sandbox=with_sandbox)["paths"]
    subjects: dict[str, list[dict[str, Any]]] = {}
    for path, methods in paths.items():
        for method in (one for one in _METHODS if one in methods):
            told = {"method": method.upper(), "path": path, "parameters": [], "description": "", **methods[method]}
            subjects.setdefault(str(told["tags"][0]), []).append({**told, "curl": _curl(told)})
    return list(subjects.items())


def _curl(operation: dict[str, Any]) -> str:
    """Return the command that calls *operation*; what stands in braces or begins with ``$`` is the reader's."""
    parts = ["curl"]
    if operation["method"] != "GET":
        parts.append(f"-X {operation['method']}")
    if operation["security"]:
        parts.append('-H "Authorization: Bearer $KEY"')
    if "requestBody" in operation:
        (kind, *_) = operation["requestBody"]["content"]
        parts += [f'-H "Content-Type: {kind}"', "--data-binary @FILE"]
    return " ".join([*parts, f'"$ORDERGATE{operation["path"]}"'])


async def api(request: web.Request) -> web.Response:
    """Show what the API can do."""
    visitor = await visitor_of(request)
    subjects = operations(with_sandbox=request.app[SETTINGS].sandbox)
    return page(request, visitor, "api.html", subjects=subjects)
