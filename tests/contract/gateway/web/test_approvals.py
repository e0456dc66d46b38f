"""The endpoints of approvals over the real gateway: listed, decided by several, handed on, refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.clock import SystemClock
from core.fulfilment.manual import ship_order
from core.reporting import views
from core.review.rulebook import read_rulebook
from core.store import orders as rows
from core.store.engine import Tx
from core.store.rulebooks import put_in_force
from core.store.shipping import shipment_row
from gateway import master_data
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]

STAFF = {
    "sam": "sales_manager", "dee": "department_manager", "fay": "finance_manager", "rob": "sales_rep", "cal": "cfo",
}  # fmt: skip
BESIDE = {"approvals": {"flows": {"credit.limit": {"steps": [{"roles": ["sales_manager", "department_manager"]}]}}}}


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    """The demonstration with a partner that may owe 1, and a flow for who is over the limit."""
    one = open_gateway(home, "serve")
    partner = {
        "code": "SMALL", "name": "Small Shop", "currency": "EUR", "country": "DE", "grade": "A", "credit_limit": "1",
        "payment_terms_days": 30, "tax_id": "DE123456788", "payment_method": "transfer", "transport_mode": "road",
        "delivery_terms": "DAP", "business_unit": "B1",
        "contact": {"name": "Anna", "phone": "+49 30 1234567", "email": "a@small.example"},
        "addresses": [
            {
                "role": "DP", "name": "Small Shop", "street": "Weg 1", "city": "Berlin", "region": "BE",
                "postal_code": "10115", "country": "DE",
            }
        ],
    }  # fmt: skip
    users = [{"name": name, "roles": [role], "email": f"{name}@house.example"} for name, role in STAFF.items()]
    content = {"partners": [partner], "users": users}
    master_data.load(one.store, one.home, one.settings, one.clock, content, where="test")
    book = read_rulebook(BESIDE)
    one.store.write(lambda tx: put_in_force(tx, book, at=one.clock.now(), actor="user:eve", reason="test"))
    yield one
    one.close()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def who(gateway: Gateway) -> dict[str, str]:
    """Keys of the staff, named after what they are for and not after their people."""
    keys = ApiKeys(gateway.store, gateway.clock)
    return {name: keys.create(f"desk of {name}", [], user=name).token for name in STAFF}


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


async def ordered(call: Call, key: str) -> str:
    line = {"sku": "NL-1001", "quantity": "10"}
    body = {"partner": "SMALL", "buyer_reference": "PO-1", "currency": "EUR", "lines": [line]}
    status, order = await call("POST", "/api/v1/orders", key, json=body)
    assert (status, [hold["code"] for hold in order["holds"]]) == (201, ["credit.limit"]), order
    return str(order["number"])


async def asked(call: Call, key: str, query: str = "mine=true") -> Any:
    status, page = await call("GET", f"/api/v1/approvals?{query}", key)
    assert status == 200
    return page["items"]


async def decide(call: Call, key: str, approval: str, decision: str = "approve", **more: Any) -> tuple[int, Any]:
    body = {"decision": decision, "reason": "seen"}
    return await call("POST", f"/api/v1/approvals/{approval}/decide", key, json=body, **more)


async def test_two_decide_side_by_side_and_the_order_goes_on(call: Call, who: dict[str, str], key: str) -> None:
    """REV-14, REV-07: each finds what waits for them; the second one confirms; the timeline tells both."""
    number = await ordered(call, key)
    (hers,) = await asked(call, who["sam"])
    (his,) = await asked(call, who["dee"])
    assert {hers["role"], his["role"]} == {"sales_manager", "department_manager"}
    status, told = await call("GET", f"/api/v1/approvals/{his['id']}", who["dee"])
    assert (status, told["hold"]["code"], told["limit"]) == (200, "credit.limit", "50000")
    assert told["approving_does"] == "the step waits for sales_manager"
    status, done = await decide(call, who["dee"], his["id"])
    assert (status, done["state"], done["decided_by"]) == (200, "approved", "dee")
    assert (await call("GET", f"/api/v1/orders/{number}", key))[1]["state"] == "in_review"
    assert (await decide(call, who["sam"], hers["id"]))[0] == 200
    _, order = await call("GET", f"/api/v1/orders/{number}", key)
    assert (order["state"], order["holds"]) == ("confirmed", [])
    _, life = await call("GET", f"/api/v1/orders/{number}/timeline", key)
    by = [event["actor"] for event in life["events"] if event["event"] == "approval.approved"]
    assert by == ["dee", "sam"]


async def test_who_may_not_is_told_why(call: Call, who: dict[str, str], key: str) -> None:
    """CUS-18, invariant 10: another role, who entered it with whichever key, who decided before."""
    await ordered(call, who["sam"])
    first, second = await asked(call, key, "state=pending")
    status, refused = await decide(call, who["rob"], second["id"])
    assert (status, refused["code"], refused["inputs"]["role"]) == (403, "auth.forbidden", "department_manager")
    status, refused = await decide(call, who["sam"], first["id"])
    assert (status, refused["code"]) == (403, "approval.own")
    assert (await decide(call, key, first["id"]))[0] == 200
    status, refused = await decide(call, key, second["id"])
    assert (status, refused["code"]) == (403, "approval.twice")
    assert (await decide(call, who["cal"], second["id"]))[0] == 200


async def test_a_repeat_gets_the_first_answer(call: Call, who: dict[str, str], key: str) -> None:
    await ordered(call, key)
    (his,) = await asked(call, who["dee"])
    once = {"headers": {"Idempotency-Key": "d-1"}}
    first = await decide(call, who["dee"], his["id"], **once)
    assert first[0] == 200
    assert await decide(call, who["dee"], his["id"], **once) == first
    assert (await decide(call, who["dee"], his["id"], "decline", **once))[1]["code"] == "idempotency.mismatch"
    assert (await decide(call, who["dee"], his["id"]))[0] == 409


async def test_a_declined_hold_stays_and_is_asked_for_again(call: Call, who: dict[str, str], key: str) -> None:
    """REV-07: a release is refused meanwhile; the second round has other people to decide than who asked."""
    number = await ordered(call, key)
    (his,) = await asked(call, who["dee"])
    assert (await decide(call, who["dee"], his["id"], "decline"))[1]["state"] == "declined"
    status, refused = await call("POST", f"/api/v1/orders/{number}/release", key, json={})
    assert (status, refused["holds"][0]["code"]) == (409, "credit.limit")
    again = {"codes": ["credit.limit"], "reason": "they sent a guarantee"}
    status, asking = await call("POST", f"/api/v1/orders/{number}/approvals", who["rob"], json=again)
    assert (status, [one["round"] for one in asking["items"]]) == (201, [2, 2])
    assert (await call("POST", f"/api/v1/orders/{number}/approvals", who["rob"], json=again))[0] == 409
    assert (await call("POST", f"/api/v1/orders/{number}/approvals", who["rob"], json={"codes": []}))[0] == 422


async def test_an_approval_is_handed_on_and_up(call: Call, who: dict[str, str], key: str) -> None:
    """REV-17."""
    await ordered(call, key)
    (his,) = await asked(call, who["dee"])
    path = f"/api/v1/approvals/{his['id']}"
    body = {"to": "rob", "reason": "on leave"}
    assert (await call("POST", f"{path}/delegate", who["dee"], json=body))[0] == 403
    status, handed = await call("POST", f"{path}/delegate", who["dee"], json=body | {"to": "fay"})
    assert (status, handed["assignee"], handed["state"]) == (200, "fay", "pending")
    assert (await asked(call, who["fay"]))[0]["id"] == handed["id"]
    assert (await decide(call, who["dee"], handed["id"]))[0] == 403
    path = f"/api/v1/approvals/{handed['id']}"
    status, above = await call("POST", f"{path}/escalate", who["fay"], json={"reason": "too large"})
    assert (status, above["role"], above["assignee"]) == (200, "finance_manager", None)
    assert (await decide(call, who["fay"], above["id"]))[0] == 200
    assert (await call("POST", f"{path}/escalate", who["fay"], json={"reason": "again"}))[0] == 409


async def test_somebody_stands_in(call: Call, who: dict[str, str], key: str) -> None:
    """REV-17: from a day to a day, and decides in the name of who is away."""
    await ordered(call, key)
    today = SystemClock().now().date()
    days = {"valid_from": (today - timedelta(days=1)).isoformat(), "valid_to": (today + timedelta(days=1)).isoformat()}
    body = {"to": "rob", "reason": "holidays", **days}
    status, kept = await call("POST", "/api/v1/delegations", who["dee"], json=body)
    assert (status, kept["away"], kept["to"]) == (201, "dee", "rob")
    (his,) = await asked(call, who["dee"])
    status, done = await decide(call, who["rob"], his["id"])
    assert (status, done["decided_by"], done["on_behalf_of"]) == (200, "rob", "dee")
    assert [one["id"] for one in (await call("GET", "/api/v1/delegations", key))[1]["items"]] == [kept["id"]]
    path = f"/api/v1/delegations/{kept['id']}/end"
    assert (await call("POST", path, who["rob"]))[0] == 403
    assert (await call("POST", path, who["dee"]))[1]["ended"]
    assert (await call("GET", "/api/v1/delegations", key))[1]["items"] == []
    over = body | {"valid_from": date(2020, 1, 1).isoformat(), "valid_to": date(2020, 1, 2).isoformat()}
    assert (await call("POST", "/api/v1/delegations", who["dee"], json=over))[0] == 409
    assert (await call("POST", "/api/v1/delegations", who["dee"], json=body | {"to": "zoe"}))[0] == 404
    assert (await call("POST", "/api/v1/delegations", who["dee"], json=body | {"away": "sam"}))[0] == 403


@pytest.mark.parametrize("act", ["decide", "delegate", "escalate"])
async def test_what_there_is_not_is_not_found(call: Call, who: dict[str, str], act: str) -> None:
    body = {
        "decide": {"decision": "approve"}, "delegate": {"to": "fay", "reason": "x"}, "escalate": {"reason": "x"},
    }[act]  # fmt: skip
    assert (await call("POST", f"/api/v1/approvals/7/{act}", who["dee"], json=body))[0] == 404
    assert (await call("POST", f"/api/v1/approvals/7/{act}", who["dee"], json={"decision": "maybe"}))[0] == 422
    assert (await call("GET", "/api/v1/approvals/7", who["dee"]))[0] == 404
    assert (await call("GET", "/api/v1/approvals?state=gone", who["dee"]))[0] == 422


async def test_who_drafts_an_invoice_does_not_approve_it(
    call: Call, who: dict[str, str], key: str, gateway: Gateway
) -> None:
    """REV-18: 403 for its creator, whichever of their keys; another of the role issues it."""
    line = {"sku": "NL-1001", "quantity": "1"}
    body = {"partner": "ALPINA", "buyer_reference": "PO-1", "currency": "EUR", "lines": [line]}
    _, order = await call("POST", "/api/v1/orders", key, json=body)
    assert order["state"] == "confirmed", order

    def ship(tx: Tx) -> str:
        order_id = rows.by_number(tx, order["number"])["id"]
        sent = ship_order(tx, order_id, actor="anna", now=gateway.clock.now(), tracking_number="HAND-1")
        return shipment_row(tx, sent).number

    shipment = gateway.store.write(ship)
    asked = {"shipment": shipment, "reason": "sent by hand"}
    assert (await call("POST", "/api/v1/invoice-drafts", who["rob"], json=asked))[0] == 403
    status, draft = await call("POST", "/api/v1/invoice-drafts", who["dee"], json=asked)
    assert (status, draft["state"], draft["invoice"], draft["created_by"]) == (201, "draft", None, "dee")
    assert (await call("POST", "/api/v1/invoice-drafts", who["dee"], json=asked))[0] == 409
    assert (await call("POST", "/api/v1/invoice-drafts", who["dee"], json=asked | {"shipment": "S-0"}))[0] == 404
    path, why = f"/api/v1/invoice-drafts/{draft['id']}", {"reason": "checked"}
    status, refused = await call("POST", f"{path}/approve", who["dee"], json=why)
    assert (status, refused["code"]) == (403, "approval.own")
    assert [one["id"] for one in (await call("GET", "/api/v1/invoice-drafts", who["fay"]))[1]["items"]] == [draft["id"]]
    status, issued = await call("POST", f"{path}/approve", who["fay"], json=why)
    assert (status, issued["state"], issued["decided_by"]) == (200, "issued", "fay")
    assert issued["invoice"]
    assert (await call("POST", f"{path}/decline", who["cal"], json=why))[0] == 409
    assert (await call("POST", "/api/v1/invoice-drafts/7/approve", who["cal"], json=why))[0] == 404
