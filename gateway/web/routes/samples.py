"""Samples of orders on paper: read once more by somebody who does not see what was read, to measure the error."""

from __future__ import annotations

import hashlib

from aiohttp import web

from gateway.web.call import Call, etags
from gateway.web.contract import Answer, Contract
from gateway.web.routes.papers import PNG
from gateway.web.shapes.common import Page
from gateway.web.shapes.samples import (
    AnswerSampleRequest,
    SampleDetail,
    SamplePagePath,
    SamplePath,
    SampleShape,
    SamplesQuery,
    SettleSampleRequest,
)

routes = Contract("papers")

BYTES = "application/octet-stream"


@routes.get("/api/v1/paper-samples", answers={200: Page[SampleShape]}, house_only=True)
async def paper_samples(call: Call, *, query: SamplesQuery) -> Answer:
    """Orders that were drawn to be read once more, newest first; whose they are is told once they are answered."""
    found = await call.run(
        call.operations.sample_desk.samples,
        state=query.state,
        paper_class=query.paper_class,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.get("/api/v1/paper-samples/{id}", answers={200: SampleDetail}, house_only=True)
async def paper_sample(call: Call, *, path: SamplePath) -> Answer:
    """One sample: the fields that are asked, and once they are answered what differs.

    Before, nothing of what was read is told, nor which order it became.
    """
    found = await call.run(call.operations.sample_desk.sample, path.id)
    return Answer(found, etag=str(found["version"]))


@routes.get("/api/v1/paper-samples/{id}/pages/{page}", answers={200: PNG}, house_only=True)
async def paper_sample_page(call: Call, *, path: SamplePagePath) -> web.Response:
    """A page of the paper as a picture of ours; 404 `paper.no_picture` where there is none."""
    content = await call.run(call.operations.sample_desk.picture, path.id, path.page)
    return _kept(call, content, PNG)


@routes.get("/api/v1/paper-samples/{id}/file", answers={200: BYTES}, house_only=True)
async def paper_sample_file(call: Call, *, path: SamplePath) -> web.Response:
    """The file itself, where it is a table or the words of a mail: those have no pages.

    It is as a stranger sent it: save it and open it as a text.
    """
    content = await call.run(call.operations.sample_desk.file, path.id)
    return _kept(call, content, BYTES, {"Content-Disposition": f'attachment; filename="sample-{path.id}"'})


@routes.post(
    "/api/v1/paper-samples/{id}/answers",
    scope="operate",
    answers={200: SampleDetail},
    refusals=(409, 412, 428),
    house_only=True,
)
async def answer_paper_sample(call: Call, *, path: SamplePath, body: AnswerSampleRequest) -> Answer:
    """Say what stands on the paper, field by field. It is compared with what was read, and cannot be said twice."""
    desk, version = call.operations.sample_desk, await _version_to_change(call, path)
    told = await call.run(desk.answer, path.id, body.fields, seen=version, actor=call.principal.name)
    return Answer(told, etag=str(told["version"]))


@routes.post(
    "/api/v1/paper-samples/{id}/verdicts",
    scope="operate",
    answers={200: SampleDetail},
    refusals=(409, 412, 428),
    house_only=True,
)
async def settle_paper_sample(call: Call, *, path: SamplePath, body: SettleSampleRequest) -> Answer:
    """Decide who was wrong in each field that differs; whoever typed it may not.

    Where it was the reader and the order is neither declined, cancelled nor archived, sales get an alert and a task,
    `paper.misread`.
    """
    desk, version = call.operations.sample_desk, await _version_to_change(call, path)
    told = await call.run(
        desk.settle, path.id, body.verdicts, reason=body.reason, seen=version, actor=call.principal.name
    )
    return Answer(told, etag=str(told["version"]))


async def _version_to_change(call: Call, path: SamplePath) -> int:
    found = await call.run(call.operations.sample_desk.sample, path.id)
    call.expect_version(str(found["version"]))
    return int(found["version"])


def _kept(call: Call, content: bytes, kind: str, more: dict[str, str] | None = None) -> web.Response:
    """Return bytes that never change, whose SHA-256 is their ETag."""
    etag = hashlib.sha256(content).hexdigest()
    headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache", **(more or {})}
    if {"*", etag} & etags(call.request, "If-None-Match"):
        return web.Response(status=304, headers=headers)
    return web.Response(body=content, content_type=kind, headers=headers)
