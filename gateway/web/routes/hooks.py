"""Webhooks of e-commerce platforms: who sends one shows it by its signature, not by a key."""

from __future__ import annotations

from core.errors import SignatureRefused
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.limits import charge_failure
from gateway.web.shapes.shops import HookPath, HookShape

routes = Contract("shops")

#: of one delivery; orders of a thousand lines are below 2 MB
_LIMIT = 4 * 1024 * 1024


@routes.post(
    "/hooks/{platform}/{store}",
    scope=None,
    answers={202: HookShape, 200: HookShape},
    refusals=(401, 429),
    body_limit=_LIMIT,
)
async def take_hook(call: Call, *, path: HookPath, body: bytes) -> Answer:
    """Take a webhook of a store.

    The raw body is verified by the signature that the platform sends with it. 202 says that it is kept and nothing of
    it will be lost; its order is brought up to date at once after. 200 says that it was here before, or that there is
    nothing in it. A store that is not known answers as a wrong signature does.
    """
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    try:
        taken = await call.operations.hook_door.take(path.platform, path.store, headers, body)
    except SignatureRefused:
        charge_failure(call.request)
        raise
    return Answer({"taken": taken}, 202 if taken == "kept" else 200)
