"""Alerts over the API of the real gateway: listed, closed by a person, and nothing for partners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from core.store.alerts import raise_alert
from gateway.authentication import ApiKeys
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
SINK = """
[[alert_sinks]]
name = "on-call"
kind = "mail"
to = ["ada@us.example"]
"""


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    settings = home / "ordergate.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SINK, encoding="utf-8")
    one = open_gateway(home, "serve")
    for subject in ("a.edi", "b.edi"):
        one.store.write(
            lambda tx, subject=subject: raise_alert(tx, "file.refused", subject, "too big", at=one.clock.now())
        )
    yield one
    one.close()


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
def key(demo_key: str) -> str:
    return demo_key


async def test_alerts_are_paged_the_latest_first(call: Call, key: str) -> None:
    status, first = await call("GET", "/api/v1/alerts?state=open&kind=file.&limit=1", key)
    assert (status, [one["subject"] for one in first["items"]]) == (200, ["b.edi"])
    _, rest = await call("GET", f"/api/v1/alerts?state=open&kind=file.&limit=1&cursor={first['next']}", key)
    assert ([one["subject"] for one in rest["items"]], rest["next"]) == (["a.edi"], None)
    assert (await call("GET", "/api/v1/alerts?kind=hook.", key))[1]["items"] == []
    assert (await call("GET", "/api/v1/alerts?partner=ALPINA", key))[1]["items"] == []


async def test_a_person_closes_an_alert_with_a_reason(call: Call, key: str) -> None:
    _, found = await call("GET", "/api/v1/alerts", key)
    path = f"/api/v1/alerts/{found['items'][0]['id']}/close"
    assert (await call("POST", path, key, json={}))[0] == 422
    status, closed = await call("POST", path, key, json={"reason": "a new file came"})
    assert (status, closed["state"], closed["close_reason"]) == (200, "closed", "a new file came")
    assert closed["closed_by"]
    assert (await call("POST", path, key, json={"reason": "again"}))[0] == 409
    assert (await call("POST", "/api/v1/alerts/1/close", key, json={"reason": "x"}))[0] == 404
    _, still = await call("GET", "/api/v1/alerts?state=open", key)
    assert [one["subject"] for one in still["items"]] == ["a.edi"]
    _, gone = await call("GET", "/api/v1/alerts?state=closed", key)
    assert gone["items"] == [closed]


async def test_sinks_are_listed_and_tested(call: Call, key: str, gateway: Gateway) -> None:
    _, sinks = await call("GET", "/api/v1/alert-sinks", key)
    assert [one["name"] for one in sinks["items"]] == ["on-call"]
    assert (await call("POST", "/api/v1/alert-sinks/on-call/test", key))[0] == 202
    assert (await call("POST", "/api/v1/alert-sinks/ops/test", key))[0] == 404
    gateway.dispatcher.run_once()
    (mail,) = (gateway.home.root / "mail" / "out").iterdir()
    assert b"Subject: Test of this alert sink" in mail.read_bytes()


async def test_alerts_are_the_houses(call: Call, gateway: Gateway) -> None:
    theirs = ApiKeys(gateway.store, gateway.clock).create("one", ("read", "operate"), partner="ALPINA").token
    assert (await call("GET", "/api/v1/alerts", theirs))[0] in (403, 404)
    assert (await call("GET", "/api/v1/alert-sinks", theirs))[0] in (403, 404)
    readers = ApiKeys(gateway.store, gateway.clock).create("two", ("read",)).token
    assert (await call("POST", "/api/v1/alerts/1/close", readers, json={"reason": "x"}))[0] == 403
