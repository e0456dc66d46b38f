"""The first page: documents and orders as they come, counts, and what needs a person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from pydantic import ValidationError

from gateway.console.access import visitor_of
from gateway.console.counts import COUNTS, Counts
from gateway.console.fragments import Fragment
from gateway.console.rendering import page, render
from gateway.web.call import STORE, VIEWS
from gateway.web.ports import Json, Views
from gateway.web.shapes.order import OrdersQuery

ROWS: Final = 30

#: the filters over the list of orders, by the state they ask for
ORDER_FILTERS: Final = (
    ("All", ""), ("Held", "held"), ("Confirmed", "confirmed"), ("Shipped", "shipped"), ("Delivered", "delivered"),
    ("Invoiced", "invoiced"),
)  # fmt: skip


def asked(parameters: Mapping[str, str]) -> OrdersQuery:
    """Return the filter that an address holds; one that cannot be asks for everything."""
    known = {name: value for name, value in parameters.items() if name in ("state", "partner", "q", "cursor") and value}
    try:
        return OrdersQuery.model_validate({**known, "limit": ROWS})
    except ValidationError:
        return OrdersQuery.model_validate({"limit": ROWS})


def look(views: Views, tx: Any, query: OrdersQuery, partner: str | None, counts: Counts) -> Json:
    """Return everything the page shows, of one snapshot."""
    partner = partner or query.partner
    documents = views.documents(tx, partner=partner, direction="in", limit=ROWS)
    return {
        "orders": views.orders(
            tx, state=query.state, partner=partner, q=query.q, cursor=query.cursor, limit=query.limit
        ),
        "documents": documents,
        # Rows of that day say the time only.
        "newest_day": documents["items"][0]["received_at"][:10] if documents["items"] else "",
        "counts": None if partner else counts.of(views, tx),
        "alerts": [] if partner else views.alerts(tx),
    }


def fragments(shown: Json) -> list[Fragment]:
    """Return the live parts of the page, oldest row first so that the newest lands on top."""
    rows = [
        Fragment(f"order-{order['number']}", render("_order_row.html", order=order))
        for order in reversed(shown["orders"]["items"])
    ]
    rows += [
        Fragment(
            f"document-{document['id']}",
            render("_document_row.html", document=document, newest_day=shown["newest_day"]),
        )
        for document in reversed(shown["documents"]["items"])
    ]
    return [
        Fragment("counts", render("_counts.html", counts=shown["counts"])),
        Fragment("alerts", render("_alerts.html", alerts=shown["alerts"])),
        *rows,
    ]


async def home(request: web.Request) -> web.Response:
    """Show the first page."""
    visitor = await visitor_of(request)
    query = asked(request.query)
    views, counts = request.app[VIEWS], request.app[COUNTS]
    shown = await asyncio.to_thread(request.app[STORE].read, lambda tx: look(views, tx, query, visitor.partner, counts))
    kept = {name: value for name, value in (("q", query.q), ("partner", query.partner)) if value}
    filters = [
        (name, f"/?{urlencode({**kept, **({'state': state} if state else {})})}", (query.state or "") == state)
        for name, state in ORDER_FILTERS
    ]
    state = {"state": query.state} if query.state else {}
    return page(
        request,
        visitor,
        "home.html",
        shown=visitor.principal.shown(shown),
        query=query,
        filters=filters,
        # An older page stands still: what is new belongs to the first.
        live="" if query.cursor else f"/live?{urlencode({**kept, **state})}",
        older=f"/?{urlencode({**kept, **state, 'cursor': shown['orders']['next']})}" if shown["orders"]["next"] else "",
        rows=ROWS,
    )
