"""Endpoints declared once: the decorator from which validation and the OpenAPI document both follow.

A handler names what it takes by keyword-only parameters whose annotations are the contract::

    orders = Contract("orders")

    @orders.get("/api/v1/orders/{number}", scope="read", answers={200: OrderShape})
    async def order(call: Call, *, path: NumberPath) -> Answer:
        \"\"\"One order.\"\"\"

``path``, ``query`` and ``headers`` are pydantic models (their extra keys are refused, headers excepted);
``body`` is a model for JSON, ``bytes`` for a raw body or :class:`gateway.web.body.BodyStream` for one that is read
piece by piece. See ``binding`` for how a request becomes a call.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_type_hints

from aiohttp import web
from pydantic import BaseModel

from gateway.web.body import BodyStream
from gateway.web.call import Call
from gateway.web.ports import Scope

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Acting = Literal["POST", "PUT", "PATCH", "DELETE"]
PARTS: Final = ("path", "query", "headers", "body")

#: the body of a JSON request, and of a raw one (one interchange of 10,000 messages is about 15 MB)
JSON_LIMIT: Final = 4 * 1024 * 1024
RAW_LIMIT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back: JSON and its status; no body with 204.

    ``etag`` names the version of a resource, without quotes; a GET whose If-None-Match has it is answered 304.
    """

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""


HandlerResult = Answer | web.StreamResponse
#: what the body of an answer is: the model of its JSON, a media type, or several of these to choose from by Accept
AnswerBody = type[BaseModel] | str | tuple[type[BaseModel] | str, ...]
Answers = Mapping[int, AnswerBody]
EndpointHandler = Callable[..., Awaitable[HandlerResult]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the API, complete: enough to route, validate, authorise and describe it.

    ``answers`` maps a status to the model of its JSON body, to a media type for anything else, or to several.
    ``house_only`` refuses keys that are bound to a partner; ``refusals`` are problem statuses beyond those
    that follow from the rest (``openapi.refusals``).
    """

    method: Method
    path: str
    handler: EndpointHandler
    name: str
    tag: str
    summary: str
    description: str
    scope: Scope | None
    answers: Answers
    parts: Mapping[str, type[BaseModel]]
    raw_body: bool = False
    streamed_body: bool = False
    house_only: bool = False
    refusals: tuple[int, ...] = ()
    body_limit: int = JSON_LIMIT
    streams: bool = False

    @property
    def body_required(self) -> bool:
        """Tell whether a body must be sent: it is raw, or its model has a key without default."""
        return (
            self.raw_body
            or self.streamed_body
            or any(spec.is_required() for spec in self.parts["body"].model_fields.values())
        )

    @property
    def takes_body(self) -> bool:
        """Tell whether a request body is read."""
        return self.raw_body or self.streamed_body or "body" in self.parts


class ContractBroken(Exception):
    """A handler's signature and its route do not fit; raised at import, never in service."""


class Contract:
    """The endpoints of one subject, in the order of their declaration."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def get(
        self,
        path: str,
        *,
        answers: Answers,
        scope: Scope | None = "read",
        refusals: tuple[int, ...] = (),
        house_only: bool = False,
        streams: bool = False,
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        """Declare a reading endpoint. ``scope=None`` opens it to everyone; a stream has no deadline."""

        def declare(handler: EndpointHandler) -> EndpointHandler:
            self.endpoints.append(
                _endpoint(
                    "GET",
                    path,
                    handler,
                    tag=self.tag,
                    scope=scope,
                    answers=answers,
                    refusals=refusals,
                    house_only=house_only,
                    streams=streams,
                )
            )
            return handler

        return declare

    def post(
        self,
        path: str,
        *,
        answers: Answers,
        scope: Scope | None,
        refusals: tuple[int, ...] = (),
        house_only: bool = False,
        body_limit: int | None = None,
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        """Declare an acting endpoint. ``scope=None`` is for requests that vouch for themselves by their signature."""
        return self._acting(
            "POST", path, answers=answers, scope=scope, refusals=refusals, house_only=house_only, body_limit=body_limit
        )

    def put(
        self,
        path: str,
        *,
        answers: Answers,
        scope: Scope,
        refusals: tuple[int, ...] = (),
        house_only: bool = False,
        body_limit: int | None = None,
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        """Declare an endpoint that sets a resource as a whole: the same request again changes nothing."""
        return self._acting(
            "PUT", path, answers=answers, scope=scope, refusals=refusals, house_only=house_only, body_limit=body_limit
        )

    def patch(
        self, path: str, *, answers: Answers, scope: Scope, refusals: tuple[int, ...] = (), house_only: bool = False
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        """Declare an endpoint that sets the named parts of a resource."""
        return self._acting("PATCH", path, answers=answers, scope=scope, refusals=refusals, house_only=house_only)

    def delete(
        self, path: str, *, answers: Answers, scope: Scope, refusals: tuple[int, ...] = (), house_only: bool = False
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        """Declare an endpoint that takes a resource away."""
        return self._acting("DELETE", path, answers=answers, scope=scope, refusals=refusals, house_only=house_only)

    def _acting(
        self,
        method: Acting,
        path: str,
        *,
        answers: Answers,
        scope: Scope | None,
        refusals: tuple[int, ...],
        house_only: bool,
        body_limit: int | None = None,
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        def declare(handler: EndpointHandler) -> EndpointHandler:
            self.endpoints.append(
                _endpoint(
                    method,
                    path,
                    handler,
                    tag=self.tag,
                    scope=scope,
                    answers=answers,
                    refusals=refusals,
                    house_only=house_only,
                    body_limit=body_limit,
                )
            )
            return handler

        return declare


def _endpoint(
    method: Method,
    path: str,
    handler: EndpointHandler,
    *,
    tag: str,
    scope: Scope | None,
    answers: Answers,
    refusals: tuple[int, ...],
    house_only: bool,
    streams: bool = False,
    body_limit: int | None = None,
) -> Endpoint:
    body, parts = _parts(handler, path)
    raw = body in (bytes, BodyStream)
    summary, _, description = inspect.cleandoc(handler.__doc__ or "").partition("\n")
    if not summary:
        raise ContractBroken(f"{path}: the handler needs a docstring, the document is made of it")
    return Endpoint(
        method=method,
        path=path,
        handler=handler,
        name=handler.__name__,
        tag=tag,
        summary=summary.rstrip("."),
        description=" ".join(description.split()),
        scope=scope,
        answers=answers,
        parts=parts,
        raw_body=body is bytes,
        streamed_body=body is BodyStream,
        house_only=house_only,
        refusals=refusals,
        body_limit=body_limit or (RAW_LIMIT if raw else JSON_LIMIT),
        streams=streams,
    )


def _parts(handler: EndpointHandler, path: str) -> tuple[type | None, dict[str, type[BaseModel]]]:
    """Return what the body is, and the model of each part of the request, from the handler's annotations."""
    hints: dict[str, Any] = get_type_hints(handler)
    parameters = inspect.signature(handler).parameters
    first, *named = parameters
    if hints.get(first) is not Call or any(
        parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY for name in named
    ):
        raise ContractBroken(f"{path}: a handler takes one Call, then keyword-only parts")
    if unknown := set(named) - set(PARTS):
        raise ContractBroken(f"{path}: unknown parts {sorted(unknown)}; a handler takes {', '.join(PARTS)}")
    body: type | None = hints.get("body")
    parts = {name: hints[name] for name in named if not (name == "body" and body in (bytes, BodyStream))}
    placeholders = set(re.findall(r"{(\w+)}", path))
    told = set(parts["path"].model_fields) if "path" in parts else set()
    if placeholders != told:
        raise ContractBroken(f"{path}: the path model has {sorted(told)}, the route {sorted(placeholders)}")
    return body, parts
