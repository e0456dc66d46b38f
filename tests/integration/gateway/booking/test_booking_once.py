"""Exactly one consignment per shipment, whatever dies or stays silent (ARCHITECTURE decision 10)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.carriers.sandbox.faults import Fault
from core.errors import StoreUnavailable
from core.fulfilment.timers import OUTSIDE_KINDS
from core.store import timers
from core.store.alerts import open_alerts
from core.store.engine import Store
from core.store.shipping import ShipmentRow, shipments_of
from core.store.tables.intake import documents, sources
from core.testing.confirmed import load_masters
from gateway.booking import backoff


def shipment_of(store: Store, order_id: int) -> ShipmentRow:
    (shipment,) = store.read(lambda tx: shipments_of(tx, order_id))
    return shipment


def consignments(tmp_path: Path) -> int:
    """Count them where the carrier keeps them."""
    with sqlite3.connect(tmp_path / "carrier.db") as ledger:
        count = ledger.execute("SELECT count(*) FROM consignment").fetchone()[0]
    ledger.close()
    return count


def until_taken(tmp_path: Path) -> None:
    until = time.monotonic() + 60
    while not consignments(tmp_path):
        assert time.monotonic() < until
        time.sleep(0.01)


def let_seconds_pass(seconds: float) -> None:
    """Bring every timeout of this test's loop nearer: a short one would measure how busy the machine is."""
    loop = asyncio.get_running_loop()
    real = loop.time
    vars(loop)["time"] = lambda: real() + seconds


def alerts(store: Store) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in store.read(open_alerts)]


async def test_a_booking_is_kept_as_a_source_and_ships_the_order(house, counting, events, tmp_path) -> None:
    order_id = house.order()

    assert await house.run(house.desk(counting)) == 1

    assert counting.calls == ["book"]
    assert consignments(tmp_path) == 1
    shipment = shipment_of(house.store, order_id)
    assert shipment.state == "shipped"
    assert shipment.tracking_number is not None
    assert shipment.tracking_number.startswith("SBX")
    assert events(order_id)[-3:] == ["shipment.requested", "shipment.booked", "order.shipped"]
    source = house.store.read(lambda tx: tx.execute(select(sources)).one())
    assert (source.transport, source.documents, source.settled, source.decoder) == ("carrier", 1, True, "sandbox")
    assert shipment.booking_reference.encode() in house.blobs.get(source.sha256)
    document = house.store.read(lambda tx: tx.execute(select(documents)).one())
    assert (document.type, document.outcome, document.order_id) == ("BOOKING", "changed", order_id)
    assert house.woken, "the DESADV is to be sent at once"
    assert await house.run(house.desk(counting)) == 0, "nothing is left to do now"


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_worker_that_dies_leaves_one_consignment(house, counting, tmp_path, prepared_url, moment: str) -> None:
    """Killed between claim and record, with the booking taken or not: the next worker asks first."""
    order_id = house.order()
    script = Path(__file__).with_name("desk_that_dies.py")
    arguments = [prepared_url, house.service.url, moment, "sandbox-token-of-tests", str(house.blobs.root)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), *arguments, house.clock.now().isoformat(), cwd=Path.cwd()
    )
    assert await process.wait() == -signal.SIGKILL
    assert consignments(tmp_path) == (1 if moment == "after" else 0)
    assert shipment_of(house.store, order_id).state == "booking"

    assert await house.run(house.desk(counting)) == 1

    assert counting.calls == (["find"] if moment == "after" else ["find", "book"])
    assert consignments(tmp_path) == 1
    assert shipment_of(house.store, order_id).state == "shipped"


@pytest.mark.parametrize(
    "fault", [Fault.HANG_AFTER_TAKING, Fault.DROP_AFTER_TAKING, Fault.FAIL_AFTER_TAKING, Fault.DROP_BEFORE_TAKING]
)
async def test_an_unknown_outcome_is_asked_for_and_not_sent_again(
    house, counting, events, tmp_path, fault: Fault
) -> None:
    order_id = house.order()
    house.faults.append(fault)
    desk = house.desk(counting)

    asked = asyncio.create_task(house.run(desk))
    if fault is Fault.HANG_AFTER_TAKING:
        await asyncio.to_thread(until_taken, tmp_path)
        let_seconds_pass(60)
    await asked
    assert events(order_id)[-1] == "shipment.outcome_unknown"
    assert await house.run(desk) == 0, "it is asked for after a second, not at once"
    await house.run(desk, seconds=1)

    taken = fault is not Fault.DROP_BEFORE_TAKING
    assert counting.calls == (["book", "find"] if taken else ["book", "find", "book"])
    assert consignments(tmp_path) == 1
    assert shipment_of(house.store, order_id).state == "shipped"


async def test_a_refusal_is_final_and_told(house, counting, events, tmp_path) -> None:
    order_id = house.order()
    house.faults.append(Fault.REFUSE)

    await house.run(house.desk(counting))

    shipment = shipment_of(house.store, order_id)
    assert shipment.state == "refused"
    assert events(order_id)[-1] == "shipment.refused"
    assert alerts(house.store) == [("booking.refused", shipment.number)]
    assert consignments(tmp_path) == 0
    assert await house.run(house.desk(counting), steps=3, seconds=60) == 0


async def test_an_unreachable_carrier_is_tried_again_ever_more_seldom(house, counting, tmp_path) -> None:
    order_id = house.order()
    await house.service.stop()
    desk = house.desk(counting)
    waits = []
    for attempt in range(1, 5):
        assert await desk.run_due() == 1
        assert bool(alerts(house.store)) == (attempt >= 3)
        due = house.store.read(lambda tx: timers.next_due(tx, OUTSIDE_KINDS))
        waits.append((due - house.clock.now()).total_seconds())
        house.clock.advance(due - house.clock.now())
    assert waits == [1, 2, 4, 8]
    assert alerts(house.store) == [("carrier.unreachable", "sandbox")]

    await house.service.start()
    assert await desk.run_due() == 1

    assert shipment_of(house.store, order_id).state == "shipped"
    assert alerts(house.store) == [], "it is closed when it is healed"
    assert consignments(tmp_path) == 1


def test_the_wait_grows_to_a_minute() -> None:
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 6, 7, 8, 1000)] == [1, 2, 4, 32, 60, 60, 60]


async def test_many_desks_share_the_work_without_doubling_it(house, counting, tmp_path) -> None:
    orders = [house.order(number=f"2026-ED-{n:06d}") for n in range(1, 9)]
    desks = [house.desk(counting, worker_id=house.another_worker()) for _ in range(3)]

    done = await asyncio.gather(*(desk.run_due(limit=4) for desk in desks))
    done += [await desks[0].run_due()]  # on PostgreSQL, rows that another was just claiming were passed over

    assert sum(done) == 8
    assert counting.calls == ["book"] * 8
    assert consignments(tmp_path) == 8
    assert {shipment_of(house.store, order_id).state for order_id in orders} == {"shipped"}


async def test_two_runs_of_one_desk_at_once_book_once(house, counting, tmp_path) -> None:
    house.order()
    desk = house.desk(counting)

    done = await asyncio.gather(*(desk.run_due() for _ in range(4)))

    assert sorted(done) == [0, 0, 0, 1]
    assert counting.calls == ["book"]
    assert consignments(tmp_path) == 1


async def test_a_claim_that_our_own_failure_left_is_taken_up(house, counting, tmp_path, monkeypatch) -> None:
    """The database is gone for a moment between the answer and its record."""
    order_id = house.order()
    desk = house.desk(counting)
    real = house.store.write

    def gone(_job: object) -> None:
        raise StoreUnavailable

    book = counting.book

    async def book_then_lose_the_store(request):
        answer = await book(request)
        monkeypatch.setattr(house.store, "write", gone)
        return answer

    monkeypatch.setattr(counting, "book", book_then_lose_the_store)
    with pytest.raises(StoreUnavailable):
        await desk.run_due()
    monkeypatch.setattr(house.store, "write", real)

    assert await desk.run_due() == 1

    assert counting.calls == ["book", "find"]
    assert consignments(tmp_path) == 1
    assert shipment_of(house.store, order_id).state == "shipped"


async def test_a_carrier_that_is_not_set_up_keeps_its_shipments_waiting(house, counting) -> None:
    house.store.write(lambda tx: load_masters(tx, house.clock.now(), carrier="nobody"))
    order_id = house.order()

    await house.run(house.desk(counting))

    assert alerts(house.store) == [("carrier.unknown", "nobody")]
    assert shipment_of(house.store, order_id).state == "booking"
    assert counting.calls == []


async def test_an_answer_for_another_reference_is_not_taken(house, counting, monkeypatch) -> None:
    order_id = house.order()
    monkeypatch.setattr(
        counting, "read_booking", lambda answer: house.carrier.read_booking(answer)._replace(reference="other")
    )

    await house.run(house.desk(counting), steps=3, seconds=5)

    assert shipment_of(house.store, order_id).state == "booking"
    assert alerts(house.store) == [("carrier.unreadable", "sandbox")]
