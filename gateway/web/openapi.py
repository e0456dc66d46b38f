"""The OpenAPI 3.1 document, made from the same endpoints that serve the requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from gateway.web import sparse
from gateway.web.contract import AnswerBody, Endpoint
from gateway.web.once import DESCRIPTION, HEADER, PATTERN, takes_key
from gateway.web.problems import MEDIA_TYPE, title_of
from gateway.web.shapes.common import ProblemShape

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]

_REFERENCE: Final = "#/components/schemas/{model}"
_PLACES: Final = {"path": "path", "query": "query", "headers": "header"}
_NO_CONTENT: Final = 204
_PARAMETERS: Final = "#/components/parameters/{name}"
_HEADERS: Final = "#/components/headers/{name}"
#: the parameters that follow from what an operation is, told once
_SHARED: Final[Json] = {
    "fields": {
        "name": sparse.NAME,
        "in": "query",
        "required": False,
        "description": sparse.DESCRIPTION,
        "schema": {"type": "string", "pattern": sparse.PATTERN, "maxLength": sparse.LONGEST},
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "ETags that the caller has; 304 when one of them is what would be answered",
        "schema": {"type": "string"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "the ETag of the version that is changed, or `*`; 412 when another is there by now, 428 without",
        "schema": {"type": "string"},
    },
    HEADER: {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": DESCRIPTION,
        "schema": {"type": "string", "pattern": PATTERN},
    },
}
_TOLD_HEADERS: Final[Json] = {
    "ETag": {"description": "the version of what is answered", "schema": {"type": "string"}},
    "Retry-After": {"description": "seconds until it is worth asking again", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "how to authenticate", "schema": {"type": "string"}},
}
_OF_PROBLEMS: Final[Mapping[int, str]] = {401: "WWW-Authenticate", 429: "Retry-After"}
RAW_MEDIA_TYPE: Final = "application/octet-stream"
EVENT_STREAM: Final = "text/event-stream"

_DESCRIPTION: Final = (
    "Every order document in becomes one numbered, checked, confirmed, shipped and billed order. "
    "Decimals are strings; lists are pages of `items` and `next`; faults are RFC 9457 problem documents "
    "with a stable `code`. Every answer in JSON that is read has an ETag and takes `fields`, the keys that are wanted."
)


def refusals(endpoint: Endpoint) -> list[int]:
    """Return the problem statuses that *endpoint* may answer with."""
    statuses = {500, 503, *endpoint.refusals}
    if endpoint.scope is not None:
        statuses |= {401, 403, 422, 429}  # 422: an unknown parameter is a fault everywhere
    if endpoint.parts:
        statuses.add(422)
    if "path" in endpoint.parts:
        statuses.add(404)
    if takes_key(endpoint):
        statuses |= {409, 422}
    if endpoint.takes_body:
        statuses |= {400, 408, 413, 415, 422}
    return sorted(statuses)


def describe(endpoints: Sequence[Endpoint], *, version: str) -> Json:
    """Return the OpenAPI document of *endpoints*."""
    references, definitions = _schemas(endpoints)
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, references)
    statuses = sorted({status for endpoint in endpoints for status in refusals(endpoint)})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ordergate", "version": version, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": {
                "304": {"description": "What the caller has is what there is", "headers": _told("ETag")},
                **{str(status): _problem(status, references) for status in statuses},
            },
            "parameters": _SHARED,
            "headers": _TOLD_HEADERS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of `ordergate keys create`, or a token of the provider in `[oidc]`.",
                }
            },
        },
    }


References = Mapping[tuple[type[BaseModel], Mode], Json]


def _schemas(endpoints: Iterable[Endpoint]) -> tuple[References, Json]:
    used: dict[tuple[type[BaseModel], Mode], None] = {(ProblemShape, "serialization"): None}
    for endpoint in endpoints:
        if "body" in endpoint.parts:
            used[endpoint.parts["body"], "validation"] = None
        for body in endpoint.answers.values():
            for shape in body if isinstance(body, tuple) else (body,):
                if not isinstance(shape, str):
                    used[shape, "serialization"] = None
    references, document = models_json_schema(list(used), ref_template=_REFERENCE)
    return cast("References", references), document["$defs"]


def _operation(endpoint: Endpoint, references: References) -> Json:
    operation: Json = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "security": [{"key": [endpoint.scope]}] if endpoint.scope else [],
        "responses": {
            **{str(status): _answered(endpoint, status, body, references) for status, body in endpoint.answers.items()},
            **({"304": {"$ref": "#/components/responses/304"}} if sparse.answers_fields(endpoint) else {}),
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in refusals(endpoint)},
        },
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if parameters := _parameters(endpoint):
        operation["parameters"] = parameters
    if endpoint.raw_body or endpoint.streamed_body:
        schema = {"type": "string", "format": "binary", "maxLength": endpoint.body_limit}
        operation["requestBody"] = {"required": True, "content": {RAW_MEDIA_TYPE: {"schema": schema}}}
    elif "body" in endpoint.parts:
        schema = references[endpoint.parts["body"], "validation"]
        operation["requestBody"] = {
            "required": endpoint.body_required,
            "content": {"application/json": {"schema": schema}},
        }
    return operation


def _parameters(endpoint: Endpoint) -> list[Json]:
    """Return path, query and header parameters; their models hold plain types only, so nothing is referenced."""
    parameters = []
    for part, place in _PLACES.items():
        if part not in endpoint.parts:
            continue
        schema = endpoint.parts[part].model_json_schema(ref_template=_REFERENCE)
        required = schema.get("required", [])
        for name, given in schema["properties"].items():
            own = _without_null(given)
            parameter: Json = {"name": name, "in": place, "required": name in required}
            if description := own.pop("description", None):
                parameter["description"] = description
            parameters.append({**parameter, "schema": own})
    return [*parameters, *({"$ref": _PARAMETERS.format(name=name)} for name in _shared(endpoint))]


def _shared(endpoint: Endpoint) -> Iterator[str]:
    if sparse.answers_fields(endpoint):
        yield from ("fields", "If-None-Match")
    if needs_version(endpoint):
        yield "If-Match"
    if takes_key(endpoint):
        yield HEADER


def needs_version(endpoint: Endpoint) -> bool:
    """Tell whether *endpoint* changes only the version that If-Match names."""
    return 428 in endpoint.refusals


def _without_null(schema: Json) -> Json:
    """Drop the null of an optional parameter: absent is the only way to say nothing."""
    own = {key: value for key, value in schema.items() if not (key == "title" or (key == "default" and value is None))}
    options = own.pop("anyOf", None)
    if options is None:
        return own
    left = [option for option in options if option != {"type": "null"}]
    return {**own, **left[0]} if len(left) == 1 else {**own, "anyOf": left}


def _answered(endpoint: Endpoint, status: int, body: AnswerBody, references: References) -> Json:
    answer = _answer(status, body, references)
    if sparse.answers_fields(endpoint) or (needs_version(endpoint) and status != _NO_CONTENT):
        answer["headers"] = _told("ETag")
    return answer


def _told(header: str) -> Json:
    return {header: {"$ref": _HEADERS.format(name=header)}}


def _answer(status: int, body: AnswerBody, references: References) -> Json:
    if status == _NO_CONTENT:
        return {"description": "Done"}
    shapes = body if isinstance(body, tuple) else (body,)
    content: Json = {}
    for shape in shapes:
        if isinstance(shape, str):
            # A stream is told event by event, which OpenAPI 3.1 has no schema for; the operation says what one holds.
            content[shape] = {} if shape == EVENT_STREAM else {"schema": {"type": "string"}}
        else:
            content["application/json"] = {"schema": references[shape, "serialization"]}
    told = next((shape for shape in shapes if not isinstance(shape, str)), None)
    description = "The content" if told is None else re.sub(r"\s+", " ", (told.__doc__ or "").strip()) or told.__name__
    return {"description": description, "content": content}


def _problem(status: int, references: References) -> Json:
    schema = references[ProblemShape, "serialization"]
    told: Json = {"description": title_of(status), "content": {MEDIA_TYPE: {"schema": schema}}}
    if status in _OF_PROBLEMS:
        told["headers"] = _told(_OF_PROBLEMS[status])
    return told
