"""The unit of work: group commit on SQLite, one transaction a job on PostgreSQL (decision 2)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg.errors
import pytest
from sqlalchemy import event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from core.errors import StorageFull, StoreUnavailable
from core.store import open_store
from core.store.engine import Store, Tx, sqlite_path
from core.store.tables.master import settings
from core.testing.stores import prepared_store

WAIT = 10


def put(key: str, value: str = "") -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.execute(insert(settings).values(key=key, value=value))
        return key

    return work


def keys(store: Store) -> list[str]:
    return store.read(lambda tx: list(tx.execute(select(settings.c.key).order_by(settings.c.key)).scalars()))


class Gate:
    """Holds the writer thread, so that what is submitted meanwhile shares the next commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entered, self._open = threading.Event(), threading.Event()

    def _work(self, _tx: Tx) -> None:
        self._entered.set()
        assert self._open.wait(WAIT)

    def together(self, *jobs: Callable[[Tx], Any], ahead: int = 0) -> list[Future[Any]]:
        """Run *jobs*, each from a thread of its own, as one group; the last *ahead* of them go ahead."""
        writer = self._store._writer
        assert writer is not None
        with ThreadPoolExecutor(len(jobs) + 1) as pool:
            held = pool.submit(self._store.write, self._work)
            assert self._entered.wait(WAIT)
            futures: list[Future[Any]] = []
            for number, job in enumerate(jobs, 1):
                futures.append(pool.submit(self._store.write, job, ahead=number > len(jobs) - ahead))
                queued = threading.Event()
                while writer._jobs.waiting() < number:
                    queued.wait(0.001)
            self._open.set()
            held.result(WAIT)
        return futures


@pytest.fixture
def commits(store: Store) -> list[str]:
    """A mark for every commit of the writer."""
    seen: list[str] = []
    writer = store._writer
    assert writer is not None
    event.listen(writer._engine, "commit", lambda _connection: seen.append("commit"))
    return seen


def test_what_is_written_is_read(each_store: Store) -> None:
    assert each_store.write(put("a")) == "a"
    assert keys(each_store) == ["a"]


def test_a_job_that_raises_leaves_nothing(each_store: Store) -> None:
    def work(tx: Tx) -> None:
        put("a")(tx)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        each_store.write(work)
    assert keys(each_store) == []


def test_a_savepoint_undoes_only_what_is_inside(each_store: Store) -> None:
    told: list[str] = []

    def work(tx: Tx) -> None:
        put("before")(tx)
        tx.after_commit(lambda: told.append("before"))
        with suppress(ValueError), tx.savepoint():  # undone
            put("inside")(tx)
            tx.after_commit(lambda: told.append("inside"))
            raise ValueError
        with tx.savepoint():
            put("kept")(tx)
            tx.after_commit(lambda: told.append("kept"))

    each_store.write(work)
    assert keys(each_store) == ["before", "kept"]
    assert told == ["before", "kept"]


def test_after_commit_runs_when_everybody_can_see_the_rows(each_store: Store) -> None:
    seen: list[list[str]] = []

    def work(tx: Tx) -> None:
        put("a")(tx)
        tx.after_commit(lambda: seen.append(keys(each_store)))
        assert seen == []

    each_store.write(work)
    assert seen == [["a"]]


def test_after_commit_never_runs_for_what_was_rolled_back(each_store: Store) -> None:
    told: list[str] = []

    def work(tx: Tx) -> None:
        tx.after_commit(lambda: told.append("told"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the job's own
        each_store.write(work)
    assert told == []


def test_a_callback_that_fails_is_heard_and_the_rows_stay(each_store: Store) -> None:
    def work(tx: Tx) -> None:
        put("a")(tx)
        tx.after_commit(lambda: (_ for _ in ()).throw(RuntimeError("the wake-up failed")))

    with pytest.raises(RuntimeError, match="wake-up"):
        each_store.write(work)
    assert keys(each_store) == ["a"]


def test_a_read_sees_one_state_of_the_database(each_store: Store) -> None:
    def count(tx: Tx) -> int:
        return int(tx.execute(select(func.count()).select_from(settings)).scalar_one())

    def work(tx: Tx) -> tuple[int, int]:
        before = count(tx)
        each_store.write(put("meanwhile"))
        return before, count(tx)

    before, after = each_store.read(work)
    assert (before, after) == (0, 0)
    assert keys(each_store) == ["meanwhile"]


def test_a_read_cannot_write_on_sqlite(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="readonly"):
        store.read(put("a"))


def test_a_broken_constraint_is_the_callers_own_error(each_store: Store) -> None:
    each_store.write(put("a"))
    with pytest.raises(IntegrityError):
        each_store.write(put("a"))
    assert keys(each_store) == ["a"]


def test_many_threads_write_and_nothing_is_lost(each_store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = sorted(pool.map(lambda number: each_store.write(put(f"k{number:03}")), range(100)))
    assert keys(each_store) == names == [f"k{number:03}" for number in range(100)]


# group commit


def test_jobs_of_several_threads_share_one_commit(store: Store, commits: list[str]) -> None:
    futures = Gate(store).together(*(put(f"k{number}") for number in range(6)))
    assert [future.result() for future in futures] == [f"k{number}" for number in range(6)]
    assert commits == ["commit"] * 2  # the one that held the writer, and that of all six
    assert len(keys(store)) == 6


def test_one_failing_job_harms_no_other_of_its_group(store: Store, commits: list[str]) -> None:
    told: list[str] = []

    def good(tx: Tx) -> str:
        tx.after_commit(lambda: told.append("good"))
        return put("good")(tx)

    def bad(tx: Tx) -> None:
        tx.after_commit(lambda: told.append("bad"))
        put("bad")(tx)
        put("bad")(tx)

    def also_good(tx: Tx) -> str:
        return put("also good")(tx)

    first, second, third = Gate(store).together(good, bad, also_good)
    assert (first.result(), third.result()) == ("good", "also good")
    assert isinstance(second.exception(), IntegrityError)
    assert keys(store) == ["also good", "good"]
    assert told == ["good"]
    assert commits == ["commit"] * 2


def test_a_group_that_took_long_lets_no_more_join(
    store: Store, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 5, p99 at the door: who waits for a commit does not wait for all that came meanwhile."""
    monkeypatch.setattr("core.store.engine._GROUP_SECONDS", -1.0)
    futures = Gate(store).together(put("a"), put("b"), put("c"))
    assert [future.result() for future in futures] == ["a", "b", "c"]
    assert commits == ["commit"] * 4


@pytest.mark.parametrize(
    ("others", "ahead", "order"), [(2, 1, "Aab"), (1, 10, "ABCDEFGHaIJ"), (0, 3, "ABC"), (3, 0, "abc")]
)
def test_what_goes_ahead_does_not_wait_for_the_others_nor_keep_them_for_ever(
    store: Store, others: int, ahead: int, order: str
) -> None:
    done: list[str] = []

    def work(name: str) -> Callable[[Tx], None]:
        return lambda _tx: done.append(name)

    names = [*"abc"[:others], *"ABCDEFGHIJ"[:ahead]]
    Gate(store).together(*(work(name) for name in names), ahead=ahead)
    assert "".join(done) == order


def test_each_job_of_a_group_sees_what_the_one_before_it_did(store: Store) -> None:
    store.write(put("n", "0"))

    def add(tx: Tx) -> int:
        before = int(tx.execute(select(settings.c.value).where(settings.c.key == "n")).scalar_one())
        tx.execute(update(settings).where(settings.c.key == "n").values(value=str(before + 1)))
        return before

    futures = Gate(store).together(*[add] * 5)
    assert [future.result() for future in futures] == [0, 1, 2, 3, 4]


def test_a_failed_commit_tells_everybody_and_keeps_nothing(store: Store) -> None:
    told: list[str] = []
    armed = threading.Event()
    writer = store._writer
    assert writer is not None

    def job(tx: Tx) -> None:
        armed.set()
        put(f"k{tx.ids.next()}")(tx)
        tx.after_commit(lambda: told.append("told"))

    def mistaken(_tx: Tx) -> None:
        raise ValueError("its own")

    def commit(_connection: Any) -> None:
        if armed.is_set():
            armed.clear()
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(writer._engine, "commit", commit)
    failed = Gate(store).together(*[job] * 3, mistaken)
    assert [type(future.exception()) for future in failed] == [StorageFull] * 3 + [ValueError]
    assert told == []
    assert keys(store) == []
    event.remove(writer._engine, "commit", commit)
    store.write(put("the each_store goes on"))
    assert keys(store) == ["the each_store goes on"]


def test_a_database_that_cannot_grow_fails_the_group_as_storage_full(store: Store) -> None:
    def limit(tx: Tx) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

    store.write(limit)
    small, large, after = Gate(store).together(put("first"), put("large", "x" * 100_000), put("after"))
    assert [type(future.exception()) for future in (small, large)] == [StorageFull] * 2
    assert after.result() == "after"  # it had no part in the group yet
    assert keys(store) == ["after"]
    assert store.write(put("small")) == "small"


def test_a_locked_database_is_unavailable_and_not_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.engine._BUSY_SECONDS", 0.05)
    each_store = prepared_store(f"sqlite:///{tmp_path / 'locked.db'}")
    other = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="stayed locked"):
        each_store.write(put("a"))
    other.execute("COMMIT")
    other.close()
    assert each_store.write(put("a")) == "a"
    each_store.close()


# opening and closing


def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    each_store = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    entered, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> str:
        entered.set()
        assert go_on.wait(WAIT)
        return put("slow")(tx)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(each_store.write, slow)
        assert entered.wait(WAIT)
        second = pool.submit(each_store.write, put("queued"))
        writer = each_store._writer
        assert writer is not None
        pause = threading.Event()
        while not writer._jobs.waiting():
            pause.wait(0.001)
        closing = pool.submit(each_store.close)
        while writer._state != "closed":
            pause.wait(0.001)
        with pytest.raises(StoreUnavailable, match="closed"):
            each_store.write(put("too late"))
        go_on.set()
        assert [future.result(WAIT) for future in (first, second, closing)] == ["slow", "queued", None]
    again = open_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    assert keys(again) == ["queued", "slow"]
    again.close()


def test_a_store_that_was_never_used_closes(tmp_path: Path) -> None:
    each_store = open_store(f"sqlite:///{tmp_path / 'never.db'}")
    each_store.close()
    assert not (tmp_path / "never.db").exists()


def test_sqlite_is_durable_and_readers_do_not_wait(store: Store) -> None:
    def modes(tx: Tx) -> list[Any]:
        return [
            tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")
        ]

    assert store.write(modes) == ["wal", 2]  # 2 = FULL


def test_only_sqlite_has_a_file() -> None:
    assert sqlite_path("sqlite:////var/x.db") == Path("/var/x.db")
    assert sqlite_path("postgresql+psycopg://host/base") is None


def test_a_database_that_is_not_there_is_unavailable() -> None:
    each_store = open_store("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    for act in (each_store.read, each_store.write):
        with pytest.raises(StoreUnavailable, match="does not answer"):
            act(put("a"))
    each_store.close()


def test_new_ids_carry_the_workers_number(store: Store) -> None:
    store.number_ids(77)
    assert store.write(lambda tx: tx.ids.next()) >> 12 & 1023 == 77


# PostgreSQL


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_postgresql_repeats_a_job_that_lost_a_deadlock(each_store: Store) -> None:
    each_store.write(lambda tx: (put("a", "0")(tx), put("b", "0")(tx)))
    meet = threading.Barrier(2)
    runs: list[str] = []

    def grow(tx: Tx, key: str) -> None:
        tx.execute(update(settings).where(settings.c.key == key).values(value=settings.c.value.concat("1")))

    def crosswise(one: str, other: str) -> Callable[[Tx], None]:
        def work(tx: Tx) -> None:
            tx.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            grow(tx, one)
            runs.append(one)
            if len(runs) <= 2:
                meet.wait(WAIT)
            grow(tx, other)

        return work

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(each_store.write, crosswise(*pair)) for pair in ("ab", "ba")]:
            future.result(30)
    values = each_store.read(lambda tx: list(tx.execute(select(settings.c.value)).scalars()))
    assert values == ["011", "011"]
    assert len(runs) >= 3  # one of them had to run again


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_postgresql_gives_up_after_five_tries(each_store: Store) -> None:
    runs: list[int] = []

    def work(tx: Tx) -> None:
        runs.append(1)
        raise OperationalError("x", {}, psycopg.errors.SerializationFailure("could not serialize access"))

    with pytest.raises(StoreUnavailable, match="could not serialize"):
        each_store.write(work)
    assert len(runs) == 5


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_a_lost_connection_is_unavailable_and_the_next_one_works(each_store: Store) -> None:
    def work(tx: Tx) -> None:
        own = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with ThreadPoolExecutor(1) as pool:
            kill = text("SELECT pg_terminate_backend(:pid)").bindparams(pid=own)
            pool.submit(each_store.read, lambda other: other.execute(kill).scalar_one()).result(WAIT)
        tx.execute(select(settings.c.key))

    with pytest.raises(StoreUnavailable):
        each_store.write(work)
    assert each_store.write(put("a")) == "a"
