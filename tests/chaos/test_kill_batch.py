"""SIGKILL of a server in the middle of a batch (issue 5, part 7): the same key again gives the whole answer."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from typing import Any

import pytest

KEY = "batch-1"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("orders", "kills"),
    [pytest.param(60, 1, id="short"), pytest.param(1000, 4, id="long", marks=pytest.mark.chaos)],
)
def test_a_batch_that_is_killed_is_completed_under_its_key(house, orders, kills) -> None:
    """Of ten orders, seven are good, one repeats the one before it, one is malformed and one is of nobody."""
    house.keep_orders_confirmed()
    body = {"orders": [_order(place) for place in range(orders)]}
    for kill in range(1, kills + 1):
        server = house.serve()
        server.wait_serving()
        asking = threading.Thread(target=_ask, args=(house, server, body))
        asking.start()
        while asking.is_alive() and _placed(house) < orders * kill // (2 * kills):
            time.sleep(0.01)
        server.kill()
        asking.join()
    before = _placed(house)
    assert 0 < before < orders * 8 // 10, "the kills hit nothing"

    server = house.serve()
    server.wait_serving()
    answer = _ask(house, server, body)
    again = _ask(house, server, body)
    assert server.interrupt() == 0
    assert answer == again
    tenth = orders // 10
    assert (answer["placed"], answer["refused"], answer["result"]) == (8 * tenth, 2 * tenth, "partial")
    assert [item["status"] for item in answer["items"]] == [_status(place) for place in range(orders)]
    assert [item["index"] for item in answer["items"]] == list(range(orders))
    numbers = [item["number"] for item in answer["items"] if item["number"]]
    repeated = [numbers[place] for place in range(len(numbers)) if numbers.count(numbers[place]) == 2]
    assert len(repeated) == 2 * tenth
    assert len(set(numbers)) == 7 * tenth == _placed(house)
    assert sorted(number[8:] for number in set(numbers)) == [f"{serial:06}" for serial in range(1, 7 * tenth + 1)]
    reconciled = house.json("reconcile")
    assert (reconciled["accepted"], reconciled["duplicate"], reconciled["unexplained"]) == (7 * tenth, tenth, 0)
    assert house.json("audit", "verify")["ok"]
    assert house.tracebacks() == []


def _order(place: int) -> dict[str, Any]:
    order = {
        "partner": "ALPINA",
        "buyer_reference": f"PO-{place}",
        "lines": [{"sku": "NL-1001", "quantity": "1"}],
    }
    match place % 10:
        case 3:
            order["buyer_reference"] = f"PO-{place - 1}"
        case 5:
            order["lines"] = [{"sku": "NL-1001", "quantity": "none"}]
        case 7:
            order["partner"] = "NOBODY"
    return order


def _status(place: int) -> int:
    return {5: 422, 7: 404}.get(place % 10, 201)


def _ask(house: Any, server: Any, body: Any) -> Any:
    """Send the batch; None where the server dies before it has answered."""
    address = re.search(r'"address": "(http://[^"]+)"', server.log.read_text("utf-8"))
    assert address is not None
    request = urllib.request.Request(
        f"{address[1]}/api/v1/orders:batch",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {(house.root / 'demo-key').read_text().strip()}",
            "Content-Type": "application/json",
            "Idempotency-Key": KEY,
        },
    )
    with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(request) as answer:
        return json.load(answer)
    return None


def _placed(house: Any) -> int:
    path = house.root / "ordergate.db"
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])
