"""A kill before and after each durable step, one after the other: no window between claim, commit, move and send."""

from __future__ import annotations

import re
from collections import Counter

import pytest

#: a server that is not killed within so many seconds has nothing left to do
IDLE_SECONDS = 8.0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([6, 9, 13], id="short"),
        pytest.param(range(1, 61), id="long", marks=pytest.mark.chaos),
    ],
)
def test_a_server_that_dies_at_any_step_is_gone_on_with(house, traffic, judge, poll, steps) -> None:
    names = []
    for step in steps:
        names.append(f"orders-{step:03d}.edi")
        house.drop(names[-1], traffic.interchange())
        server = house.serve(dies_at=step)
        poll(lambda server=server: server.process.poll() is not None, seconds=IDLE_SECONDS)
        server.kill()

    server = house.serve()
    server.wait_serving()
    assert house.wait_quiet(len(names), fulfilled=True), house.state()
    assert server.interrupt() == 0
    deaths = Counter(
        name for one in house.started for name in re.findall(r"died at step \d+: (.+)", one.log.read_text("utf-8"))
    )
    print(f"\n{sum(deaths.values())} deaths: {dict(deaths)}")  # noqa: T201
    assert sum(deaths.values()) >= len(names) * 3 // 4

    judge.folders(names)
    orders = judge.orders()
    judge.replies(fulfilled=True)
    judge.carrier(orders)
    judge.audit()
    assert house.tracebacks() == []
