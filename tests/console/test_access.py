"""Who may look at the console, and who may post its forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from gateway.console.access import is_loopback_host
from gateway.console.login import local_address
from gateway.console.sessions import COOKIE, LIFETIME_SECONDS, Sessions
from gateway.web.ports import Principal
from gateway.web.testing import MemoryGateway

HELD = "/orders/2025-ED-000002"


@pytest.fixture
async def person() -> AsyncIterator[ClientSession]:
    """Somebody with a browser's cookie jar that does not follow redirects."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


async def ask(
    person: ClientSession, server: TestServer, path: str, form: dict[str, str] | None = None, **headers: str
) -> tuple[int, str, Any]:
    method = "GET" if form is None else "POST"
    url = server.make_url(path)
    async with person.request(method, url, data=form, headers=headers, allow_redirects=False) as response:
        return response.status, await response.text(), response.headers


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def log_in(person: ClientSession, server: TestServer, key: str, after: str = "/") -> tuple[int, str, Any]:
    _, page, _ = await ask(person, server, "/login")
    return await ask(person, server, "/login", {"token": token_of(page), "key": key, "next": after})


async def test_open_on_loopback_with_the_sandbox(console: TestServer, person: ClientSession) -> None:
    status, page, headers = await ask(person, console, "/")
    assert (status, "No orders yet" in page) == (200, True)
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "192.168.1.5:8080", "localhost.evil.example", "[::2]", "127.0.0.1.nip.io"]
)
async def test_a_foreign_host_header_meets_the_key_form(console: TestServer, person: ClientSession, host: str) -> None:
    """A name that an attacker points at this machine does not open the console (DNS rebinding)."""
    status, _, headers = await ask(person, console, "/orders/1?a=b", Host=host)
    assert (status, headers["Location"]) == (303, "/login?next=/orders/1?a%3Db")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost:8080", True),
        ("127.0.0.1", True),
        ("[::1]:8080", True),
        ("", False),
        ("[", False),
        ("127.0.0.1@evil", False),
    ],
)
def test_loopback_names(host: str, ours: bool) -> None:
    assert is_loopback_host(host) is ours


@pytest.mark.parametrize("path", ["/", "/live", "/orders/1", "/orders/1/live", "/documents/1", "/documents/1/raw"])
async def test_without_the_sandbox_every_page_needs_a_key(
    closed_console: TestServer, person: ClientSession, path: str
) -> None:
    status, _, headers = await ask(person, closed_console, path)
    assert (status, headers["Location"]) == (303, f"/login?next={path}")


async def test_log_in_look_and_log_out(closed_console: TestServer, person: ClientSession) -> None:
    status, _, headers = await log_in(person, closed_console, "good-key", "/?state=held")
    assert (status, headers["Location"]) == (303, "/?state=held")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "good-key" not in cookie
    status, page, _ = await ask(person, closed_console, "/")
    assert (status, "Log out anna" in page) == (200, True)
    assert (await ask(person, closed_console, "/logout", {"token": token_of(page)}))[0] == 303
    assert (await ask(person, closed_console, "/"))[0] == 303


async def test_a_session_starts_under_a_new_id(closed_console: TestServer, person: ClientSession) -> None:
    await ask(person, closed_console, "/login")
    before = person.cookie_jar.filter_cookies(closed_console.make_url("/"))[COOKIE].value
    await log_in(person, closed_console, "good-key")
    after = person.cookie_jar.filter_cookies(closed_console.make_url("/"))[COOKIE].value
    assert before.split(".")[0] != after.split(".")[0]


async def test_a_revoked_key_ends_its_session_at_once(
    closed_console: TestServer, person: ClientSession, memory: MemoryGateway
) -> None:
    await log_in(person, closed_console, "good-key")
    assert (await ask(person, closed_console, "/"))[0] == 200
    del memory.keys["good-key"]
    assert (await ask(person, closed_console, "/"))[0] == 303


async def test_wrong_keys(closed_console: TestServer, person: ClientSession) -> None:
    status, page, _ = await log_in(person, closed_console, "guess")
    assert (status, "There is no such key" in page) == (401, True)
    status, page, _ = await log_in(person, closed_console, "submit-key")
    assert (status, "may not read" in page) == (403, True)
    assert (await ask(person, closed_console, "/"))[0] == 303


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "x.", "."])
async def test_a_cookie_we_did_not_sign_is_nobodys(
    closed_console: TestServer, person: ClientSession, cookie: str
) -> None:
    assert (await ask(person, closed_console, "/", Cookie=f"{COOKIE}={cookie}"))[0] == 303


@pytest.mark.parametrize(
    "asked", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "javascript:x"]
)
def test_a_login_leads_only_to_our_own_pages(asked: str) -> None:
    assert local_address(asked) == "/"
    assert local_address("/orders/1?a=b") == "/orders/1?a=b"


def test_sessions_end() -> None:
    now = 0.0
    sessions = Sessions(b"k" * 32, monotonic=lambda: now)
    session_id = sessions.log_in("good-key")
    assert sessions.read(sessions.sign(session_id)) == session_id
    assert sessions.key(session_id) == "good-key"
    now = LIFETIME_SECONDS + 1
    assert sessions.key(session_id) is None
    assert Sessions(b"o" * 32).read(sessions.sign(session_id)) is None
    assert not sessions.form_token_holds("another", sessions.form_token(session_id))


async def held(console: TestServer, person: ClientSession, filled: MemoryGateway) -> str:
    """Return the form token of the page that shows a held order."""
    assert filled.orders_by_number
    status, page, _ = await ask(person, console, HELD)
    assert status == 200
    return token_of(page)


async def test_release_needs_the_token_of_this_visit(
    console: TestServer, person: ClientSession, filled: MemoryGateway
) -> None:
    token = await held(console, person, filled)
    order = filled.orders_by_number["2025-ED-000002"]
    for form in ({}, {"token": ""}, {"token": "x"}):
        assert (await ask(person, console, f"{HELD}/release", form))[0] == 403
    async with ClientSession() as stranger:
        assert (await ask(stranger, console, f"{HELD}/release", {"token": token}))[0] == 403
    for foreign in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert (await ask(person, console, f"{HELD}/release", {"token": token}, **foreign))[0] == 403
    assert order["holds"]
    assert (await ask(person, console, f"{HELD}/release", {"token": token, "reason": "x" * 20_000}))[0] == 413
    status, _, headers = await ask(person, console, f"{HELD}/release", {"token": token, "reason": " by phone "})
    assert (status, headers["Location"], order["holds"]) == (303, HELD, [])
    assert filled.events[-1]["summary"] == "by phone"
    status, page, _ = await ask(person, console, f"{HELD}/release", {"token": token})
    assert (status, "no such hold is open" in page) == (409, True)


@pytest.mark.parametrize(("key", "sees"), [("good-key", True), ("reader-key", False), ("partner-key", False)])
async def test_only_operators_of_the_house_may_release(
    closed_console: TestServer, person: ClientSession, filled: MemoryGateway, key: str, sees: bool
) -> None:
    await log_in(person, closed_console, key)
    status, page, _ = await ask(person, closed_console, HELD)
    assert (status, "Price mismatch" in page) == (200, True)
    assert (">Release<" in page) is sees
    status, _, _ = await ask(person, closed_console, f"{HELD}/release", {"token": token_of(page)})
    assert status == (303 if sees else 403)
    assert bool(filled.orders_by_number["2025-ED-000002"]["holds"]) is not sees


@pytest.mark.parametrize(("role", "offered"), [("sales_director", True), ("finance", True), ("warehouse", False)])
async def test_a_role_is_offered_the_release_and_may_do_it_where_the_hold_waits_for_it(
    closed_console: TestServer, person: ClientSession, filled: MemoryGateway, role: str, offered: bool
) -> None:
    """ROL-05, ROL-09: the hold waits for a sales manager; who may not release any hold sees no form."""
    released = role == "sales_director"
    every = frozenset({"read", "submit", "operate"})
    filled.keys["role-key"] = Principal(role, every, roles=frozenset({role}))
    await log_in(person, closed_console, "role-key")
    status, page, _ = await ask(person, closed_console, HELD)
    assert (status, ">Release<" in page) == (200, offered)
    status, page, _ = await ask(person, closed_console, f"{HELD}/release", {"token": token_of(page)})
    assert status == (303 if released else 403)
    assert ("sales_manager" in page) is (offered and not released)
    assert bool(filled.orders_by_number["2025-ED-000002"]["holds"]) is not released


async def test_a_partner_sees_its_own_and_nothing_of_the_house(
    closed_console: TestServer, person: ClientSession, filled: MemoryGateway
) -> None:
    filled.open_alerts.append(
        {"kind": "secret", "message": "of the house", "document_id": None, "opened_at": "", "count": 1}
    )
    await log_in(person, closed_console, "other-key")
    for path in (HELD, f"{HELD}/live", "/documents/111", "/documents/111/raw"):
        status, page, _ = await ask(person, closed_console, path)
        assert (status, "There is no such page" in page) == (404, True), path
    _, page, _ = await ask(person, closed_console, "/")
    assert "2025-ED-000002" not in page
    assert "of the house" not in page
    assert "Unexplained" not in page
