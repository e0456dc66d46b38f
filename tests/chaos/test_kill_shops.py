"""SIGKILL of a process at work on the deliveries of shops: nothing that was kept is lost, and nothing is done twice."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from shop_traffic import shopify

from core.reporting import views
from core.store import shops as rows
from core.store.shops import Delivered
from gateway.master_data import load
from gateway.wiring import open_gateway

WORKING = Path(__file__).with_name("works_on_deliveries.py")
STORES = [{"platform": "shopify", "store": "main", "partner": "ALPINA", "secret_env": "SHOP_SECRET"}]


@pytest.mark.parametrize(
    ("kills", "orders"),
    [pytest.param(3, 40, id="short"), pytest.param(30, 1000, id="long", marks=pytest.mark.chaos)],
)
def test_every_delivery_is_worked_on_once(home: Path, kills: int, orders: int) -> None:
    chance = random.Random(7)
    gateway = open_gateway(home, "cli")
    load(gateway.store, gateway.home, gateway.settings, gateway.clock, {"stores": STORES}, where="stores.toml")
    now, day = gateway.clock.now(), {"created_at": gateway.clock.now().isoformat()}
    messages = [
        message
        for shop_id in range(1, orders + 1)
        for message in (
            shopify(shop_id, 1, {"CUP-1": 2}, **day),
            shopify(shop_id, 2, {"CUP-1": 3}, financial_status="paid", **day),
        )
    ]
    chance.shuffle(messages)
    arrived = [
        Delivered("shopify", "main", f"d-{place}", one.topic, one.body, None, now) for place, one in enumerate(messages)
    ]
    gateway.store.write(lambda tx: rows.keep(tx, arrived))
    gateway.close()

    for kill in range(1, kills + 1):
        with subprocess.Popen([sys.executable, WORKING, home]) as worker:
            while worker.poll() is None and _left(home) > len(messages) * (kills + 1 - kill) // (kills + 1):
                time.sleep(0.01)
            worker.kill()
    subprocess.run([sys.executable, WORKING, home], check=True)

    gateway = open_gateway(home, "cli")
    try:
        counted = gateway.store.read(rows.count_deliveries)
        assert counted == {"done": len(messages)}
        reconciled = gateway.reconcile()
        assert (reconciled["documents"], reconciled["accepted"], reconciled["unexplained"]) == (
            len(messages),
            orders,
            0,
        )
        page = gateway.store.read(lambda tx: views.orders(tx, channel="EC", limit=2 * orders))
        assert {one["buyer_reference"] for one in page["items"]} == {str(one) for one in range(1, orders + 1)}
        assert {one["number"][8:] for one in page["items"]} == {f"{one:06}" for one in range(1, orders + 1)}
        assert {line["quantity"] for one in page["items"] for line in one["lines"]} == {"3"}
        assert gateway.audit_verify()["ok"]
    finally:
        gateway.close()
    with closing(sqlite3.connect(home / "ordergate.db")) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT order_id) FROM payments").fetchone() == (
            orders,
            orders,
        )


def _left(home: Path) -> int:
    """Return how many deliveries are still to be worked on."""
    with closing(sqlite3.connect(home / "ordergate.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM shop_deliveries WHERE state = 'queued'").fetchone()[0])
