"""The web application: middlewares, endpoints and the event stream around one store."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import orjson
from aiohttp import web

import gateway
from gateway.web.binding import bind
from gateway.web.broadcast import Broadcaster
from gateway.web.call import AUTHENTICATOR, BROADCASTER, OPERATIONS, PULSE, SETTINGS, STORE, TOKEN_DOOR, VIEWS, read
from gateway.web.connections import CONNECTIONS, Connections, running_middleware
from gateway.web.contract import RAW_LIMIT, Contract, Endpoint
from gateway.web.guards import control_character_middleware, set_security_headers
from gateway.web.limits import CALLS, FAILURES, VISITS, Buckets, make_failures, make_visits
from gateway.web.occurrences import naming_middleware, tell_name
from gateway.web.openapi import describe
from gateway.web.ports import Authenticator, Json, Operations, ReadStore, TokenDoor, Views
from gateway.web.problems import Handler, problem_middleware
from gateway.web.pulse import Pulse
from gateway.web.refused_calls import REFUSED, RefusedCalls, handing_on
from gateway.web.routes import (
    access,
    alerts,
    approvals,
    batch,
    cases,
    changes,
    confirmation,
    credit,
    customers,
    documents,
    drafts,
    events,
    evidence,
    health,
    hooks,
    import_maps,
    imports,
    invoice_drafts,
    lifecycle,
    masters,
    notices,
    orders,
    papers,
    prices,
    public,
    queue,
    reports,
    returns,
    samples,
    sandbox,
    shop_news,
    shops,
    stock,
    subscriptions,
    tasks,
    templates,
    validation,
)
from gateway.web.settings import WebSettings

_CONTRACTS: Final[tuple[Contract, ...]] = (
    orders.routes,
    batch.routes,
    imports.routes,
    import_maps.routes,
    lifecycle.routes,
    changes.routes,
    confirmation.routes,
    drafts.routes,
    templates.routes,
    prices.routes,
    queue.routes,
    notices.routes,
    public.routes,
    tasks.routes,
    approvals.routes,
    invoice_drafts.routes,
    papers.routes,
    documents.routes,
    evidence.routes,
    cases.routes,
    masters.routes,
    stock.routes,
    credit.routes,
    customers.routes,
    reports.routes,
    returns.routes,
    samples.routes,
    validation.routes,
    events.routes,
    subscriptions.routes,
    shop_news.routes,
    hooks.routes,
    shops.routes,
    alerts.routes,
    access.routes,
    health.routes,
)


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the composition root hands over."""

    store: ReadStore
    views: Views
    operations: Operations
    authenticator: Authenticator
    settings: WebSettings
    tokens: TokenDoor | None = None


def endpoints(*, with_sandbox: bool) -> list[Endpoint]:
    """Return every endpoint of the API in the order of the document."""
    contracts = (*_CONTRACTS, sandbox.routes) if with_sandbox else _CONTRACTS
    return [endpoint for contract in contracts for endpoint in contract.endpoints]


def document(*, with_sandbox: bool) -> Json:
    """Return the OpenAPI document that ``/api/v1/openapi.json`` serves."""
    return describe(endpoints(with_sandbox=with_sandbox), version=gateway.__version__)


@cache
def _described(with_sandbox: bool) -> bytes:  # noqa: FBT001 - the key of the cache
    return orjson.dumps(document(with_sandbox=with_sandbox))


def build(parts: WebParts) -> web.Application:
    """Return the application of API, probes and event stream; the console adds its pages to it."""
    settings = parts.settings
    app = web.Application(
        middlewares=[running_middleware, naming_middleware, problem_middleware, control_character_middleware],
        client_max_size=RAW_LIMIT,
    )
    app[STORE] = parts.store
    app[VIEWS] = parts.views
    app[OPERATIONS] = parts.operations
    app[AUTHENTICATOR] = parts.authenticator
    if parts.tokens is not None:
        app[TOKEN_DOOR] = parts.tokens
    app[SETTINGS] = settings
    app[CONNECTIONS] = Connections(settings.head_seconds, settings.connections_per_address)
    app[CALLS] = Buckets(settings.rate, settings.burst)
    app[FAILURES] = make_failures()
    app[VISITS] = make_visits()
    app[REFUSED] = RefusedCalls()
    app[BROADCASTER] = _broadcaster(app, parts)
    app[PULSE] = Pulse(lambda: read(app, parts.views.pulse), poll_seconds=settings.poll_seconds)
    app.on_response_prepare.append(set_security_headers)
    app.on_response_prepare.append(tell_name)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_broadcasting)
    app.cleanup_ctx.append(_handing_on_refused)
    for endpoint in endpoints(with_sandbox=settings.sandbox):
        if endpoint.method == "GET":
            app.router.add_get(endpoint.path, bind(endpoint), allow_head=not endpoint.streams)
        else:
            app.router.add_route(endpoint.method, endpoint.path, bind(endpoint))

    _refuse_other_methods(app, settings)

    async def openapi(_: web.Request) -> web.Response:
        return web.Response(body=_described(settings.sandbox), content_type="application/json")

    app.router.add_get("/api/v1/openapi.json", openapi)
    return app


def _refuse_other_methods(app: web.Application, settings: WebSettings) -> None:
    """Answer 405 to a method that a fixed path does not have, though a pattern that fits it does.

    Otherwise ``PUT /api/v1/partners/regrade`` would set a partner of that name.
    """
    methods: dict[str, list[str]] = {}
    for endpoint in endpoints(with_sandbox=settings.sandbox):
        methods.setdefault(endpoint.path, []).append(endpoint.method)
    patterns = [re.compile(re.sub(r"{\w+}", "[^/]+", path)) for path in methods if "{" in path]
    for path, own in methods.items():
        if "{" not in path and any(pattern.fullmatch(path) for pattern in patterns):
            app.router.add_route("*", path, _not_allowed([*own, "HEAD"] if "GET" in own else own))


def _not_allowed(methods: Sequence[str]) -> Handler:
    async def refuse(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMethodNotAllowed(request.method, methods)

    return refuse


def _broadcaster(app: web.Application, parts: WebParts) -> Broadcaster:
    async def head() -> int:
        return await read(app, parts.views.stream_head)

    async def after(position: int, limit: int) -> list[Json]:
        return await read(app, parts.views.stream, position, limit)

    return Broadcaster(head, after, poll_seconds=parts.settings.poll_seconds)


async def _broadcasting(app: web.Application) -> AsyncIterator[None]:
    tasks = [
        asyncio.create_task(app[BROADCASTER].run(), name="event broadcaster"),
        asyncio.create_task(app[PULSE].run(), name="console pulse"),
    ]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _handing_on_refused(app: web.Application) -> AsyncIterator[None]:
    async with handing_on(app[REFUSED], app[OPERATIONS].access_desk):
        yield


async def _end_streams(app: web.Application) -> None:
    """End open streams before the server waits for its handlers."""
    app[BROADCASTER].close()
    await app[PULSE].close()


def wake(app: web.Application) -> None:
    """Say that something was committed, from any thread: listeners and pages hear of it at once."""
    app[BROADCASTER].wake()
    app[PULSE].wake()
