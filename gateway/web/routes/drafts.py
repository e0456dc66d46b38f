"""Drafts: orders that are entered step by step, checked at any time and submitted when they are complete."""

from __future__ import annotations

from core.errors import Forbidden
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import violation_json
from gateway.web.shapes.common import LanguageHeader, Page
from gateway.web.shapes.entry import (
    ConfirmFieldsRequest,
    DraftChecksShape,
    DraftContent,
    DraftDetail,
    DraftShape,
    DraftsQuery,
    EntryPath,
)
from gateway.web.shapes.order import Empty, OrderShape

routes = Contract("drafts")


@routes.post("/api/v1/drafts", scope="submit", answers={201: DraftShape})
async def create_draft(call: Call, *, body: DraftContent) -> Answer:
    """Keep an order that is not complete yet.

    It has no number and takes neither stock nor credit. Any part may be left out. A draft that nobody changes for the
    `entry.draft_days` of the rules is removed.
    """
    call.partner_asked(body.partner or None)
    desk = call.operations.entry_desk
    draft = await call.run(desk.create, body.form(), actor=call.principal.name, partner=call.partner)
    return Answer(draft, 201, {"Location": f"/api/v1/drafts/{draft['id']}"}, etag=str(draft["version"]))


@routes.get("/api/v1/drafts", answers={200: Page[DraftShape]})
async def drafts(call: Call, *, query: DraftsQuery) -> Answer:
    """Drafts, the newest first."""
    return Answer(
        await call.run(
            call.operations.entry_desk.drafts,
            partner=call.partner_asked(query.partner),
            entered_by=call.principal.name if query.mine else None,
            state=query.state,
            cursor=query.cursor,
            limit=query.limit,
        )
    )


@routes.get("/api/v1/drafts/{id}", answers={200: DraftDetail})
async def draft(call: Call, *, path: EntryPath, headers: LanguageHeader) -> Answer:
    """One draft with the origin of each field; of one that was read from a mail, what its sender is asked."""
    desk = call.operations.entry_desk
    found = await call.run(desk.draft, int(path.id), partner=call.partner, language=headers.language)
    return Answer(found, headers=headers.answered, etag=str(found["version"]))


@routes.put("/api/v1/drafts/{id}", scope="submit", answers={200: DraftShape}, refusals=(409, 412, 428))
async def replace_draft(call: Call, *, path: EntryPath, body: DraftContent) -> Answer:
    """Say the whole draft anew; what stays as it was keeps its origin."""
    call.partner_asked(body.partner or None)
    desk, version = call.operations.entry_desk, await _version_to_change(call, path)
    changed = await call.run(
        desk.replace, int(path.id), body.form(), seen=version, actor=call.principal.name, partner=call.partner
    )
    return Answer(changed, etag=str(changed["version"]))


@routes.post("/api/v1/drafts/{id}/confirm-fields", scope="submit", answers={200: DraftShape}, refusals=(409, 412, 428))
async def confirm_fields(call: Call, *, path: EntryPath, body: ConfirmFieldsRequest) -> Answer:
    """Confirm or correct fields that were read from a mail or fax.

    Each keeps where it was read, and who confirmed it or gave it another value.
    """
    desk, version = call.operations.entry_desk, await _version_to_change(call, path)
    changed = await call.run(
        desk.confirm_fields, int(path.id), body.fields, seen=version, actor=call.principal.name, partner=call.partner
    )
    return Answer(changed, etag=str(changed["version"]))


@routes.delete("/api/v1/drafts/{id}", scope="submit", answers={204: ""}, refusals=(409, 412, 428))
async def discard_draft(call: Call, *, path: EntryPath) -> Answer:
    """Remove a draft."""
    version = await _version_to_change(call, path)
    await call.run(
        call.operations.entry_desk.discard, int(path.id), seen=version, actor=call.principal.name, partner=call.partner
    )
    return Answer(None, 204)


@routes.get("/api/v1/drafts/{id}/checks", answers={200: DraftChecksShape})
async def draft_checks(call: Call, *, path: EntryPath, headers: LanguageHeader) -> Answer:
    """Everything that is wrong with a draft, and what it would become if it were submitted now.

    A line with an item and a quantity has its price, the level that the price is of, what is available and the day of
    delivery. Nothing is reserved and no number is taken.
    """
    found, faults = await call.run(call.operations.entry_desk.checks, int(path.id), partner=call.partner)
    violations = [violation_json(one, headers.language) for one in faults]
    return Answer({**found, "complete": not faults, "violations": violations}, headers=headers.answered)


@routes.post("/api/v1/drafts/{id}/submit", scope="submit", answers={201: OrderShape}, refusals=(409,))
async def submit_draft(call: Call, *, path: EntryPath, body: Empty) -> Answer:
    """Make a draft an order: it gets its number and is reviewed before the answer comes.

    422 tells all violations at once, and the draft stays. Submitted again, a draft gives its order again.
    """
    del body  # nothing can be said, but it must be JSON
    order = await submitted(call, int(path.id))
    return Answer(order, 201, {"Location": f"/api/v1/orders/{order['number']}"})


async def submitted(call: Call, draft_id: int) -> dict[str, object]:
    """Return the order that a draft is made; the caller's role decides on the types of orders."""

    def may_order(order_type: str) -> None:
        if not call.principal.may_order(order_type):
            raise Forbidden(f"your role may not enter orders of the type {order_type}", inputs={"type": order_type})

    desk = call.operations.entry_desk
    who = call.principal
    return await call.run(
        desk.submit, draft_id, actor=who.name, partner=call.partner, may_order=may_order, units=who.units
    )


async def _version_to_change(call: Call, path: EntryPath) -> int:
    found = await call.run(call.operations.entry_desk.draft, int(path.id), partner=call.partner)
    call.expect_version(str(found["version"]))
    return int(found["version"])
