"""Works on imports in bounded steps: rows are staged, then orders placed, each step one transaction with its progress.

A process may die anywhere: what was not committed is done by the next one, and nothing twice, because an order and
what became of its rows are one transaction. Several processes on PostgreSQL each take imports of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any, Final

import structlog

from core.clock import Clock
from core.entry.columns import read_map
from core.entry.table import CellFault, Layout, TableOrder, TableRow
from core.errors import OrdergateError, StoreUnavailable, SystemFailed
from core.store import imports as rows
from core.store.alerts import raise_alert
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.imports import OrderResult, Row, StagedRow
from core.store.orders import StockShort
from core.store.workers import is_alive
from gateway.imports.judging import Ready, Taken, ready
from gateway.imports.placing import Placer, refused
from gateway.imports.tables import open_table

_log = structlog.get_logger(__name__)

#: alert: an import, or an order of one, that the system itself failed on
IMPORT_FAILED: Final = "import.failed"
#: the fault of an order that the system itself failed on; such orders are tried again when the import is resumed
SYSTEM_FAILED: Final = "system.failed"
_FAILED_WORDS: Final = "Ordergate itself failed; the log names the cause"
#: rows that are staged in one transaction
_ROWS: Final = 500
#: orders of one transaction where the writer is alone; elsewhere one each, so that locks are short
_ORDERS: Final = 8
#: on PostgreSQL another writer may take the stock between reading and reserving it
_STOCK_TRIES: Final = 20


class ImportWorker:
    """Works on imports in one process; one thread at a time, safe beside other processes on the same database."""

    def __init__(
        self,
        store: Store,
        *,
        blobs: BlobStore,
        clock: Clock,
        placer: Placer,
        worker_id: int,
        placed: Callable[[], None],
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._placer = placer
        self._worker_id = worker_id
        #: told after orders were placed, so that what they say leaves
        self._placed = placed
        #: hears what became of orders (placed, held, refused), once it is committed; not of a dry run
        self.on_results: Callable[[Sequence[str]], None] = lambda _: None
        self._reading: _Reading | None = None

    def run_due(self) -> int:
        """Go a step on with the import that was left alone for longest; return how many rows or orders that was.

        Raises:
            StoreUnavailable, StorageFull: the database failed; what was not committed is done at the next call.
        """
        due = self._store.read(self._due)
        if self._reading is not None and self._reading.import_id not in {row["id"] for row in due}:
            self._close()  # paused or cancelled meanwhile
        for row in due:
            if row["read_at"] is not None:
                return self._place_some(row)
            if self._reading is None or self._reading.import_id == row["id"]:  # one file is open at a time
                return self._read_some(row)
        return 0

    def close(self) -> None:
        """Let go of the file that is being read."""
        self._close()

    def _due(self, tx: Tx) -> list[Row]:
        return [row for row in rows.active(tx) if self._is_free(tx, row)]

    def _is_free(self, tx: Tx, row: Row) -> bool:
        # Heartbeats follow the machine's clock, not one that the sandbox has moved.
        return row["worker_id"] in (None, self._worker_id) or not is_alive(tx, row["worker_id"], time.time_ns() // 1000)

    def _locked(self, tx: Tx, before: Row) -> Row | None:
        """Return an import, locked for this transaction; None where it is not as it was *before*, or is another's."""
        row = rows.get(tx, before["id"], lock=True)
        as_before = all(row[name] == before[name] for name in ("last_row", "read_at"))
        return row if row["state"] in rows.ACTIVE and as_before and self._is_free(tx, row) else None

    # rows

    def _read_some(self, before: Row) -> int:
        try:
            if self._reading is None:
                self._reading = _Reading(before, self._blobs)
            staged = self._reading.take(_ROWS)
            layout = self._reading.told
        except SystemFailed:
            self._close()
            raise
        except Exception as error:  # noqa: BLE001 - whatever the file does to its reader, the import ends and says so
            self._close()
            self._fail(before, error)
            return 1
        done = len(staged) < _ROWS
        try:
            kept = self._store.write(lambda tx: self._stage(tx, before, staged, layout, done=done))
        except BaseException:
            self._close()  # what was taken of it is not kept: the next call reads it again
            raise
        if not kept or done:
            self._close()
        else:
            self._reading.read_until = staged[-1].row
        return max(1, len(staged))

    def _stage(self, tx: Tx, before: Row, staged: Sequence[StagedRow], layout: Any, *, done: bool) -> bool:
        if self._locked(tx, before) is None:
            return False
        now = self._clock.now()
        fresh = rows.stage(tx, before["id"], staged) if staged else 0
        values: dict[str, Any] = {
            "state": "placing" if done else "reading",
            "layout": layout,
            "last_row": staged[-1].row if staged else before["last_row"],
            "rows": before["rows"] + len(staged),
            "orders": before["orders"] + fresh,
            "worker_id": self._worker_id,
            "moved_at": now,
        }
        rows.put(tx, before["id"], values | ({"read_at": now} if done else {}))
        return True

    def _close(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.close()

    # orders

    def _place_some(self, before: Row) -> int:
        most = _ORDERS if self._store.is_sqlite else 1
        layout = Layout(read_map(before["map"]), before["layout"]["titles"], before["layout"]["sheet"])
        taken = self._store.read(lambda tx: _next_orders(tx, before["id"], layout, most))
        if not before["dry_run"]:
            for one in taken:
                if isinstance(one.wanted, Ready):
                    self._blobs.put(one.wanted.content)
        try:
            self._end(before, taken, layout)
        except SystemFailed:
            raise
        except Exception as error:  # noqa: BLE001 - one order must not keep back the others
            _log.warning("orders of an import failed together", import_id=str(before["id"]), exc_info=error)
            for one in taken:
                self._end_alone(before, one, layout)
        if not before["dry_run"]:
            self._placed()
        return max(1, len(taken))

    def _end(self, before: Row, taken: Sequence[Taken], layout: Layout) -> None:
        """Place orders in one transaction with what became of them; without any, the import is done."""
        if before["dry_run"]:  # nothing is placed: the writer need not wait for the judgement
            results = self._store.read(lambda tx: self._results(tx, before, taken, layout))
            self._store.write(lambda tx: self._keep(tx, before, results))
            return

        def work(tx: Tx) -> None:
            if (row := self._locked(tx, before)) is not None:
                self._count(tx, row, self._results(tx, row, taken, layout))

        for _ in range(_STOCK_TRIES):
            try:
                self._store.write(work)
            except StockShort:
                continue
            return
        raise StoreUnavailable("the stock moved at every try", hint="Try again.")

    def _results(self, tx: Tx, before: Row, taken: Sequence[Taken], layout: Layout) -> list[OrderResult]:
        waiting = set(rows.waiting_orders(tx, before["id"], len(taken) or 1))
        return [self._placer.end(tx, before, one, layout) for one in taken if one.ordinal in waiting]

    def _keep(self, tx: Tx, before: Row, results: Sequence[OrderResult]) -> None:
        if (row := self._locked(tx, before)) is not None:
            self._count(tx, row, results)

    def _count(self, tx: Tx, row: Row, results: Sequence[OrderResult]) -> None:
        """Keep what became of orders; the import is done when none is left."""
        now = self._clock.now()
        values: dict[str, Any] = {"state": "placing", "worker_id": self._worker_id, "moved_at": now}
        for result in results:
            rows.end_order(tx, row["id"], result)
            for name, count in ((result.state, 1), (f"rows_{result.state}", result.rows)):
                values[name] = (values[name] if name in values else row[name]) + count
        if not row["dry_run"]:
            tx.after_commit(lambda: self.on_results([result.state for result in results]))
        if not rows.waiting_orders(tx, row["id"], 1):
            values |= {"state": "done", "ended_at": now, "worker_id": None}
        rows.put(tx, row["id"], values)

    def _end_alone(self, before: Row, one: Taken, layout: Layout) -> None:
        try:
            self._end(before, [one], layout)
        except SystemFailed:
            raise
        except Exception as error:  # noqa: BLE001 - as above; a person is told
            _log.exception("an order of an import failed", import_id=str(before["id"]), row=one.ordinal)
            words = f"{type(error).__name__}: {error}"[:500]
            fault = CellFault(one.ordinal, None, None, SYSTEM_FAILED, _FAILED_WORDS)
            result = refused(one, [fault])

            def work(tx: Tx) -> None:
                self._keep(tx, before, [result])
                subject = str(before["id"])
                message = f"import {subject}, row {one.ordinal}: {words}"
                raise_alert(tx, IMPORT_FAILED, subject, message, at=self._clock.now())

            self._store.write(work)

    def _fail(self, before: Row, error: Exception) -> None:
        """End an import whose file cannot be read to its end; nothing of it was placed."""
        known = isinstance(error, OrdergateError)
        problem = {"code": SYSTEM_FAILED, "message": _FAILED_WORDS, "hint": ""}
        if isinstance(error, OrdergateError):
            problem = {"code": error.code, "message": error.message, "hint": error.hint}
        else:
            _log.error("an import failed", import_id=str(before["id"]), exc_info=error)

        def work(tx: Tx) -> None:
            if self._locked(tx, before) is None:
                return
            now = self._clock.now()
            values = {"state": "failed", "problem": problem, "worker_id": None, "moved_at": now, "ended_at": now}
            rows.put(tx, before["id"], values)
            if not known:
                subject = str(before["id"])
                raise_alert(tx, IMPORT_FAILED, subject, f"import {subject}: {type(error).__name__}", at=now)

        self._store.write(work)


class _Reading:
    """A file that is being read, from behind the last row that is staged."""

    def __init__(self, row: Row, blobs: BlobStore) -> None:
        self.import_id: int = row["id"]
        self.read_until: int = row["last_row"]
        self._open = ExitStack()
        try:
            file = self._open.enter_context(blobs.opened(row["sha256"]))
            columns = read_map(row["map"])
            table = open_table(file, columns)
            self._rows = iter(table.rows)
            if isinstance(table.rows, Generator):
                self._open.callback(table.rows.close)  # before the file, which it reads
            self._layout = Layout(columns, table.titles, table.sheet)
        except BaseException:
            self._open.close()
            raise
        #: what is kept of the layout
        self.told = {"titles": list(table.titles), "sheet": table.sheet}

    def take(self, most: int) -> list[StagedRow]:
        """Return the next rows, fewer than *most* at the end of the file."""
        fresh = ((number, cells) for number, cells in self._rows if number > self.read_until)
        return [self._staged(number, cells) for number, cells in islice(fresh, most)]

    def close(self) -> None:
        """Close the file and end what reads it."""
        self._open.close()

    def _staged(self, number: int, cells: Sequence[Any]) -> StagedRow:
        read = self._layout.read(number, cells)
        shown = ["" if cell is None else str(cell) for cell in cells]
        return StagedRow(number, shown, read.fields, [fault._asdict() for fault in read.faults], read.reference)


def _next_orders(tx: Tx, import_id: int, layout: Layout, most: int) -> list[Taken]:
    """Return the next orders of an import that nothing became of yet."""
    ordinals = rows.waiting_orders(tx, import_id, most)
    taken = []
    for ordinal, found in rows.rows_of(tx, import_id, ordinals).items():
        order = TableOrder(layout.columns.constants)
        for row in found:
            order.add(TableRow(row["row"], row["fields"], [CellFault(**fault) for fault in row["faults"]]), layout)
        taken.append(Taken(ordinal, order, ready(order, layout)))
    return taken
