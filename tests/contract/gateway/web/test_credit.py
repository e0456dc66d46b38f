"""The credit endpoints over the real gateway: a partner is held, pays or is granted more, and its order goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp.test_utils import TestClient

from core.clock import SystemClock
from gateway import master_data
from gateway.authentication import ApiKeys
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def today() -> date:
    """The day that it is where the company of the demonstration works."""
    return SystemClock().now().astimezone(ZoneInfo("Europe/Berlin")).date()


@pytest.fixture
def gateway(home: Path, today: date) -> Iterator[Gateway]:
    """The demonstration, where ALPINA may owe 1,000 and three people decide on more."""
    one = open_gateway(home, "serve")
    partner = {
        "code": "SMALL", "name": "Small Shop", "currency": "EUR", "country": "DE", "grade": "A", "credit_limit": "1000",
        "payment_terms_days": 30,
        "tax_id": "DE123456788", "payment_method": "transfer", "transport_mode": "road", "delivery_terms": "DAP",
        "business_unit": "B1", "contact": {"name": "Anna", "phone": "+49 30 1234567", "email": "a@small.example"},
        "addresses": [
            {
                "role": "DP", "name": "Small Shop", "street": "Weg 1", "city": "Berlin", "region": "BE",
                "postal_code": "10115", "country": "DE",
            }
        ],
    }  # fmt: skip
    people = {"department_manager", "finance_manager", "cfo", "sales_rep", "sales_manager"}
    content = {
        "partners": [partner],
        "users": [{"name": role, "roles": [role], "email": f"{role}@house.example"} for role in sorted(people)],
        "open_invoices": [
            {"partner": "SMALL", "number": "R-1", "due": (today + timedelta(days=9)).isoformat(), "amount": "900"}
        ],
    }
    master_data.load(one.store, one.home, one.settings, one.clock, content, where="test")
    yield one
    one.close()


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
def key(demo_key: str) -> str:
    return demo_key


@pytest.fixture
def keys(gateway: Gateway) -> Callable[[str], str]:
    """Make the key of a person."""
    issued = ApiKeys(gateway.store, gateway.clock)
    return lambda name: issued.create(name, [], user=name).token


async def ordered(call: Call, key: str, reference: str, quantity: str = "100") -> Any:
    line = {"sku": "NL-1001", "quantity": quantity}
    body = {"partner": "SMALL", "buyer_reference": reference, "currency": "EUR", "lines": [line]}
    status, order = await call("POST", "/api/v1/orders", key, json=body)
    assert status == 201, order
    return order


async def test_a_payment_confirms_what_it_covers(call: Call, key: str, today: date) -> None:
    """CUS-13, CUS-14, CUS-15, CUS-16: the hold says the amount, the order is blocked without it and confirmed with."""
    order = await ordered(call, key, "PO-1")
    held = [hold for hold in order["holds"] if hold["code"].startswith("credit.")]
    assert [hold["code"] for hold in held] == ["credit.limit"]
    status, refused = await call("POST", f"/api/v1/orders/{order['number']}/confirm", key)
    assert (status, refused["code"]) == (409, "state.conflict")
    assert "credit.limit" in str(refused["holds"])
    short = held[0]["inputs"]["short"]
    body = {"partner": "SMALL", "reference": "B-1", "amount": short, "currency": "EUR", "date": today.isoformat()}
    status, standing = await call("POST", "/api/v1/payments", key, json=body)
    assert status == 201
    _, shown = await call("GET", f"/api/v1/orders/{order['number']}", key)
    assert (shown["state"], shown["holds"]) == ("confirmed", [])
    assert (standing["limit"], standing["available"]) == ("1000.00", "0.00")
    parts = standing["exposure_parts"]
    assert parts["confirmed_orders"] == order["total"]
    assert (standing["exposure"], parts["prepayments"]) == ("1000.00", "0.00")
    assert await call("POST", "/api/v1/payments", key, json=body) == (200, standing)
    status, page = await call("GET", "/api/v1/partners/SMALL/payments", key)
    (paid,) = page["items"]
    assert (status, paid["invoices"][0]["number"], paid["invoices"][0]["days_late"]) == (200, "R-1", 0)
    assert (await call("POST", "/api/v1/payments", key, json=body | {"amount": "1"}))[0] == 409


@pytest.mark.parametrize(
    ("amount", "approver", "refused"),
    [
        ("50000", "department_manager", ["sales_rep"]),
        ("50000.01", "finance_manager", ["department_manager"]),
        ("200000", "finance_manager", ["department_manager"]),
        ("200000.01", "cfo", ["finance_manager", "department_manager"]),
    ],
)
async def test_credit_is_approved_by_amount(  # noqa: PLR0917 - fixtures and one row of the table
    call: Call, key: str, keys: Callable[[str], str], today: date, amount: str, approver: str, refused: list[str]
) -> None:
    """CUS-10, CUS-17, CUS-18: the wrong role gets 403, the right one confirms what waits."""
    order = await ordered(call, key, "PO-1")
    asked = {"partner": "SMALL", "amount": amount, "reason": "season", "valid_to": today.isoformat()}
    status, request = await call("POST", "/api/v1/credit/adjustments", keys("sales_manager"), json=asked)
    assert (status, request["release_role"], request["state"]) == (201, approver, "requested")
    decide = f"/api/v1/credit/adjustments/{request['id']}/approve"
    for role in refused:
        assert (await call("POST", decide, keys(role), json={"reason": "fine"}))[0] == 403
    status, approved = await call("POST", decide, keys(approver), json={"reason": "fine"})
    assert (status, approved["state"], approved["decided_by"]) == (200, "approved", approver)
    _, shown = await call("GET", f"/api/v1/orders/{order['number']}", key)
    assert shown["state"] == "confirmed"
    assert (await call("POST", decide, keys("cfo"), json={"reason": "again"}))[0] == 409
    _, standing = await call("GET", "/api/v1/partners/SMALL/credit", key)
    assert [one["id"] for one in standing["adjustments"]] == [request["id"]]
    _, page = await call("GET", "/api/v1/credit/adjustments?partner=SMALL&state=approved&limit=1", key)
    assert ([one["id"] for one in page["items"]], page["next"]) == ([request["id"]], None)


async def test_nobody_approves_what_they_asked_for(call: Call, keys: Callable[[str], str], today: date) -> None:
    """CUS-18, invariant 10: whatever their role."""
    asked = {"partner": "SMALL", "amount": "1", "reason": "season", "valid_to": today.isoformat()}
    token = keys("cfo")
    _, request = await call("POST", "/api/v1/credit/adjustments", token, json=asked)
    path = f"/api/v1/credit/adjustments/{request['id']}/approve"
    assert (await call("POST", path, token, json={"reason": "fine"}))[0] == 403
    assert (await call("POST", path, keys("department_manager"), json={"reason": "fine"}))[0] == 200


async def test_a_declined_request_grants_nothing(call: Call, key: str, keys: Callable[[str], str], today: date) -> None:
    """CUS-17."""
    asked = {"partner": "SMALL", "amount": "10", "reason": "season", "valid_to": today.isoformat()}
    _, request = await call("POST", "/api/v1/credit/adjustments", key, json=asked)
    path = f"/api/v1/credit/adjustments/{request['id']}/decline"
    status, declined = await call("POST", path, keys("cfo"), json={"reason": "not now"})
    assert (status, declined["state"], declined["decision_reason"]) == (200, "declined", "not now")
    _, standing = await call("GET", "/api/v1/partners/SMALL/credit", key)
    assert (standing["raised"], standing["adjustments"]) == ("0.00", [])


async def test_many_orders_are_checked_at_once(call: Call, key: str) -> None:
    """CUS-19: a result per order; what passes counts against the one behind it."""
    numbers = [(await ordered(call, key, f"PO-{n}", "100"))["number"] for n in (1, 2)]
    status, answer = await call("POST", "/api/v1/credit/checks", key, json={"orders": [*numbers, "2026-SR-999999"]})
    assert status == 200
    assert [(one["number"], one["ok"]) for one in answer["items"]] == [
        (numbers[0], False),
        (numbers[1], False),
        ("2026-SR-999999", None),
    ]
    (hold,) = answer["items"][0]["holds"]
    assert (hold["code"], hold["rule"], hold["inputs"]["limit"]) == ("credit.limit", "credit.limit", "1000.00")
    _, german = await call(
        "POST", "/api/v1/credit/checks", key, json={"orders": numbers}, headers={"Accept-Language": "de"}
    )
    assert german["items"][0]["holds"][0]["reason"].startswith("Obligo ")


async def test_a_grade_is_given_with_its_reason(call: Call, key: str) -> None:
    """CUS-05: the history is kept."""
    for grade in ("C", "D"):
        body = {"grade": grade, "reason": f"now {grade}"}
        status, standing = await call("POST", "/api/v1/partners/SMALL/grade", key, json=body)
        assert (status, standing["grade"]) == (200, grade)
    told = [(one["grade"], one["before"], one["reason"]) for one in standing["grades"]]
    assert told == [("D", "C", "now D"), ("C", "A", "now C")]
    assert (standing["limit"], standing["terms_days"], standing["terms_origin"]) == ("0.00", 30, "agreed")


async def test_whom_to_warn(call: Call, key: str) -> None:
    """CUS-20: above 80 % of the limit, 900 of 1,000."""
    status, report = await call("GET", "/api/v1/reports/credit-warnings", key)
    (small,) = [one for one in report["items"] if one["partner"] == "SMALL"]
    assert (status, small["used_percent"], small["reasons"]) == (200, "90.00", ["limit"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("partners/NOBODY/credit", 404),
        ("partners/NOBODY/payments", 404),
        ("credit/adjustments?partner=NOBODY", 404),
        ("credit/adjustments?state=open", 422),
        ("reports/credit-warnings?day=2020-01-01", 404),
    ],
)
async def test_what_is_not_there_is_told(call: Call, key: str, path: str, status: int) -> None:
    assert (await call("GET", f"/api/v1/{path}", key))[0] == status


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1000000000001"])
async def test_only_what_can_be_paid_is_a_payment(call: Call, key: str, today: date, amount: str) -> None:
    body = {"partner": "SMALL", "reference": "B-1", "amount": amount, "currency": "EUR", "date": today.isoformat()}
    assert (await call("POST", "/api/v1/payments", key, json=body))[0] == 422


async def test_a_partners_key_sees_nothing_of_it(call: Call, gateway: Gateway) -> None:
    theirs = ApiKeys(gateway.store, gateway.clock).create("small", ["read", "operate"], partner="SMALL").token
    assert (await call("GET", "/api/v1/partners/SMALL/credit", theirs))[0] == 403
