"""Files of orders: sent and kept, placed in the background, watched row by row."""

from __future__ import annotations

from aiohttp import web

from core.ordering.flows import ORDER_TYPES
from gateway.imports.desk import Sender
from gateway.imports.results import csv_pieces
from gateway.web.body import BodyStream
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract, HandlerResult
from gateway.web.once import REPLAYED
from gateway.web.shapes.common import Page
from gateway.web.shapes.imports import FileImportShape, ImportPath, ImportRowShape, ImportsQuery, RowsQuery, UploadQuery
from gateway.web.shapes.order import Empty, IdempotencyHeader

routes = Contract("imports")

CSV = "text/csv"
#: bytes of one file
LARGEST_FILE = 64 * 1024 * 1024
#: bytes that are written at once
_PIECE = 1024 * 1024


@routes.post(
    "/api/v1/imports", scope="submit", answers={202: FileImportShape}, refusals=(404, 507), body_limit=LARGEST_FILE
)
async def send_import(call: Call, *, query: UploadQuery, headers: IdempotencyHeader, body: BodyStream) -> Answer:
    """Send a CSV file or a workbook (XLSX, XLS, ODS) whose orders are placed in the background.

    202 says that the file is kept: it is read and its orders are placed whatever happens to the service, each once.
    `Location` is the import, which tells how far it is. The same file under the same Idempotency-Key is the same
    import, however far that is by now.
    """
    desk, partner = call.operations.import_desk, call.partner_asked(query.partner)
    columns = await call.run(desk.map_in_force, query.map, partner)
    writer = await call.run(desk.writer)
    try:
        piece = bytearray()
        async for part in body.pieces():
            piece += part
            if len(piece) >= _PIECE:
                await call.run(writer.write, bytes(piece))
                piece.clear()
        await call.run(writer.write, bytes(piece))
        sha256 = await call.run(writer.keep)
    finally:
        writer.discard()
    made, before = await call.run(
        desk.create,
        (sha256, writer.size),
        query.filename,
        columns["map"],
        sender_of(call, partner),
        map_name=query.map,
        map_version=columns["version"],
        dry_run=query.dry_run,
        key=headers.key,
    )
    return accepted(made, replayed=before)


def sender_of(call: Call, partner: str | None) -> Sender:
    """Return who sends a file, and what may be entered in its name."""
    principal = call.principal
    types = frozenset(one for one in ORDER_TYPES if principal.may_order(one))
    return Sender(
        actor=principal.name,
        owner=principal.key,
        partner=partner,
        bound=principal.partner is not None,
        units=principal.units,
        order_types=None if principal.roles is None else types,
    )


def accepted(made: dict[str, object], *, replayed: bool) -> Answer:
    """Return that an import is kept and where it is told of."""
    headers = {"Location": f"/api/v1/imports/{made['id']}", "Retry-After": "1"}
    return Answer(made, 202, headers | ({REPLAYED: "true"} if replayed else {}))


@routes.get("/api/v1/imports", answers={200: Page[FileImportShape]})
async def file_imports(call: Call, *, query: ImportsQuery) -> Answer:
    """Imports, the newest first; they are kept for 30 days after their end.

    A partner's key sees what the keys of that partner sent; a file that the house sends may name several partners.
    """
    partner = call.partner_asked(query.partner)
    desk = call.operations.import_desk
    found = await call.run(
        desk.page, partner=partner, own=call.partner is not None, state=query.state, cursor=query.cursor,
        limit=query.limit,
    )  # fmt: skip
    return Answer(found)


@routes.get("/api/v1/imports/{id}", answers={200: FileImportShape})
async def file_import(call: Call, *, path: ImportPath) -> Answer:
    """One import: its state, and how many rows and orders were read, placed, held and refused."""
    return Answer(await call.run(call.operations.import_desk.get, int(path.id), partner=call.partner))


@routes.get("/api/v1/imports/{id}/rows", answers={200: Page[ImportRowShape]})
async def import_rows(call: Call, *, path: ImportPath, query: RowsQuery) -> Answer:
    """The rows of a file in their sequence, each with the number of its order or what is wrong, by cell."""
    found = await call.run(
        call.operations.import_desk.rows,
        int(path.id),
        partner=call.partner,
        status=query.status,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.get("/api/v1/imports/{id}/results", answers={200: CSV}, streams=True)
async def import_results(call: Call, *, path: ImportPath) -> HandlerResult:
    """The file as CSV with what became of each row beside it: status, number, holds and faults by cell.

    What a spreadsheet would run as a formula gets an apostrophe before it.
    """
    desk = call.operations.import_desk
    found, titles, rows = await call.run(desk.results, int(path.id), partner=call.partner)
    answer = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="import-{found["id"]}.csv"'})
    answer.content_type, answer.charset = CSV, "utf-8"
    await answer.prepare(call.request)
    pieces = csv_pieces(titles, rows)
    while (piece := await call.run(next, pieces, None)) is not None:
        await answer.write(piece)
    await answer.write_eof()
    return answer


@routes.post("/api/v1/imports/{id}/pause", scope="submit", answers={200: FileImportShape}, refusals=(409,))
async def pause_import(call: Call, *, path: ImportPath, body: Empty) -> Answer:
    """Let an import rest; what is placed stays, and it goes on when it is resumed."""
    del body  # nothing can be said, but it must be JSON
    return Answer(await call.run(call.operations.import_desk.pause, int(path.id), partner=call.partner))


@routes.post("/api/v1/imports/{id}/resume", scope="submit", answers={200: FileImportShape}, refusals=(409,))
async def resume_import(call: Call, *, path: ImportPath, body: Empty) -> Answer:
    """Go on with an import that is paused or failed; orders that the system itself failed on are tried again."""
    del body
    return Answer(await call.run(call.operations.import_desk.resume, int(path.id), partner=call.partner))


@routes.post("/api/v1/imports/{id}/cancel", scope="submit", answers={200: FileImportShape}, refusals=(409,))
async def cancel_import(call: Call, *, path: ImportPath, body: Empty) -> Answer:
    """End an import: what is placed stays, as `placed` and `held` say, and nothing more is placed."""
    del body
    return Answer(await call.run(call.operations.import_desk.cancel, int(path.id), partner=call.partner))
