"""Order templates: what is ordered again and again."""

from __future__ import annotations

from core.errors import ValidationFailed
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import of_error
from gateway.web.routes.drafts import submitted
from gateway.web.shapes.common import Page
from gateway.web.shapes.entry import (
    EntryPath,
    InstantiatedShape,
    InstantiateRequest,
    TemplateOfOrderRequest,
    TemplateRequest,
    TemplateShape,
    TemplatesQuery,
)
from gateway.web.shapes.order import NumberPath

routes = Contract("order templates")


@routes.get("/api/v1/order-templates", answers={200: Page[TemplateShape]})
async def order_templates(call: Call, *, query: TemplatesQuery) -> Answer:
    """Order templates, the oldest first; of a partner: its own and those of the house."""
    partner = call.partner_asked(query.partner)
    desk = call.operations.entry_desk
    return Answer(await call.run(desk.templates, partner=partner, cursor=query.cursor, limit=query.limit))


@routes.post("/api/v1/order-templates", scope="submit", answers={201: TemplateShape}, refusals=(409,), house_only=True)
async def create_template(call: Call, *, body: TemplateRequest) -> Answer:
    """Keep a template; the buyer's reference, the requested date and reasons are said of each order anew."""
    desk = call.operations.entry_desk
    form, actor = body.content.form(), call.principal.name
    made = await call.run(desk.create_template, body.name, form, actor=actor, partner=body.partner)
    return Answer(made, 201, {"Location": f"/api/v1/order-templates/{made['id']}"}, etag=str(made["version"]))


@routes.get("/api/v1/order-templates/{id}", answers={200: TemplateShape})
async def order_template(call: Call, *, path: EntryPath) -> Answer:
    """One order template."""
    found = await call.run(call.operations.entry_desk.template, int(path.id), partner=call.partner)
    return Answer(found, etag=str(found["version"]))


@routes.put(
    "/api/v1/order-templates/{id}",
    scope="submit",
    answers={200: TemplateShape},
    refusals=(409, 412, 428),
    house_only=True,
)
async def replace_template(call: Call, *, path: EntryPath, body: TemplateRequest) -> Answer:
    """Say a template anew."""
    version = await _version_to_change(call, path)
    changed = await call.run(
        call.operations.entry_desk.replace_template,
        int(path.id),
        body.name,
        body.content.form(),
        seen=version,
        actor=call.principal.name,
        partner=body.partner,
    )
    return Answer(changed, etag=str(changed["version"]))


@routes.delete(
    "/api/v1/order-templates/{id}", scope="submit", answers={204: ""}, refusals=(409, 412, 428), house_only=True
)
async def remove_template(call: Call, *, path: EntryPath) -> Answer:
    """Remove a template; drafts and orders that were made by it stay."""
    version = await _version_to_change(call, path)
    await call.run(call.operations.entry_desk.remove_template, int(path.id), seen=version)
    return Answer(None, 204)


@routes.post(
    "/api/v1/order-templates/{id}/instantiate", scope="submit", answers={201: InstantiatedShape}, refusals=(409,)
)
async def instantiate_template(call: Call, *, path: EntryPath, body: InstantiateRequest) -> Answer:
    """Make a draft by a template, and an order of it at once with `submit`.

    Where the order is refused, the draft stays: the problem names it in `draft`.
    """
    overrides = body.overrides.form()
    call.partner_asked(overrides.get("partner"))
    desk, actor = call.operations.entry_desk, call.principal.name
    draft = await call.run(desk.instantiate, int(path.id), overrides, actor=actor, partner=call.partner)
    order = None
    if body.submit:
        try:
            order = await submitted(call, int(draft["id"]))
        except ValidationFailed as refused:
            problem = of_error(refused)
            problem.extra = {**problem.extra, "draft": draft["id"]}
            raise problem from refused
        draft = await call.run(desk.draft, int(draft["id"]), partner=call.partner)
    return Answer({"draft": draft, "order": order}, 201)


@routes.post(
    "/api/v1/orders/{number}/template", scope="submit", answers={201: TemplateShape}, refusals=(409,), house_only=True
)
async def template_of_order(call: Call, *, path: NumberPath, body: TemplateOfOrderRequest) -> Answer:
    """Keep what an order says, as it stands, as a template of its partner."""
    desk, actor = call.operations.entry_desk, call.principal.name
    made = await call.run(desk.template_of_order, path.number, body.name, actor=actor, partner=call.partner)
    return Answer(made, 201, {"Location": f"/api/v1/order-templates/{made['id']}"}, etag=str(made["version"]))


async def _version_to_change(call: Call, path: EntryPath) -> int:
    found = await call.run(call.operations.entry_desk.template, int(path.id), partner=call.partner)
    call.expect_version(str(found["version"]))
    return int(found["version"])
