"""Reads what waits of mail and fax in one lane, one source after the other; each is decided in one transaction.

Several processes on PostgreSQL each claim sources of their own. Whatever a source does to its reader, the next one is
read: after its tries it is left to a person with a coded reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from core.clock import Clock
from core.errors import StorageFull, StoreUnavailable, SystemFailed
from core.hints import Hints
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates
from core.intake.receive import Door
from core.manner import Finding, Manner
from core.paper.again import hints_by_part
from core.paper.asking import AskRules
from core.paper.customer import partner_of_sender
from core.paper.sampling import Sampler
from core.paper.studies import conclude, gathered, manners_of
from core.paper.take import ClaimLost, take, take_repeat
from core.paper.work import PaperDesk, Taken
from core.provenance import fault
from core.reading import PartRead, ReadSource
from core.store import paper_studies, papers
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.orders import StockShort
from core.store.papers import Lane, PaperRow
from core.store.workers import is_alive
from gateway.paper.again import ReadAgain, read_again
from gateway.paper.reader import PaperReader, ReaderBrokenOff, ReaderStopped
from gateway.pipeline import Pipeline

_log = structlog.get_logger(__name__)

#: between the tries of a source that ended its reader: by then memory may be free again
_PAUSE: Final = timedelta(seconds=10)
#: on PostgreSQL another writer may take the stock between reading and reserving it
_STOCK_TRIES: Final = 20


class PaperWorker:
    """Works on one lane of the queue; one thread at a time, safe beside those of the other lane and other processes."""

    def __init__(
        self,
        store: Store,
        lane: Lane,
        *,
        blobs: BlobStore,
        clock: Clock,
        reader: PaperReader,
        pipeline: Pipeline,
        dates: PlausibleDates,
        ask: AskRules,
        worker_id: int,
        attempts: int,
        sampler: Callable[[], Sampler],
        placed: Callable[[], None],
    ) -> None:
        self._store = store
        self.lane = lane
        self._blobs = blobs
        self._clock = clock
        self._reader = reader
        self._pipeline = pipeline
        self._cache = MasterCache()
        self._dates = dates
        self._ask = ask
        self._worker_id = worker_id
        self._attempts = attempts
        self._sampler = sampler
        #: told after orders were placed, so that what they say leaves
        self._placed = placed
        #: hears what became of a source, by transport, and the seconds since it was claimed, once that is committed
        self.on_taken: Callable[[str, Taken, float], None] = lambda *_: None
        #: rung when a source was found to need the other lane
        self.on_handed: Callable[[], None] = lambda: None

    def run_due(self) -> int:
        """Read the source that waits for longest; return how many that were, 0 when none is due.

        Raises:
            StoreUnavailable, StorageFull: the database or the disk failed; the source is read again.
        """
        self._free_left()
        if self._study():
            return 1
        row = self._store.write(lambda tx: papers.claim_due(tx, self._clock.now(), self._worker_id, self.lane))
        if row is None:
            self._reader.rest()
            return 0
        started = time.monotonic()
        taken: Taken | None
        try:
            taken = self._work(row)
        except ClaimLost:
            _log.info("another worker has the source by now", source_id=str(row.id))
            return 1
        except StorageFull:
            with suppress(SystemFailed):
                self._store.write(lambda tx: papers.give_back(tx, row))  # no try of the source, however long it is full
            raise
        except SystemFailed:
            raise  # the store itself: nothing is wrong with the source, whose claim is freed at the next call
        except ReaderBrokenOff:  # the next start reads it
            self._store.write(lambda tx: papers.give_back(tx, row))
            return 0
        except ReaderStopped as stopped:
            taken = self._tried(row, str(stopped))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep back the others
            _log.exception("a source failed", source_id=str(row.id))
            taken = self._tried(row, type(error).__name__)
        if taken is not None:
            self.on_taken(row.transport, taken, time.monotonic() - started)
            _log.info(
                "read", source_id=str(row.id), name=row.name, transport=row.transport, lane=self.lane,
                outcomes=taken.outcomes, orders=taken.orders, drafts=[str(one) for one in taken.drafts],
                read_again={told: count for told, count in taken.read_again.items() if count},
                milliseconds=round((time.monotonic() - started) * 1000, 1),
            )  # fmt: skip
            self._placed()
        return 1

    def break_off(self) -> None:
        """Let go of the source in hand, which is read after the next start; called from another thread."""
        self._reader.break_off()

    def close(self) -> None:
        """End the reading process."""
        self._reader.close()

    def _free_left(self) -> None:
        """Take what a process that ended had claimed; what this one has claimed it is not at work on any more."""

        def work(tx: Tx) -> list[tuple[int, int]]:
            # Heartbeats follow the machine's clock, not one that the sandbox has moved.
            now = time.time_ns() // 1000
            return [
                (source_id, worker_id)
                for source_id, worker_id in papers.under_way(tx, self.lane)
                if worker_id == self._worker_id or not is_alive(tx, worker_id, now)
            ]

        for source_id, worker_id in self._store.read(work):
            self._store.write(partial(papers.free, source_id=source_id, worker_id=worker_id))

    def _work(self, row: PaperRow) -> Taken | None:
        """Read and decide a source; None where who reads pictures has to."""
        if row.attempts > self._attempts:  # it ended whole processes
            raise ReaderStopped("the gateway ended each time that it was read")
        before = self._store.read(lambda tx: papers.read_before(tx, row.sha256, row.id))
        if before is not None:
            return self._decided(lambda tx: take_repeat(tx, self._desk(), row, before))
        read = self._reader.read(self._blobs.get(row.sha256), row.name)
        if read.pictures_wait:
            self._store.write(lambda tx: papers.hand_to_pictures(tx, row))
            self.on_handed()
            return None
        manners = self._store.read(lambda tx: manners_of(tx, read))
        read = self._in_manner(row, read, manners)
        again = self._again(row, read, manners)
        for part in read.parts:
            if part.content is not None:
                self._blobs.put(part.content)
        partner_id, read = self._entrusted(read)
        handed = {
            ordinal: self._hand_on(row, ordinal, part, partner_id)
            for ordinal, part in enumerate(read.parts)
            if part.fate == "format"
        }
        taken = self._decided(lambda tx: take(tx, self._desk(), row, read, handed=handed, again=again.found))
        taken.read_again["failed"] = again.failed
        return taken

    def _entrusted(self, read: ReadSource) -> tuple[int | None, ReadSource]:
        """Return whose interchanges a mail may carry, and the reading without those that nobody vouches for.

        A mail is the door of the one partner whose address wrote it, as a folder is its partner's: an interchange is
        judged without a person, so a stranger's is left to one. A file without a mail is put there by the house.
        """
        letter = read.letter
        if letter is None or all(part.fate != "format" for part in read.parts):
            return None, read
        partner_id = self._store.read(lambda tx: partner_of_sender(tx, letter))
        if partner_id is not None:
            return partner_id, read
        parts = tuple(
            replace(part, fate="quarantined", violation=fault("paper.interchange_unproved", {"name": part.name}))
            if part.fate == "format"
            else part
            for part in read.parts
        )
        return None, replace(read, parts=parts)

    def _in_manner(self, row: PaperRow, read: ReadSource, manners: Mapping[int, Manner]) -> ReadSource:
        """Return *read*, the papers of customers whose forms are known read again as theirs."""
        parts = list(read.parts)
        for ordinal, manner in manners.items():
            part = parts[ordinal]
            if part.paper is not None:
                found = self._reader.again(self._content(row, part), part.paper, manner)
                parts[ordinal] = replace(part, extracted=found)
        return replace(read, parts=tuple(parts))

    def _again(self, row: PaperRow, read: ReadSource, manners: Mapping[int, Manner]) -> ReadAgain:
        """Return the second readings of parts that leave a doubt; no transaction is open while they are read."""
        now = self._clock.now()

        def work(tx: Tx) -> dict[int, Hints]:
            self._cache.refresh(tx)
            return hints_by_part(tx, self._cache, read, now=now, received_at=row.received_at)

        hints = self._store.read(work)
        return read_again(self._reader, read, manners, hints, lambda part: self._content(row, part))

    def _content(self, row: PaperRow, part: PartRead) -> bytes:
        return self._blobs.get(row.sha256) if part.content is None else part.content

    def _study(self) -> bool:
        """Learn from the paper that waits for longest how its customer's forms are read; False where none waits."""
        if self.lane != "text":
            return False
        row = self._store.read(paper_studies.due)
        if row is None:
            return False
        findings: tuple[Finding, ...] = ()
        try:
            job = self._store.read(lambda tx: gathered(tx, self._cache, row))
            findings = () if job is None else self._reader.study(job)
        except ReaderBrokenOff:
            return False
        except SystemFailed:
            raise  # the store itself: it is studied at the next call
        except ReaderStopped as stopped:
            _log.warning("a paper could not be studied", source_id=str(row.source_id), detail=str(stopped))
        except Exception:  # noqa: BLE001 - what cannot be learned from keeps back no order
            _log.exception("a paper could not be studied", source_id=str(row.source_id))
        self._store.write(lambda tx: conclude(tx, row, findings, at=self._clock.now()))
        return True

    def _hand_on(self, row: PaperRow, ordinal: int, part: PartRead, partner_id: int | None) -> int:
        """Give a part that has a decoder of its own to it, as a source of its own; the same again is the same one."""
        content = self._content(row, part)
        origin = f"{row.origin}#{part.place} {part.name}"[:300]
        door = Door("ED", row.transport, origin, partner_id, f"{row.id}-{ordinal}")
        return self._pipeline.take(content, door).source_id

    def _decided(self, work: Callable[[Tx], Taken]) -> Taken:
        for _ in range(_STOCK_TRIES):
            try:
                return self._store.write(work)
            except StockShort:
                continue
        raise StoreUnavailable("the stock moved at every try", hint="Try again.")

    def _tried(self, row: PaperRow, detail: str) -> Taken | None:
        """Put a source off that could not be read, or leave it to a person after its tries."""
        violation = fault("paper.reader_stopped", {"name": row.name, "detail": detail})
        _log.warning("a source could not be read", source_id=str(row.id), attempt=row.attempts, detail=detail)
        if row.attempts < self._attempts:
            due_at = self._clock.now() + _PAUSE * row.attempts
            self._store.write(lambda tx: papers.put_off(tx, row, due_at, violation.kept()))
            return None
        failed = ReadSource(None, (), violation)
        try:
            return self._store.write(lambda tx: take(tx, self._desk(), row, failed, handed={}, again={}))
        except ClaimLost:
            return None

    def _desk(self) -> PaperDesk:
        return PaperDesk(Bench(self._cache, self._clock.now()), self._dates, self._sampler(), self._ask)
