"""From bytes to outcomes: keep, scan, enter, then decode and judge in batches (ARCHITECTURE section 2).

Decoding happens in the calling thread, outside of any transaction; judging happens where writing happens, so that
checks never read stale stock or credit. Every step may be interrupted: what is entered is found again by
:meth:`Pipeline.resume` and goes on after its last judged document.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from core.clock import Clock
from core.documents import Order, OrderChange
from core.errors import GuideInvalid, SystemFailed
from core.intake.guides import Guides, as_entered, kept_guide, with_guide
from core.intake.judge import Bench, judge_batch, park_poison
from core.intake.plausibility import PlausibleDates, implausible_fields
from core.intake.receive import Door, Entered, Scanned, enter, with_terms
from core.ports import Decoded, Decoder, Interchange, PartnerGuide
from core.provenance import Level
from core.store import intake as rows
from core.store.alerts import raise_alert
from core.store.blobs import BlobStore, digest
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company
from core.store.orders import StockShort
from core.store.workers import is_alive
from gateway.dispatcher import Dispatcher, Rendered

_log = structlog.get_logger(__name__)

#: orders in one transaction (ARCHITECTURE decision 2)
BATCH = 100


@dataclass(slots=True)
class Taken:
    """What became of one source."""

    source_id: int
    #: documents judged in this run; none when all of them were judged before
    judged: int = 0
    rendered: list[Rendered] = field(default_factory=list)
    #: (partner, endpoint) of replies that were sent before and are queued once more
    resent: list[tuple[int, str]] = field(default_factory=list)
    #: sources that this one repeats
    repeats: list[int] = field(default_factory=list)
    again: bool = False


class _InOtherHands(SystemFailed):
    """Another process is at work on this source; look again later."""


Progress = Callable[[int, int], None]


class Pipeline:
    """Takes sources in one process; safe beside others on the same database."""

    def __init__(
        self,
        store: Store,
        *,
        blobs: BlobStore,
        decoder: Decoder,
        clock: Clock,
        dispatcher: Dispatcher,
        dates: PlausibleDates,
        worker_id: int,
        guides: Guides | None = None,
    ) -> None:
        self._guides = guides
        self._store = store
        self._blobs = blobs
        self._decoder = decoder
        self._clock = clock
        self._dispatcher = dispatcher
        self._dates = dates
        self._worker_id = worker_id
        self._cache = MasterCache()
        #: sources that a thread of this process is at work on
        self._in_hand: set[int] = set()
        self._hands = threading.Condition()
        #: sources whose resumption failed for a reason that will not pass by itself
        self._broken: set[int] = set()

    def take(self, content: bytes, door: Door, progress: Progress | None = None) -> Taken:
        """Keep *content*, commit it, judge its documents and render their replies.

        The same claim id again means that a crash came between: the source is resumed, never entered twice. Through a
        door without claims the same bytes resume a source that nobody is at work on any more.

        Raises:
            StorageFull: there is no room to keep the bytes; nothing was entered.
            StoreUnavailable: the database does not answer; ask again with the same claim.
            SystemFailed: another process is at work on this source; ask again with the same claim.
        """
        interchanges = self._decoder.scan(content)
        scanned = [
            Scanned(one, digest(content[one.offset : one.offset + one.length]) if one.readable else digest(content))
            for one in interchanges
        ]
        sha256 = self._blobs.put(content)
        made: list[int] = []

        def work(tx: Tx) -> tuple[int | None, Entered | None]:
            if (known := self._known(tx, door, sha256)) is not None:
                return known, None
            self._cache.refresh(tx)
            entered = enter(
                tx,
                self._cache,
                door,
                [with_guide(tx, self._guides, one, self._cache) for one in scanned],
                sha256=sha256,
                size=len(content),
                decoder=self._decoder.id,
                worker_id=self._worker_id,
                now=self._clock.now(),
            )
            made.append(entered.source_id)
            self._in_hand.add(entered.source_id)  # before the commit that shows it to the threads that resume
            return None, entered

        try:
            known, entered = self._store.write(work)
            if entered is not None:
                taken = Taken(entered.source_id, resent=entered.resent, repeats=entered.repeats)
                if entered.receipts:
                    self._dispatcher.deliver(self._dispatcher.render_waiting())
                self._judge(taken, content, entered.to_judge, progress, timezone=entered.timezone)
                self._finish(taken)
                return taken
        finally:  # whatever was made: a lost connection may hide a commit that the next try finds
            for source_id in made:
                self._put_down(source_id)
        assert known is not None
        return self.resume(known, progress)

    def resume(self, source_id: int, progress: Progress | None = None) -> Taken:
        """Go on with a source after its last judged document; waits while another thread is at work on it.

        Raises:
            SystemFailed: another process is at work on it.
        """
        with self._hands:
            self._hands.wait_for(lambda: source_id not in self._in_hand)
            self._in_hand.add(source_id)
        try:
            return self._resume(source_id, progress)
        finally:
            self._put_down(source_id)

    def take_over(self) -> int:
        """Go on with what was broken off between entering and judging; return how many sources that were.

        They are those of processes that ended, and our own that failed with nobody to try them again.
        """
        free = self._store.read(lambda tx: [row.id for row in rows.unsettled_sources(tx) if self._is_free(tx, row)])
        return sum(self._take_over(source_id) for source_id in free if source_id not in self._broken)

    def see_off(self, taken: Taken) -> None:
        """Work until the replies to a source, and to what it repeats, have left."""
        self._dispatcher.see_off([taken.source_id, *taken.repeats])

    def _known(self, tx: Tx, door: Door, sha256: str) -> int | None:
        """Return the source that was entered for the same arrival before."""
        if door.claim_id is not None:
            return rows.source_by_claim(tx, door.claim_id)
        same = rows.unsettled_of(tx, sha256, door.transport, door.partner_id)
        return next((row.id for row in same if self._is_free(tx, row)), None)

    def _is_free(self, tx: Tx, source: Any) -> bool:
        """Tell whether nobody is at work on an unsettled source."""
        if source.worker_id == self._worker_id:
            return source.id not in self._in_hand
        return source.worker_id is None or not is_alive(tx, source.worker_id, time.time_ns() // 1000)

    def _take_over(self, source_id: int) -> bool:
        try:
            self.resume(source_id)
        except _InOtherHands:
            return False  # another process was faster
        except SystemFailed:
            raise
        except Exception as error:  # noqa: BLE001 - it must not keep back the others; a person is called, once a start
            _log.exception("a source cannot be gone on with", source_id=source_id)
            self._broken.add(source_id)
            words = f"source {source_id} cannot be judged to its end: {type(error).__name__}: {error}"
            now = self._clock.now()
            self._store.write(lambda tx: raise_alert(tx, "source.broken", str(source_id), words, at=now))
            return False
        return True

    def _put_down(self, source_id: int) -> None:
        with self._hands:
            self._in_hand.discard(source_id)
            self._hands.notify_all()

    def _adopt(self, tx: Tx, source_id: int) -> None:
        source = rows.source(tx, source_id)
        holder = source["worker_id"]
        if source["settled"] or holder == self._worker_id:
            return
        alive = holder is not None and is_alive(tx, holder, time.time_ns() // 1000)
        if alive or not rows.adopt_source(tx, source_id, holder, self._worker_id):
            raise _InOtherHands

    def _resume(self, source_id: int, progress: Progress | None) -> Taken:
        self._store.write(lambda tx: self._adopt(tx, source_id))
        source, entered = self._store.read(lambda tx: (rows.source(tx, source_id), rows.interchanges_of(tx, source_id)))
        taken = Taken(source_id, again=True)
        if not source["settled"]:
            content = self._blobs.get(source["sha256"])
            scan = self._decoder.scan(content)

            def under_terms(tx: Tx) -> list[tuple[int, Scanned]]:
                self._cache.refresh(tx)
                unjudged = [row for row in entered if row["judged"] < row["documents"]]
                ones = [as_entered(tx, self._guides, scan[row["ordinal"]], row["guide"]) for row in unjudged]
                return [(row["id"], with_terms(tx, self._cache, one)) for row, one in zip(unjudged, ones, strict=True)]

            to_judge = self._store.read(under_terms)
            judged_before = {row["id"]: row["judged"] for row in entered}
            self._judge(taken, content, to_judge, progress, judged_before=judged_before)
        self._finish(taken)
        return taken

    def agreed(self, interchanges: Sequence[Interchange]) -> list[Scanned]:
        """Return the interchanges of a kept source as agreed with their senders.

        Raises:
            GuideInvalid: the guide of one of them cannot be had.
        """
        found = self._store.read(lambda tx: [with_guide(tx, self._guides, Scanned(one, "")) for one in interchanges])
        if broken := next((one for one in found if one.guide_fault), None):
            raise GuideInvalid(broken.guide_fault)
        return found

    def kept_guide(self, fingerprint: str | None) -> PartnerGuide | None:
        """Return the guide that judged a document, by its fingerprint; None where none did.

        Raises:
            GuideInvalid: this version does not understand it.
        """
        return self._store.read(lambda tx: kept_guide(tx, self._guides, fingerprint))

    def decode(
        self,
        content: bytes,
        interchange: Interchange,
        first: int = 0,
        guide: PartnerGuide | None = None,
        timezone: str | None = None,
    ) -> Iterator[list[Decoded]]:
        """Yield batches of decoded messages after the first *first* ones, implausible fields marked.

        A change of an order is a batch of its own: it sees the orders before it written, and locks stock and credit
        before anybody has taken a number (decision 4).

        *timezone* is the company's; None reads it.
        """
        messages = interchange.messages[first:]
        today = self._today(timezone)
        batch: list[Decoded] = []
        for decoded in self._decoder.decode(content, interchange, messages, guide):
            alone = isinstance(decoded.document, OrderChange)
            if alone and batch:
                yield batch
                batch = []
            batch.append(self._plausible(content, interchange, decoded, today, guide))
            if alone or len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def holds_up(self, content: bytes, one: Scanned) -> bool:
        """Tell whether a message of an interchange is rejected and, by agreement, holds up the others."""
        if not one.suspends:
            return False
        batches = self.decode(content, one.interchange, guide=one.guide)
        return any(decoded.failed for batch in batches for decoded in batch)

    def _today(self, timezone: str | None) -> date:
        zone = timezone or self._store.read(lambda tx: our_company(tx, MasterCache()).timezone)
        return self._clock.now().astimezone(ZoneInfo(zone)).date()

    def _plausible(
        self, content: bytes, interchange: Interchange, decoded: Decoded, today: date, guide: PartnerGuide | None
    ) -> Decoded:
        if not isinstance(decoded.document, Order | OrderChange):
            return decoded
        implausible = implausible_fields(decoded.document, today, self._dates)
        if not implausible:
            return decoded
        found = []
        for one in implausible:
            place = self._decoder.locate(content, interchange, decoded.span, one.field, guide)
            found.append(
                one.violation._replace(
                    level=Level.COMPONENT if place and place.component else Level.MESSAGE,
                    segment=place.segment if place else None,
                    tag=place.tag if place else None,
                    element=place.element if place else None,
                    component=place.component if place else None,
                    offset=place.offset if place else decoded.span.offset,
                    value=place.text if place else None,
                )
            )
        told = found if guide is None else guide.judged(found)
        return Decoded(decoded.span, decoded.document, (*decoded.violations, *told))

    def _judge(
        self,
        taken: Taken,
        content: bytes,
        to_judge: Sequence[tuple[int, Scanned]],
        progress: Progress | None,
        *,
        judged_before: dict[int, int] | None = None,
        timezone: str | None = None,
    ) -> None:
        total = sum(len(one.interchange.messages) for _, one in to_judge)
        for place, (interchange_id, one) in enumerate(to_judge):
            interchange = one.interchange
            done = (judged_before or {}).get(interchange_id, 0)
            last = place == len(to_judge) - 1
            case = _Case(taken.source_id, interchange_id, interchange, self.holds_up(content, one))
            for batch in self.decode(content, interchange, done, one.guide, timezone):
                complete = last and done + len(batch) == len(interchange.messages)
                taken.rendered += self._judge_batch(case, batch, done, render=complete)
                taken.judged += len(batch)
                done += len(batch)
                if progress is not None:
                    progress(taken.judged, total)

    def _judge_batch(self, case: _Case, batch: list[Decoded], done: int, *, render: bool) -> list[Rendered]:
        """Judge a batch in one transaction; if that fails, each document in its own. Return rendered replies."""
        try:
            return self._store.write(lambda tx: self._work(tx, case, batch, done, render=render))
        except SystemFailed:
            raise  # the store itself: nothing is wrong with the documents
        except StockShort:
            _log.info("stock moved under a batch", source_id=case.source_id, documents=len(batch))
        except Exception:  # noqa: BLE001 - whatever it is, it must not harm the other documents
            _log.exception("a batch failed; its documents are judged one by one", source_id=case.source_id)
        rendered: list[Rendered] = []
        for offset, decoded in enumerate(batch):
            last = offset == len(batch) - 1
            rendered += self._judge_alone(case, decoded, done + offset, render=render and last)
        return rendered

    def _judge_alone(self, case: _Case, decoded: Decoded, done: int, *, render: bool) -> list[Rendered]:
        for _ in range(_STOCK_TRIES):
            try:
                return self._store.write(lambda tx: self._work(tx, case, [decoded], done, render=render))
            except SystemFailed:
                raise
            except StockShort:
                continue
            except Exception as error:  # noqa: BLE001 - the document is parked with it, and an alert is raised
                _log.exception("a document failed and is parked", source_id=case.source_id, document=done)
                cause = f"{type(error).__name__}: {error}"
                break
        else:
            cause = "the stock moved at every try"
        self._store.write(
            lambda tx: park_poison(
                tx,
                self._bench(),
                interchange_id=case.interchange_id,
                interchange=case.interchange,
                decoded=decoded,
                judged_before=done,
                error=cause,
            )
        )
        return []

    def _work(self, tx: Tx, case: _Case, batch: Sequence[Decoded], done: int, *, render: bool) -> list[Rendered]:
        judged = judge_batch(
            tx,
            self._bench(),
            interchange_id=case.interchange_id,
            interchange=case.interchange,
            batch=batch,
            judged_before=done,
            suspended=case.suspended,
        )
        # A single small source is answered in the transaction that judged it: one commit less on the way out.
        if judged is None or not render or done + len(batch) > BATCH:
            return []
        return self._dispatcher.render_source(tx, case.source_id)

    def _bench(self) -> Bench:
        return Bench(self._cache, self._clock.now())

    def _finish(self, taken: Taken) -> None:
        """Render what is left of the source's replies and send everything that is ready."""

        def render(tx: Tx) -> list[Rendered]:
            if not rows.settle_if_done(tx, taken.source_id):
                raise _InOtherHands  # it took this process for dead and has not judged the last document yet
            return self._dispatcher.render_source(tx, taken.source_id)

        if not taken.rendered:
            taken.rendered = self._store.write(render)
        self._dispatcher.deliver(taken.rendered)
        for lane in dict.fromkeys(taken.resent):
            self._dispatcher.drain_lane(*lane)


@dataclass(frozen=True, slots=True)
class _Case:
    source_id: int
    interchange_id: int
    interchange: Interchange
    suspended: bool = False


#: on PostgreSQL another writer may take planned stock again and again; then a person looks
_STOCK_TRIES = 20
