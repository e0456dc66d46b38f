"""A person moves the end of a reservation, on both sides of its time (INV-10, INV-12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Conflict
from core.reporting import views
from core.stock.reservation import move_end
from core.store import orders as order_rows
from core.store import timers
from core.store.engine import Store
from core.testing.trade import MONDAY, Trade, a_line, an_order, place

SECOND = timedelta(seconds=1)


@pytest.fixture
def number(each_store: Store) -> str:
    """A confirmed order, whose reservation ends after seven days."""
    each_store.write(Trade().load)
    (placed,) = each_store.write(lambda tx: place(tx, [an_order("PO-1", a_line())]))
    return str(placed.number)


def move(store: Store, number: str, until: datetime) -> dict[str, Any]:
    return store.write(lambda tx: move_end(tx, number, until, reason="the truck is late", actor="ann", now=MONDAY))


def due(store: Store, at: datetime) -> list[datetime]:
    found = store.read(lambda tx: timers.due(tx, at, ["reservation.expire"], 9))
    return [timer.due_at for timer in found]


def test_the_end_moves_and_is_kept_with_its_reason(each_store: Store, number: str) -> None:
    """INV-12: the timer goes with it, and the timeline tells who moved it and why."""
    until = MONDAY + timedelta(days=30)
    assert due(each_store, MONDAY + timedelta(days=7)) == [MONDAY + timedelta(days=7)]
    assert move(each_store, number, until)["before"] == "2026-03-09T08:00:00.000000Z"
    assert (due(each_store, until - SECOND), due(each_store, until)) == ([], [until])
    order = each_store.read(lambda tx: order_rows.by_number(tx, number))
    held = each_store.read(lambda tx: order_rows.reservations_of(tx, order["id"], "active"))
    assert [row["expires_at"] for row in held] == [until]
    told = each_store.read(lambda tx: views.timeline(tx, number))["events"][-1]
    assert (told["event"], told["actor"], told["inputs"]["reason"]) == (
        "reservation.changed", "ann", "the truck is late",
    )  # fmt: skip


def test_it_may_end_sooner_but_not_before_now(each_store: Store, number: str) -> None:
    with pytest.raises(Conflict, match="in the future"):
        move(each_store, number, MONDAY)
    move(each_store, number, MONDAY + SECOND)
    assert due(each_store, MONDAY + SECOND) == [MONDAY + SECOND]


def test_what_is_not_reserved_has_no_end(each_store: Store, number: str) -> None:
    (held,) = each_store.write(lambda tx: place(tx, [an_order("PO-2", a_line(quantity=10**6))]))
    with pytest.raises(Conflict, match="nothing is reserved"):
        move(each_store, held.number, MONDAY + SECOND)
