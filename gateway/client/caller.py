"""What the methods of every subject stand on: one answer, one page, a file, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError

from gateway.client.connection import Connection, Reply, Request, new_key
from gateway.client.errors import AnswerUnreadable
from gateway.client.pages import Page
from gateway.client.values import Answer, Body, entity_tag, query_text

A = TypeVar("A", bound=Answer)
B = TypeVar("B", bound=Answer)
Query = Mapping[str, object]

_BYTES = "application/octet-stream"


class Caller:
    """Makes requests of arguments and typed answers of replies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _one(
        self,
        answer: type[A],
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Body | bytes | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> A:
        """Return what the gateway answers as *answer*."""
        request = _request(method, path, query=query, body=body, if_match=if_match, idempotency_key=idempotency_key)
        return _answered(answer, self._connection.send(request))

    def _either(
        self,
        one: tuple[int, type[A]],
        other: tuple[int, type[B]],
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Body | bytes | None = None,
        idempotency_key: str | None = None,
    ) -> A | B:
        """Return what the gateway answers, as which of two says the status."""
        reply = self._connection.send(_request(method, path, query=query, body=body, idempotency_key=idempotency_key))
        return _answered(one[1], reply) if reply.status == one[0] else _answered(other[1], reply)

    def _page(self, item: type[A], path: str, *, query: Query | None = None) -> Page[A]:
        """Return a page of *item*."""
        return self._turned(item, _request("GET", path, query=query))

    def _turned(self, item: type[A], request: Request) -> Page[A]:
        reply = self._connection.send(request)
        wire = reply.json()
        try:
            items, following = wire["items"], wire["next"]
        except (KeyError, TypeError) as error:
            raise AnswerUnreadable(reply.status, "the answer is no page") from error

        def turn(cursor: str) -> Page[A]:
            return self._turned(item, replace(request, query={**request.query, "cursor": cursor}))

        return Page([_read(item, one, reply) for one in items], following, wire, turn)

    def _file(self, path: str, media_type: str, *, query: Query | None = None) -> bytes:
        """Return what the gateway answers as *media_type*."""
        request = replace(_request("GET", path, query=query), headers={"Accept": media_type})
        return self._connection.send(request).content

    def _nothing(self, method: str, path: str, *, query: Query | None = None, if_match: str | None = None) -> None:
        """Have something done that is answered by nothing."""
        self._connection.send(_request(method, path, query=query, if_match=if_match))


def _request(
    method: str,
    path: str,
    *,
    query: Query | None = None,
    body: Body | bytes | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Request:
    content = None
    if isinstance(body, Body):
        text = body.model_dump_json(by_alias=True, exclude_unset=True)
        content = ("application/json", text.encode())
    elif body is not None:
        content = (_BYTES, body)
    return Request(
        method,
        path,
        query={name: query_text(value) for name, value in (query or {}).items() if value is not None},
        headers={} if if_match is None else {"If-Match": entity_tag(if_match)},
        content=content,
        key=(idempotency_key or new_key()) if method == "POST" else None,
    )


def _answered(answer: type[A], reply: Reply) -> A:
    wire = reply.json()
    told = _read(answer, wire, reply)
    told._wire, told._headers = wire, reply.headers  # noqa: SLF001 - their keeper: no caller sets them
    return told


def _read(answer: type[A], wire: Any, reply: Reply) -> A:
    try:
        return answer.model_validate(wire)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(map(str, first["loc"]))
        reason = f"the answer is not the {answer.__name__} that this client knows: {place}: {first['msg']}"
        raise AnswerUnreadable(reply.status, reason) from error
