"""Probes and metrics, open to everyone who reaches the port."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import Problem
from gateway.web.shapes.common import Shape

routes = Contract("health")


class Alive(Shape):
    """The process answers."""

    status: Literal["ok"]


class Ready(Shape):
    """Whether work can be taken, by part."""

    status: Literal["ok"]
    checks: dict[str, str]


@routes.get("/health/live", scope=None, answers={200: Alive})
async def live(_: Call) -> Answer:
    """The process runs and its loop answers. Says nothing of the store: a restart would not heal it."""
    return Answer({"status": "ok"})


@routes.get("/health/ready", scope=None, answers={200: Ready}, refusals=(503,))
async def ready(call: Call) -> Answer:
    """Store, folders and dispatcher can take work; 503 names the part that cannot."""
    return await _probe(call, "ready")


@routes.get("/health/start", scope=None, answers={200: Ready}, refusals=(503,))
async def start(call: Call) -> Answer:
    """Start-up is over: migrations ran and interrupted work was found again."""
    return await _probe(call, "started")


async def _probe(call: Call, question: Literal["ready", "started"]) -> Answer:
    health = await call.run(call.operations.health)
    if not health[question]:
        raise Problem(503, f"not_{question}", f"not {question} yet", extra={"checks": health["checks"]})
    return Answer({"status": "ok", "checks": health["checks"]})


@routes.get("/metrics", scope=None, answers={200: "text/plain"})
async def metrics(call: Call) -> web.Response:
    """Metrics in the Prometheus text format."""
    content = await call.run(call.operations.metrics)
    return web.Response(body=content, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
