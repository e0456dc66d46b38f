"""Events told by HTTP: a real receiver on a real socket, both databases, deaths and refusals."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from sqlalchemy import select, update
from standardwebhooks import Webhook

from core.audit.record import record
from core.clock import SystemClock
from core.store import alerts, hook_deliveries, workers
from core.store.engine import Store, Tx
from core.store.events import seal_some
from core.store.lookup import partner_id_by_code
from core.store.tables.ordering import orders
from core.store.tables.subscriptions import hook_deliveries as delivery_rows
from core.store.tables.subscriptions import subscriptions as subscription_rows
from core.subscriptions.model import BACKOFF
from core.testing.carrier import SteppedClock
from core.testing.trade import MONDAY, Trade
from gateway.event_hooks import DEAD, KEY_CHANGED, HookDesk
from gateway.home import event_key, init
from gateway.paths import Home
from gateway.subscriptions import SubscriptionDesk
from gateway.transports.http_out.client import HttpOut
from gateway.transports.http_out.policy import TargetPolicy, TargetRefused

KEY = b"k" * 32
PARTNER = "ACME"
LOOPBACK = TargetPolicy.of(["127.0.0.1"])


class Receiver:
    """Keeps what arrives and answers what it is told to: a status, or a coroutine that decides."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[web.Request], Awaitable[web.Response]] | int = 204
        self.port = 0
        self._arrived = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        async with self._arrived:
            self._arrived.notify_all()
        if isinstance(self.answer, int):
            return web.Response(status=self.answer, text="thank you")
        return await self.answer(request)

    async def has(self, count: int) -> None:
        """Wait until *count* messages have arrived, at most for a while."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: len(self.got) >= count)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    def told(self) -> list[dict[str, Any]]:
        return [orjson.loads(body) for _, body in self.got]


@asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_post("/events", receiver.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.port = runner.addresses[0][1]
    try:
        yield
    finally:
        await runner.cleanup()


class House:
    """A store with two partners' orders, the desk that keeps subscriptions and the one that delivers."""

    def __init__(self, store: Store, out: HttpOut) -> None:
        self.store = store
        self.clock = SteppedClock(MONDAY)
        self.out = out
        store.write(Trade().load)
        partner_id = store.read(lambda tx: partner_id_by_code(tx, PARTNER))
        assert partner_id is not None
        self.partner_id = partner_id
        self.desk = self.another_desk(worker_id=store.write(_register))
        self.keeper = SubscriptionDesk(
            store, self.clock, key=lambda: KEY, policy=lambda: LOOPBACK, on_commit=lambda: None
        )
        self._serial = 0

    def another_desk(self, *, worker_id: int = 999, key: bytes = KEY) -> HookDesk:
        return HookDesk(self.store, self.out, self.clock, key=key, worker_id=worker_id)

    def order(self, **values: Any) -> int:
        """Enter an order and return its id."""
        self._serial += 1
        row = {
            "number": f"2026-ED-{self._serial:06d}", "partner_id": self.partner_id, "channel": "ED",
            "type": "standard", "test": False, "buyer_reference": f"PO-{self._serial}", "content_hash": b"h" * 32,
            "document_id": 1, "received_at": MONDAY, "state": "confirmed", "billing": "none", "payment": "open",
            "currency": "EUR", "total": Decimal(1), "revision": 1, **values,
        }  # fmt: skip

        def work(tx: Tx) -> int:
            order_id = tx.ids.next()
            tx.execute(orders.insert().values(id=order_id, **row))
            return order_id

        return self.store.write(work)

    def tell(self, order_id: int, *events: str) -> None:
        """Record and seal events of an order."""

        def work(tx: Tx) -> None:
            for event in events:
                record(tx, order_id, event, at=self.clock.now(), actor="test", summary=f"{event} happened")
            seal_some(tx, 1000)

        self.store.write(work)

    def subscribe(self, receiver: Receiver, partner: str | None = None, **wanted: Any) -> dict[str, Any]:
        body = {"name": "shop", "url": receiver.url, "events": [], "channels": [], "order_types": [], "tests": False}
        return self.keeper.subscribe(body | wanted, partner=partner, actor="anna")

    def states(self) -> list[tuple[int, str, int]]:
        statement = select(delivery_rows.c.position, delivery_rows.c.state, delivery_rows.c.attempts)
        ordered = statement.order_by(delivery_rows.c.position)
        return self.store.read(lambda tx: [(*row,) for row in tx.execute(ordered)])

    def alerts(self) -> list[str]:
        return sorted(one["kind"] for one in self.store.read(alerts.open_alerts))


@pytest.fixture
async def house(prepared_url: str) -> AsyncIterator[House]:
    store = Store(prepared_url)
    try:
        async with HttpOut(LOOPBACK, timeout_seconds=2) as out:
            yield House(store, out)
    finally:
        store.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    async with receiving(one):
        yield one


async def test_each_fact_is_told_once_signed_and_in_order(house: House, receiver: Receiver) -> None:
    before = house.order()
    house.tell(before, "order.received")
    made = house.subscribe(receiver)
    first, second = house.order(), house.order()
    house.tell(first, "order.received", "order.checked", "order.confirmed")
    house.tell(second, "order.received")
    assert await house.desk.run_due() == 4
    assert await house.desk.run_due() == 0
    by_order = sorted(receiver.told(), key=lambda one: (one["subject"], one["id"]))
    assert {
        number: [one["type"] for one in told] for number, told in groupby(by_order, lambda one: one["subject"])
    } == {
        "2026-ED-000002": ["ordergate.order.received", "ordergate.order.checked", "ordergate.order.confirmed"],
        "2026-ED-000003": ["ordergate.order.received"],
    }
    arrived = [one["id"] for one in receiver.told() if one["subject"] == "2026-ED-000002"]
    assert arrived == ["2026-ED-000002/1", "2026-ED-000002/2", "2026-ED-000002/3"]
    assert sorted(one["sequence"] for one in receiver.told()) == ["1", "2", "3", "4"]
    for headers, body in receiver.got:
        _verify(made["secret"], headers, body, house)
        assert headers["content-type"] == "application/cloudevents+json"


def _verify(secret: str, headers: dict[str, str], body: bytes, house: House) -> None:
    """Check a signature with another library, which compares with today's clock: the time is checked apart."""
    assert headers["webhook-timestamp"] == str(int(house.clock.now().timestamp()))
    signed = Webhook(secret).sign(headers["webhook-id"], house.clock.now(), body.decode())
    assert signed in headers["webhook-signature"].split(" ")


async def test_only_what_is_wanted_is_told(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver, events=["order.confirmed", "shipment.*"], channels=["ED"], order_types=["urgent"])
    for values in ({"type": "urgent"}, {"type": "standard"}, {"type": "urgent", "channel": "SR"}):
        house.tell(house.order(**values), "order.received", "order.confirmed", "shipment.booked")
    house.tell(house.order(type="urgent", test=True), "order.confirmed")
    await house.desk.run_due()
    assert [(one["subject"], one["type"]) for one in receiver.told()] == [
        ("2026-ED-000001", "ordergate.order.confirmed"),
        ("2026-ED-000001", "ordergate.shipment.booked"),
    ]
    listed = house.keeper.subscriptions()["items"][0]
    assert (listed["deliveries"], listed["heard_upto"]) == ({"delivered": 2}, 10)


async def test_a_partner_hears_of_its_own_orders_alone(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver, partner=PARTNER)
    other = house.order(partner_id=house.partner_id + 1)
    own = house.order()
    house.tell(other, "order.received")
    house.tell(own, "order.received")
    await house.desk.run_due()
    (told,) = receiver.told()
    assert told["subject"] == "2026-ED-000002"
    assert "inputs" not in told["data"]


async def test_a_failure_holds_back_its_order_and_no_other(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver)
    bad, good = house.order(), house.order()

    async def refuse_one(request: web.Request) -> web.Response:
        message = orjson.loads(await request.read())
        return web.Response(status=500 if message["subject"] == "2026-ED-000001" else 200, text="no room")

    receiver.answer = refuse_one
    house.tell(bad, "order.received", "order.checked")
    house.tell(good, "order.received", "order.checked")
    assert await house.desk.run_due() == 3
    assert house.states() == [(1, "queued", 1), (2, "queued", 0), (3, "delivered", 1), (4, "delivered", 1)]
    house.clock.advance(BACKOFF[0] - timedelta(seconds=1))
    assert await house.desk.run_due() == 0
    receiver.answer = 200
    house.clock.advance(timedelta(seconds=1))
    assert await house.desk.run_due() == 2
    assert house.states() == [(1, "delivered", 2), (2, "delivered", 1), (3, "delivered", 1), (4, "delivered", 1)]
    first, again = (headers["webhook-id"] for headers, body in receiver.got if b'"id":"2026-ED-000001/1"' in body)
    assert first == again
    bodies = [body for _, body in receiver.got if b'"id":"2026-ED-000001/1"' in body]
    assert bodies[0] == bodies[1]


async def test_what_fails_for_a_day_is_given_up_and_can_be_sent_again(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver)
    receiver.answer = 503
    house.tell(house.order(), "order.received", "order.checked")
    for wait in BACKOFF:
        assert await house.desk.run_due() == 1
        house.clock.advance(wait)
    assert house.alerts() == []
    assert await house.desk.run_due() == 2  # the last try of the first, and the first of the second
    assert house.states() == [(1, "dead", len(BACKOFF) + 1), (2, "queued", 1)]
    assert house.alerts() == [DEAD]
    receiver.answer = 200
    dead = house.keeper.deliveries("0" + _only(house), partner=None, state="dead", cursor=None, limit=5)["items"][0]
    assert (dead["last_status"], dead["last_error"], dead["due_at"]) == (503, "answered 503", None)
    house.keeper.retry(dead["id"])
    assert await house.desk.run_due() == 1
    found = house.keeper.delivery(dead["id"])
    assert found["state"] == "delivered"
    assert [one["number"] for one in found["tries"]] == list(range(1, len(BACKOFF) + 3))
    assert (found["tries"][0]["status"], found["tries"][0]["answer"]) == (503, "thank you")
    assert house.alerts() == []


def _only(house: House) -> str:
    (one,) = house.keeper.subscriptions()["items"]
    return str(one["id"])


async def test_who_is_gone_is_asked_no_more(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver)
    receiver.answer = 410
    house.tell(house.order(), "order.received", "order.checked")
    await house.desk.run_due()
    (listed,) = house.keeper.subscriptions()["items"]
    assert (listed["state"], listed["state_reason"]) == ("disabled", "the receiver answered 410 Gone")
    receiver.answer = 200
    assert await house.desk.run_due() == 0
    house.keeper.change(listed["id"], {"state": "active"}, partner=None, expect=lambda _: None)
    assert await house.desk.run_due() == 1
    assert house.states() == [(1, "dead", 1), (2, "delivered", 1)]


async def test_a_paused_subscription_goes_on_where_it_stopped(house: House, receiver: Receiver) -> None:
    made = house.subscribe(receiver)
    house.keeper.change(made["id"], {"state": "paused"}, partner=None, expect=lambda _: None)
    house.tell(house.order(), "order.received")
    assert await house.desk.run_due() == 0
    house.keeper.change(made["id"], {"state": "active"}, partner=None, expect=lambda _: None)
    assert await house.desk.run_due() == 1


async def test_for_the_overlap_both_secrets_sign(house: House, receiver: Receiver) -> None:
    made = house.subscribe(receiver)
    rotated = house.keeper.rotate(made["id"], partner=None, overlap_hours=1)
    assert rotated["secret"] != made["secret"]
    order_id = house.order()
    house.tell(order_id, "order.received")
    await house.desk.run_due()
    for secret in (made["secret"], rotated["secret"]):
        _verify(secret, *receiver.got[-1], house)
    house.clock.advance(timedelta(hours=1))
    house.tell(order_id, "order.checked")
    await house.desk.run_due()
    _verify(rotated["secret"], *receiver.got[-1], house)
    assert len(receiver.got[-1][0]["webhook-signature"].split(" ")) == 1


async def test_another_key_of_the_installation_signs_nothing_wrongly(house: House, receiver: Receiver) -> None:
    made = house.subscribe(receiver)
    house.tell(house.order(), "order.received")
    other = house.another_desk(key=b"x" * 32)
    await other.run_due()
    assert receiver.got == []
    assert house.alerts() == [KEY_CHANGED]
    keeper = SubscriptionDesk(
        house.store, house.clock, key=lambda: b"x" * 32, policy=lambda: LOOPBACK, on_commit=lambda: None
    )
    rotated = keeper.rotate(made["id"], partner=None, overlap_hours=24)
    assert rotated["previous_secret_until"] is None
    house.clock.advance(BACKOFF[0])
    await other.run_due()
    _verify(rotated["secret"], *receiver.got[-1], house)
    assert house.alerts() == []


async def test_a_try_of_a_dead_process_is_made_again_under_the_same_id(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver)
    house.tell(house.order(), "order.received")
    dead = house.another_desk()

    async def never(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    receiver.answer = never
    await dead.turn()
    await receiver.has(1)
    await dead.drain(0)  # as if it were killed: the outcome of a try that is broken off is not kept
    assert house.states() == [(1, "attempting", 1)]
    receiver.answer = 200
    assert await house.desk.run_due() == 1
    assert house.states() == [(1, "delivered", 2)]
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]


async def test_one_that_hangs_does_not_starve_the_others(house: House, receiver: Receiver) -> None:
    quick = Receiver()
    let_go = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await let_go.wait()
        return web.Response()

    receiver.answer = hang
    async with receiving(quick):
        house.subscribe(receiver, name="slow")
        house.subscribe(quick, name="quick")
        for _ in range(30):
            house.tell(house.order(), "order.received")
        ended = asyncio.Event()
        running = asyncio.create_task(house.desk.run(ended.is_set, 0.05))
        await quick.has(30)
        assert len(receiver.got) == 8
        ended.set()
        let_go.set()
        await running
        await house.desk.drain(5)


async def test_two_desks_tell_nothing_twice(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver)
    for _ in range(40):
        house.tell(house.order(), "order.received", "order.checked")
    desks = [house.desk, house.another_desk(worker_id=house.store.write(_register))]
    tries = await asyncio.gather(*(desk.run_due() for desk in desks))
    while sum(tries) < 80 and (more := await house.desk.run_due()):
        tries.append(more)
    told = [one["id"] for one in receiver.told()]
    assert len(told) == 80
    assert len(set(told)) == 80
    for number in {one["subject"] for one in receiver.told()}:
        assert [one for one in told if one.startswith(f"{number}/")] == [f"{number}/1", f"{number}/2"]


def _register(tx: Tx) -> int:
    return workers.register(tx, "serve", time.time_ns() // 1000)


async def test_a_replay_tells_the_same_facts_under_new_ids(house: House, receiver: Receiver) -> None:
    early = house.order()
    house.tell(early, "order.received")
    made = house.subscribe(receiver)
    house.clock.advance(timedelta(hours=1))
    since = house.clock.now()
    late = house.order()
    house.tell(late, "order.received", "order.checked")
    await house.desk.run_due()
    by_time = house.keeper.replay(made["id"], partner=None, actor="anna", after=None, since=since)
    assert (by_time["queued"], by_time["after"], by_time["upto"]) == (2, 1, 3)
    assert house.keeper.replay(made["id"], partner=None, actor="anna", after=0, since=None)["queued"] == 3
    await house.desk.run_due()
    told = receiver.told()
    assert len(told) == 7
    assert sorted(one["id"] for one in told) == sorted(
        ["2026-ED-000001/1"] + ["2026-ED-000002/1", "2026-ED-000002/2"] * 3
    )
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 7
    replayed = house.keeper.deliveries(made["id"], partner=None, state=None, cursor=None, limit=50)["items"]
    assert [one["replayed_by"] for one in reversed(replayed)] == [None] * 2 + ["anna"] * 5


async def test_a_test_tells_whether_it_is_reached(house: House, receiver: Receiver) -> None:
    made = house.subscribe(receiver)
    receiver.answer = 404
    sent = house.keeper.test(made["id"], partner=None)
    await house.desk.run_due()
    found = house.keeper.delivery(sent["id"])
    assert (found["state"], found["last_status"], found["event"]) == ("queued", 404, "subscription.test")
    assert receiver.told()[0]["type"] == "ordergate.subscription.test"


async def test_an_address_that_became_forbidden_is_not_called(house: House, receiver: Receiver) -> None:
    house.subscribe(receiver)

    def move(tx: Tx) -> None:
        tx.execute(update(subscription_rows).values(url="http://169.254.169.254/latest"))

    house.store.write(move)
    house.tell(house.order(), "order.received")
    await house.desk.run_due()
    assert house.states() == [(1, "dead", 1)]
    assert house.alerts() == [DEAD]
    with pytest.raises(TargetRefused):
        house.subscribe(receiver, url="http://10.0.0.1/hook")


async def test_a_deleted_subscription_hears_nothing_and_old_deliveries_are_forgotten(
    house: House, receiver: Receiver
) -> None:
    made = house.subscribe(receiver)
    order_id = house.order()
    house.tell(order_id, "order.received")
    await house.desk.run_due()
    house.tell(order_id, "order.checked")
    await house.desk.turn()
    house.keeper.end(made["id"], partner=None, expect=lambda _: None)
    house.tell(order_id, "order.confirmed")
    await house.desk.drain(5)
    assert await house.desk.run_due() == 0
    assert house.keeper.subscriptions()["items"] == []
    later = house.clock.now() + timedelta(days=31)
    assert house.store.write(lambda tx: hook_deliveries.forget(tx, house.clock.now())) == 0
    assert house.store.write(lambda tx: hook_deliveries.forget(tx, later)) == 2
    assert house.states() == []


def test_a_home_keeps_its_key(tmp_path: Path) -> None:
    init(tmp_path / "home", SystemClock(), demo=False)
    home = Home(tmp_path / "home")
    kept = event_key(home, "")
    assert event_key(home, "") == kept
    assert len(kept) == 32
    assert home.event_key.stat().st_mode & 0o777 == 0o600
    assert event_key(home, "ab" * 32) == b"\xab" * 32


async def test_a_claim_that_the_database_had_repeated_holds_no_place(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL has a job run anew after a deadlock: what the first run claimed was undone."""
    house.subscribe(receiver)
    house.tell(house.order(), "order.received")
    write = house.store.write

    def twice(work: Callable[[Tx], Any]) -> Any:
        def undone(tx: Tx) -> None:
            work(tx)
            raise _Deadlock

        with suppress(_Deadlock):
            write(undone)
        return write(work)

    monkeypatch.setattr(house.store, "write", twice)
    assert await house.desk.run_due() == 1
    assert house.desk._in_flight == {}
    assert len(receiver.got) == 1


class _Deadlock(Exception):
    """Ends a transaction."""
