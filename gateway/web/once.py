"""Acts that are sent again: every POST takes an Idempotency-Key, and what was done is not done twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Final

from gateway.web.call import Call
from gateway.web.contract import Answer, Endpoint, HandlerResult
from gateway.web.idempotency_port import RequestKey
from gateway.web.problems import Problem, fault

HEADER: Final = "Idempotency-Key"
PATTERN: Final = "^[A-Za-z0-9._:-]{1,128}$"
#: tells that an answer is that of an earlier request
REPLAYED: Final = "Idempotent-Replayed"
DESCRIPTION: Final = "the same key with the same request gives the first answer again and does nothing; kept for a week"


def takes_key(endpoint: Endpoint) -> bool:
    """Tell whether the key of *endpoint* is handled here: it acts, and its handler does not see to it by itself."""
    own = endpoint.parts.get("headers")
    named = own is not None and any(field.alias == HEADER for field in own.model_fields.values())
    return endpoint.method == "POST" and endpoint.scope is not None and not named


async def once(endpoint: Endpoint, call: Call, run: Callable[[], Awaitable[HandlerResult]]) -> HandlerResult:
    """Return what *run* answers, or what it answered to the first request with this key.

    Raises:
        Problem: 422, the header is no key.
        IdempotencyMismatch: the key was used with another request.
        IdempotencyUnfinished: the answer of the first request is not there.
    """
    given = call.request.headers.get(HEADER)
    if given is None or not takes_key(endpoint):
        return await run()
    desk, asked = call.operations.idempotency_desk, _asked(call, given)
    if (first := await call.run(desk.first, *asked)) is not None:
        return Answer(first.answer, first.status, {REPLAYED: "true"})
    with desk.claiming(*asked) as claim:
        result = await run()
    if isinstance(result, Answer):
        await call.run(desk.keep, claim, result.status, result.body)
    return result


def _asked(call: Call, given: str) -> RequestKey:
    if not re.fullmatch(PATTERN, given):
        violation = fault("string_pattern_mismatch", f"a key is {PATTERN}", value=given[:100], parameter=HEADER)
        raise Problem(422, "validation.failed", "the Idempotency-Key is none", violations=[violation])
    request = call.request
    asked = hashlib.sha256(f"{request.method} {request.rel_url.raw_path_qs}\n".encode())
    asked.update(call.content)
    return RequestKey(call.principal.key, given, asked.digest())
