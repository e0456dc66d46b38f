"""`serve` and `worker` share one PostgreSQL database and one home; either is killed, the other goes on."""

from __future__ import annotations

import time

import pytest


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("kills", "files"),
    [pytest.param(6, 40, id="short"), pytest.param(40, 400, id="long", marks=pytest.mark.chaos)],
)
def test_either_of_two_processes_may_be_killed(house, traffic, judge, kills, files) -> None:
    begun = time.monotonic()
    names = [f"orders-{number:04d}.edi" for number in range(files)]
    random = traffic.random
    server, worker = house.serve(), house.start("worker")
    server.wait_serving()
    worker.wait_working()

    for kill in range(kills):
        for name in names[kill * files // kills : (kill + 1) * files // kills]:
            house.drop(name, traffic.interchange())
        time.sleep(random.uniform(0.0, 0.6))
        if random.random() < 0.5:
            server.kill()
            server = house.serve()
        else:
            worker.kill()
            worker = house.start("worker")

    server.wait_serving()
    assert house.wait_quiet(files, fulfilled=True), house.state()
    assert server.interrupt() == 0
    assert worker.interrupt() == 0
    print(f"\n{kills} kills of two processes, {files} files, {time.monotonic() - begun:.1f} s")  # noqa: T201

    judge.folders(names)
    orders = judge.orders()
    assert {order["billing"] for order in orders} == {"full"}
    judge.replies(fulfilled=True)
    judge.carrier(orders)
    judge.audit()
    assert house.tracebacks() == []
