"""What only a running service can do or tell: the sandbox clock, health, metrics."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.clock import iso
from core.errors import Conflict
from core.reporting import views
from core.store.clock import clock_offset
from core.testing.carrier import FakeCarrier
from gateway import demo
from gateway.booking import BookingDesk
from gateway.service.inward import Inward
from gateway.service.outward import Outward
from gateway.service.status import ServiceOperations
from gateway.telemetry import Telemetry
from gateway.wiring import Gateway


class Status:
    """The operations of a service whose loops do not run by themselves."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.started = True
        telemetry = Telemetry()
        self.inward = Inward(gateway, telemetry, lambda: None)
        self.inward.add_partners()
        self.outward = Outward(gateway, lambda: None, lambda: None)
        desk = BookingDesk(
            gateway.store, gateway.blobs, gateway.clock, {"sandbox": FakeCarrier(gateway.clock)},
            worker_id=gateway.worker_id,
        )  # fmt: skip
        self.operations = ServiceOperations(
            gateway,
            outward=self.outward,
            desk=desk,
            loop=asyncio.get_running_loop(),
            telemetry=telemetry,
            transport=self.inward.transport,
            started=lambda: self.started,
        )

    async def advance(self, step: timedelta) -> dict[str, Any]:
        return await asyncio.to_thread(self.operations.advance_clock, step)


@pytest.fixture
async def status(gateway: Gateway) -> Status:
    return Status(gateway)


def order_of(gateway: Gateway) -> dict[str, Any]:
    number = f"{gateway.clock.now().year}-ED-000001"
    return gateway.store.read(lambda tx: views.order(tx, number))


def take_clean(gateway: Gateway) -> None:
    content = next(content for name, content in demo.orders(gateway.clock.now()).items() if "clean" in name)
    gateway.ingest([("a.edi", content)])


async def test_a_moved_clock_runs_what_became_due_on_its_way(gateway: Gateway, status: Status, home: Path) -> None:
    """Packed and booked at once, scanned after 2, 4 and 6 s, invoiced on delivery: each at its own time."""
    await asyncio.to_thread(take_clean, gateway)
    before = gateway.clock.now()
    answer = await status.advance(timedelta(minutes=10))
    assert answer["ran"] > 0
    assert answer["now"] >= iso(before + timedelta(minutes=10))
    assert order_of(gateway)["state"] == "invoiced"
    sent = [path.name.partition("_")[0] for path in sorted((home / "folders" / "ALPINA" / "out").iterdir())]
    assert sorted(sent) == ["CONTRL", "DESADV", "INVOIC", "ORDRSP"]
    told = gateway.store.read(lambda tx: views.timeline(tx, order_of(gateway)["number"]))["events"]
    moments = [event["at"] for event in told]
    assert moments == sorted(moments)
    assert moments[-1] < iso(before + timedelta(minutes=2))  # not all at the end of the jump
    assert (await status.advance(timedelta(0)))["ran"] == 0


async def test_the_offset_is_kept_for_every_process(gateway: Gateway, status: Status) -> None:
    await status.advance(timedelta(days=7))
    assert gateway.store.read(clock_offset) == gateway.clock.offset
    assert timedelta(days=6, hours=23) < gateway.clock.offset <= timedelta(days=7)  # the run itself took a moment


async def test_without_the_sandbox_the_clock_does_not_move(gateway: Gateway, status: Status) -> None:
    off = gateway.settings.sandbox.model_copy(update={"enabled": False})
    gateway.settings = gateway.settings.model_copy(update={"sandbox": off})
    with pytest.raises(Conflict, match="the clock moves in the sandbox alone"):
        await status.advance(timedelta(days=1))
    assert gateway.clock.offset == timedelta(0)


async def test_a_healthy_service_is_ready(status: Status) -> None:
    health = status.operations.health()
    assert health == {
        "ready": True, "started": True, "checks": {"database": "ok", "outbox": "ok", "folders": "ok"}
    }  # fmt: skip
    status.started = False
    assert status.operations.health()["ready"] is False


async def test_a_folder_that_cannot_be_read_is_not_ready(gateway: Gateway, status: Status, home: Path) -> None:
    (home / "folders" / "ALPINA" / "in").rename(home / "folders" / "ALPINA" / "elsewhere")
    health = status.operations.health()
    assert (health["ready"], health["checks"]["folders"]) == (False, "cannot read the folder of ALPINA")


async def test_what_does_not_leave_is_not_ready(gateway: Gateway, status: Status) -> None:
    take_clean(gateway)
    gateway.store.write(
        lambda tx: tx.connection.exec_driver_sql("UPDATE outbox SET transmission_id = NULL, created_at = 0")
    )
    health = status.operations.health()
    assert health["ready"] is False
    assert health["checks"]["outbox"].startswith("oldest waits ")


async def test_a_database_that_is_gone_is_not_ready(gateway: Gateway, status: Status, home: Path) -> None:
    gateway.store.close()
    (home / "ordergate.db").unlink()
    health = status.operations.health()
    assert health["ready"] is False
    assert health["checks"]["database"] != "ok"


async def test_the_metrics_say_what_waits(gateway: Gateway, status: Status) -> None:
    take_clean(gateway)
    told = status.operations.metrics().decode()
    assert "ordergate_events_unsealed 4.0" in told
    assert 'ordergate_workers{life="alive"} 1.0' in told
    assert "ordergate_outbox_rows 0.0" in told
