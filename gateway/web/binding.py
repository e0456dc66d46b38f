"""From a request to a call of its endpoint: authorise, read, validate, run, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import Forbidden
from core.texts.request_words import count_faults, tell_fault
from gateway.web.answering import Violations, refused_fields, respond
from gateway.web.auth import principal_of
from gateway.web.body import BodyStream, check_encoding, whole_body
from gateway.web.call import ANYONE, SETTINGS, Call
from gateway.web.contract import Endpoint, HandlerResult
from gateway.web.languages import language_of
from gateway.web.limits import charge
from gateway.web.once import once
from gateway.web.ports import Principal
from gateway.web.problems import Handler, Problem, fault
from gateway.web.refused_calls import PRINCIPAL
from gateway.web.sparse import NAME, PATTERN, Fields, UnknownFields, answers_fields, parse_fields

#: a request that breaks more rules than this is told of the first ones
MAX_VIOLATIONS: Final = 100
#: an absent body says the same as one without keys; where a key is required the answer names it
_NOTHING: Final = b"{}"


def bind(endpoint: Endpoint) -> Handler:
    """Return the aiohttp handler of *endpoint*."""

    async def handle(request: web.Request) -> web.StreamResponse:
        principal = await _authorise(request, endpoint)
        arguments, violations = _parameters(request, endpoint)
        fields = _fields(request, endpoint, violations)
        content = b""
        if endpoint.streamed_body:
            check_encoding(request)
            seconds = request.app[SETTINGS].body_seconds
            arguments["body"] = BodyStream(request, limit=endpoint.body_limit, seconds=seconds)
        elif endpoint.takes_body:
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
        return respond(result, endpoint, call, fields)

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
            given = _query(request, endpoint)
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
    violations += [
        _fault("query.repeated", f"{name} is given more than once", language, name)
        for name in dict.fromkeys(request.query)
        if len(request.query.getall(name)) > 1
    ]
    if "query" not in endpoint.parts:
        unknown = "there is no such parameter"
        violations += [_fault("extra_forbidden", unknown, language, name) for name in _query(request, endpoint)]
    return arguments, violations


def _query(request: web.Request, endpoint: Endpoint) -> dict[str, str]:
    """Return the parameters of the query that are the endpoint's own."""
    ours = answers_fields(endpoint)
    return {name: value for name, value in request.query.items() if not (ours and name == NAME)}


def _fields(request: web.Request, endpoint: Endpoint, violations: Violations) -> Fields | None:
    """Return which keys of the answer are wanted, None for all; names that there are not join *violations*."""
    if not answers_fields(endpoint) or (given := request.query.get(NAME)) is None:
        return None
    language = language_of(request)
    try:
        return parse_fields(endpoint, given)
    except UnknownFields as refused:
        violations += refused_fields(refused, language)
    except ValueError:
        kind, told = "string_pattern_mismatch", {"pattern": PATTERN}
        message = tell_fault(kind, "names have commas between them, and dots before those within", told, language)
        violations.append(fault(kind, message, value=given[:100], parameter=NAME))
    return None


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
    check_encoding(request)
    return await whole_body(request, limit=endpoint.body_limit, seconds=request.app[SETTINGS].body_seconds)


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
