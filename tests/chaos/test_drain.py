"""Ctrl-C: what is in hand is finished, nothing is half-done, the next start has nothing to repair."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, text

#: "a few seconds" on a machine that may be busy with other things
DRAIN_SECONDS = 15.0
#: what only a process that was broken off leaves behind
CLAIMS = {
    "transmissions under way": "SELECT count(*) FROM transmissions WHERE state = 'attempting'",
    "attempts without an end": "SELECT count(*) FROM attempts WHERE ended_at IS NULL",
    "sources half judged": "SELECT count(*) FROM sources WHERE NOT settled",
    "replies not rendered": "SELECT count(*) FROM outbox WHERE transmission_id IS NULL",
    "timers claimed": "SELECT count(*) FROM timers WHERE worker_id IS NOT NULL",
    "events not sealed": "SELECT count(*) FROM events WHERE seal IS NULL",
    "processes registered": "SELECT count(*) FROM workers",
}


@pytest.fixture
def left_behind(database_url):
    """Counts what a drained process must not leave."""
    engine = create_engine(database_url)

    def look() -> dict[str, int]:
        with engine.connect() as connection:
            counts = {name: int(connection.execute(text(query)).scalar_one()) for name, query in CLAIMS.items()}
        return {name: count for name, count in counts.items() if count}

    yield look
    engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.chaos)], indirect=True)
def test_an_interrupted_server_leaves_nothing_half_done(house, traffic, judge, left_behind) -> None:
    names = []
    for pause in (0.05, 0.6):
        server = house.serve()
        server.wait_serving()
        for _ in range(10):
            names.append(f"orders-{len(names):03d}.edi")
            house.drop(names[-1], traffic.interchange())
        time.sleep(pause)
        begun = time.monotonic()
        assert server.interrupt() == 0, server.log.read_text()
        assert time.monotonic() - begun < DRAIN_SECONDS
        assert house.names("work") == []
        assert left_behind() == {}

    server = house.serve()
    server.wait_serving()
    assert house.wait_quiet(len(names)), house.state()
    assert server.interrupt() == 0
    assert left_behind() == {}
    assert house.tracebacks() == []
    judge.folders(names)
    judge.orders()
    judge.replies(fulfilled=False)
    judge.audit()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("loaded", ["gateway.console.app", "gateway.logs"])
def test_an_interrupt_while_it_starts_is_quiet(house, loaded, poll, left_behind) -> None:
    """While the program is read, and when it begins to work."""
    house.environment["PYTHONPROFILEIMPORTTIME"] = "1"  # Python tells on standard error what it has loaded
    server = house.serve()
    assert poll(lambda: server.said(f" {loaded}\n"), pause=0.001)
    # 130 is the shell's word for an interrupt that came before there was anything to finish
    assert server.interrupt() in (0, 130), server.log.read_text()
    assert house.tracebacks() == []
    assert left_behind() == {}
