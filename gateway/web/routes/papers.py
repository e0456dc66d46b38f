"""Mail and fax: what came, what was read of every field, and the picture of its page."""

from __future__ import annotations

import hashlib

from aiohttp import web

from gateway.web.call import Call, etags
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import LanguageHeader, Page
from gateway.web.shapes.papers import PagePath, PageQuery, PaperDetail, PaperPath, PaperShape, PapersQuery

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
