"""Versions, media types and methods: what a call says of them, through a real server and client."""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request

from gateway.web.binding import bind
from gateway.web.call import ANYONE, SETTINGS, Call
from gateway.web.contract import Answer, Contract, Endpoint
from gateway.web.openapi import describe
from gateway.web.problems import Problem, problem_middleware
from gateway.web.settings import WebSettings
from gateway.web.shapes.common import Shape


class Thing(Shape):
    """A thing."""

    word: str


class _Shelf:
    """One thing with a version that grows when it is changed."""

    def __init__(self) -> None:
        self.version = 1
        self.contract = Contract("things")

        @self.contract.get("/thing", scope=None, answers={200: (Thing, "text/csv")})
        async def thing(call: Call) -> Answer | web.Response:
            """The thing."""
            if call.wanted("application/json", "text/csv") == "text/csv":
                return web.Response(text="word\nhello\n", content_type="text/csv")
            return Answer({"word": "hello"}, etag=str(self.version))

        @self.contract.put("/thing", scope="submit", answers={204: Thing})
        async def put_thing(call: Call) -> Answer:
            """Set it."""
            call.expect_version(str(self.version))
            self.version += 1
            return Answer(None, status=204)

    def endpoint(self, method: str) -> Endpoint:
        return next(one for one in self.contract.endpoints if one.method == method)


@pytest.fixture
def shelf() -> _Shelf:
    return _Shelf()


@pytest.fixture
async def client(
    shelf: _Shelf, aiohttp_client: Callable[[web.Application], Awaitable[TestClient[web.Request, web.Application]]]
) -> TestClient[web.Request, web.Application]:

    app = web.Application(middlewares=[problem_middleware])
    app[SETTINGS] = WebSettings(sandbox=False, loopback=True, secret=b"0" * 32)
    app.router.add_get("/thing", bind(shelf.endpoint("GET")))

    async def put(request: web.Request) -> web.StreamResponse:
        result = await shelf.endpoint("PUT").handler(Call(request, ANYONE))
        assert isinstance(result, Answer)
        return web.Response(status=result.status)

    app.router.add_put("/thing", put)
    return await aiohttp_client(app)


async def test_a_version_that_is_known_is_not_sent_again(client: TestClient, shelf: _Shelf) -> None:
    first = await client.get("/thing")
    assert (first.status, first.headers["ETag"]) == (200, '"1"')
    same = await client.get("/thing", headers={"If-None-Match": '"0", W/"1"'})
    assert (same.status, await same.read(), same.headers["ETag"]) == (304, b"", '"1"')
    shelf.version = 2
    assert (await client.get("/thing", headers={"If-None-Match": '"1"'})).status == 200


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 428, "version.required"),
        ('"0"', 412, "version.changed"),
        ('W/"1"', 412, "version.changed"),
        ('"1"', 204, ""),
        ('"7", "1"', 204, ""),
        ("*", 204, ""),
    ],
)
async def test_only_the_version_that_was_read_is_changed(
    client: TestClient, shelf: _Shelf, header: str | None, status: int, code: str
) -> None:
    answer = await client.put("/thing", headers={} if header is None else {"If-Match": header})
    assert answer.status == status
    assert shelf.version == (2 if status == 204 else 1)
    if code:
        assert (await answer.json())["code"] == code


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*;q=0.9, application/json;q=0.5", "text/csv"),
        ("TEXT/CSV;q=0.1, */*;q=0.0", "text/csv"),
        ("application/json;q=0.2, text/csv;q=odd", "text/csv"),
    ],
)
async def test_the_answer_has_the_form_that_is_liked_best(client: TestClient, accept: str, kind: str) -> None:
    answer = await client.get("/thing", headers={"Accept": accept})
    assert (answer.status, answer.content_type) == (200, kind)


async def test_a_form_that_there_is_not_is_refused(client: TestClient) -> None:
    answer = await client.get("/thing", headers={"Accept": "image/png, text/csv;q=0, application/json;q=0"})
    assert (answer.status, (await answer.json())["code"]) == (406, "media_type.not_offered")


def test_no_accept_header_takes_the_first() -> None:
    call = Call(make_mocked_request("GET", "/"), ANYONE)
    assert call.wanted("text/csv", "application/json") == "text/csv"
    with pytest.raises(Problem):
        Call(make_mocked_request("GET", "/", headers={"Accept": "a/b"}), ANYONE).wanted("text/csv")


def test_the_document_tells_every_form(shelf: _Shelf) -> None:
    paths = describe(shelf.contract.endpoints, version="1")["paths"]["/thing"]
    assert set(paths) == {"get", "put"}
    assert set(paths["get"]["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    assert paths["put"]["responses"]["204"] == {"description": "Done"}
