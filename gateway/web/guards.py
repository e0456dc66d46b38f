"""What every answer carries and every request must satisfy before any handler sees it."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from gateway.web.problems import Handler

#: everything from ourselves, nothing inline, nowhere framed
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Server": "ordergate",
}


async def set_security_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to every answer, streams and errors included (signal ``on_response_prepare``)."""
    for name, value in HEADERS.items():
        if name == "Server" or name not in response.headers:
            response.headers[name] = value


@web.middleware
async def control_character_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer that nothing lies under a path with control characters, before anything looks it up."""
    if any(ord(character) < 0x20 or character == "\x7f" for character in request.path):
        raise web.HTTPNotFound
    return await handler(request)
