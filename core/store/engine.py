"""The unit of work on both databases.

SQLite has one writer thread with group commit: what waits in its queue shares one ``BEGIN IMMEDIATE`` ... ``COMMIT``
(synchronous=FULL), each job in its own SAVEPOINT, so that one failing job harms no other. A group is as long as a few
hundredths of a second, and a job that somebody waits for at the door goes before the others. Reads use a pool of
read-only connections. PostgreSQL runs each job in its own transaction on a pooled connection and repeats it when
the database asks for that. Decisions 1 and 2 of the architecture, with their figures, are behind this.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, make_url
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError
from sqlalchemy.pool import QueuePool

from core.errors import OrdergateError, StorageFull, StoreUnavailable
from core.store import bulk, prepared
from core.store.ids import IdMaker
from core.store.prepared import Done

T = TypeVar("T")

#: jobs that share one commit at most, and the seconds after which no other joins: more only lengthens the wait of the
#: first, and some jobs take as long as twenty others
_GROUP = 64
_GROUP_SECONDS = 0.02
#: jobs that may go before the others until one of these has its turn
_BEFORE = 8
_BUSY_SECONDS = 10
#: page caches; they bound what a process that stays grows to (64 MB for the writer measured no faster)
_WRITER_CACHE_KB = 32_768
_READER_CACHE_KB = 8_192
#: PostgreSQL asks to repeat: serialization failure, deadlock; and unique violation, because what was looked for and not
#: found may have come from another writer since: the next run finds it
_REPEAT_STATES = frozenset({"40001", "40P01", "23505"})
_REPEATS = 5


#: what a transaction of this context does besides its own work (``core.store.idempotency``)
BESIDES: ContextVar[Callable[[Tx], None] | None] = ContextVar("BESIDES", default=None)


class Tx:
    """One transaction: what rooms hand to the functions of ``core.store``."""

    __slots__ = ("_after", "connection", "ids", "is_sqlite")

    def __init__(self, connection: Connection, ids: IdMaker) -> None:
        self.connection = connection
        #: whether this is SQLite, where a writer is alone
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.ids = ids
        self._after: list[Callable[[], None]] = []

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any] | Done:
        """Run a Core statement; one that is run again and again had better be the same object each time."""
        if self.is_sqlite and not isinstance(parameters, list):
            done = prepared.run(self.connection, statement, parameters)
            if done is not None:
                return done
        result = self.connection.execute(statement, parameters)
        assert isinstance(result, CursorResult)
        return result

    def append(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Append whole rows in column order, in driver values (see ``core.store.bulk``)."""
        bulk.append(self.connection, table, rows)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call *callback* once this transaction is durable; never when it is rolled back."""
        self._after.append(callback)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what happens inside when it raises."""
        kept = len(self._after)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._after[kept:]
            raise

    def run_callbacks(self) -> None:
        """Run what :meth:`after_commit` collected; the store calls this, once."""
        for callback in self._after:
            callback()


class Store:
    """A database: :meth:`read` and :meth:`write` run a function in a transaction and return what it returns.

    Both block and may be called from any thread.

    Raises:
        StoreUnavailable: the database does not answer or stays locked.
        StorageFull: no room to commit.
    """

    def __init__(self, url: str, ids: IdMaker | None = None) -> None:
        self.url = url
        self.ids = ids or IdMaker()
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._reader = _sqlite_engine(url, writer=False) if self.is_sqlite else _postgresql_engine(url)
        self._writer = _SqliteWriter(url) if self.is_sqlite else None
        driver = self._reader.dialect.dbapi
        assert driver is not None
        self._driver_error: type[Exception] = driver.Error

    def number_ids(self, worker: int) -> None:
        """Make ids under this worker's number from now on."""
        self.ids = IdMaker(worker)

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run *job* on a consistent snapshot that sees only committed rows."""
        try:
            with self._reader.connect() as plain:
                connection = plain
                if not self.is_sqlite:  # one snapshot for all statements, as SQLite gives it by itself
                    connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    return job(Tx(connection, self.ids))
        except (DBAPIError, PendingRollbackError) as error:
            raise _translated(error) from error

    def write(self, job: Callable[[Tx], T], *, ahead: bool = False) -> T:
        """Run *job* in one durable transaction; when it raises, nothing of it remains.

        What :data:`BESIDES` holds in this context is done first, in the same transaction. A job *ahead* does not wait
        for those that wait already; it had better be short.
        """
        if (besides := BESIDES.get()) is not None:
            job = _both(besides, job)
        if self._writer is not None:
            future: Future[T] = Future()
            self._writer.submit(_Job(job, self.ids, future), ahead=ahead)
            return future.result()
        return self._write_postgresql(job)

    def _write_postgresql(self, job: Callable[[Tx], T]) -> T:
        for attempt in range(1, _REPEATS + 1):
            try:
                with self._reader.connect() as connection:
                    with connection.begin():
                        tx = Tx(connection, self.ids)
                        value = job(tx)
                    tx.run_callbacks()
                    return value
            except (
                DBAPIError,
                PendingRollbackError,
                self._driver_error,
            ) as error:  # COPY speaks to the driver, past SQLAlchemy
                cause = error.orig if isinstance(error, DBAPIError) else error
                if attempt == _REPEATS or getattr(cause, "sqlstate", None) not in _REPEAT_STATES:
                    raise _translated(error) from error
        raise AssertionError

    @property
    def engine(self) -> Engine:
        """The engine that reads; migrations make their own."""
        return self._reader

    def close(self) -> None:
        """Finish what is queued, then close every connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader.dispose()


def _both(besides: Callable[[Tx], None], job: Callable[[Tx], T]) -> Callable[[Tx], T]:
    def work(tx: Tx) -> T:
        besides(tx)
        return job(tx)

    return work


def open_store(url: str) -> Store:
    """Open the database at *url* (``sqlite:///file`` or ``postgresql+psycopg://...``)."""
    return Store(url)


def sqlite_path(url: str) -> Path | None:
    """Return the file of an SQLite URL, None for other databases."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


class _Job(NamedTuple):
    work: Callable[[Tx], Any]
    ids: IdMaker
    future: Future[Any]


class _Jobs:
    """What waits for the writer: in the order in which it came, but for what goes ahead."""

    def __init__(self) -> None:
        #: one a job, and one for the end, which the writer meets after every job
        self._marks: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._ahead: deque[_Job] = deque()
        self._others: deque[_Job] = deque()
        #: how many went ahead of the others since one of these had its turn
        self._before = 0

    def put(self, job: _Job, *, ahead: bool) -> None:
        (self._ahead if ahead else self._others).append(job)
        self._marks.put(True)

    def waiting(self) -> int:
        return self._marks.qsize()

    def end(self) -> None:
        self._marks.put(False)

    def take(self, *, wait: bool) -> _Job | None:
        """Return the next job; None when there is none by now, or, having waited, when there will be none."""
        try:
            more = self._marks.get(block=wait)
        except queue.Empty:
            return None
        if not more:
            self.end()  # for who asks next: the writer, once its group is committed
            return None
        if self._ahead and (self._before < _BEFORE or not self._others):
            self._before += 1
            return self._ahead.popleft()
        self._before = 0
        return self._others.popleft()


class _SqliteWriter:
    """The one thread that writes."""

    def __init__(self, url: str) -> None:
        self._engine = _sqlite_engine(url, writer=True)
        self._jobs = _Jobs()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._lock = threading.Lock()
        self._state = "new"
        self._connection: Connection | None = None

    def submit(self, job: _Job, *, ahead: bool) -> None:
        with self._lock:
            if self._state == "closed":
                raise StoreUnavailable("the database is closed")
            if self._state == "new":
                self._thread.start()
                self._state = "running"
            self._jobs.put(job, ahead=ahead)

    def close(self) -> None:
        with self._lock:
            running, self._state = self._state == "running", "closed"
            if running:
                self._jobs.end()
        if running:
            self._thread.join()
        self._engine.dispose()

    def _connected(self) -> Connection:
        """Return the one connection, which stays between the commits: to take it from the pool costs as a statement."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                connection.close()

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._disconnect()

    def _work(self) -> None:
        while (first := self._jobs.take(wait=True)) is not None:
            self._commit(first)

    def _commit(self, first: _Job) -> None:
        group, share = [first], min(self._jobs.waiting(), _GROUP - 1)
        failed: list[tuple[_Job, Exception]] = []
        done: list[tuple[_Job, Tx, Any]] = []
        full_at = time.monotonic() + _GROUP_SECONDS
        try:
            connection = self._connected()
            with connection.begin():
                tx = Tx(connection, first.ids)
                done.append((first, tx, first.work(tx)))  # where it fails, there is nothing yet to keep from harm
                for _ in range(share):
                    if time.monotonic() > full_at or (job := self._jobs.take(wait=False)) is None:
                        break
                    group.append(job)
                    _run_alone(connection, job, done, failed)
        except Exception as error:  # noqa: BLE001 - whatever it was belongs to the callers, not to this thread
            if not isinstance(error, OrdergateError):  # a refusal says nothing about the connection
                self._disconnect()
            # Nothing of the group is durable: each caller that has not heard yet hears why.
            heard = {id(job) for job, _ in failed}
            failed += [(job, error) for job in group if id(job) not in heard]
            done.clear()
        for job, reason in failed:
            job.future.set_exception(_translated(reason))
        for job, tx, value in done:
            try:
                tx.run_callbacks()
            except Exception as error:  # noqa: BLE001 - as above
                job.future.set_exception(error)
            else:
                job.future.set_result(value)


def _run_alone(
    connection: Connection, job: _Job, done: list[tuple[_Job, Tx, Any]], failed: list[tuple[_Job, Exception]]
) -> None:
    """Run *job* in its own SAVEPOINT, so that its failure undoes nothing else."""
    tx = Tx(connection, job.ids)
    prepared.tell(connection, "SAVEPOINT job")
    try:
        value = job.work(tx)
    except OperationalError:
        # The database itself failed: no job of the group can be trusted. A full disk has ended the transaction
        # already, and undoing the savepoint would only hide the reason.
        raise
    except Exception as error:  # noqa: BLE001 - the caller hears it
        prepared.tell(connection, "ROLLBACK TO job")
        prepared.tell(connection, "RELEASE job")
        failed.append((job, error))
    else:
        prepared.tell(connection, "RELEASE job")
        done.append((job, tx, value))


def _translated(error: Exception) -> Exception:
    """Return our error for a driver's: full disk and locked or lost database; others stay as they are."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lost = isinstance(error, PendingRollbackError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
    # By its name, which PEP 249 fixes: COPY raises the driver's own class, which SQLAlchemy does not wrap.
    if not lost and not any(kind.__name__ in {"OperationalError", "InterfaceError"} for kind in type(cause).__mro__):
        return error
    words = str(cause).lower()
    if "disk is full" in words or "disk i/o" in words or "no space left" in words:
        return StorageFull(f"the database cannot grow: {cause}", hint="Free space on its disk; nothing was lost.")
    if "locked" in words or "busy" in words:
        return StoreUnavailable(
            f"the database stayed locked for {_BUSY_SECONDS} s", hint="Another process holds a long transaction."
        )
    return StoreUnavailable(f"the database does not answer: {cause}")


def _sqlite_engine(url: str, *, writer: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1 if writer else 8,
        max_overflow=0 if writer else 24,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{_WRITER_CACHE_KB if writer else _READER_CACHE_KB}")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if not writer:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        prepared.tell(connection, "BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _postgresql_engine(url: str) -> Engine:
    return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)
