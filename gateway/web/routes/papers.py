"""Mail and fax: what came, what was read of every field, and the picture of its page."""

from __future__ import annotations

import hashlib

from aiohttp import web

from gateway.web.call import Call, etags
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import LanguageHeader, Page
from gateway.web.shapes.order import Empty
from gateway.web.shapes.papers import (
    LessonPath,
    LessonShape,
    LessonsQuery,
    PagePath,
    PageQuery,
    PaperDetail,
    PaperPath,
    PaperShape,
    PapersQuery,
    RevokeLessonRequest,
)

routes = Contract("papers")

PNG = "image/png"


@routes.get("/api/v1/papers", answers={200: Page[PaperShape]}, house_only=True)
async def papers(call: Call, *, query: PapersQuery, headers: LanguageHeader) -> Answer:
    """What came by mail and fax, newest first, with what each part became."""
    found = await call.run(
        call.operations.paper_desk.papers,
        state=query.state,
        transport=query.transport,
        became=query.became,
        partner=query.partner,
        since=query.since,
        language=headers.language,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found, headers=headers.answered)


@routes.get("/api/v1/papers/{id}", answers={200: PaperDetail}, house_only=True)
async def paper(call: Call, *, path: PaperPath, headers: LanguageHeader) -> Answer:
    """One paper: of every field its value, page, box and evidence, or the doubt and every way to read it."""
    found = await call.run(call.operations.paper_desk.paper, path.id, language=headers.language)
    return Answer(found, headers=headers.answered)


@routes.post("/api/v1/papers/{id}/ask", scope="submit", answers={200: PaperDetail}, refusals=(409,), house_only=True)
async def ask_sender(call: Call, *, path: PaperPath, body: Empty, headers: LanguageHeader) -> Answer:
    """Ask the sender of a mail, by mail and once, what is still open of its drafts.

    What a person settled is left out. 409 where it was asked before, where nothing is open that a sender could say, and
    where there is nobody whom it may be put to: a fax, a machine, a sender who is not known to be the customer's.
    """
    del body  # nothing can be said, but it must be JSON
    act = call.operations.paper_desk.ask
    asked = await call.run(act, path.id, actor=call.principal.name, language=headers.language)
    return Answer(asked, headers=headers.answered)


@routes.get("/api/v1/papers/{id}/parts/{part}/pages/{page}", answers={200: PNG}, house_only=True)
async def paper_page(call: Call, *, path: PagePath, query: PageQuery) -> web.Response:
    """A page as a picture, or the place on it where a field was read.

    A PDF is drawn, a picture is shown; the answer is always a PNG of ours, whose SHA-256 is its ETag. 404
    `paper.no_picture` says that there is none: of a sheet, a text, HTML, a page that is not there or that is damaged.
    """
    content = await call.run(call.operations.paper_desk.picture, path.id, path.part, path.page, field=query.field)
    etag = hashlib.sha256(content).hexdigest()
    headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
    if {"*", etag} & etags(call.request, "If-None-Match"):
        return web.Response(status=304, headers=headers)
    return web.Response(body=content, content_type=PNG, headers=headers)


@routes.get("/api/v1/paper-memory", answers={200: Page[LessonShape]}, house_only=True)
async def paper_memory(call: Call, *, query: LessonsQuery, headers: LanguageHeader) -> Answer:
    """What confirmed orders taught about the papers of a customer, newest first.

    The form of its order numbers proves one that was read from a picture, a sender names the customer, its own codes
    name items, and goods go to addresses that a person confirmed. Each was tried on the stored papers of the customer
    before: one that reads a paper otherwise than its order says is refused. One that a later order contradicts is not
    used any more.
    """
    found = await call.run(
        call.operations.paper_desk.lessons,
        partner=query.partner,
        state=query.state,
        language=headers.language,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found, headers=headers.answered)


@routes.post(
    "/api/v1/paper-memory/{id}/revoke", scope="operate", answers={200: LessonShape}, refusals=(409,), house_only=True
)
async def revoke_paper_memory(
    call: Call, *, path: LessonPath, body: RevokeLessonRequest, headers: LanguageHeader
) -> Answer:
    """Forget something for good: it proves nothing any more, and is not learned again."""
    act = call.operations.paper_desk.revoke
    actor, language = call.principal.name, headers.language
    return Answer(
        await call.run(act, int(path.id), reason=body.reason, actor=actor, language=language), headers=headers.answered
    )
