"""Maps of columns that are kept under a name, each change a version."""

from __future__ import annotations

from core.errors import NotFound
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.imports import MapOwnerQuery, MapPath, MapRequest, MapShape, MapsQuery

routes = Contract("imports")


@routes.get("/api/v1/import-maps", answers={200: Page[MapShape]})
async def import_maps(call: Call, *, query: MapsQuery) -> Answer:
    """Maps by their name; of a partner: its own and those of the house."""
    partner = call.partner_asked(query.partner)
    desk = call.operations.import_desk
    return Answer(await call.run(desk.maps, partner=partner, cursor=query.cursor, limit=query.limit))


@routes.get("/api/v1/import-maps/{name}", answers={200: MapShape})
async def import_map(call: Call, *, path: MapPath, query: MapOwnerQuery) -> Answer:
    """The map by which a file of that name is read: the partner's own, or else the house's."""
    partner = call.partner_asked(query.partner)
    found = await call.run(call.operations.import_desk.map_in_force, path.name, partner)
    return Answer(found, etag=str(found["version"]))


@routes.put(
    "/api/v1/import-maps/{name}", scope="submit", answers={200: MapShape, 201: MapShape}, refusals=(400, 409, 412, 428)
)
async def keep_import_map(call: Call, *, path: MapPath, query: MapOwnerQuery, body: MapRequest) -> Answer:
    """Keep a map under a name, or say it anew as its next version.

    Where there is one, send its ETag in `If-Match`. A partner's key keeps that partner's own. Imports go on by the
    version that they were sent with.
    """
    owner, desk = call.partner_asked(query.partner) or "", call.operations.import_desk
    seen = await _version_to_change(call, path.name, owner)
    kept = await call.run(desk.put_map, path.name, body.map, owner=owner, seen=seen, actor=call.principal.name)
    return Answer(kept, 201 if seen is None else 200, etag=str(kept["version"]))


@routes.delete("/api/v1/import-maps/{name}", scope="submit", answers={204: ""}, refusals=(412, 428))
async def remove_import_map(call: Call, *, path: MapPath, query: MapOwnerQuery) -> Answer:
    """Remove a map; imports that were sent with it go on."""
    owner, desk = call.partner_asked(query.partner) or "", call.operations.import_desk
    seen = await _version_to_change(call, path.name, owner)
    if seen is None:
        raise NotFound(f"there is no map {path.name}")
    await call.run(desk.remove_map, path.name, owner=owner, seen=seen, actor=call.principal.name)
    return Answer(None, 204)


async def _version_to_change(call: Call, name: str, owner: str) -> int | None:
    """Return the version that is there, which the caller has read; None where there is none."""
    try:
        found = await call.run(call.operations.import_desk.map, name, owner=owner)
    except NotFound:
        return None
    call.expect_version(str(found["version"]))
    return int(found["version"])
