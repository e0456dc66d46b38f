"""From a request to a call of its endpoint: authorise, read, validate, run, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import Forbidden
from core.provenance import ENGLISH
from core.texts.hold_words import retold
from core.texts.request_words import count_faults, tell_fault
from gateway.web.auth import principal_of
from gateway.web.call import ANYONE, SETTINGS, Call, etags
from gateway.web.contract import Endpoint, HandlerResult
from gateway.web.languages import language_of
from gateway.web.limits import charge
from gateway.web.once import once
from gateway.web.ports import Principal
from gateway.web.problems import Handler, Problem, fault
from gateway.web.refused_calls import PRINCIPAL

#: a request that breaks more rules than this is told of the first ones
MAX_VIOLATIONS: Final = 100
#: an absent body says the same as one without keys; where a key is required the answer names it
_NOTHING: Final = b"{}"
_NO_CONTENT: Final = 204

Violations = list[dict[str, object]]


def bind(endpoint: Endpoint) -> Handler:
    """Return the aiohttp handler of *endpoint*."""

    async def handle(request: web.Request) -> web.StreamResponse:
        principal = await _authorise(request, endpoint)
        arguments, violations = _parameters(request, endpoint)
        content = b""
        if endpoint.takes_body:
            content = await read_body(request, endpoint)
            if endpoint.raw_body:
                arguments["body"] = content
            else:
                model = endpoint.parts["body"]
                _validate_body(model, content or _NOTHING, arguments, violations, language=language_of(request))
        if violations:
            told = count_faults(len(violations), language_of(request))
            raise Problem(422, "validation.failed", told, violations=violations[:MAX_VIOLATIONS])
        call = Call(request, principal, content)
        result = await once(endpoint, call, lambda: _run(endpoint, call, arguments))
        return _response(result, principal, request)

    return handle


async def _authorise(request: web.Request, endpoint: Endpoint) -> Principal:
    if endpoint.scope is None:
        return ANYONE
    principal = request[PRINCIPAL] = await principal_of(request)
    charge(request, principal)
    if not principal.may(endpoint.scope):
        raise Forbidden(f"this needs the scope {endpoint.scope}", hint=f"Create a key with --scopes {endpoint.scope}.")
    if not principal.may_call(endpoint.name, acting=endpoint.scope != "read"):
        callers = principal.matrix.callers(endpoint.name)
        raise Forbidden(
            f"your role may not do this: {endpoint.name}",
            hint=f"Roles that may: {', '.join(callers)}.",
            inputs={"operation": endpoint.name, "roles": list(callers)},
        )
    if endpoint.house_only and principal.partner is not None:
        raise Forbidden("keys of a partner cannot do this")
    return principal


def _parameters(request: web.Request, endpoint: Endpoint) -> tuple[dict[str, Any], Violations]:
    """Validate path, query and header parameters; every fault of all three is told at once."""
    arguments: dict[str, Any] = {}
    violations: Violations = []
    language = language_of(request)
    for place in ("path", "query", "headers"):
        model = endpoint.parts.get(place)
        if model is None:
            continue
        if place == "query":
            given: dict[str, str] = dict(request.query)
            violations += [
                _fault("query.repeated", f"{name} is given more than once", language, name)
                for name in given
                if len(request.query.getall(name)) > 1
            ]
        elif place == "path":
            given = dict(request.match_info)
        else:
            given = _headers(model, request)
        try:
            arguments[place] = model.model_validate(given)
        except ValidationError as error:
            violations += [
                _of_pydantic(found, language, parameter=str(found["loc"][0]) if found["loc"] else place)
                for found in error.errors()
            ]
    if "query" not in endpoint.parts:
        unknown = "there is no such parameter"
        violations += [_fault("extra_forbidden", unknown, language, name) for name in request.query]
    return arguments, violations


def _headers(model: type[BaseModel], request: web.Request) -> dict[str, str]:
    names = (spec.alias or name for name, spec in model.model_fields.items())
    return {name: request.headers[name] for name in names if name in request.headers}


async def read_body(request: web.Request, endpoint: Endpoint) -> bytes:
    """Return the body, at most ``endpoint.body_limit`` bytes of it.

    Raises:
        Problem: 415 media type or encoding, 413 too large, 408 too slow.
    """
    if not endpoint.raw_body and request.body_exists and request.content_type != "application/json":
        raise Problem(415, "media_type.unsupported", "send application/json", headers={"Accept": "application/json"})
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem(415, "media_type.unsupported", "send the body without Content-Encoding")
    if (request.content_length or 0) > endpoint.body_limit:
        raise _too_large(endpoint.body_limit)
    content = bytearray()
    try:
        async with asyncio.timeout(request.app[SETTINGS].body_seconds):
            async for chunk in request.content.iter_any():
                content += chunk
                if len(content) > endpoint.body_limit:
                    raise _too_large(endpoint.body_limit)
    except TimeoutError:
        raise Problem(408, "request.timeout", "the body did not arrive in time") from None
    return bytes(content)


def _too_large(limit: int) -> Problem:
    return Problem(413, "body.too_large", f"the body may have {limit} bytes", headers={"Connection": "close"})


def _validate_body(
    model: type[BaseModel], body: bytes, arguments: dict[str, Any], violations: Violations, *, language: str
) -> None:
    try:
        arguments["body"] = model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors()
        if found[0]["type"] == "json_invalid":
            reason = str(found[0]["ctx"]["error"])
            raise Problem(400, "json.invalid", f"the body is not JSON: {reason}") from None
        violations += [_of_pydantic(each, language, pointer=pointer(each["loc"])) for each in found]


def pointer(location: Iterable[int | str]) -> str:
    """Return the JSON pointer (RFC 6901) of a pydantic location: ``("lines", 0, "a/b")`` -> ``/lines/0/a~1b``."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _of_pydantic(
    found: ErrorDetails, language: str, *, pointer: str | None = None, parameter: str | None = None
) -> dict[str, object]:
    given = found["input"]
    value = str(given)[:100] if isinstance(given, (str, int, float, bool)) else None
    message = tell_fault(found["type"], found["msg"], found.get("ctx", {}), language)
    return fault(found["type"], message, value=value, pointer=pointer, parameter=parameter)


def _fault(kind: str, message: str, language: str, parameter: str) -> dict[str, object]:
    return fault(kind, tell_fault(kind, message, {}, language), parameter=parameter)


async def _run(endpoint: Endpoint, call: Call, arguments: Mapping[str, Any]) -> HandlerResult:
    """Run the handler. Reading is given up after a while; an act runs to its end, so that its answer is true."""
    if endpoint.method != "GET" or endpoint.streams:
        return await endpoint.handler(call, **arguments)
    try:
        async with asyncio.timeout(call.request.app[SETTINGS].read_seconds):
            return await endpoint.handler(call, **arguments)
    except TimeoutError:
        raise Problem(503, "timeout", "the answer took too long", headers={"Retry-After": "5"}) from None


def _response(result: HandlerResult, principal: Principal, request: web.Request) -> web.StreamResponse:
    if isinstance(result, web.StreamResponse):
        return result
    headers = dict(result.headers)
    if result.etag:
        headers["ETag"] = f'"{result.etag}"'
        if request.method in ("GET", "HEAD") and result.etag in etags(request, "If-None-Match"):
            return web.Response(status=304, headers=headers)
    if result.status == _NO_CONTENT:
        return web.Response(status=_NO_CONTENT, headers=headers)
    language = language_of(request)
    headers.setdefault("Vary", "Accept-Language")
    if language != ENGLISH:
        headers.setdefault("Content-Language", language)
    body = orjson.dumps(retold(principal.shown(result.body), language))
    return web.Response(
        status=result.status, body=body, content_type="application/json", charset="utf-8", headers=headers
    )
