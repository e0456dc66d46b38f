"""Faults as answers: every error leaves as an RFC 9457 problem document with a stable ``code``.

The status follows from the class in the tree of :mod:`core.errors`; a fault that is nobody's but ours is
logged with its traceback and answered with a reference to that log line, never with the traceback. Title,
violations and holds are told in the language that ``Accept-Language`` asks for, where the catalogue has their words
(LNG-01).
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import orjson
import structlog
from aiohttp import web

from core import errors
from core.provenance import ENGLISH, Violation
from core.texts.catalogue import catalogue
from core.texts.hold_words import retold
from core.texts.problem_titles import problem_titles
from gateway.web.languages import language_of
from gateway.web.refused_calls import PRINCIPAL, REFUSED

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MEDIA_TYPE: Final = "application/problem+json"
#: the name of a request; ``occurrences`` gives it
REQUEST: Final = web.RequestKey("REQUEST", str)

#: the first class that an error is an instance of decides
STATUS: Final[tuple[tuple[type[errors.OrdergateError], int], ...]] = (
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.ValidationFailed, 422),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.IdempotencyMismatch, 422),
    (errors.RequestRefused, 400),
    (errors.ValueRefused, 422),
    (errors.UsageError, 400),
    (errors.DeliveryFailed, 502),
    (errors.StoreUnavailable, 503),
    (errors.IssuerUnavailable, 503),
    (errors.StorageFull, 507),
    (errors.OrdergateError, 500),
)

_HTTP_CODES: Final[Mapping[int, str]] = {
    400: "request.malformed",
    404: "not_found",
    405: "method.not_allowed",
    406: "media_type.not_offered",
    408: "request.timeout",
    412: "version.changed",
    413: "body.too_large",
    415: "media_type.unsupported",
    422: "validation.failed",
    428: "version.required",
    429: "rate.limited",
    503: "timeout",
}


@dataclass(eq=False)
class Problem(Exception):
    """A fault of the request as it will be answered; raise it or return :meth:`response`.

    ``violations`` are ``V`` of the contracts, each with ``pointer`` (RFC 6901, into the body) or
    ``parameter`` (name of the query, path or header parameter) where one is known. ``faults`` are violations of the
    content, which join them in the language of the answer.
    """

    status: int
    code: str
    detail: str
    hint: str = ""
    violations: Sequence[Mapping[str, object]] = ()
    faults: Sequence[Violation] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, instance: str, language: str = ENGLISH) -> dict[str, object]:
        """Return the problem document for the occurrence *instance*, a path and the request's name, in *language*."""
        return {
            "type": f"urn:ordergate:problem:{self.code}",
            "title": problem_titles(language).get(self.code) or title_of(self.status, language),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
            "hint": self.hint,
            "violations": [*self.violations, *(violation_json(found, language) for found in self.faults)],
            **retold(dict(self.extra), language),
        }

    def response(self, request: web.Request) -> web.Response:
        """Return the answer."""
        language = language_of(request)
        name = request.get(REQUEST)
        instance = f"{request.path}#{name}" if name else request.path
        body = orjson.dumps(self.as_json(instance, language), default=str)
        headers = {**self.headers, "Content-Language": language, "Vary": "Accept-Language"}
        return web.Response(status=self.status, body=body, content_type=MEDIA_TYPE, headers=headers)


def title_of(status: int, language: str = ENGLISH) -> str:
    """Return what a problem document of *status* is called; where nothing else fits, that the request is unreadable."""
    titles: Mapping[int, str] = catalogue(language).problems
    return titles.get(status, titles[400])


def violation_json(violation: Violation, language: str = ENGLISH) -> dict[str, object]:
    """Return ``V`` plus ``pointer``: a violation of a JSON body carries its RFC 6901 pointer as the tag."""
    pointer = violation.tag if violation.tag is not None and violation.tag.startswith("/") else None
    return {
        **violation.as_json(language),
        "tag": None if pointer else violation.tag,
        "pointer": pointer,
        "parameter": None,
    }


def fault(
    code: str, message: str, *, value: str | None = None, pointer: str | None = None, parameter: str | None = None
) -> dict[str, object]:
    """Return ``V`` for a fault of a JSON body or of a parameter: it has no segment, but a name."""
    return {
        "code": code,
        "severity": "error",
        "level": "element" if pointer or parameter else "message",
        "segment": None,
        "tag": None,
        "element": None,
        "component": None,
        "offset": None,
        "value": value,
        "message": message,
        "hint": "",
        "pointer": pointer,
        "parameter": parameter,
    }


def of_error(error: errors.OrdergateError) -> Problem:
    """Return the problem that *error* of the tree is answered with."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    if status == 500:
        return of_crash(error)
    headers = {}
    if status == 401:
        # RFC 6750 section 3.1: a caller who sent nothing is told of no error.
        told = ', error="invalid_token"' if isinstance(error, errors.TokenRefused) else ""
        headers["WWW-Authenticate"] = f'Bearer realm="ordergate"{told}'
    if error.retryable:
        headers["Retry-After"] = "1"
    extra: dict[str, object] = {"inputs": dict(error.inputs)} if error.inputs else {}
    return Problem(
        status,
        error.code,
        error.message,
        hint=error.hint,
        faults=error.violations if isinstance(error, errors.ValidationFailed) else (),
        extra=extra,
        headers=headers,
    )


def of_http(error: web.HTTPException) -> Problem:
    """Return the problem for an error that aiohttp itself raised: no such route, wrong method, too large."""
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    code = _HTTP_CODES.get(error.status, "request.refused" if error.status < 500 else "system.failed")
    return Problem(error.status, code, error.reason, headers=headers)


def code_of_status(code: str) -> str:
    """Return the status that comes with *code* whatever the case, as text; "" where it depends."""
    return next((str(status) for status, told in _HTTP_CODES.items() if told == code), "")


def of_crash(error: Exception, reference: str = "") -> Problem:
    """Log *error* with its traceback and return a problem that names nothing but the log line: by the request's name.

    Outside a request the reference is made up.
    """
    reference = reference or uuid.uuid4().hex
    log.error("request.failed", reference=reference, exc_info=error)
    return Problem(
        500,
        "system.failed",
        "Ordergate itself failed; nothing is lost that was answered before.",
        hint=f"The log names the cause under reference {reference}.",
        extra={"reference": reference},
    )


class ErrorPage(Protocol):
    """Turns a problem into a page, for the paths that people visit."""

    def __call__(self, request: web.Request, problem: Problem) -> web.Response:
        """Return the page."""
        ...


#: set by the console
ERROR_PAGE: Final = web.AppKey("ERROR_PAGE", ErrorPage)

_MACHINE_PATHS: Final = ("/api/", "/health/", "/hooks/", "/metrics")


@web.middleware
async def problem_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every fault of the handlers below as a problem document, or as a page to a person."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        if request.method == "OPTIONS" and "Allow" in error.headers:
            return web.Response(status=204, headers={"Allow": f"{error.headers['Allow']},OPTIONS"})
        problem = of_http(error)
    except Problem as error:
        problem = error
    except errors.OrdergateError as error:
        problem = of_error(error)
    except Exception as error:  # noqa: BLE001 - the last wall: a traceback must never reach a user
        problem = of_crash(error, request.get(REQUEST, ""))
    if (principal := request.get(PRINCIPAL)) is not None and problem.status < 500:
        log.info("request.refused", status=problem.status, code=problem.code, path=request.path, key=principal.name)
    if (refused := request.app.get(REFUSED)) is not None:
        refused.note(request, problem.status, problem.code)
    page = request.app.get(ERROR_PAGE)
    if page is None or request.path.startswith(_MACHINE_PATHS):
        return problem.response(request)
    return page(request, problem)
