"""Keys and refused calls, for who administers the house."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.access import KeyPath, KeyShape, RefusedCallsShape
from gateway.web.shapes.common import Page, Paging

routes = Contract("access")


@routes.get("/api/v1/keys", scope="admin", answers={200: Page[KeyShape]}, house_only=True)
async def keys(call: Call, *, query: Paging) -> Answer:
    """API keys, the oldest first: whose they are, what they may do, when they expire and were last used."""
    return Answer(await call.run(call.operations.access_desk.keys, cursor=query.cursor, limit=query.limit))


@routes.post("/api/v1/keys/{prefix}/revoke", scope="admin", answers={200: KeyShape}, house_only=True)
async def revoke_key(call: Call, *, path: KeyPath) -> Answer:
    """Close a key for good, at once and everywhere."""
    return Answer(await call.run(call.operations.access_desk.revoke, path.prefix, actor=call.principal.name))


@routes.get("/api/v1/audit/refusals", scope="admin", answers={200: Page[RefusedCallsShape]}, house_only=True)
async def refused_calls(call: Call, *, query: Paging) -> Answer:
    """Calls that were refused: without a good key, beyond a key's rights, rate or partner; by the hour, newest first.

    They are counted by code, key, address, method and path, kept for 90 days, and at most 1,000 rows an hour: what
    comes beyond is counted by its code alone. A count is there a second after the call.
    """
    return Answer(await call.run(call.operations.access_desk.refused, cursor=query.cursor, limit=query.limit))
