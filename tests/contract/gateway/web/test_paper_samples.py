"""Samples of papers over the real gateway: what the reviewer is shown holds nothing of what was read (part 6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from paper_orders import PaperOrder, mail

from core.clock import SystemClock
from core.paper.rules import PaperRules
from core.review.rulebook import Rulebook
from core.store import paper_samples, papers
from core.store.rulebooks import put_in_force
from gateway.authentication import ApiKeys
from gateway.home import init
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
#: far enough from the days that the sample itself bears
ORDERED, WANTED = (SystemClock().now() + timedelta(days=days) for days in (-11, 17))
#: shorter values, as a quantity, occur in ids and times
_TELLING = 5


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A home where every order that needs nobody is drawn, with one by PDF and one by table."""
    home = tmp_path_factory.mktemp("samples") / "home"
    init(home, SystemClock(), demo=True)
    opened = open_gateway(home, "serve")
    book = Rulebook(papers=PaperRules(sample_percent=Decimal(100)))
    opened.store.write(lambda tx: put_in_force(tx, book, at=opened.clock.now(), actor="ada", reason="to measure"))
    days = {"ordered": f"{ORDERED:%Y-%m-%d}", "wanted": f"{WANTED:%Y-%m-%d}"}
    files = [
        ("a.eml", mail(("Order PO-4501.pdf", PaperOrder("PO-4501", **days).pdf()), subject="Order PO-4501")),
        ("b.csv", PaperOrder("PO-4502", **days).table()),
    ]
    told, _ = opened.ingest(files, channel="MF")
    assert told["accepted"] == 2
    yield opened
    opened.imports.close()
    opened.close()


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
def bea(gateway: Gateway) -> str:
    """The key of whoever types; made once."""
    keys = ApiKeys(gateway.store, gateway.clock)
    return keys.create("bea", ["read", "operate"], roles=["order_processor"]).token


async def sample_of(call: Call, key: str, paper_class: str) -> tuple[str, dict[str, Any]]:
    _, page = await call("GET", f"/api/v1/paper-samples?class={paper_class}", key)
    (brief,) = page["items"]
    path = f"/api/v1/paper-samples/{brief['id']}"
    return path, (await call("GET", path, key))[1]


def texts(told: Any) -> Iterator[str]:
    """Yield every text and number of an answer, keys among them."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield name
            yield from texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from texts(value)
    elif told is not None:
        yield str(told)


def read_of(gateway: Gateway, sample_id: str) -> set[str]:
    """Return everything that was read of the paper of a sample, and what it became."""

    def work(tx: Any) -> set[str]:
        sample = paper_samples.get(tx, int(sample_id))
        part = papers.part(tx, sample["source_id"], sample["ordinal"])
        fields = part["judgement"]["fields"].values()
        said = {str(one.get(name)) for one in fields for name in ("value", "text") if one.get(name)}
        return said | {sample["order"], sample["partner"], str(sample["source_id"]), part["name"], part["sha256"]}

    return gateway.store.read(work)


@pytest.mark.parametrize("paper_class", ["pdf", "table"])
async def test_nothing_of_what_was_read_is_told_before_it_is_typed(
    call: Call, gateway: Gateway, bea: str, paper_class: str
) -> None:
    """Not in the sample, the list, or the task; not by a link to its order or paper either."""
    _, sample = await sample_of(call, bea, paper_class)
    _, page = await call("GET", "/api/v1/paper-samples", bea)
    _, tasks = await call("GET", "/api/v1/tasks?kind=paper.sample", bea)
    shown = [sample, page["items"], tasks["items"]]
    read = read_of(gateway, sample["id"])
    assert {"PO-4501", "PO-4502"} & read
    told = set(texts(shown))
    # the ways into the API are the same for all: what is asked, and the kinds of papers
    assert read & told <= {"1", "2"}, "page numbers and versions"
    assert not [one for one in read if len(one) >= _TELLING and any(one in text for text in told)]
    assert "buyer_reference" in sample["head"]
    assert (sample["order"], sample["paper"], sample["answers"], sample["findings"]) == (None, None, None, [])


async def test_shows_the_page_or_the_file(client: TestClient[Any, Any], call: Call, bea: str) -> None:
    headers = {"Authorization": f"Bearer {bea}"}
    path, pdf = await sample_of(call, bea, "pdf")
    assert pdf["pages"] == [1]
    async with client.get(f"{path}/pages/1", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        etag = answer.headers["ETag"]
    async with client.get(f"{path}/pages/1", headers={**headers, "If-None-Match": etag}) as answer:
        assert answer.status == 304
    assert (await call("GET", f"{path}/pages/9", bea))[1]["code"] == "paper.no_picture"
    assert (await call("GET", f"{path}/file", bea))[0] == 404
    path, table = await sample_of(call, bea, "table")
    assert table["pages"] == []
    async with client.get(f"{path}/file", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "application/octet-stream")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert (await answer.read()).startswith(b"Order number;PO-4502")
    assert (await call("GET", f"{path}/pages/1", bea))[1]["code"] == "paper.no_picture"


async def test_is_answered_once_for_a_version_and_settled_by_another(call: Call, gateway: Gateway, bea: str) -> None:
    path, sample = await sample_of(call, bea, "pdf")
    typed: dict[str, str | None] = dict.fromkeys(sample["head"])
    typed |= {"partner": "ALPINA", "buyer_reference": "PO-4501", "currency": "EUR", "document_date": None}
    typed |= {"requested_date": f"{WANTED:%Y-%m-%d}", "ship_to.name": "Alpina Lager Wien"}
    for line, (sku, quantity, price) in enumerate((("NL-1001", "24", "4.9"), ("NL-1002", "40", "24.00")), 1):
        said = {"sku": sku, "quantity": quantity, "price": price, "unit": "PCE"}
        typed |= {f"lines.{line}.{name}": value for name, value in said.items()}
    body: dict[str, Any] = {"fields": typed}
    assert (await call("POST", f"{path}/answers", bea, json=body))[0] == 428
    assert (await call("POST", f"{path}/answers", bea, json=body, headers={"If-Match": '"7"'}))[0] == 412
    headers = {"If-Match": '"1"', "Idempotency-Key": "once"}
    bad = {"fields": {**typed, "lines.1.price": "4,90"}}
    status, problem = await call("POST", f"{path}/answers", bea, json=bad, headers={"If-Match": "*"})
    (violation,) = problem["violations"]
    assert (status, violation["code"], violation["pointer"]) == (
        422,
        "sample.answer_no_number",
        "/fields/lines.1.price",
    )
    answers = [await call("POST", f"{path}/answers", bea, json=body, headers=headers) for _ in range(2)]
    assert answers[0] == answers[1], "sent twice, done once"
    status, told = answers[0]
    assert (status, told["state"], told["version"], told["differ"]) == (200, "differs", 2, 1)
    assert told["findings"][0]["read"] == f"{ORDERED:%Y-%m-%d}"
    assert told["order"].endswith("MF-000001")
    status, problem = await call("POST", f"{path}/answers", bea, json=body, headers={"If-Match": "*"})
    assert (status, problem["code"]) == (409, "state.conflict")
    verdicts = {"verdicts": {"document_date": "reviewer"}, "reason": "it stands there"}
    keys = ApiKeys(gateway.store, gateway.clock)
    status, problem = await call("POST", f"{path}/verdicts", bea, json=verdicts, headers={"If-Match": "*"})
    assert (status, problem["code"]) == (403, "auth.forbidden"), "her role may not"
    also_bea = keys.create("bea", ["read", "operate"], roles=["sales_manager"]).token
    status, problem = await call("POST", f"{path}/verdicts", also_bea, json=verdicts, headers={"If-Match": "*"})
    assert (status, problem["inputs"]) == (403, {"by": "bea"}), "nobody judges what they typed"
    carl = keys.create("carl", ["read", "operate"], roles=["sales_manager"]).token
    status, done = await call("POST", f"{path}/verdicts", carl, json=verdicts, headers={"If-Match": '"2"'})
    assert (status, done["state"], done["wrong"], done["reason"]) == (200, "done", 0, "it stands there")
    _, found = await call("GET", "/api/v1/paper-samples?state=done", carl)
    assert [one["id"] for one in found["items"]] == [done["id"]]


async def test_what_is_not_there_and_who_may_not(call: Call, gateway: Gateway, bea: str) -> None:
    assert (await call("GET", "/api/v1/paper-samples/999", bea))[0] == 404
    assert (await call("GET", f"/api/v1/paper-samples/{'9' * 19}", bea))[0] == 404
    for query in ("state=gone", "class=post", "cursor=x"):
        assert (await call("GET", f"/api/v1/paper-samples?{query}", bea))[0] == 422, query
    theirs = ApiKeys(gateway.store, gateway.clock).create("alpina", ["read", "operate"], partner="ALPINA").token
    assert (await call("GET", "/api/v1/paper-samples", theirs))[0] == 403
