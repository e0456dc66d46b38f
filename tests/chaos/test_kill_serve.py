"""SIGKILL of the server at random moments while files arrive and orders are fulfilled: nothing lost, nothing twice.

The long form of each test is marked ``chaos``; the short one runs with the suite.
"""

from __future__ import annotations

import threading
import time

import pytest

#: this part of the kills comes before the server says that it serves
EARLY = 0.25
#: files arrive during this part of the kills; the others hit what follows: picking, booking, shipping, billing
ARRIVING = 0.7


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kills", "files"),
    [pytest.param(5, 40, id="short"), pytest.param(50, 500, id="long", marks=pytest.mark.chaos)],
)
def test_every_order_is_made_answered_booked_and_billed_once(house, traffic, judge, kills, files) -> None:
    begun = time.monotonic()
    names = [f"orders-{number:04d}.edi" for number in range(files)]
    contents = [traffic.interchange() for _ in names]
    random = traffic.random
    caught = {"in": 0, "work": 0, "out": 0}

    for kill in range(kills):
        server = house.serve()
        share = _share(kill, kills, files)
        arrivals = threading.Thread(target=_arrive, args=(house, names[share], contents[share], random.random()))
        if random.random() < EARLY:
            arrivals.start()
            time.sleep(random.uniform(0.2, 1.2))
        else:
            server.wait_serving()
            arrivals.start()
            time.sleep(random.uniform(0.0, 1.5))
        server.kill()
        arrivals.join()
        caught["in"] += len(house.names("in"))
        caught["work"] += len(house.names("work"))
        caught["out"] += sum(name.startswith(".") for name in house.names("out"))

    server = house.serve()
    server.wait_serving()
    assert house.wait_quiet(files, fulfilled=True), house.state()
    assert server.interrupt() == 0
    print(f"\n{kills} kills, {files} files, {time.monotonic() - begun:.1f} s; left by kills: {caught}")  # noqa: T201

    judge.folders(names)
    orders = judge.orders()
    assert {order["billing"] for order in orders} == {"full"}
    judge.replies(fulfilled=True)
    judge.carrier(orders)
    judge.audit()
    assert house.tracebacks() == []


def _share(kill: int, kills: int, files: int) -> slice:
    """Return which files arrive around this kill."""
    rounds = round(kills * ARRIVING)
    return slice(min(kill, rounds) * files // rounds, min(kill + 1, rounds) * files // rounds)


def _arrive(house, names: list[str], contents: list[bytes], spread: float) -> None:
    """Let files arrive over *spread* seconds."""
    for name, content in zip(names, contents, strict=True):
        house.drop(name, content)
        time.sleep(spread / len(names))
