"""16 threads order goods that are to come, cancel, and count what came: no supply is promised twice (invariant 3).

Half of the orders are served from hand and inbound, the others are pre-orders of planned production; goods arrive
meanwhile. Whatever the order of things, what is promised of a supply never exceeds it, and nothing is reserved twice.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.documents import Order, OrderLine, Party
from core.errors import Conflict
from core.stock.ledger import Count
from core.values import QUANTITY_SCALE
from gateway import master_data
from gateway.wiring import open_gateway

SKU, GTIN, SHIP_TO = "NL-1001", "4012345010015", "9009876000023"
WRITERS = 16
ON_HAND, INBOUND, PLANNED = 6, 30, 20
UNIT = 10**QUANTITY_SCALE

#: pieces, whether it is a pre-order, whether it is cancelled afterwards, how many pieces are counted in afterwards
acts = st.tuples(st.integers(1, 9), st.booleans(), st.booleans(), st.integers(0, 3))
scripts = st.lists(st.lists(acts, min_size=1, max_size=2), min_size=WRITERS, max_size=WRITERS)


@pytest.fixture
def gateway(tmp_path, database_url, monkeypatch):
    monkeypatch.setenv("ORDERGATE_DATABASE__URL", database_url)
    opened = open_gateway(tmp_path / "home", "cli")
    yield opened
    opened.close()


def rows(gateway, query: str) -> list[tuple]:
    return [tuple(row) for row in gateway.store.read(lambda tx: tx.execute(text(query)).all())]


class Round:
    """One example: its own supply, so that what earlier ones were promised is out of the way."""

    def __init__(self, gateway, turn: int) -> None:
        self.gateway, self.turn = gateway, turn
        today = datetime.now(UTC).date()
        #: each example has days of its own, within what the orders tolerate
        self.inbound, self.planned = today + timedelta(days=10 + turn), today + timedelta(days=100 + turn)
        self.wanted_by = today + timedelta(days=60)

    def stock_up(self) -> None:
        ((held, reserved),) = rows(self.gateway, f"SELECT on_hand, reserved FROM stock WHERE sku = '{SKU}'")
        del held
        supplies = {
            "inbound": [{"quantity": str(INBOUND), "date": self.inbound.isoformat()}],
            "planned": [{"quantity": str(PLANNED), "date": self.planned.isoformat()}],
        }
        stock = {"sku": SKU, "warehouse": "MAIN", "on_hand": str(reserved // UNIT + ON_HAND)} | supplies
        one = self.gateway
        master_data.load(one.store, one.home, one.settings, one.clock, {"stock": [stock]}, where="supply")

    def act(self, serial: str, pieces: int, pre_order: bool, cancelled: bool, came: int) -> None:
        line = OrderLine(1, Decimal(pieces), gtin=GTIN, unit="PCE", price=Decimal("4.90"))
        asked = {"requested_date": None, "type": "pre_order"} if pre_order else {"requested_date": self.wanted_by}
        order = Order(f"PO-{serial}", (line,), currency="EUR", ship_to=Party("DP", gln=SHIP_TO), **asked)
        operations = self.gateway.operations
        placed = operations.place_order(serial.encode(), order, partner="ALPINA", actor="test")
        if cancelled:
            with suppress(Conflict):
                operations.cancel(placed["number"], actor="test", reason="not needed")
        if came:
            self._count_in(came)

    def _count_in(self, came: int) -> None:
        """Count *came* more than is booked; where another counted meanwhile, the later count wins, as in life."""
        ((booked,),) = rows(self.gateway, f"SELECT on_hand FROM stock WHERE sku = '{SKU}'")
        counted = Decimal(booked // UNIT + came)
        self.gateway.operations.stock_desk.count([Count(SKU, "MAIN", counted, "receipt")], actor="test")


def judge(gateway) -> None:
    """Assert that no bucket of supply is promised beyond what it holds, and stock is what its rows add up to."""
    assert rows(gateway, f"SELECT kind, day, SUM(quantity) FROM supply_promises GROUP BY kind, day {BEYOND}") == []
    assert rows(gateway, "SELECT sku FROM stock WHERE reserved < 0") == []
    assert rows(gateway, RESERVED_OTHERWISE) == []
    assert rows(gateway, MOVED_OTHERWISE) == []
    assert rows(gateway, PROMISED_TO_ENDED) == []
    assert rows(gateway, NOT_SERVED_IN_FULL) == []


BEYOND = f"HAVING SUM(quantity) > CASE kind WHEN 'inbound' THEN {INBOUND * UNIT} ELSE {PLANNED * UNIT} END"
RESERVED_OTHERWISE = """
SELECT stock.sku FROM stock LEFT JOIN reservations AS r
    ON r.sku = stock.sku AND r.warehouse = stock.warehouse AND r.state = 'active'
GROUP BY stock.sku, stock.warehouse, stock.reserved HAVING stock.reserved <> COALESCE(SUM(r.quantity), 0)
"""
MOVED_OTHERWISE = """
SELECT stock.sku FROM stock LEFT JOIN stock_moves AS m ON m.sku = stock.sku AND m.warehouse = stock.warehouse
GROUP BY stock.sku, stock.warehouse, stock.on_hand HAVING stock.on_hand <> COALESCE(SUM(m.quantity), 0)
"""
PROMISED_TO_ENDED = """
SELECT o.number FROM supply_promises AS p JOIN orders AS o ON o.id = p.order_id WHERE o.state <> 'confirmed'
"""
#: a confirmed line has all that it wants: reserved, or promised of what is to come
NOT_SERVED_IN_FULL = """
SELECT o.number, l.quantity, l.reserved FROM orders AS o JOIN order_lines AS l ON l.order_id = o.id
LEFT JOIN (SELECT order_id, line, SUM(quantity) AS promised FROM supply_promises GROUP BY order_id, line) AS p
    ON p.order_id = l.order_id AND p.line = l.line
WHERE o.state = 'confirmed' AND l.quantity <> l.reserved + COALESCE(p.promised, 0)
"""


def test_writers_at_once_are_never_promised_the_same_supply(gateway) -> None:
    turns = iter(range(1000))
    served = set()

    @settings(max_examples=4, deadline=None)
    @given(scripts=scripts)
    def play(scripts) -> None:
        turn = next(turns)
        example = Round(gateway, turn)
        example.stock_up()
        ready = threading.Barrier(len(scripts))

        def run(thread: int) -> None:
            ready.wait(30)
            for serial, act in enumerate(scripts[thread]):
                example.act(f"{turn}-{thread}-{serial}", *act)

        with ThreadPoolExecutor(len(scripts)) as pool:
            for running in [pool.submit(run, thread) for thread in range(len(scripts))]:
                running.result(60)
        judge(gateway)
        served.update(rows(gateway, "SELECT state FROM order_lines"))

    play()
    assert {("backordered",), ("reserved",)} <= served, "some waited, and some of those were served"
