"""From what a handler gave back to the answer: version, keys that were asked for, language."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import orjson
from aiohttp import web

from core.provenance import ENGLISH
from core.texts.hold_words import retold
from core.texts.request_words import count_faults, tell_fault
from gateway.web.call import Call, etags
from gateway.web.contract import Endpoint, HandlerResult
from gateway.web.languages import language_of
from gateway.web.problems import Problem, fault
from gateway.web.sparse import NAME, Fields, UnknownFields, answers_fields

_NO_CONTENT: Final = 204
_DIGEST_BYTES: Final = 16
Violations = list[dict[str, object]]


def respond(result: HandlerResult, endpoint: Endpoint, call: Call, fields: Fields | None) -> web.StreamResponse:
    """Return the answer to *call*: of JSON the *fields* that were asked for; 304 where the caller has it already.

    A resource that is changed under If-Match has its version as ETag; whatever else is read, the digest of all its
    keys in the language of the answer, so that asking again costs little (RFC 9110 section 8.8.3).

    Raises:
        Problem: 422, the answer has no key of that name.
    """
    chosen = [name for name, may in (("Accept", _several(endpoint)), ("Accept-Language", True)) if may]
    if isinstance(result, web.StreamResponse):
        if len(chosen) > 1:
            result.headers.setdefault("Vary", "Accept")
        return result
    headers = {**result.headers, "Vary": ", ".join(chosen)}
    if result.status == _NO_CONTENT:
        return web.Response(status=_NO_CONTENT, headers=headers)
    language = language_of(call.request)
    whole = retold(call.principal.shown(result.body), language)
    content = orjson.dumps(whole)
    etag = result.etag or (_digest(content) if answers_fields(endpoint) else "")
    if etag:
        headers["ETag"] = f'"{etag}"'
        if call.request.method in ("GET", "HEAD") and {"*", etag} & etags(call.request, "If-None-Match"):
            return web.Response(status=304, headers=headers)
    if fields is not None:
        content = orjson.dumps(_picked(fields, whole, language))
    if language != ENGLISH:
        headers.setdefault("Content-Language", language)
    return web.Response(
        status=result.status, body=content, content_type="application/json", charset="utf-8", headers=headers
    )


def refused_fields(refused: UnknownFields, language: str) -> Violations:
    """Return what is wrong with ``fields``: a violation for each name that there is not."""
    told = tell_fault("fields.unknown", "the answer has no such key", {}, language)
    return [fault("fields.unknown", told, value=name, parameter=NAME) for name in refused.names]


def _several(endpoint: Endpoint) -> bool:
    """Tell whether the Accept header chooses the form of the answer."""
    return any(isinstance(body, tuple) for body in endpoint.answers.values())


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def _picked(fields: Fields, whole: Any, language: str) -> Any:
    try:
        return fields.of(whole)
    except UnknownFields as refused:
        violations = refused_fields(refused, language)
        told = count_faults(len(violations), language)
        raise Problem(422, "validation.failed", told, violations=violations) from None
