"""Notices over the API, and the pages that their links open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from gateway.web.testing import MemoryGateway
from gateway.web.testing_notices import TOKEN

Call = Callable[..., Awaitable[tuple[int, Any]]]

NOTICE: dict[str, Any] = {
    "id": "7", "notice": "order.confirmed", "channel": "mail", "to": ["a@b.example"], "cc": [], "language": "en",
    "template": "default", "template_version": "0" * 64, "subject": "Confirmation", "state": "sent",
    "created_at": "2026-03-02T08:00:00.000000Z", "sent_at": "2026-03-02T08:00:01.000000Z", "seen_at": None,
    "seen_by": None, "attempts": 1, "last_error": None, "resends": None,
}  # fmt: skip
PREFERENCES = "/api/v1/partners/ACME/notices"
ANY = {"If-Match": "*"}
NUMBER = "2026-SR-000001"
CONFIRMATION, TRACK = f"/public/confirmations/{TOKEN}", f"/public/track/{TOKEN}"


@pytest.fixture(autouse=True)
def told(memory: MemoryGateway) -> None:
    memory.notice_desk.told[NUMBER] = [dict(NOTICE)]


async def test_preferences_are_read_and_replaced(call: Call) -> None:
    """CNF-07."""
    wanted = {"event": "order.shipped", "channel": "sms"}
    status, set_to = await call("PUT", PREFERENCES, headers=ANY, json={"preferences": [wanted]})
    assert (status, set_to["preferences"][0]["channel"]) == (200, "sms")
    status, found = await call("GET", PREFERENCES)
    assert (status, found["preferences"]) == (200, set_to["preferences"])
    assert await call("PUT", PREFERENCES, headers=ANY, json={"preferences": []}) == (200, found | {"preferences": []})


async def test_preferences_are_replaced_in_the_version_that_was_read(client: TestClient) -> None:
    """Issue 5, part 1: 428 without a version, 412 with another; the answer has the next one."""
    admin = {"Authorization": "Bearer admin"}
    read = (await client.get(f"{PREFERENCES}?fields=partner", headers=admin)).headers["ETag"]
    body = {"preferences": [{"event": "order.shipped", "channel": "sms"}]}
    assert (await client.put(PREFERENCES, headers=admin, json=body)).status == 428
    done = await client.put(PREFERENCES, headers={**admin, "If-Match": read}, json=body)
    assert (done.status, (await client.get(PREFERENCES, headers=admin)).headers["ETag"]) == (200, done.headers["ETag"])
    assert (await client.put(PREFERENCES, headers={**admin, "If-Match": read}, json=body)).status == 412


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"event": "*", "channel": "fax"}, "/preferences/0/channel"),
        ({"event": "moon.full", "channel": "mail"}, "/preferences/0/event"),
        ({"event": "*", "channel": "mail", "bcc": ["a@b.example"]}, "/preferences/0/bcc"),
    ],
)
async def test_a_channel_or_fact_that_is_none_is_refused_with_its_place(
    call: Call, wanted: dict[str, Any], pointer: str
) -> None:
    """CNF-08: unknown channel 422."""
    status, problem = await call("PUT", PREFERENCES, json={"preferences": [wanted]})
    assert (status, problem["violations"][0]["pointer"]) == (422, pointer)


async def test_a_preference_that_cannot_be_followed_is_refused(call: Call) -> None:
    wanted = {"event": "*", "channel": "mail", "to": ["nobody"]}
    status, problem = await call("PUT", PREFERENCES, headers=ANY, json={"preferences": [wanted]})
    assert (status, problem["detail"]) == (422, "preferences[0].to: 'nobody' cannot be written to by mail")


async def test_what_was_told_of_an_order_is_listed_and_said_again(call: Call) -> None:
    """CNF-10."""
    status, found = await call("GET", f"/api/v1/orders/{NUMBER}/notices")
    assert (status, [one["id"] for one in found["items"]]) == (200, ["7"])
    path = f"/api/v1/orders/{NUMBER}/notices/7/resend"
    status, again = await call("POST", path, json={"channel": "sms", "to": ["+431234567"]})
    assert (status, again["items"][0]["resends"], again["items"][0]["channel"]) == (201, "7", "sms")
    assert (await call("POST", path, json={"channel": "edi"}))[0] == 422
    assert (await call("POST", path.replace("/7/", "/9/"), json={"channel": "mail"}))[0] == 404


async def test_links_are_listed_and_revoked_at_once(call: Call, client: TestClient) -> None:
    """Issue 5, part 5: a revoked token gets the very answer of an unknown one, on every page; a repeat is harmless."""
    path = f"/api/v1/orders/{NUMBER}/links"
    status, found = await call("GET", path)
    assert (status, [one["id"] for one in found["items"]]) == (200, ["7"])
    assert (await call("GET", TRACK, None))[0] == 200
    status, done = await call("POST", f"{path}/revoke", json={"reason": "sent to the wrong address"})
    assert (status, done["revoked"], done["items"]) == (200, 1, [])
    unknown = "u" * 43
    for page in (TRACK, CONFIRMATION, f"{CONFIRMATION}/seen.gif"):
        status, problem = await call("GET", page, None)
        _, other = await call("GET", page.replace(TOKEN, unknown), None)
        differs = {"instance", "request_id", "trace_id"}
        assert status == 404
        assert {key: value for key, value in problem.items() if key not in differs} == {
            key: value for key, value in other.items() if key not in differs
        }
    again = await client.post(f"{path}/revoke", headers={"Authorization": "Bearer admin"}, json={"reason": "again"})
    assert (again.status, (await again.json())["revoked"]) == (200, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"reason": ""}, 422),
        ({"reason": "x", "notice": "seven"}, 422),
        ({"reason": "x", "notice": "9"}, 404),
    ],
)
async def test_links_of_what_is_not_there_are_not_revoked(call: Call, body: dict[str, str], status: int) -> None:
    assert (await call("POST", f"/api/v1/orders/{NUMBER}/links/revoke", json=body))[0] == status
    assert (await call("GET", TRACK, None))[0] == 200


async def test_an_estimate_is_taken(call: Call) -> None:
    """CNF-13."""
    path = "/api/v1/shipments/S-1/estimates"
    assert (await call("POST", path, json={"expected_date": "2026-03-10", "reason": "snow"}))[1]["changed"]
    assert not (await call("POST", path, json={"expected_date": "2026-03-10"}))[1]["changed"]
    assert (await call("POST", path, json={"expected_date": "soon"}))[0] == 422


async def test_notices_are_counted_over_whole_days(call: Call) -> None:
    """CNF-07: report of channel mix."""
    status, found = await call("GET", "/api/v1/reports/notices?since=2026-03-01&until=2026-03-31")
    assert (status, found["since"][:10], found["until"][:10]) == (200, "2026-03-01", "2026-04-01")


async def test_the_desk_of_notices_is_the_houses(call: Call) -> None:
    for path in (PREFERENCES, "/api/v1/reports/notices", f"/api/v1/orders/{NUMBER}/links"):
        assert (await call("GET", path, "partner"))[0] == 403
    revoke = f"/api/v1/orders/{NUMBER}/links/revoke"
    for key in ("partner", "read"):
        assert (await call("POST", revoke, key, json={"reason": "x"}))[0] == 403
    assert (await call("PUT", PREFERENCES, "read", json={"preferences": []}))[0] == 403


async def test_a_link_opens_its_order_to_whoever_holds_it(call: Call) -> None:
    """CNF-18."""
    status, found = await call("GET", TRACK, None)
    assert (status, found["status"], found["shipments"][0]["tracking_number"]) == (200, "in transit", "SBX1")
    assert not {"total", "lines", "partner", "holds"} & found.keys()
    status, found = await call("GET", CONFIRMATION, None)
    assert (status, len(found["lines"])) == (200, 1)


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("", None, ("in transit", "on its way")),
        ("de-AT, en;q=0.5", "de", ("unterwegs", "unterwegs")),
        ("fr, zh;q=0.1", "zh", ("运输中", "运输中")),
    ],
)
async def test_a_program_is_told_in_words_too(
    client: TestClient, accepted: str, language: str | None, words: tuple[str, str]
) -> None:
    """Issue 5, part 5: Accept-Language for every code, beside the code; HEAD says the same."""
    for method in ("GET", "HEAD"):
        answer = await client.request(method, TRACK, headers={"Accept-Language": accepted})
        assert (answer.status, answer.headers.get("Content-Language")) == (200, language)
        assert answer.headers["Vary"] == "Accept, Accept-Language"
        if method == "GET":
            found = await answer.json()
            assert (found["status_text"], found["shipments"][0]["events"][0]["status_text"]) == words
    assert found["status"] == "in transit", "what programs compare stays as it is"


async def test_a_link_tells_no_more_than_its_page_needs(call: Call) -> None:
    """Issue 5, part 5: no name, no address, no price on the way of the goods; of a confirmation, what it confirmed."""
    way = {
        "number", "buyer_reference", "seller", "status", "status_text", "promised_date", "expected_date", "shipments",
    }  # fmt: skip
    _, found = await call("GET", TRACK, None)
    assert found.keys() == way
    shipped = {"carrier", "tracking_number", "shipped_at", "expected_date", "delivered_at", "events"}
    assert [one.keys() for one in found["shipments"]] == [shipped]
    _, found = await call("GET", CONFIRMATION, None)
    assert found.keys() == way | {"currency", "total", "seen_at", "seen_by", "lines"}
    assert [one.keys() for one in found["lines"]] == [{"line", "description", "quantity", "unit", "promised_date"}]


@pytest.mark.parametrize("token", ["u" * 43, "t" * 42])
async def test_another_token_opens_nothing(call: Call, token: str) -> None:
    """CNF-18."""
    assert (await call("GET", f"/public/track/{token}", None))[0] == 404
    assert (await call("GET", f"/public/track/{token[:10]}", None))[0] == 422


async def test_nobody_tries_tokens_for_long(call: Call) -> None:
    """CNF-18: rate-limited."""
    statuses = [(await call("GET", f"/public/track/{number:043}", None))[0] for number in range(32)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


async def test_answers_to_a_link_go_nowhere_else(client: TestClient) -> None:
    """CNF-18."""
    for path in (TRACK, CONFIRMATION, f"{CONFIRMATION}/seen.gif"):
        answer = await client.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_only_the_picture_that_a_browser_shows_marks_a_confirmation_as_seen(
    client: TestClient, memory: MemoryGateway
) -> None:
    """CNF-10."""
    picture = f"{CONFIRMATION}/seen.gif"
    await client.get(CONFIRMATION)
    await client.head(CONFIRMATION)
    await client.head(picture)
    await client.get(picture, headers={"Sec-Purpose": "prefetch;prerender"})
    assert memory.notice_desk.seen == []
    answer = await client.get(picture)
    assert (answer.status, answer.content_type) == (200, "image/gif")
    assert memory.notice_desk.seen == [(TOKEN, "page")]
