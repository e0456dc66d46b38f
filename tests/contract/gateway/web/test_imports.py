"""Files of orders in the background (issue 5, part 7): kept, read, placed, paused, resumed, cancelled, told by row."""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from workbooks import workbook

from core.clock import SystemClock
from core.errors import StoreUnavailable
from core.reporting import views
from core.store import imports as rows
from core.store.alerts import open_alerts
from gateway.authentication import ApiKeys
from gateway.home import console_secret, init
from gateway.imports import worker
from gateway.imports.placing import Placer
from gateway.service.watch import STALE_SECONDS, Watch
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
COLUMNS: Json = {
    "buyer_reference": "Order", "partner": "Customer", "lines.sku": "Item", "lines.quantity": "Qty", "type": "Type",
}  # fmt: skip
TITLES = ("Order", "Customer", "Item", "Qty", "Type")
UPLOAD = "/api/v1/imports?map=std"
#: references are used once, because the tests share a home
reference = (f"IMP-{number}" for number in itertools.count()).__next__


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    root = tmp_path_factory.mktemp("imports") / "home"
    init(root, SystemClock(), demo=True)
    opened = open_gateway(root, "serve")
    opened.operations.import_desk.put_map("std", {"columns": COLUMNS}, owner="", seen=None, actor="test")
    yield opened
    opened.imports.close()
    opened.close()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(
        sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02, body_seconds=0.2
    )
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture(scope="module")
def key(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


def csv_of(*lines: tuple[str, ...]) -> bytes:
    return "\n".join(";".join(line) for line in (TITLES, *lines)).encode()


def line(order: str, quantity: str = "1", *, customer: str = "ALPINA", item: str = "NL-1001", kind: str = "") -> Any:
    return (order, customer, item, quantity, kind)


def work(gateway: Gateway, steps: int | None = None) -> None:
    """Do what is due, or so many steps of it."""
    for _ in itertools.count() if steps is None else range(steps):
        if not gateway.imports.run_due():
            return


async def sent(call: Call, key: str, content: bytes, query: str = "", **headers: str) -> Json:
    status, made = await call("POST", UPLOAD + query, key, data=content, headers=headers)
    assert status == 202, made
    return dict(made)


async def state(call: Call, key: str, made: Json) -> Json:
    return dict((await call("GET", f"/api/v1/imports/{made['id']}", key))[1])


async def rows_of(call: Call, key: str, made: Json, query: str = "") -> list[Json]:
    return list((await call("GET", f"/api/v1/imports/{made['id']}/rows{query}", key))[1]["items"])


async def test_a_file_is_placed_row_by_row(call: Call, key: str, gateway: Gateway) -> None:
    good, bad, stranger = reference(), reference(), reference()
    content = csv_of(
        line(good, "2"), line(bad, "x"), line(good, "3"), line(bad), line(stranger, customer="NOBODY"), line(good)
    )
    made = await sent(call, key, content, "&filename=monday.csv")
    assert (made["state"], made["progress"], made["rows"]["read"], made["filename"]) == ("queued", 0, 0, "monday.csv")
    work(gateway)
    done = await state(call, key, made)
    assert (done["state"], done["progress"], done["problem"]) == ("done", 100, None)
    assert done["rows"] == {"read": 6, "placed": 3, "held": 0, "refused": 3, "waiting": 0, "cancelled": 0}
    assert done["orders"] == {"read": 3, "placed": 1, "held": 0, "refused": 2, "waiting": 0, "cancelled": 0}
    found = await rows_of(call, key, made)
    assert [(row["row"], row["status"], [one["cell"] for one in row["faults"]]) for row in found] == [
        (2, "placed", []), (3, "refused", ["D3"]), (4, "placed", []), (5, "refused", []), (6, "refused", [None]),
        (7, "placed", []),
    ]  # fmt: skip
    assert (found[1]["faults"][0]["column"], found[1]["faults"][0]["value"]) == ("Qty", "x")
    assert found[4]["faults"][0]["code"] == "not_found"
    _, order = await call("GET", f"/api/v1/orders/{found[0]['number']}", key)
    assert [one["quantity"] for one in order["lines"]] == ["2", "3", "1"]
    assert [row["row"] for row in await rows_of(call, key, made, "?status=refused")] == [3, 5, 6]


async def test_the_results_stand_beside_the_rows(
    call: Call, client: TestClient[Any, Any], key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a spreadsheet would run as a formula is none in the download (OWASP, CSV injection)."""
    good, evil = reference(), "=cmd|' /C calc'!A0"
    counted: list[str] = []
    monkeypatch.setattr(gateway.imports, "on_results", counted.extend)
    made = await sent(call, key, csv_of(line(good), line(evil, "-2+3"), line(good, "-7")))
    work(gateway)
    headers = {"Authorization": f"Bearer {key}"}
    async with client.get(f"/api/v1/imports/{made['id']}/results", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "text/csv")
        content = (await answer.read()).decode("utf-8-sig")
    titles, *found = csv.reader(io.StringIO(content))
    assert titles == [*TITLES, "row", "status", "number", "state", "holds", "faults"]
    assert [row[:5] for row in found] == [
        [good, "ALPINA", "NL-1001", "1", ""],
        [f"'{evil}", "ALPINA", "NL-1001", "'-2+3", ""],
        [good, "ALPINA", "NL-1001", "-7", ""],
    ]
    assert [row[5:7] for row in found] == [["2", "refused"], ["3", "refused"], ["4", "refused"]]
    assert [row[-1].partition(":")[0] for row in found] == ["", "D3", "D4"]
    assert counted == ["refused", "refused"]


async def test_an_import_that_hangs_is_told(call: Call, key: str, gateway: Gateway) -> None:
    made = await sent(call, key, csv_of(line(reference())))
    watch = Watch(gateway)

    def alerts() -> list[str]:
        return [row["kind"] for row in gateway.store.read(open_alerts)]

    long_ago = gateway.clock.now() - timedelta(seconds=STALE_SECONDS + 1)
    gateway.store.write(lambda tx: rows.put(tx, int(made["id"]), {"moved_at": long_ago}))
    watch.look_for_stale()
    assert "import.stale" in alerts()
    work(gateway)
    watch.look_for_stale()
    assert "import.stale" not in alerts()


async def test_rows_are_paged(call: Call, key: str, gateway: Gateway) -> None:
    made = await sent(call, key, csv_of(*(line(reference()) for _ in range(5))))
    work(gateway)
    path, numbers, cursor = f"/api/v1/imports/{made['id']}/rows?limit=2", [], ""
    for _ in range(3):
        _, page = await call("GET", path + cursor, key)
        numbers += [row["row"] for row in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert (numbers, page["next"]) == ([2, 3, 4, 5, 6], None)


async def test_a_workbook_tells_its_cells_with_the_sheet(call: Call, key: str, gateway: Gateway) -> None:
    made = await sent(call, key, workbook([TITLES, (reference(), "ALPINA", "NL-1001", "none")], sheet="March"))
    work(gateway)
    (row,) = await rows_of(call, key, made)
    assert [fault["cell"] for fault in row["faults"]] == ["March!D2"]


async def test_the_same_key_is_the_same_import(call: Call, key: str, gateway: Gateway) -> None:
    """Another body, map or purpose under the key is 422."""
    content = csv_of(line(reference()))
    first = await sent(call, key, content, **{"Idempotency-Key": "import-1"})
    work(gateway)
    again = await sent(call, key, content, **{"Idempotency-Key": "import-1"})
    assert (again["id"], again["state"]) == (first["id"], "done")
    headers = {"Idempotency-Key": "import-1"}
    for query, body in (("", csv_of(line(reference()))), ("&dry_run=true", content), ("&partner=ALPINA", content)):
        status, problem = await call("POST", UPLOAD + query, key, data=body, headers=headers)
        assert (status, problem["code"]) == (422, "idempotency.mismatch")


async def test_an_order_is_placed_once_whatever_file_it_is_in(call: Call, key: str, gateway: Gateway) -> None:
    good, bad = reference(), reference()
    first = await sent(call, key, csv_of(line(good), line(bad, "0")))
    work(gateway)
    second = await sent(call, key, csv_of(line(good), line(bad, "4")))
    work(gateway)
    (before, _), (after, mended) = [await rows_of(call, key, one) for one in (first, second)]
    assert (after["number"], mended["status"]) == (before["number"], "placed")


async def test_a_dry_run_places_nothing(call: Call, key: str, gateway: Gateway) -> None:
    before = gateway.reconcile()["documents"]
    made = await sent(call, key, csv_of(line(reference()), line(reference(), "x")), "&dry_run=true")
    work(gateway)
    told = await state(call, key, made)
    assert (told["dry_run"], told["orders"]["placed"], told["orders"]["refused"]) == (True, 1, 1)
    found = await rows_of(call, key, made)
    assert [(row["status"], row["number"], row["order_state"]) for row in found] == [
        ("placed", None, "confirmed"), ("refused", None, None),
    ]  # fmt: skip
    assert gateway.reconcile()["documents"] == before


async def test_what_is_placed_stays_when_an_import_is_cancelled(call: Call, key: str, gateway: Gateway) -> None:
    made = await sent(call, key, csv_of(*(line(reference()) for _ in range(20))))
    work(gateway, steps=2)  # all rows, and the first eight orders
    _, told = await call("POST", f"/api/v1/imports/{made['id']}/cancel", key, json={})
    assert (told["state"], told["orders"]["placed"], told["orders"]["cancelled"]) == ("cancelled", 8, 12)
    work(gateway)
    assert (await state(call, key, made))["orders"] == told["orders"]
    statuses = [row["status"] for row in await rows_of(call, key, made)]
    assert statuses == ["placed"] * 8 + ["cancelled"] * 12
    for act in ("resume", "pause"):
        status, problem = await call("POST", f"/api/v1/imports/{made['id']}/{act}", key, json={})
        assert (status, problem["code"]) == (409, "state.conflict")


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_a_paused_import_rests_until_it_is_resumed(
    call: Call, key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(worker, "_ROWS", 10)
    made = await sent(call, key, csv_of(*(line(reference()) for _ in range(12))))
    work(gateway, steps)
    _, paused = await call("POST", f"/api/v1/imports/{made['id']}/pause", key, json={})
    work(gateway)
    assert (paused["state"], await state(call, key, made)) == ("paused", paused)
    await call("POST", f"/api/v1/imports/{made['id']}/resume", key, json={})
    work(gateway)
    done = await state(call, key, made)
    assert (done["state"], done["orders"]["placed"], done["rows"]["read"]) == ("done", 12, 12)


async def test_several_imports_go_on_side_by_side(call: Call, key: str, gateway: Gateway) -> None:
    large = await sent(call, key, csv_of(*(line(reference()) for _ in range(30))))
    work(gateway, steps=2)
    small = await sent(call, key, csv_of(line(reference())))
    work(gateway, steps=4)
    assert ((await state(call, key, small))["state"], (await state(call, key, large))["state"]) == ("done", "placing")
    work(gateway)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ("import.unreadable", "")),
        (b"\0\1\2", ("import.unreadable", "Say its `encoding`")),
        (b"Order;Customer;Item;Qtty;Type\nA;1;1", ("import.unreadable", "Is it Qtty for Qty?")),
        (csv_of(("A", "B", "C", "x" * 40_000, "")), ("import.too_large", "")),
        (b"PK\x03\x04 broken", ("import.unreadable", "")),
        (b'Order;Customer;Item;Qty;Type\n"A', ("import.unreadable", "")),
    ],
)
async def test_a_file_that_cannot_be_read_fails_and_says_why(
    call: Call, key: str, gateway: Gateway, content: bytes, problem: tuple[str, str]
) -> None:
    code, hint = problem
    made = await sent(call, key, content)
    work(gateway)
    told = await state(call, key, made)
    assert (told["state"], told["problem"]["code"], told["orders"]["placed"]) == ("failed", code, 0)
    assert told["problem"]["hint"].startswith(hint)
    status, _ = await call("POST", f"/api/v1/imports/{made['id']}/cancel", key, json={})
    assert status == 409


async def test_what_the_system_failed_on_is_tried_again(
    call: Call, key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One order that breaks its worker keeps back no other, a person is told, and resuming tries it again."""
    place, broken = Placer.end, reference()

    def breaks(self: Placer, tx: Any, row: Any, taken: Any, layout: Any) -> Any:
        if taken.order.form["buyer_reference"] == broken:
            raise ZeroDivisionError
        return place(self, tx, row, taken, layout)

    monkeypatch.setattr(Placer, "end", breaks)
    made = await sent(call, key, csv_of(line(reference()), line(broken), line(reference())))
    work(gateway)
    told = await state(call, key, made)
    assert (told["state"], told["orders"]["placed"], told["orders"]["refused"]) == ("done", 2, 1)
    _, alerts = await call("GET", "/api/v1/alerts", key)
    assert ("import.failed", made["id"]) in [(one["kind"], one["subject"]) for one in alerts["items"]]
    monkeypatch.undo()
    await call("POST", f"/api/v1/imports/{made['id']}/resume", key, json={})
    work(gateway)
    told = await state(call, key, made)
    assert (told["state"], told["orders"]["placed"], told["orders"]["refused"]) == ("done", 3, 0)
    status, _ = await call("POST", f"/api/v1/imports/{made['id']}/resume", key, json={})
    assert status == 409


async def test_a_database_that_fails_costs_nothing_but_time(
    call: Call, key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await sent(call, key, csv_of(line(reference()), line(reference())))
    end = rows.end_order

    def fails(*args: Any) -> None:
        end(*args)
        raise StoreUnavailable

    monkeypatch.setattr(rows, "end_order", fails)
    with pytest.raises(StoreUnavailable):
        work(gateway)
    monkeypatch.undo()
    work(gateway)
    assert (await state(call, key, made))["orders"]["placed"] == 2
    assert gateway.reconcile()["unexplained"] == 0


async def test_a_key_imports_what_it_may_enter_itself(call: Call, key: str, gateway: Gateway) -> None:
    """INT-13: of its partner, its units and its types of orders; what others sent is not there for it."""
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("alpina", {"read", "submit"}, partner="ALPINA").token
    mine = await sent(call, own, csv_of(line(reference(), customer=""), line(reference(), customer="OTHER")))
    service = keys.create("kim", set(), roles=["customer_service"]).token
    typed = await sent(call, service, csv_of(line(reference(), kind="sample"), line(reference())))
    # for the partner, but the house's: its rows may name anybody
    other = await sent(call, key, csv_of(line(reference()), line(reference(), customer="OTHER")), "&partner=ALPINA")
    work(gateway)
    for made, token, statuses in ((mine, own, ["placed", "refused"]), (typed, key, ["refused", "placed"])):
        found = await rows_of(call, token, made)
        assert [row["status"] for row in found] == statuses
        assert [fault["code"] for row in found for fault in row["faults"]] == ["auth.forbidden"]
    for method, path in (("GET", ""), ("GET", "/rows"), ("POST", "/cancel"), ("POST", "/pause"), ("POST", "/resume")):
        body = {"json": {}} if method == "POST" else {}
        status, problem = await call(method, f"/api/v1/imports/{other['id']}{path}", own, **body)
        assert (status, problem["code"]) == (404, "not_found")
    _, page = await call("GET", "/api/v1/imports", own)
    assert [one["id"] for one in page["items"]] == [mine["id"]]
    _, page = await call("GET", "/api/v1/imports?partner=ALPINA", key)
    assert {mine["id"], other["id"]} <= {one["id"] for one in page["items"]}
    assert (await call("POST", UPLOAD + "&partner=OTHER", own, data=b""))[0] == 403


async def test_a_body_beyond_the_limit_is_refused_before_it_is_kept(
    call: Call, client: TestClient[Any, Any], key: str, gateway: Gateway
) -> None:
    too_much = 64 * 1024 * 1024 + 1
    headers = {"Authorization": f"Bearer {key}", "Content-Length": str(too_much)}

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(too_much // 1_000_000 + 1):
            yield bytes(1_000_000)

    async with client.post(UPLOAD, headers=headers, data=endless()) as told_first:
        assert (told_first.status, (await told_first.json())["code"]) == (413, "body.too_large")
    status, problem = await call("POST", UPLOAD, key, data=endless())
    assert (status, problem["code"]) == (413, "body.too_large")
    assert list((gateway.home.blobs / "arriving").iterdir()) == []


async def test_a_body_that_stops_is_given_up(call: Call, key: str, gateway: Gateway) -> None:
    never = asyncio.Event()

    async def stops() -> AsyncIterator[bytes]:
        yield b"Order;"
        await never.wait()

    status, problem = await call("POST", UPLOAD, key, data=stops())
    assert (status, problem["code"]) == (408, "request.timeout")
    assert list((gateway.home.blobs / "arriving").iterdir()) == []


async def test_a_map_has_versions(call: Call, client: TestClient[Any, Any], key: str, gateway: Gateway) -> None:
    """An import keeps the version that it was sent with; a partner's own map goes before the house's."""
    path, first = "/api/v1/import-maps/monthly", {"map": {"columns": COLUMNS}}
    assert (await call("PUT", path, key, json={"map": {"columns": {}}}))[1]["code"] == "import.map_invalid"
    assert (await call("PUT", path, key, json=first))[0] == 201
    assert (await call("PUT", path, key, json=first))[0] == 428
    made = (await call("POST", "/api/v1/imports?map=monthly", key, data=csv_of(line(reference()))))[1]
    changed = {"map": {"columns": COLUMNS | {"lines.quantity": "Menge"}}}
    status, kept = await call("PUT", path, key, json=changed, headers={"If-Match": '"1"'})
    assert (status, kept["version"]) == (200, 2)
    assert (await call("PUT", path, key, json=first, headers={"If-Match": '"1"'}))[0] == 412
    work(gateway)
    told = await state(call, key, made)
    assert (told["state"], told["map"]) == ("done", {"name": "monthly", "version": 1})
    own = ApiKeys(gateway.store, gateway.clock).create("alpina", {"read", "submit"}, partner="ALPINA").token
    assert (await call("PUT", path, own, json=first))[0] == 201
    assert [(await call("GET", path, token))[1]["partner"] for token in (own, key)] == ["ALPINA", None]
    _, page = await call("GET", "/api/v1/import-maps", own)
    assert [(one["name"], one["partner"]) for one in page["items"]] == [
        ("monthly", None), ("monthly", "ALPINA"), ("std", None),
    ]  # fmt: skip
    removing = {"Authorization": f"Bearer {own}", "If-Match": "*"}
    for status in (204, 404):
        async with client.delete(path, headers=removing) as removed:
            assert removed.status == status
    assert (await call("GET", path, own))[1]["version"] == 2


async def test_an_unknown_map_is_told_before_the_file_is_taken(call: Call, key: str) -> None:
    status, problem = await call("POST", "/api/v1/imports?map=none", key, data=b"")
    assert (status, problem["code"]) == (404, "not_found")


async def test_rows_that_could_not_be_kept_are_read_again(
    call: Call, key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database fails once while the second part of the file is kept: no row of it is passed over."""
    order = reference()
    made = await sent(call, key, csv_of(*(line(order) for _ in range(1_200))))
    work(gateway, 1)

    def fails(_job: Any) -> None:
        raise StoreUnavailable("the database does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(gateway.store, "write", fails)
        with pytest.raises(StoreUnavailable):
            work(gateway, 1)
    work(gateway)
    assert (await state(call, key, made))["rows"]["read"] == 1_200
