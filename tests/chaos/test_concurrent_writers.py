"""8 to 16 threads place and cancel orders at once: numbers without gaps, no stock sold twice (invariants 1, 2, 3, 5).

The orders come by EDI and by the API, some of them again and again, and compete for less stock than they ask for.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.documents import Order, OrderLine, Party
from core.errors import Conflict
from core.ordering.states import TRANSITIONS
from core.reporting import views
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage
from core.values import QUANTITY_SCALE
from gateway import master_data
from gateway.wiring import open_gateway

BUYER, SUPPLIER, SHIP_TO = "9009876000016", "4012345000009", "9009876000023"
ITEMS = {"NL-1001": ("4012345010015", "4.90"), "NL-1002": ("4012345010022", "24"), "NL-1003": ("4012345010039", "2.95")}
#: free pieces of each item at the start of an example; one order alone may ask for nearly all of them
FREE = 12

lines = st.dictionaries(st.sampled_from(sorted(ITEMS)), st.integers(1, 8), min_size=1)
#: the door, which of a few references (so that some come twice), what is ordered, whether it is cancelled afterwards
acts = st.tuples(st.sampled_from(["edi", "api"]), st.integers(0, 9), lines, st.booleans())
scripts = st.lists(st.lists(acts, min_size=1, max_size=3), min_size=8, max_size=16)


@pytest.fixture
def writers(tmp_path, database_url, monkeypatch):
    """A gateway of a demonstration home in this process."""
    monkeypatch.setenv("ORDERGATE_DATABASE__URL", database_url)
    root = tmp_path / "home"
    gateway = open_gateway(root, "cli")
    yield gateway
    gateway.close()


class Examples:
    """Plays scripts on one gateway, one example after the other, and judges what is left after each."""

    def __init__(self, gateway) -> None:
        self.gateway = gateway
        self.turn = 0

    def play(self, scripts) -> None:
        self.turn += 1
        self._stock_up()
        ready = threading.Barrier(len(scripts))

        def run(thread: int) -> None:
            ready.wait(30)
            for serial, act in enumerate(scripts[thread]):
                self._act(f"{self.turn}-{thread}-{serial}", *act)

        with ThreadPoolExecutor(len(scripts)) as pool:
            for running in [pool.submit(run, thread) for thread in range(len(scripts))]:
                running.result(60)
        judge(self.gateway)

    def _stock_up(self) -> None:
        """Count stock so that a few pieces of each item are free."""
        reserved = dict(self.gateway.store.read(lambda tx: tx.execute(text("SELECT sku, reserved FROM stock")).all()))
        counted = [
            {"sku": sku, "warehouse": "MAIN", "on_hand": str(reserved[sku] // QUANTITY_SCALE + FREE)} for sku in ITEMS
        ]
        one = self.gateway
        master_data.load(one.store, one.home, one.settings, one.clock, {"stock": counted}, where="count")

    def _act(self, serial: str, door: str, pick: int, wanted: dict[str, int], cancelled: bool) -> None:
        operations = self.gateway.operations
        reference = f"PO-{self.turn}-{pick}"
        place = self._by_edi if door == "edi" else self._by_api
        # Another order under this reference, or one that is not to be had any more, is refused in words.
        with suppress(Conflict):
            number = place(serial, reference, wanted)
            if cancelled and number:
                operations.cancel(number, actor="test", reason="not needed any more")

    def _by_edi(self, serial: str, reference: str, wanted: dict[str, int]) -> str | None:
        asked = tuple(OrdersLine(ITEMS[sku][0], str(pieces), ITEMS[sku][1]) for sku, pieces in sorted(wanted.items()))
        message = OrdersMessage(reference, datetime.now(UTC), asked, buyer=BUYER, supplier=SUPPLIER, ship_to=SHIP_TO)
        content = InterchangeFile([message], serial, sender=BUYER, recipient=SUPPLIER).encode()
        taken = self.gateway.ingest([(f"{serial}.edi", content)])[0]
        assert taken["documents"] == 1
        return next((order["number"] for order in taken["orders"]), None)

    def _by_api(self, serial: str, reference: str, wanted: dict[str, int]) -> str:
        asked = tuple(
            OrderLine(line, Decimal(pieces), gtin=ITEMS[sku][0], unit="PCE", price=Decimal(ITEMS[sku][1]))
            for line, (sku, pieces) in enumerate(sorted(wanted.items()), 1)
        )
        order = Order(reference, asked, currency="EUR", ship_to=Party("DP", gln=SHIP_TO))
        placed = self.gateway.operations.place_order(serial.encode(), order, partner="ALPINA", actor=f"key:{serial}")
        return str(placed["number"])


def judge(gateway) -> None:
    """Assert the invariants from the rows."""
    reconciliation = gateway.reconcile()
    assert reconciliation["unexplained"] == 0, reconciliation
    year = datetime.now(UTC).year
    for channel in ("ED", "SR"):
        proof = gateway.store.read(lambda tx, channel=channel: views.numbering_proof(tx, year, channel))
        assert proof["ok"], proof
    references = rows(gateway, "SELECT buyer_reference FROM orders")
    assert max(Counter(references).values()) == 1
    assert rows(gateway, "SELECT sku FROM stock WHERE reserved > on_hand OR reserved < 0 OR on_hand < 0") == []
    assert rows(gateway, RESERVED_OTHERWISE) == []
    assert rows(gateway, MOVED_OTHERWISE) == []
    for number, state in rows(gateway, "SELECT number, state FROM orders"):
        timeline = gateway.store.read(lambda tx, number=number: views.timeline(tx, number))
        assert fold(timeline["events"]) == state, number
    assert gateway.audit_verify()["ok"]


def rows(gateway, query: str) -> list:
    found = gateway.store.read(lambda tx: tx.execute(text(query)).all())
    return [tuple(row) if len(row) > 1 else row[0] for row in found]


def fold(events) -> str:
    """Return the state that the events of an order lead to, each step by a row of the transition table."""
    state = "received"
    for event in events:
        told = {"checked": "in_review"}.get(name := event["event"].removeprefix("order."), name)
        if told in STATES and told != state:
            assert (state, told) in {(source, target) for (source, _), target in TRANSITIONS.items()}, events
            state = told
    return state


STATES = frozenset(TRANSITIONS.values())
#: items whose balance is not what their active reservations, or their moves, add up to
RESERVED_OTHERWISE = """
SELECT stock.sku FROM stock LEFT JOIN reservations AS r
    ON r.sku = stock.sku AND r.warehouse = stock.warehouse AND r.state = 'active'
GROUP BY stock.sku, stock.warehouse, stock.reserved HAVING stock.reserved <> COALESCE(SUM(r.quantity), 0)
"""
MOVED_OTHERWISE = """
SELECT stock.sku FROM stock LEFT JOIN stock_moves AS m ON m.sku = stock.sku AND m.warehouse = stock.warehouse
GROUP BY stock.sku, stock.warehouse, stock.on_hand HAVING stock.on_hand <> COALESCE(SUM(m.quantity), 0)
"""


def test_writers_at_once_leave_the_invariants_whole(writers) -> None:
    examples = Examples(writers)

    @settings(max_examples=6)
    @given(scripts=scripts)
    def play(scripts) -> None:
        examples.play(scripts)

    play()
    outcomes = writers.reconcile()
    assert outcomes["accepted"] > 0
    assert outcomes["duplicate"] + outcomes["parked"] > 0
