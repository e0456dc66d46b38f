"""Our own style sheet, script modules and icon."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from gateway.console.rendering import STATIC

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def static_file(request: web.Request) -> web.Response:
    """Answer one of the files that lie in ``static``; any other name is not found."""
    name = request.match_info["name"]
    if name not in {file.name for file in STATIC.iterdir()}:
        raise web.HTTPNotFound
    path = STATIC / name
    return web.Response(
        body=path.read_bytes(),
        content_type=_TYPES[path.suffix],
        charset="utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"},
    )
