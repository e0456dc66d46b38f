"""Documents: hand one in, list, read, its raw bytes, run it again."""

from __future__ import annotations

from aiohttp import web

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import LanguageHeader, Page, Paging
from gateway.web.shapes.document import (
    CheckShape,
    DocumentDetail,
    DocumentPath,
    DocumentShape,
    DocumentsQuery,
    IntakeQuery,
    IntakeShape,
    ReplayRequest,
    ResendRequest,
    UnmappedShape,
)

routes = Contract("documents")


@routes.post("/api/v1/documents", scope="submit", answers={202: IntakeShape, 200: CheckShape}, refusals=(404,))
async def take_document(call: Call, *, query: IntakeQuery, headers: LanguageHeader, body: bytes) -> Answer:
    """Hand in a file as it is: EDIFACT or any other format that a decoder knows.

    202 says that the bytes are kept and nothing of them will be lost; each document has its own outcome. A dry
    run answers 200 with every verdict, the orders it would make and the replies it would send, and writes nothing.
    """
    taken = await call.run(
        call.operations.intake,
        body,
        channel=query.channel,
        partner=call.partner_asked(query.partner),
        origin=f"api:{call.principal.name}",
        dry_run=query.dry_run,
        language=headers.language,
    )
    return Answer(taken, 200, headers.answered) if query.dry_run else Answer(taken, 202)


@routes.get("/api/v1/documents", answers={200: Page[DocumentShape]})
async def documents(call: Call, *, query: DocumentsQuery) -> Answer:
    """Documents, newest first."""
    return Answer(
        await call.read(
            call.views.documents,
            partner=call.partner_asked(query.partner),
            direction=query.direction,
            outcome=query.outcome,
            type=query.type,
            since=query.since,
            cursor=query.cursor,
            limit=query.limit,
        )
    )


@routes.get("/api/v1/documents/{id}", answers={200: DocumentDetail})
async def document(call: Call, *, path: DocumentPath, headers: LanguageHeader) -> Answer:
    """One document with every violation that was found in it."""
    found = await call.read(call.views.document, path.id, call.partner, language=headers.language)
    return Answer(found, headers=headers.answered)


@routes.get("/api/v1/documents/{id}/raw", answers={200: "text/plain"})
async def document_raw(call: Call, *, path: DocumentPath) -> web.Response:
    """The bytes as they were received or sent, as a download."""
    content = await call.run(call.operations.raw, path.id, partner=call.partner)
    return raw_response(path.id, content)


@routes.get("/api/v1/documents/{id}/unmapped", answers={200: Page[UnmappedShape]})
async def document_unmapped(call: Call, *, path: DocumentPath, query: Paging) -> Answer:
    """What a received document says and no field of it takes, in the order of its bytes.

    It is found by reading the kept bytes again, so nothing that a partner sends is dropped silently. Empty for a
    document of ours.
    """
    act = call.operations.unmapped
    return Answer(await call.run(act, path.id, partner=call.partner, cursor=query.cursor, limit=query.limit))


def raw_response(document_id: str, content: bytes) -> web.Response:
    """Return foreign bytes so that no browser runs them: plain text, never sniffed, always a download."""
    headers = {"Content-Type": "text/plain", "Content-Disposition": f'attachment; filename="{document_id}.txt"'}
    return web.Response(body=content, headers=headers)


@routes.post(
    "/api/v1/documents/{id}/replay", scope="operate", answers={200: DocumentDetail}, refusals=(409,), house_only=True
)
async def replay_document(call: Call, *, path: DocumentPath, body: ReplayRequest) -> Answer:
    """Run a kept document again, such as one that was parked until its partner was known."""
    act = call.operations.replay
    return Answer(await call.run(act, path.id, actor=call.principal.name, reason=body.reason))


@routes.post(
    "/api/v1/documents/{id}/resend", scope="operate", answers={200: DocumentDetail}, refusals=(409,), house_only=True
)
async def resend_document(call: Call, *, path: DocumentPath, body: ResendRequest) -> Answer:
    """Send a document of ours once more.

    It leaves with the same bytes and references, and with it everything in its interchange; `reissue` renders all of
    that anew under new references, and the answer is the new document.
    """
    act = call.operations.resend
    return Answer(await call.run(act, path.id, actor=call.principal.name, reissue=body.reissue, reason=body.reason))
