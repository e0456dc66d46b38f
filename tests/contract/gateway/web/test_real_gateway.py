"""The API over the real gateway: its answers keep the same contract, from the demo's files to the release."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.reporting import views
from core.store import master
from core.testing.trade import MONDAY, partner_row
from gateway import demo
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
ANY = {"If-Match": "*"}


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    app = build(WebParts(gateway.store, views, acts, keys, settings))
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


@pytest.fixture
async def taken(call: Call, gateway: Gateway, key: str) -> dict[str, Json]:
    """Hand in what the demo drops; return the documents by what is wrong with them."""
    found = {}
    for name, content in demo.orders(gateway.clock.now()).items():
        status, body = await call("POST", "/api/v1/documents?partner=ALPINA", key, data=content)
        assert status == 202
        (found[name.removesuffix(".edi").rpartition("-")[2]],) = body["documents"]
    return found


async def test_three_files_three_verdicts(call: Call, key: str, taken: dict[str, Json]) -> None:
    assert [taken[kind]["outcome"] for kind in ("clean", "off", "truncated")] == ["accepted", "accepted", "rejected"]
    status, page = await call("GET", "/api/v1/orders", key)
    assert (status, [order["state"] for order in page["items"]]) == (200, ["in_review", "confirmed"])
    status, detail = await call("GET", f"/api/v1/documents/{taken['truncated']['id']}", key)
    assert (status, detail["violations"][0]["tag"]) == (200, "UNZ")
    assert {reply["type"] for reply in taken["clean"]["replies"]} == {"CONTRL", "ORDRSP"}
    assert (await call("GET", "/api/v1/reconciliation", key))[1]["unexplained"] == 0
    assert (await call("GET", "/api/v1/audit/verify", key))[1]["ok"] is True


async def test_violations_are_told_in_the_language_that_is_accepted(
    client: TestClient[Any, Any], call: Call, gateway: Gateway, key: str, taken: dict[str, Json]
) -> None:
    """LNG-01: of a document that was taken, and in a dry run."""
    path = f"/api/v1/documents/{taken['truncated']['id']}"
    german = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"}
    _, shown = await call("GET", path, key, headers=german)
    assert shown["violations"][0]["message"].startswith("Die Übertragungsdatei hat kein Ende: UNZ fehlt.")
    async with client.get(path, headers={**german, "Authorization": f"Bearer {key}"}) as response:
        assert (response.headers["Content-Language"], response.headers["Vary"]) == ("de", "Accept-Language")
    _, shown = await call("GET", path, key, headers={"Accept-Language": "fr"})
    assert shown["violations"][0]["message"].startswith("The interchange has no end: UNZ is missing.")
    (truncated,) = (content for name, content in demo.orders(gateway.clock.now()).items() if "truncated" in name)
    dry = "/api/v1/documents?partner=ALPINA&dry_run=true"
    status, would = await call("POST", dry, key, data=truncated, headers={"Accept-Language": "zh-CN"})
    assert status == 200
    assert would["interchanges"][0]["violations"][0]["message"].startswith("交换没有结束：缺少 UNZ。")


async def test_a_refusal_is_told_in_the_language_that_is_accepted(client: TestClient[Any, Any], key: str) -> None:
    """LNG-01: title and violations; what the catalogue has no words for stays English."""
    lines = [{"sku": "ORD-0001", "quantity": "1", "unit": "PCE"}]
    order = {"partner": "ALPINA", "buyer_reference": "PO-9", "requested_date": "2199-01-01", "lines": lines}
    told = {}
    for language in ("en", "de", "zh"):
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        async with client.post("/api/v1/orders", json=order, headers=headers) as response:
            assert (response.status, response.headers["Content-Language"]) == (422, language)
            assert response.headers["Vary"] == "Accept-Language"
            problem = await response.json()
            told[language] = (problem["title"], problem["violations"][0]["message"])
            assert problem["violations"][0]["code"] == "date.too_far"
    assert told["de"][0] == "Der Inhalt verletzt eine Regel"
    assert "Wunschtermin" in told["de"][1]
    assert len({title for title, _ in told.values()} | {message for _, message in told.values()}) == 6


async def test_every_reading_endpoint_keeps_its_contract(call: Call, key: str, taken: dict[str, Json]) -> None:
    number = taken["clean"]["orders"][0]
    year = number[:4]
    for path in (
        f"orders/{number}", f"orders/{number}/timeline", f"orders/{number}/checks", f"orders/{number}/documents",
        f"orders/{number}/source/buyer_reference", f"orders/{number}/source/total", "orders?state=confirmed&q=PO",
        "documents?direction=out&limit=1", "documents?outcome=rejected", "partners", "items?q=NL", "stock", "holds",
        "shipments", "invoices", f"numbering/{year}/ED/proof",
    ):  # fmt: skip
        status, body = await call("GET", f"/api/v1/{path}", key)
        assert status == 200, (path, body)
    status, problem = await call("GET", "/api/v1/orders?cursor=nonsense", key)
    assert (status, problem["code"]) == (422, "value.refused")


async def test_a_held_order_is_released_to_confirmed(call: Call, key: str, taken: dict[str, Json]) -> None:
    """CNF-02: one red check forbids to confirm, with its name; once it is released, the order is confirmed."""
    number = taken["off"]["orders"][0]
    status, problem = await call("POST", f"/api/v1/orders/{number}/confirm", key)
    assert (status, [hold["code"] for hold in problem["holds"]]) == (409, ["price.mismatch"])
    status, place = await call("GET", f"/api/v1/orders/{number}/source/lines.2.price", key)
    assert (status, place["verified"], place["tag"]) == (200, True, "PRI")
    status, order = await call("POST", f"/api/v1/orders/{number}/release", key, json={"reason": "agreed"})
    assert (status, order["state"], order["holds"]) == (200, "confirmed", [])
    replies = (await call("GET", f"/api/v1/orders/{number}/documents", key))[1]["items"]
    assert [reply["type"] for reply in replies] == ["ORDERS", "CONTRL", "ORDRSP"]
    for reply in replies:
        assert (await call("GET", f"/api/v1/documents/{reply['id']}/raw", key))[1].startswith(b"UN")


async def test_an_order_by_api_once_however_often_it_is_sent(call: Call, key: str, gateway: Gateway) -> None:
    body = {"partner": "ALPINA", "buyer_reference": "API-1", "lines": [{"sku": "NL-1001", "quantity": "5"}]}
    status, dry = await call("POST", "/api/v1/orders?dry_run=true", key, json=body)
    assert (status, dry["state"]) == (200, "confirmed")
    assert (await call("GET", "/api/v1/orders", key))[1]["items"] == []
    answers = [
        await call("POST", "/api/v1/orders", key, json=body, headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert [status for status, _ in answers] == [201, 201]
    assert answers[0][1] == answers[1][1]
    changed = {**body, "buyer_reference": "API-2"}
    status, problem = await call("POST", "/api/v1/orders", key, json=changed, headers={"Idempotency-Key": "once"})
    assert (status, problem["code"]) == (422, "idempotency.mismatch")
    status, problem = await call("POST", "/api/v1/orders", key, json={**body, "lines": [{"sku": "X", "quantity": "1"}]})
    assert (status, problem["code"]) == (409, "state.conflict")
    assert (await call("POST", "/api/v1/orders", key, json={**body, "partner": "NOBODY"}))[0] == 404
    number = answers[0][1]["number"]
    status, cancelled = await call("POST", f"/api/v1/orders/{number}/cancel", key, json={"reason": "not needed"})
    assert (status, cancelled["state"]) == (200, "cancelled")
    assert gateway.timers.seal() > 0


async def test_keys_of_partners_and_revoked_keys(call: Call, gateway: Gateway, taken: dict[str, Json]) -> None:
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("alpina", {"read", "submit"}, partner="ALPINA")
    number = taken["clean"]["orders"][0]
    assert (await call("GET", f"/api/v1/orders/{number}", own.token))[0] == 200
    assert (await call("POST", f"/api/v1/orders/{number}/release", own.token))[0] == 403
    assert (await call("GET", "/api/v1/reconciliation", own.token))[0] == 403
    keys.revoke(own.prefix)
    assert (await call("GET", f"/api/v1/orders/{number}", own.token))[0] == 401


async def test_the_stream_tells_sealed_events(
    client: TestClient[Any, Any], gateway: Gateway, key: str, taken: dict[str, Json]
) -> None:
    assert gateway.timers.seal() > 0
    headers = {"Authorization": f"Bearer {key}"}
    async with client.get("/api/v1/events?after=0", headers=headers) as response:
        lines = [(await response.content.readline()).strip() for _ in range(6)]
    assert b"event: order.received" in lines
    assert b"id: 1" in lines
    assert taken["clean"]["orders"][0].encode() in b"".join(lines)


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("events=order.confirmed", lambda told: told["event"] == "order.confirmed"),
        ("events=hold.*,order.received&channel=ED", lambda told: told["event"] in ("hold.opened", "order.received")),
        ("channel=ED", lambda told: told["channel"] == "ED"),
    ],
)
async def test_the_stream_tells_what_is_asked_for(
    client: TestClient[Any, Any], gateway: Gateway, taken: dict[str, Json], asked: str, fits: Callable[[Json], bool]
) -> None:
    key = gateway.home.demo_key.read_text().strip()
    gateway.timers.seal()
    whole = gateway.store.read(lambda tx: views.stream(tx, 0, 500))
    wanted = [told["id"] for told in whole if fits(told)]
    assert wanted
    assert taken
    headers = {"Authorization": f"Bearer {key}"}
    heard: list[int] = []
    async with client.get(f"/api/v1/events?after=0&{asked}", headers=headers) as response:
        async for line in response.content:
            if line.startswith(b"id: "):
                heard.append(int(line[4:]))
            if line.startswith(b": ") or heard == wanted:
                break
    assert heard == wanted
    rest = {**headers, "Last-Event-ID": str(wanted[0])}
    if len(wanted) > 1:
        async with client.get(f"/api/v1/events?{asked}", headers=rest) as response:
            async for line in response.content:
                if line.startswith(b"id: "):
                    assert int(line[4:]) == wanted[1]
                    break


async def test_a_filter_that_names_nothing_is_refused(call: Call, key: str) -> None:
    assert (await call("GET", "/api/v1/events?events=order.nothing", key))[0] == 422
    assert (await call("GET", "/api/v1/events?events=,", key))[0] == 422
    assert (await call("GET", "/api/v1/events?channel=ed", key))[0] == 422


async def test_holds_are_told_in_the_language_that_is_accepted(
    client: TestClient[Any, Any], key: str, taken: dict[str, Json]
) -> None:
    """LNG-01: of a stored order, in a list, and in the refusal to confirm it; code, rule and inputs are the same."""
    number = taken["off"]["orders"][0]
    told: dict[str, set[str]] = {}
    for language in ("en", "de", "zh"):
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        found = []
        async with client.get(f"/api/v1/orders/{number}", headers=headers) as response:
            assert response.headers["Vary"] == "Accept-Language"
            assert response.headers.get("Content-Language", "en") == language
            found += (await response.json())["holds"]
        async with client.get("/api/v1/holds", headers=headers) as response:
            found += (await response.json())["items"]
        async with client.post(f"/api/v1/orders/{number}/confirm", json={}, headers=headers) as response:
            found += (await response.json())["holds"]
        assert [one["code"] for one in found] == ["price.mismatch"] * 3
        told[language] = {one["reason"] for one in found}
        assert len(told[language]) == 1
    assert len(set().union(*told.values())) == 3
    assert next(iter(told["de"])).startswith("Position 2: der Preis des Käufers")


async def test_a_confirmation_is_previewed_completed_and_fixed(
    client: TestClient[Any, Any], call: Call, key: str, taken: dict[str, Json]
) -> None:
    """CNF-06, CNF-04: preview=1 shows what an order under review would get; then it says what was told."""
    number = taken["off"]["orders"][0]
    path = f"/api/v1/orders/{number}/confirmation"
    assert (await call("GET", path, key))[0] == 409
    status, planned = await call("GET", f"{path}?preview=1", key)
    assert (status, planned["planned"], planned["holds"], planned["rule"]) == (200, True, ["price.mismatch"], "default")
    status, added = await call("PUT", f"{path}/notes", key, headers=ANY, json={"text": "Gate 3, please."})
    assert (status, added["note"], added["open"]) == (200, "Gate 3, please.", True)
    status, added = await call("POST", f"{path}/attachments?name=a.csv&media_type=text/csv", key, data=b"a;b")
    assert (status, added["attachments"][0]["name"]) == (201, "a.csv")
    status, problem = await call("POST", f"{path}/attachments?name=b.pdf&media_type=application/pdf", key, data=b"a;b")
    assert (status, problem["code"]) == (422, "value.refused")
    await call("POST", f"/api/v1/orders/{number}/release", key, json={"reason": "agreed"})
    status, told = await call("GET", path, key)
    assert (status, told["planned"], told["notes"]) == (200, False, ["Gate 3, please."])
    assert [one["name"] for one in told["attachments"]] == [f"confirmation-{number}-1.pdf", "a.csv"]
    file = f"{path}/attachments/{added['attachments'][0]['id']}"
    for method, late, body in (
        ("PUT", f"{path}/notes", {"headers": ANY, "json": {"text": "late"}}),
        ("POST", f"{path}/attachments?name=c.csv&media_type=text/csv", {"data": b"x"}),
        ("DELETE", file, {}),
    ):
        status, problem = await call(method, late, key, **body)
        assert (status, problem["code"]) == (409, "state.conflict"), late
    bearer = {"Authorization": f"Bearer {key}"}
    async with client.get(path, headers={**bearer, "Accept": "application/pdf"}) as response:
        assert (response.status, response.content_type) == (200, "application/pdf")
        assert (await response.read()).startswith(b"%PDF-")
    async with client.get(path, headers={**bearer, "Accept": "text/html,*/*;q=0.8"}) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert number in await response.text()


async def test_a_partner_sees_its_own_confirmation_and_adds_nothing(
    call: Call, gateway: Gateway, taken: dict[str, Json]
) -> None:
    """CNF-06: only the house adds to a confirmation; another partner does not learn that there is one."""
    number = taken["clean"]["orders"][0]
    keys = ApiKeys(gateway.store, gateway.clock)
    path = f"/api/v1/orders/{number}/confirmation"
    own = keys.create("alpina", ["read", "operate"], partner="ALPINA").token
    gateway.store.write(lambda tx: master.load(tx, master.MasterRows(partners=[partner_row("OTHER")]), MONDAY))
    other = keys.create("other", ["read"], partner="OTHER").token
    assert (await call("GET", path, own))[0] == 200
    assert (await call("GET", path, other))[0] == 404
    assert (await call("GET", f"{path}/enclosed", other))[0] == 404
    assert (await call("PUT", f"{path}/notes", own, json={"text": "x"}))[0] == 403
