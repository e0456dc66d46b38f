"""SIGKILL of a process at work on a file of orders (issue 5, part 7): rows are read once, orders placed once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from core.reporting import views
from gateway.imports.desk import Sender
from gateway.wiring import open_gateway

WORKING = Path(__file__).with_name("works_on_imports.py")
COLUMNS = {"columns": {"buyer_reference": "Order", "lines.sku": "Item", "lines.quantity": "Qty"}}


@pytest.mark.parametrize(
    ("kills", "orders"),
    [pytest.param(2, 60, id="short"), pytest.param(30, 2000, id="long", marks=pytest.mark.chaos)],
)
def test_every_order_of_a_file_is_placed_once(home: Path, kills: int, orders: int) -> None:
    """Two orders in ten are refused; the rows of an order lie apart, so that no chunk has the whole of it."""
    gateway = open_gateway(home, "cli")
    lines = [
        f"PO-{number:05};NL-1001;{'x' if number % 5 == 0 else turn}"
        for turn in range(1, 11)
        for number in range(1, orders + 1)
    ]
    content = "\n".join(["Order;Item;Qty", *lines]).encode()
    desk = gateway.operations.import_desk
    writer = desk.writer()
    writer.write(content)
    sender = Sender("chaos", partner="ALPINA")
    made, _ = desk.create((writer.keep(), len(content)), "orders.csv", COLUMNS, sender)
    gateway.close()

    rows = len(lines)
    for kill in range(1, kills + 1):
        # the first kill hits the reading, the others the placing
        wanted = (1, 0) if kill == 1 else (rows, orders * (kill - 1) // kills)
        with subprocess.Popen([sys.executable, WORKING, home]) as worker:
            while worker.poll() is None and _reached(home) < wanted:
                time.sleep(0.005)
            worker.kill()
    subprocess.run([sys.executable, WORKING, home], check=True)

    gateway = open_gateway(home, "cli")
    try:
        told = gateway.operations.import_desk.get(int(made["id"]), partner=None)
        refused = orders // 5
        assert (told["state"], told["rows"]["read"], told["rows"]["refused"]) == ("done", rows, 10 * refused)
        assert (told["orders"]["placed"] + told["orders"]["held"], told["orders"]["refused"]) == (
            orders - refused,
            refused,
        )
        reconciled = gateway.reconcile()
        assert (reconciled["documents"], reconciled["accepted"], reconciled["unexplained"]) == (
            orders - refused,
            orders - refused,
            0,
        )
        page = gateway.store.read(lambda tx: views.orders(tx, limit=2 * orders))["items"]
        assert {one["number"][8:] for one in page} == {f"{one:06}" for one in range(1, orders - refused + 1)}
        assert all([line["quantity"] for line in one["lines"]] == [str(turn) for turn in range(1, 11)] for one in page)
        assert gateway.audit_verify()["ok"]
    finally:
        gateway.close()


def _reached(home: Path) -> tuple[int, int]:
    """Return how many rows are staged, and how many orders came to their end."""
    with closing(sqlite3.connect(home / "ordergate.db")) as connection:
        return connection.execute("SELECT rows, placed + held + refused FROM imports").fetchone()  # type: ignore[no-any-return]
