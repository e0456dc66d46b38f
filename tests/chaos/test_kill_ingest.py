"""SIGKILL of `ordergate ingest` in the middle of a large file, two of them at once, and one beside a server."""

from __future__ import annotations

import json
import subprocess

import pytest
from sqlalchemy import create_engine, text

MESSAGES = 300
DEADLINE = 60.0
#: the other engine takes the same paths here; it has its turn in the long form
SQLITE_FIRST = ["sqlite", pytest.param("postgresql", marks=pytest.mark.chaos)]


@pytest.fixture
def large_file(tmp_path, house, traffic):
    """One interchange of 300 orders, which takes three transactions."""
    house.keep_orders_confirmed()
    path = tmp_path / "large.edi"
    path.write_bytes(traffic.interchange(MESSAGES))
    return path


@pytest.fixture
def killed_at(house, poll, large_file, database_url):
    """Starts an ingest and kills it as soon as so many documents have an outcome."""
    engine = create_engine(database_url)

    def judged() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM documents")).scalar_one())

    def kill(reached: int) -> None:
        ingest = house.start("ingest", str(large_file), "--json")
        assert poll(lambda: judged() >= reached or ingest.process.poll() is not None, pause=0.001)
        ingest.kill()

    yield kill
    engine.dispose()


@pytest.mark.parametrize(
    ("database_url", "reached"),
    [
        ("sqlite", 1),
        ("sqlite", 201),
        ("postgresql", MESSAGES),
        pytest.param("sqlite", MESSAGES, marks=pytest.mark.chaos),
        pytest.param("postgresql", 1, marks=pytest.mark.chaos),
        pytest.param("postgresql", 201, marks=pytest.mark.chaos),
    ],
    indirect=["database_url"],
)
def test_the_next_ingest_goes_on_where_a_killed_one_was(house, judge, large_file, killed_at, reached) -> None:
    killed_at(reached)
    again = house.json("ingest", str(large_file))
    assert again["documents"] == MESSAGES
    assert again["accepted"] + again["duplicate"] == MESSAGES
    judge.orders()
    replies = judge.replies(fulfilled=False)
    assert replies.files == {"CONTRL": 1, "ORDRSP": 1}


@pytest.mark.parametrize("database_url", SQLITE_FIRST, indirect=True)
def test_a_server_goes_on_where_a_killed_ingest_was(house, judge, killed_at) -> None:
    killed_at(101)
    server = house.serve()
    server.wait_serving()
    assert house.wait_quiet(1), house.state()
    assert server.interrupt() == 0
    judge.orders()
    replies = judge.replies(fulfilled=False)
    assert replies.files == {"CONTRL": 1, "ORDRSP": 1}
    judge.audit()


def test_of_two_at_once_one_takes_the_file_and_the_other_finds_a_duplicate(house, judge, large_file) -> None:
    both = [house.start("ingest", str(large_file), "--json") for _ in range(2)]
    assert [one.process.wait(timeout=DEADLINE) for one in both] == [0, 0], [one.log.read_text() for one in both]
    counts = [json.loads(one.output.read_text()) for one in both]
    assert sorted((count["accepted"], count["duplicate"]) for count in counts) == [(0, MESSAGES), (MESSAGES, 0)]
    judge.orders()
    replies = judge.replies(fulfilled=False)
    assert replies.files == {"CONTRL": 1, "ORDRSP": 1}
    assert house.tracebacks() == []


@pytest.mark.parametrize("database_url", SQLITE_FIRST, indirect=True)
def test_beside_a_running_server(house, traffic, judge, large_file) -> None:
    server = house.serve()
    server.wait_serving()
    names = [f"beside-{number:02d}.edi" for number in range(15)]
    ingest = house.start("ingest", str(large_file), "--json")
    for name in names:
        house.drop(name, traffic.interchange())
    try:
        assert ingest.process.wait(timeout=DEADLINE) == 0, ingest.log.read_text()
    except subprocess.TimeoutExpired:
        pytest.fail(f"ingest does not end: {ingest.log.read_text()}")
    out = house.names("out")
    assert sum(name.startswith(("CONTRL", "ORDRSP")) for name in out) >= 2
    assert json.loads(ingest.output.read_text())["accepted"] == MESSAGES
    assert house.wait_quiet(1 + len(names)), house.state()
    assert server.interrupt() == 0
    judge.folders(names)
    judge.orders()
    assert house.tracebacks() == []
