"""Worker numbers: no two live processes share one; a dead one's claims are free at once (decision 2)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from sqlalchemy import insert, select, update

from core.store import workers
from core.store.engine import Store, Tx
from core.store.tables.messaging import workers as rows
from core.store.tables.ordering import sequences
from core.store.workers import LEASE_SECONDS, beat, dead, is_alive, leave, process_start, register

NOW = 1_772_438_400_000_000
SECOND = 1_000_000


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def entry(number: int, **changes) -> dict[str, object]:
    row = {
        "id": number, "host": socket.gethostname(), "pid": os.getpid(), "started": process_start(os.getpid()),
        "role": "serve", "heartbeat_at": NOW,
    }  # fmt: skip
    return row | changes


def test_this_process_is_alive_under_its_number(each_store: Store) -> None:
    first, second = (each_store.write(lambda tx: register(tx, "serve", NOW)) for _ in range(2))
    assert 0 < first < second  # 0 is for those that have not registered yet
    years_later = NOW + 10**15
    assert each_store.read(lambda tx: is_alive(tx, first, years_later))  # on this host the process counts, not the beat
    assert each_store.read(lambda tx: dead(tx, years_later)) == []


def test_an_unknown_number_is_not_alive(store: Store) -> None:
    assert not store.read(lambda tx: is_alive(tx, 9, NOW))


def test_a_number_that_is_used_again_is_another_worker(each_store: Store) -> None:
    number = each_store.write(lambda tx: register(tx, "serve", NOW))
    own = process_start(os.getpid())
    assert each_store.read(lambda tx: is_alive(tx, number, NOW, own))
    assert not each_store.read(lambda tx: is_alive(tx, number, NOW, "the one before"))


def test_who_leaves_is_not_alive_any_more(store: Store) -> None:
    number = store.write(lambda tx: register(tx, "cli", NOW))
    store.write(lambda tx: leave(tx, number))
    assert not store.read(lambda tx: is_alive(tx, number, NOW))
    assert store.read(lambda tx: dead(tx, NOW)) == []


def test_a_process_that_ended_is_dead_at_once(store: Store, gone: int) -> None:
    store.write(lambda tx: tx.execute(insert(rows), [entry(1, pid=gone, started="123"), entry(2)]))
    assert store.read(lambda tx: dead(tx, NOW)) == [1]


def test_a_process_number_that_is_used_again_is_another_process(store: Store) -> None:
    store.write(lambda tx: tx.execute(insert(rows), [entry(1, started="some earlier start")]))
    assert store.read(lambda tx: dead(tx, NOW)) == [1]


def test_a_killed_process_that_nobody_waited_for_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    try:
        assert process_start(process.pid)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and still a zombie
        assert process_start(process.pid) == ""
    finally:
        process.wait()


@pytest.mark.parametrize(("age", "alive"), [(LEASE_SECONDS - 1, True), (LEASE_SECONDS, False)])
def test_a_worker_of_another_host_lives_by_its_heartbeat(store: Store, age: int, alive: bool) -> None:
    store.write(lambda tx: tx.execute(insert(rows), [entry(5, host="elsewhere", pid=1, started="x")]))
    assert store.read(lambda tx: is_alive(tx, 5, NOW + age * SECOND)) == alive
    store.write(lambda tx: beat(tx, 5, NOW + age * SECOND))
    assert store.read(lambda tx: is_alive(tx, 5, NOW + age * SECOND))


def test_numbers_wrap_and_skip_those_that_live(store: Store, gone: int) -> None:
    def fill(tx: Tx) -> None:
        tx.execute(insert(rows), [entry(1), entry(2, pid=gone, started="123"), entry(3)])
        tx.execute(insert(sequences), [{"name": "worker", "n": 1022}])

    store.write(fill)
    taken = store.write(lambda tx: register(tx, "cli", NOW))
    assert taken == 2  # 1 lives, 2 is a dead worker's
    row = store.read(lambda tx: tx.execute(select(rows).where(rows.c.id == 2)).mappings().one())
    assert (row["pid"], row["role"]) == (os.getpid(), "cli")
    assert store.write(lambda tx: register(tx, "cli", NOW)) == 4


def test_a_machine_without_proc_asks_for_the_process(monkeypatch: pytest.MonkeyPatch, gone: int) -> None:
    class NoProc:
        def __init__(self, _path: str) -> None: ...

        def read_text(self, **_how: str) -> str:
            raise FileNotFoundError

    monkeypatch.setattr(workers, "Path", NoProc)
    assert process_start(os.getpid()) == "unknown"
    assert process_start(gone) == ""
    monkeypatch.setattr(os, "kill", lambda _pid, _signal: (_ for _ in ()).throw(PermissionError))
    assert process_start(1) == "unknown"


def test_a_worker_that_is_taken_for_dead_says_otherwise(store: Store) -> None:
    number = store.write(lambda tx: register(tx, "worker", NOW))
    store.write(lambda tx: tx.execute(update(rows).values(host="elsewhere", heartbeat_at=0)))
    assert store.read(lambda tx: dead(tx, NOW)) == [number]
    store.write(lambda tx: beat(tx, number, NOW))
    assert store.read(lambda tx: dead(tx, NOW)) == []
