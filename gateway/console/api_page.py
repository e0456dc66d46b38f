"""The reference of the API as pages, from the same endpoints that serve it; readable without a network or a script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from aiohttp import web

from core import errors
from core.texts.problem_titles import problem_titles
from gateway.console.access import visitor_of
from gateway.console.api_examples import example_of
from gateway.console.api_shapes import Key, key_of, keys_of, reached_from, refers_to
from gateway.console.rendering import page
from gateway.web.app import document
from gateway.web.call import SETTINGS
from gateway.web.problems import STATUS, code_of_status

Json = dict[str, Any]
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_JSON: Final = "application/json"


class Body(NamedTuple):
    """What is sent or answered: by its media type, with the shape and an example where it is JSON."""

    status: str
    description: str
    kinds: Sequence[str]
    shapes: Sequence[str]
    example: str


class Operation(NamedTuple):
    """One operation as the page tells it."""

    name: str
    method: str
    path: str
    subject: str
    summary: str
    description: str
    scope: str
    parameters: Sequence[tuple[str, Key]]
    request: Body | None
    answers: Sequence[Body]
    problems: Sequence[tuple[str, str]]
    curl: str

    def has(self, words: Sequence[str]) -> bool:
        """Tell whether every one of *words* (small letters) is in what is told of it."""
        told = f"{self.method} {self.path} {self.name} {self.summary} {self.description}".casefold()
        told += " ".join(key.name for _, key in self.parameters).casefold()
        return all(word in told for word in words)


class Shape(NamedTuple):
    """A shape with its keys."""

    name: str
    description: str
    keys: Sequence[Key]


class Subject(NamedTuple):
    """The operations of one subject, and the shapes that they send and answer."""

    name: str
    slug: str
    operations: Sequence[Operation]
    shapes: Sequence[Shape]


@cache
def subjects(*, with_sandbox: bool) -> Mapping[str, Subject]:
    """Return the subjects of the OpenAPI document by the last part of their address."""
    told = document(with_sandbox=with_sandbox)
    by_subject: dict[str, list[Operation]] = {}
    for path, methods in told["paths"].items():
        for method in (one for one in _METHODS if one in methods):
            operation = _operation(told, path, method.upper(), methods[method])
            by_subject.setdefault(operation.subject, []).append(operation)
    return {
        slug: Subject(name, slug, found, _shapes(told, found))
        for name, found in by_subject.items()
        for slug in [name.replace(" ", "-")]
    }


def _operation(told: Json, path: str, method: str, said: Json) -> Operation:
    scopes = [scope for way in said["security"] for scope in way["key"]]
    parameters = [_resolved(told, one) for one in said.get("parameters", [])]
    request = _body(told, "", said["requestBody"]) if "requestBody" in said else None
    responses = {status: _resolved(told, one) for status, one in said["responses"].items()}
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        subject=str(said["tags"][0]),
        summary=said["summary"],
        description=said.get("description", ""),
        scope=scopes[0] if scopes else "",
        parameters=[
            (one["in"], key_of(one["name"], one["schema"], required=one["required"], description=_said(one)))
            for one in parameters
        ],
        request=request,
        answers=[_body(told, status, one) for status, one in responses.items() if status < "400"],
        problems=[(status, one["description"]) for status, one in responses.items() if status >= "400"],
        curl=_curl(method, path, open_to_all=not scopes, parameters=parameters, request=request),
    )


def _said(parameter: Json) -> str:
    return str(parameter.get("description", ""))


def _body(told: Json, status: str, said: Json) -> Body:
    content = said.get("content", {})
    schema = content.get(_JSON, {}).get("schema")
    example = example_of(schema, told["components"]["schemas"]) if schema else None
    text = json.dumps(example, indent=2, ensure_ascii=False) if schema else ""
    return Body(status, said.get("description", ""), list(content), refers_to(schema), text)


def _resolved(told: Json, said: Json) -> Json:
    if "$ref" not in said:
        return said
    _, _, kind, name = said["$ref"].split("/")
    found: Json = told["components"][kind][name]
    return found


def _shapes(told: Json, operations: Sequence[Operation]) -> list[Shape]:
    models = told["components"]["schemas"]
    bodies = [body for one in operations for body in (*one.answers, *([one.request] if one.request else []))]
    names = reached_from([name for body in bodies for name in body.shapes], models)
    return [Shape(name, models[name].get("description", ""), keys_of(models[name])) for name in names]


def _curl(method: str, path: str, *, open_to_all: bool, parameters: Sequence[Json], request: Body | None) -> str:
    """Return the command that calls the operation; what stands in braces or begins with ``$`` is the reader's."""
    parts = ["curl"]
    if method != "GET":
        parts.append(f"-X {method}")
    if not open_to_all:
        parts.append('-H "Authorization: Bearer $KEY"')
    if any(one["name"] == "If-Match" for one in parameters):
        parts.append('-H "If-Match: $ETAG"')
    if request is not None:
        parts += [f'-H "Content-Type: {request.kinds[0]}"', "--data-binary @FILE"]
    wanted = "&".join(
        f"{one['name']}={{{one['name']}}}" for one in parameters if one["in"] == "query" and one["required"]
    )
    return " ".join([*parts, f'"$ORDERGATE{path}{"?" if wanted else ""}{wanted}"'])


@cache
def problem_codes() -> list[tuple[str, str, str]]:
    """Return (code, status, title) of every problem by its code; "" where the status depends on the case."""
    by_class = {kind.code: str(status) for kind, status in reversed(STATUS)}
    waiting: list[type[errors.OrdergateError]] = [errors.OrdergateError]
    while waiting:
        kind = waiting.pop()
        status = next(status for parent, status in STATUS if issubclass(kind, parent))
        by_class.setdefault(kind.code, str(status))
        waiting += kind.__subclasses__()
    return [
        (code, by_class.get(code) or code_of_status(code), title)
        for code, title in sorted(problem_titles("en").items())
    ]


async def api(request: web.Request) -> web.Response:
    """Show what the API can do: every operation by subject, or those that have the words of ``q``."""
    visitor = await visitor_of(request)
    found = subjects(with_sandbox=request.app[SETTINGS].sandbox).values()
    asked = request.query.get("q", "").strip()[:100]
    words = asked.casefold().split()
    shown = [(one, [each for each in one.operations if each.has(words)]) for one in found]
    return page(
        request, visitor, "api.html", subjects=[one for one in shown if one[1]], asked=asked, codes=problem_codes()
    )


async def api_subject(request: web.Request) -> web.Response:
    """Show the operations of one subject with their shapes, rules and examples."""
    visitor = await visitor_of(request)
    found = subjects(with_sandbox=request.app[SETTINGS].sandbox).get(request.match_info["subject"])
    if found is None:
        raise web.HTTPNotFound
    return page(request, visitor, "api_subject.html", subject=found)
