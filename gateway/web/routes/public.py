"""What the links of notices open, for whoever holds one: the confirmation and the way of the goods (CNF-10, CNF-18).

A token is all the right that is needed; it opens one order and expires. A page that was fetched proves nothing: mail
programs and scanners fetch links by themselves. What counts as seen is the picture in the page, which a browser loads
that shows it to somebody, and the button under it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

from aiohttp import web

from core.errors import NotFound
from core.texts.tracking_words import told_where
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract, HandlerResult
from gateway.web.languages import language_of
from gateway.web.limits import charge_failure, charge_visit
from gateway.web.shapes.notices import ConfirmedShape, TokenPath, TrackShape

Json = dict[str, Any]
T = TypeVar("T")

routes = Contract("public")


class PublicPage(Protocol):
    """Shows what a link opens to a person."""

    def __call__(self, request: web.Request, page: str, facts: Json) -> web.Response:
        """Return the page."""
        ...


#: under which all of them lie
PUBLIC: Final = "/public/"
#: set by the console
PUBLIC_PAGE: Final = web.AppKey("PUBLIC_PAGE", PublicPage)

HTML: Final = "text/html"
_JSON: Final = "application/json"
#: one transparent point
_POINT: Final = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
#: on every answer: the address holds the token, so it goes nowhere else and into no index
PRIVATE: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@routes.get("/public/track/{token}", scope=None, answers={200: (TrackShape, HTML)}, refusals=(404, 429))
async def track(call: Call, *, path: TokenPath) -> HandlerResult:
    """Where an order is, for whoever holds the link of a notice: its status, its days and its shipments."""
    return await _shown(call, "track", call.operations.notice_desk.tracked, path.token)


@routes.get("/public/confirmations/{token}", scope=None, answers={200: (ConfirmedShape, HTML)}, refusals=(404, 429))
async def confirmation(call: Call, *, path: TokenPath) -> HandlerResult:
    """The confirmation of an order, for whoever holds its link. Fetching it does not mark it as seen."""
    return await _shown(call, "confirmation", call.operations.notice_desk.confirmed, path.token)


@routes.get("/public/confirmations/{token}/seen.gif", scope=None, answers={200: "image/gif"}, refusals=(404, 429))
async def confirmation_seen(call: Call, *, path: TokenPath) -> web.Response:
    """The picture in the page of a confirmation: a browser that shows it marks the confirmation as seen."""
    charge_visit(call.request)
    asks_ahead = "prefetch" in call.request.headers.get("Sec-Purpose", call.request.headers.get("Purpose", ""))
    if call.request.method == "GET" and not asks_ahead:
        await _found(call, call.operations.notice_desk.saw, path.token, "page")
    return web.Response(body=_POINT, content_type="image/gif", headers=PRIVATE)


async def _shown(call: Call, page: str, act: Callable[[str], Json], token: str) -> HandlerResult:
    charge_visit(call.request)
    show = call.request.app.get(PUBLIC_PAGE)
    wanted = _JSON if show is None else call.wanted(_JSON, HTML)
    facts = told_where(await _found(call, act, token), language_of(call.request))
    if show is None or wanted == _JSON:
        return Answer(facts, headers=PRIVATE)
    return show(call.request, page, facts)


async def _found(call: Call, act: Callable[..., T], *arguments: str) -> T:
    try:
        return await call.run(act, *arguments)
    except NotFound:
        charge_failure(call.request)  # so that nobody tries tokens for long
        raise
