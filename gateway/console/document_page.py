"""One document: the bytes as the partner sent them, what we found in them, and what we answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from aiohttp import web

from core.errors import NotFound
from gateway.console.access import visitor_of
from gateway.console.edi_view import Remark, arrange
from gateway.console.rendering import page
from gateway.web.call import OPERATIONS, STORE, VIEWS
from gateway.web.ports import Json, Operations, Views
from gateway.web.routes.documents import raw_response

#: the fields that a hold is about, most telling first; ``{line}`` is the line as sent
_FIELDS: Final = {
    "price": ("lines.{line}.price",),
    "margin": ("lines.{line}.price",),
    "discount": ("lines.{line}.price",),
    "item": ("lines.{line}.gtin", "lines.{line}.buyer_code", "lines.{line}.supplier_code"),
    "stock": ("lines.{line}.quantity",),
    "date": ("lines.{line}.requested_date", "requested_date"),
    "customer": ("buyer", "buyer.gln"),
}
_MAX_ORDERS: Final = 5
_MAX_UNMAPPED: Final = 100
_PLAIN_LIMIT: Final = 20_000


def fields_of(hold: Json) -> list[str]:
    """Return the document fields that *hold* may be about."""
    templates = _FIELDS.get(hold["code"].partition(".")[0], ())
    return [field.format(line=hold["line"]) for field in templates if hold["line"] is not None or "{line}" not in field]


def look(views: Views, tx: Any, document_id: str, partner: str | None) -> tuple[Json, list[Json]]:
    """Return the document and the orders made from it, of one snapshot.

    Raises:
        NotFound: no such document, or another partner's.
    """
    document = views.document(tx, document_id, partner)
    return document, [views.order(tx, number, partner) for number in document["orders"][:_MAX_ORDERS]]


def remarks_of(operations: Operations, document: Json, orders: list[Json]) -> Iterator[Remark]:
    """Yield the violations of the document, then the open holds of its orders where their field was read from."""
    for violation in document["violations"]:
        yield Remark(
            kind="error" if violation["severity"] == "error" else "warning",
            code=violation["code"],
            message=violation["message"],
            hint=violation["hint"],
            offset=violation["offset"],
            length=len((violation["value"] or "").encode()),
            segment=violation["segment"],
        )
    if document["direction"] == "out":
        return
    for order in orders:
        for ordinal, hold in enumerate(order["holds"], 1):
            place = _locate(operations, order["number"], document["id"], hold)
            yield Remark(
                kind="hold",
                code=hold["code"],
                message=hold["reason"],
                hint=f"Solved by {hold['release_when']}." if hold["release_when"] else "",
                offset=place["offset"] if place else None,
                length=place["length"] if place else 0,
                inputs=hold["inputs"],
                order=order["number"] if ordinal == len(order["holds"]) else "",
            )


def _locate(operations: Operations, number: str, document_id: str, hold: Json) -> Json | None:
    for field in fields_of(hold):
        try:
            place = operations.source(number, field)
        except NotFound:
            continue  # the partner did not send that field; the next one may tell
        if place["kind"] == "edifact" and place["document_id"] == document_id:
            return place
    return None


async def document(request: web.Request) -> web.Response:
    """Show one document."""
    visitor = await visitor_of(request)
    document_id = request.match_info["id"]
    views, operations, store = request.app[VIEWS], request.app[OPERATIONS], request.app[STORE]

    def gather() -> Json:
        found, orders = visitor.principal.shown(store.read(lambda tx: look(views, tx, document_id, visitor.partner)))
        content = operations.raw(document_id, partner=visitor.partner)
        segments = operations.segments(document_id)
        unmapped = operations.unmapped(document_id, partner=visitor.partner, limit=_MAX_UNMAPPED)
        remarks = list(remarks_of(operations, found, orders))
        plain = "" if segments else content[:_PLAIN_LIMIT].decode("utf-8", "replace")
        return {
            "document": found,
            "held": any(order["holds"] for order in orders),
            "view": arrange(content, segments, remarks),
            "unmapped": unmapped["items"],
            "more_unmapped": unmapped["next"] is not None,
            "plain": plain,
            "size": len(content),
            "shortened": max(0, len(content) - _PLAIN_LIMIT),
        }

    return page(request, visitor, "document.html", **await asyncio.to_thread(gather))


async def document_raw(request: web.Request) -> web.Response:
    """Download the bytes."""
    visitor = await visitor_of(request)
    document_id = request.match_info["id"]
    content = await asyncio.to_thread(request.app[OPERATIONS].raw, document_id, partner=visitor.partner)
    return raw_response(document_id, content)
