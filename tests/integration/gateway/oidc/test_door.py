"""Tokens at the door of a real gateway, from a real issuer: the same rights as keys, one answer to every refusal.

Issue 5 part 2.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from issuer import RSA, Issuer, ec_key, serving
from sqlalchemy import insert

from core.clock import SystemClock
from core.reporting import views
from core.store.tables.master import partners, users
from gateway.authentication import ApiKeys
from gateway.console.app import attach
from gateway.home import init
from gateway.oidc.door import opened
from gateway.oidc.settings import OidcSettings
from gateway.settings import HttpOutSettings
from gateway.web.app import WebParts, build
from gateway.web.refused_calls import REFUSED, hand_on
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Client = TestClient[Any, Any]
ORDER = {"lines": [{"sku": "NL-1001", "quantity": "1"}]}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    home = tmp_path_factory.mktemp("tokens") / "home"
    init(home, SystemClock(), demo=True)
    opened_gateway = open_gateway(home, "serve")
    row = {"id": 7, "code": "BUERO", "name": "B", "language": "en", "vip": False, "fulfilment": "manual"}
    row |= {"allow_auto": False, "tolerances": {}, "contact": {}}
    opened_gateway.store.write(lambda tx: tx.execute(insert(partners).values(**row)))
    ada = {"name": "ada", "roles": ["sales_rep"], "email": "", "units": ["NORD"]}
    opened_gateway.store.write(lambda tx: tx.execute(insert(users).values(**ada)))
    yield opened_gateway
    opened_gateway.close()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with serving() as served:
        yield served


@pytest.fixture
async def client(gateway: Gateway, issuer: Issuer) -> AsyncIterator[Client]:
    oidc = OidcSettings(
        issuer=issuer.url,
        audience=["ordergate"],
        scopes={"orders.read": ["read"], "orders.write": ["read", "submit"], "all": ["admin"]},
        roles={"og-sales": ["sales_rep"], "og-stock": ["warehouse"], "og-admins": ["admin"]},
        user_claim="login",
        partner_claim="partner",
    )
    web_settings = WebSettings(sandbox=False, loopback=True, secret=b"s" * 32, poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    keys = ApiKeys(gateway.store, gateway.clock)
    out = HttpOutSettings(allow=["127.0.0.1"])
    async with opened(oidc, out, gateway.store, gateway.clock) as door:
        app = build(WebParts(gateway.store, views, acts, keys, web_settings, door))
        attach(app)
        async with TestClient(TestServer(app)) as opened_client:
            yield opened_client


async def call(client: Client, method: str, path: str, token: str, **given: Any) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with client.request(method, f"/api/v1/{path}", headers=headers, **given) as response:
        return response.status, await response.json(), response.headers


@pytest.fixture
def token(gateway: Gateway, issuer: Issuer) -> Any:
    def make(**claims: Any) -> str:
        return issuer.token(gateway.clock.now(), **claims)

    return make


async def refusals(client: Client, gateway: Gateway) -> list[tuple[str, str, str]]:
    """Have what was gathered handed on; return code, reason and name of what the house sees of it."""
    assert client.app is not None
    await hand_on(client.app[REFUSED], gateway.operations.access_desk)
    admin = gateway.home.demo_key.read_text().strip()
    _, page, _ = await call(client, "GET", "audit/refusals?limit=100", admin)
    return [(row["code"], row["reason"], row["name"]) for row in page["items"] if row["reason"]]


async def test_a_token_of_a_partner_sees_its_partner_alone(client: Client, token: Any) -> None:
    """Ids of others are 404, as with a partner's key; what is the house's is not a partner's."""
    mine = token(partner="ALPINA", scope="orders.write all", roles=["og-admins"])
    status, made, _ = await call(client, "POST", "orders", mine, json={**ORDER, "buyer_reference": "T-1"})
    assert (status, made["partner"]) == (201, "ALPINA")
    path = f"orders/{made['number']}"
    assert (await call(client, "GET", path, mine))[0] == 200
    status, problem, _ = await call(client, "GET", path, token(partner="BUERO", scope="orders.read"))
    assert (status, problem["code"]) == (404, "not_found")
    assert (await call(client, "GET", "keys", mine))[0] == 403
    status, problem, _ = await call(
        client, "POST", "orders", mine, json={**ORDER, "partner": "BUERO", "buyer_reference": "T"}
    )
    assert (status, problem["code"]) == (403, "auth.forbidden")


async def test_the_permission_matrix_counts_for_people(client: Client, token: Any) -> None:
    sales, stock = token(roles=["og-sales"]), token(sub="s-2", roles=["og-stock"])
    order = {**ORDER, "partner": "ALPINA", "buyer_reference": "T-2"}
    status, problem, _ = await call(client, "POST", "orders", stock, json=order)
    assert (status, problem["inputs"]["operation"]) == (403, "place_order")
    assert (await call(client, "POST", "orders", sales, json=order))[0] == 201
    assert (await call(client, "GET", "keys", sales))[0] == 403, "no role gives the scope admin"
    assert (await call(client, "GET", "keys", token(roles=["og-sales"], scope="all")))[0] == 403
    assert (await call(client, "GET", "keys", token(roles=["og-admins"], scope="all")))[0] == 200


async def test_the_audit_names_subject_and_issuer(client: Client, token: Any, issuer: Issuer) -> None:
    order = {**ORDER, "partner": "ALPINA", "buyer_reference": "T-3"}
    _, made, _ = await call(client, "POST", "orders", token(sub="anna-7", roles=["og-sales"]), json=order)
    _, timeline, _ = await call(client, "GET", f"orders/{made['number']}/timeline", token(roles=["og-sales"]))
    assert f"anna-7@{issuer.url.partition('://')[2]}" in {event["actor"] for event in timeline["events"]}


async def test_a_user_is_one_person_with_their_keys(client: Client, token: Any, gateway: Gateway) -> None:
    """Roles and units are those of the master data, and the actor is the user: approvals count people by it."""
    order = {**ORDER, "partner": "ALPINA", "buyer_reference": "T-5", "business_unit": "NORD"}
    ada = token(login="ada", roles=["og-admins"])
    assert (await call(client, "GET", "keys", ada))[0] == 403, "what the token says of roles does not count"
    _, made, _ = await call(client, "POST", "orders", ada, json=order)
    _, timeline, _ = await call(client, "GET", f"orders/{made['number']}/timeline", ada)
    assert "ada" in {event["actor"] for event in timeline["events"]}
    status, refused, _ = await call(client, "POST", "orders", ada, json={**order, "business_unit": "SUED"})
    assert (status, refused["code"]) == (403, "auth.forbidden")


async def test_an_idempotency_key_is_one_holders(client: Client, token: Any) -> None:
    """Another token of the same holder repeats; another holder with the same key does something of its own."""
    order = {**ORDER, "partner": "ALPINA", "buyer_reference": "T-4"}
    headers = {"Idempotency-Key": "once"}
    numbers = []
    for given in ({"sub": "a"}, {"sub": "a", "jti": "later"}, {"sub": "b"}):
        bearer = {"Authorization": f"Bearer {token(roles=['og-sales'], **given)}", **headers}
        body = {**order, "buyer_reference": f"T-4{given['sub']}"}
        async with client.post("/api/v1/orders", headers=bearer, json=body) as response:
            numbers.append((await response.json())["number"])
    assert numbers[0] == numbers[1] != numbers[2]


async def test_every_refusal_is_the_same_to_the_caller(
    client: Client, token: Any, gateway: Gateway, issuer: Issuer
) -> None:
    """One public 401 (RFC 6750 section 3.1); the exact reason is in the log of refused calls alone."""
    now = gateway.clock.now()
    late = int((now - timedelta(seconds=61)).timestamp())
    good = token(partner="ALPINA", scope="orders.read")
    bad = {
        "token.expired": token(exp=late),
        "token.not_yet_valid": token(nbf=int(now.timestamp()) + 90),
        "token.issuer": token(iss="https://evil.example.com"),
        "token.audience": token(aud="crm"),
        "token.claim_missing": token(scope="all"),
        "token.claim_invalid": token(partner=7),
        "token.partner_unknown": token(partner="NOBODY", scope="orders.read"),
        "token.user_unknown": token(login="nobody"),
        "token.no_rights": token(partner="ALPINA"),
        "token.algorithm": "eyJhbGciOiJub25lIn0.e30.",
        "token.key_unknown": token(head={"kid": "made-up"}),
        "token.signature": good[:-8] + "AAAAAAAA",
        "token.malformed": "a.b.c",
    }
    told = set()
    for given in bad.values():
        status, problem, headers = await call(client, "GET", "orders", given)
        own = {"instance", "request"}  # name the request, and nothing of the token
        said = (str(problem[key]) for key in sorted(problem) if key not in own)
        told.add((status, headers["WWW-Authenticate"], *said))
    (only,) = told
    assert only[:2] == (401, 'Bearer realm="ordergate", error="invalid_token"')
    assert "auth.token_refused" in only
    assert not any(reason in str(only) for reason in bad)
    rows = await refusals(client, gateway)
    assert {reason for _, reason, _ in rows} >= set(bad)
    assert {code for code, _, _ in rows} == {"auth.token_refused"}
    names = {reason: name for _, reason, name in rows}
    assert (names["token.expired"], names["token.signature"]) == ("s-1", ""), "a name that is proven"
    assert (await call(client, "GET", "orders", good))[0] == 200
    assert len(issuer.asked) == 2, "the name of a key that there is not asks nobody again at once"


async def test_without_any_token_no_error_is_told(client: Client) -> None:
    """RFC 6750 section 3.1: a request without authentication is told the scheme and nothing else."""
    async with client.get("/api/v1/orders") as response:
        assert (response.status, response.headers["WWW-Authenticate"]) == (401, 'Bearer realm="ordergate"')
        assert (await response.json())["code"] == "auth.required"


async def test_keys_are_taken_beside_tokens(client: Client, gateway: Gateway) -> None:
    key = gateway.home.demo_key.read_text().strip()
    assert (await call(client, "GET", "keys", key))[0] == 200
    assert (await call(client, "GET", "keys", key[:-1] + "!"))[1]["code"] == "auth.required"


async def test_guesses_are_slowed_down_by_address(client: Client, token: Any) -> None:
    answers = [(await call(client, "GET", "orders", "a.b.c"))[0] for _ in range(32)]
    assert answers[:30] == [401] * 30
    assert answers[-1] == 429


async def test_tokens_that_are_too_long_reach_nothing(client: Client, token: Any, gateway: Gateway) -> None:
    """What fits into a head is refused as a token; a megabyte is not even read as a request."""
    assert (await call(client, "GET", "orders", "a" * 7900 + ".b" * 100 + ".c"))[0] == 401
    assert (await call(client, "GET", "orders", "a." + "b" * 8100 + ".c"))[1]["code"] == "auth.token_refused"
    assert {reason for _, reason, _ in await refusals(client, gateway)} >= {"token.too_large"}
    async with client.get(
        "/api/v1/orders", headers={"Authorization": f"Bearer {'a.b.' + 'c' * 1_000_000}"}
    ) as response:
        assert response.status == 400
    assert (await call(client, "GET", "orders", token(roles=["og-sales"])))[0] == 200


async def test_a_rotated_key_counts_at_its_first_token(client: Client, gateway: Gateway, issuer: Issuer) -> None:
    assert client.app is not None
    new = ec_key("ec-2")
    issuer.keys = [RSA, new]
    good = issuer.token(gateway.clock.now(), key=new, roles=["og-sales"])
    assert (await call(client, "GET", "orders", good))[0] == 200


async def test_without_keys_tokens_are_answered_503_and_api_keys_go_on(
    client: Client, token: Any, gateway: Gateway, issuer: Issuer
) -> None:
    issuer.outage = 500
    issuer.keys = []
    status, problem, headers = await call(client, "GET", "orders", token(head={"kid": "new"}, roles=["og-sales"]))
    assert (status, problem["code"], headers["Retry-After"]) == (503, "auth.issuer_unavailable", "1")
    assert issuer.url not in str(problem)
    assert (await call(client, "GET", "orders", gateway.home.demo_key.read_text().strip()))[0] == 200


async def test_the_console_takes_keys_alone(client: Client, token: Any) -> None:
    """The page has sessions of its own; a token does not open it."""
    async with client.get(
        "/", headers={"Authorization": f"Bearer {token(roles=['og-admins'])}"}, allow_redirects=False
    ) as response:
        assert (response.status, response.headers["Location"]) == (303, "/login?next=/")
