"""Sparse answers, and the versions of answers, through a real server and client (issue 5, part 1)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict

from core.provenance import ENGLISH
from gateway.web import auth
from gateway.web.binding import bind
from gateway.web.call import SETTINGS, Call
from gateway.web.contract import Answer, Contract, Endpoint
from gateway.web.limits import CALLS, Buckets
from gateway.web.openapi import describe
from gateway.web.ports import Principal
from gateway.web.problems import problem_middleware
from gateway.web.settings import WebSettings
from gateway.web.shapes.common import Page, Paging, Shape
from gateway.web.sparse import Fields, UnknownFields, parse_fields


class Line(Shape):
    """A line."""

    sku: str
    quantity: str | None
    inputs: dict[str, Any]


class Thing(Shape):
    """A thing."""

    number: str
    lines: list[Line] | None
    head: Line | None = None


class Growing(Shape):
    """A thing that may have more keys by now."""

    model_config = ConfigDict(extra="allow")

    number: str


LINE = {"sku": "A", "quantity": "2", "inputs": {"sent": "1", "agreed": {"price": "3"}}}
THING = {"number": "1", "lines": [LINE, {**LINE, "sku": "B"}], "head": None}
contract = Contract("things")


@contract.get("/thing", answers={200: Thing})
async def thing(call: Call) -> Answer:
    """One."""
    return Answer(THING, etag=call.request.headers.get("X-Version", ""))


@contract.get("/things", answers={200: Page[Thing]})
async def things(call: Call, *, query: Paging) -> Answer:
    """Many."""
    del call
    return Answer({"items": [THING] * query.limit, "next": "more"})


@contract.get("/growing", answers={200: Page[Growing]})
async def growing(call: Call) -> Answer:
    """Some, and what came with them."""
    del call
    return Answer({"items": [{"number": "1", "late": "x"}, {"number": "2"}], "next": None})


@contract.post("/thing", scope="read", answers={200: Thing})
async def make(call: Call) -> Answer:
    """Make it."""
    del call
    return Answer(THING)


@contract.get("/open", scope=None, answers={200: Thing})
async def opened(call: Call) -> Answer:
    """For everyone."""
    del call
    return Answer(THING)


ENDPOINTS: dict[str, Endpoint] = {one.name: one for one in contract.endpoints}


@pytest.fixture
async def client(
    monkeypatch: pytest.MonkeyPatch,
    aiohttp_client: Callable[[web.Application], Awaitable[TestClient[web.Request, web.Application]]],
) -> TestClient[web.Request, web.Application]:
    async def principal_of(_: web.Request) -> Principal:
        return Principal("reader", frozenset({"read"}))

    monkeypatch.setattr("gateway.web.binding.principal_of", principal_of)
    assert auth.principal_of is not principal_of, "what is replaced is the binding's own name"
    app = web.Application(middlewares=[problem_middleware])
    app[SETTINGS] = WebSettings(sandbox=False, loopback=True, secret=b"0" * 32)
    app[CALLS] = Buckets(1e6, 1_000_000)
    for endpoint in contract.endpoints:
        add = app.router.add_get if endpoint.method == "GET" else app.router.add_post
        add(endpoint.path, bind(endpoint))
    return await aiohttp_client(app)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ("number", {"number": "1"}),
        ("number,number", {"number": "1"}),
        ("lines.sku", {"lines": [{"sku": "A"}, {"sku": "B"}]}),
        ("lines.sku,lines", {"lines": THING["lines"]}),
        ("lines.inputs.agreed.price", {"lines": [{"inputs": {"agreed": {"price": "3"}}}] * 2}),
        ("lines.inputs.never", {"lines": [{"inputs": {}}] * 2}),
        ("head.sku,number", {"head": None, "number": "1"}),
    ],
)
async def test_only_the_keys_that_are_named_are_answered(client: TestClient, fields: str, answer: object) -> None:
    given = await client.get("/thing", params={"fields": fields})
    assert (given.status, await given.json()) == (200, answer)


async def test_of_a_list_the_keys_are_those_of_its_items(client: TestClient) -> None:
    answer = await client.get("/things?limit=2&fields=number,lines.sku")
    slim = {"number": "1", "lines": [{"sku": "A"}, {"sku": "B"}]}
    assert await answer.json() == {"items": [slim, slim], "next": "more"}


@pytest.mark.parametrize(
    ("path", "fields", "values"),
    [
        ("/thing", "nummer", ["nummer"]),
        ("/thing", "number,line.sku,lines.price", ["line", "lines.price"]),
        ("/thing", "number.x", ["number.x"]),
        ("/things", "items", ["items"]),
        ("/growing", "nummer,late", ["nummer"]),
    ],
)
async def test_a_name_that_there_is_not_is_a_fault_of_the_parameter(
    client: TestClient, path: str, fields: str, values: list[str]
) -> None:
    answer = await client.get(path, params={"fields": fields})
    problem = await answer.json(content_type=None)
    assert (answer.status, problem["code"]) == (422, "validation.failed")
    told = [(one["code"], one["parameter"], one["value"]) for one in problem["violations"]]
    assert told == [("fields.unknown", "fields", value) for value in values]


@pytest.mark.parametrize("fields", ["", ",", "a,", ".a", "a..b", "a b", "x" * 71, "a.b.c.d.e.f.g.h.i.j.k", "ä"])
async def test_what_is_no_list_of_names_is_refused(client: TestClient, fields: str) -> None:
    answer = await client.get("/thing", params={"fields": fields})
    (violation,) = (await answer.json(content_type=None))["violations"]
    assert (answer.status, violation["code"], violation["parameter"]) == (422, "string_pattern_mismatch", "fields")


async def test_the_faults_of_all_parameters_are_told_at_once(client: TestClient) -> None:
    answer = await client.get("/things?limit=0&fields=x&fields=y", headers={"Accept-Language": "de"})
    problem = await answer.json(content_type=None)
    assert [one["code"] for one in problem["violations"]] == ["greater_than_equal", "query.repeated", "fields.unknown"]
    assert problem["violations"][2]["message"] == "die Antwort hat keinen solchen Schlüssel"


async def test_a_key_that_was_added_can_be_asked_for(client: TestClient) -> None:
    answer = await client.get("/growing?fields=late")
    assert (await answer.json())["items"] == [{"late": "x"}, {}]


@pytest.mark.parametrize(("method", "path"), [("POST", "/thing"), ("GET", "/open")])
async def test_what_is_not_read_with_a_key_takes_no_fields(client: TestClient, method: str, path: str) -> None:
    answer = await client.request(method, path, params={"fields": "number"})
    assert (answer.status, (await answer.json(content_type=None))["violations"][0]["code"]) == (422, "extra_forbidden")


@pytest.mark.parametrize("version", ["", "7"])
async def test_a_sparse_answer_has_the_version_of_the_whole(client: TestClient, version: str) -> None:
    """So that what was read in part can be changed under If-Match, and asked again under If-None-Match."""
    headers = {"X-Version": version}
    whole, part = await client.get("/thing", headers=headers), await client.get("/thing?fields=number", headers=headers)
    assert whole.headers["ETag"] == part.headers["ETag"]
    assert whole.headers["ETag"] == f'"{version}"' or not version
    for known in (part.headers["ETag"], f"W/{part.headers['ETag']}", "*", f'"x", {part.headers["ETag"]}'):
        for method in ("GET", "HEAD"):
            again = await client.request(method, "/thing?fields=number", headers={**headers, "If-None-Match": known})
            assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", part.headers["ETag"])
    assert (await client.get("/thing", headers={**headers, "If-None-Match": '"x"'})).status == 200


async def test_answers_say_what_they_vary_by(client: TestClient) -> None:
    answer = await client.get("/thing")
    assert (answer.headers["Vary"], "Content-Language" in answer.headers, ENGLISH) == ("Accept-Language", False, "en")


def test_the_document_tells_fields_once() -> None:
    told = describe(contract.endpoints, version="1")
    reading = [told["paths"][path]["get"] for path in ("/thing", "/things", "/growing")]
    assert all({"$ref": "#/components/parameters/fields"} in one["parameters"] for one in reading)
    assert "parameters" not in told["paths"]["/open"]["get"]
    assert told["components"]["parameters"]["fields"]["description"]


names = st.recursive(st.sampled_from("abc"), lambda inner: st.tuples(inner, st.sampled_from("abc")).map(".".join))
values = st.recursive(
    st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner)
)


@given(st.lists(names, min_size=1, max_size=5), st.dictionaries(st.sampled_from("abcd"), values))
def test_a_pick_of_a_pick_is_the_same_pick(asked: list[str], body: dict[str, Any]) -> None:
    """Picking invents nothing, and the sequence of the names does not matter."""

    class Free(Shape):
        model_config = ConfigDict(extra="allow")

    free = Contract("free")

    @free.get("/free", answers={200: Free})
    async def all_of_it(call: Call) -> Answer:
        """Anything."""
        raise NotImplementedError(call)

    (endpoint,) = free.endpoints
    picked = parse_fields(endpoint, ",".join(asked)).of(body)
    assert parse_fields(endpoint, ",".join(reversed(asked))).of(body) == picked
    assert parse_fields(endpoint, ",".join(asked)).of(picked) == picked
    assert picked.keys() <= {name[0] for name in asked}


def test_a_free_map_is_not_judged() -> None:
    fields = Fields({"x": {}}, of_items=False, undeclared=frozenset({"x"}))
    with pytest.raises(UnknownFields):
        fields.of({"y": 1})
    assert fields.of([]) == []
