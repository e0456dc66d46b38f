"""The confirmation of an order: preview, document, note, attached files."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from core.reporting.version import version_of
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.confirmation import (
    AcceptHeader,
    AttachmentPath,
    AttachQuery,
    ConfirmationQuery,
    ConfirmationShape,
    EnclosedShape,
    NoteBody,
)
from gateway.web.shapes.order import NumberPath

routes = Contract("confirmations")

#: the largest body: the most that a file may have, and a byte, so that the refusal names the limit
_FILE_LIMIT: Final = 5 * 1024 * 1024 + 1
#: the page holds what buyers wrote: it may style itself and nothing else
PAGE_POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@routes.get(
    "/api/v1/orders/{number}/confirmation",
    answers={200: (ConfirmationShape, "text/html", "application/pdf")},
    refusals=(404, 409),
)
async def order_confirmation(
    call: Call, *, path: NumberPath, query: ConfirmationQuery, headers: AcceptHeader
) -> Answer | web.Response:
    """The confirmation of an order: subject, text, page, template and the rule that chose it.

    With `preview=1` also of an order under review: what it would get if its holds were lifted, written by the very
    functions that confirm it, and undone; a key of a partner sees what was confirmed only.
    `Accept: application/pdf` gives the document, `text/html` the page.
    """
    desk = call.operations.confirmation_desk
    if headers.form == "pdf":
        name, content = await call.run(
            desk.document, path.number, preview=query.preview, language=query.language, partner=call.partner
        )
        told = {"Content-Disposition": f'inline; filename="{name}"'}
        return web.Response(body=content, content_type="application/pdf", headers=told)
    found = await call.run(
        desk.confirmation, path.number, preview=query.preview, language=query.language, partner=call.partner
    )
    if headers.form == "html":
        told = {"Content-Security-Policy": PAGE_POLICY, "Content-Language": found["language"]}
        return web.Response(text=found["html"], content_type="text/html", headers=told)
    return Answer(found)


@routes.get("/api/v1/orders/{number}/confirmation/enclosed", answers={200: EnclosedShape})
async def confirmation_enclosed(call: Call, *, path: NumberPath) -> Answer:
    """The note and the files that go with the confirmation of the present revision.

    Its ETag is wanted by whoever sets the note.
    """
    found = await call.run(call.operations.confirmation_desk.enclosed, path.number, partner=call.partner)
    return Answer(found, etag=version_of(found))


@routes.put(
    "/api/v1/orders/{number}/confirmation/notes",
    scope="operate",
    answers={200: EnclosedShape},
    refusals=(404, 409, 412, 428),
    house_only=True,
)
async def note_confirmation(call: Call, *, path: NumberPath, body: NoteBody) -> Answer:
    """Set the note for the buyer, in the document and in ORDRSP. 409 once the confirmation has left.

    If-Match has the ETag of what was enclosed so far.
    """
    act, who = call.operations.confirmation_desk.note, call.principal.name
    found = await call.run(act, path.number, body.text, actor=who, expect=call.expect)
    return Answer(found, etag=version_of(found))


@routes.post(
    "/api/v1/orders/{number}/confirmation/attachments",
    scope="operate",
    answers={201: EnclosedShape},
    refusals=(404, 409),
    house_only=True,
    body_limit=_FILE_LIMIT,
)
async def attach_to_confirmation(call: Call, *, path: NumberPath, query: AttachQuery, body: bytes) -> Answer:
    """Attach a file, its bytes as the body. 409 once the confirmation has left, or when one has its name."""
    desk = call.operations.confirmation_desk
    found = await call.run(desk.attach, path.number, query.name, query.media_type, body, actor=call.principal.name)
    return Answer(found, 201)


@routes.delete(
    "/api/v1/orders/{number}/confirmation/attachments/{attachment}",
    scope="operate",
    answers={200: EnclosedShape},
    refusals=(404, 409),
    house_only=True,
)
async def detach_from_confirmation(call: Call, *, path: AttachmentPath) -> Answer:
    """Take an attached file away. 409 once the confirmation has left."""
    desk = call.operations.confirmation_desk
    return Answer(await call.run(desk.detach, path.number, path.attachment, actor=call.principal.name))
