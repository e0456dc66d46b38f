"""Outwards: renders what waits in the outbox, then delivers it, one at a time per partner and endpoint.

The bytes and the control reference are stored before the first attempt and never change; an attempt is committed
before the outside is touched, its receipt after. A crash between leaves an attempt of a dead worker, and the same
bytes go out again, which the folder recognises.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import structlog

from core.clock import Clock
from core.errors import DeliveryFailed, SystemFailed
from core.messaging.deadlines import await_answer
from core.ports import Sender
from core.store import outbox, replies, transmissions
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.workers import is_alive
from gateway.rendering import Drafting

_log = structlog.get_logger(__name__)

#: seconds before the second, third, ... attempt; the last one repeats
BACKOFF = (1, 2, 4, 8, 15, 30, 60)
#: A database that hangs up at COMMIT may have committed: nobody sends that attempt, and nobody hears of it. Sending
#: takes milliseconds; whatever is held for longer goes out again, the same bytes, which is harmless.
_HOLD_SECONDS = 5.0
#: an outbox row that has nowhere to go (a partner without an EDI identity) is assigned here
NOWHERE = 0
#: pause between two looks at what another process is sending
_LOOK_AGAIN_SECONDS = 0.05


class Rendered(NamedTuple):
    """One outbound interchange; ``mine`` tells that this process holds its first attempt already."""

    transmission_id: int
    partner_id: int
    endpoint: str
    filename: str
    content: bytes
    mine: bool


class Dispatcher:
    """Renders and delivers for one process."""

    def __init__(
        self,
        store: Store,
        *,
        renderer: Drafting,
        sender: Sender,
        clock: Clock,
        worker_id: int,
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._sender = sender
        self._clock = clock
        self._worker_id = worker_id
        self._cache = MasterCache()
        #: transmissions that this process is sending; an attempt of ours that is not among them was broken off
        self._in_flight: dict[int, float] = {}
        #: what could not be rendered and waits for a person
        self._unrenderable: set[outbox.Waiting] = set()
        self._lanes: dict[tuple[int, str], threading.Lock] = {}
        self._lanes_lock = threading.Lock()

    def render_source(self, tx: Tx, source_id: int) -> list[Rendered]:
        """Render the replies of a source whose every document is judged; nothing while one is not."""
        return self._render(tx, outbox.unrendered(tx, outbox.Waiting(source_id)))

    def render_waiting(self, limit: int = 500) -> list[Rendered]:
        """Render what waits from anybody: a released hold, a shipment, a source whose worker died."""
        waiting = self._store.read(lambda tx: outbox.waiting(tx, limit + len(self._unrenderable)))
        waiting = [one for one in waiting if one not in self._unrenderable]
        if not waiting:
            return []
        if self._store.is_sqlite:  # one commit for all; elsewhere each its own, so that no process waits for another
            try:
                return self._store.write(lambda tx: [sent for one in waiting for sent in self._render_one(tx, one)])
            except SystemFailed:
                raise
            except Exception:  # noqa: BLE001 - whatever it is, it must not keep back the other replies
                _log.exception("a batch of replies cannot be rendered; they are rendered one by one")
        return [sent for one in waiting for sent in self._render_alone(one)]

    def deliver(self, rendered: Sequence[Rendered]) -> int:
        """Send what this process holds, then whatever else waits in the same lanes; return how many arrived."""
        sent = 0
        lanes: dict[tuple[int, str], list[Rendered]] = {}
        for one in rendered:
            lanes.setdefault((one.partner_id, one.endpoint), []).append(one)
        try:
            for lane, ready in lanes.items():
                sent += self._send_held([one for one in ready if one.mine])
                sent += self.drain_lane(*lane)
        finally:
            # Where one lane failed on our side, the attempts held in the others were broken off, too.
            self._let_go(one.transmission_id for one in rendered if one.mine)
        return sent

    def _send_held(self, held: Sequence[Rendered]) -> int:
        """Send, in order, the attempts that were entered when they were rendered; commit their receipts together."""
        arrived: list[tuple[int, int]] = []
        try:
            for place, one in enumerate(held):
                self._hold(one.transmission_id)
                try:
                    self._sender.send(one.endpoint, one.filename, one.content)
                except DeliveryFailed as error:
                    self._failed(one.transmission_id, 1, one.endpoint, one.filename, error)
                    left = [other.transmission_id for other in held[place + 1 :]]
                    self._store.write(partial(transmissions.put_back, transmission_ids=left, at=self._clock.now()))
                    break
                arrived.append((one.transmission_id, 1))
                _log.info("sent", endpoint=one.endpoint, filename=one.filename)
            if arrived:
                self._store.write(lambda tx: transmissions.finish(tx, arrived, self._clock.now()))
        finally:
            self._let_go(one.transmission_id for one in held)
        return len(arrived)

    def drain_lane(self, partner_id: int, endpoint: str) -> int:
        """Send everything that is due to one endpoint, oldest first."""
        sent = 0

        def claim(tx: Tx) -> dict[str, Any] | None:
            row = transmissions.claim_next(tx, partner_id, endpoint, self._worker_id, self._clock.now())
            if row is not None:
                self._hold(row["id"])  # before the commit that shows the claim to everybody
            return row

        with self._lane(partner_id, endpoint):
            while self._store.read(lambda tx: transmissions.is_due(tx, partner_id, endpoint, self._clock.now())):
                row = self._store.write(claim)
                if row is None:
                    break
                sent += self._attempt(row["id"], row["attempts"], endpoint, row["filename"], row["content"])
        return sent

    def run_once(self) -> int:
        """Do everything that is due: free abandoned attempts, render, deliver; return how many went out."""
        self._free_abandoned()
        sent = self.deliver(self.render_waiting())
        for partner_id, endpoint in self._store.read(lambda tx: transmissions.open_lanes(tx, self._clock.now())):
            sent += self.drain_lane(partner_id, endpoint)
        return sent

    def see_off(self, source_ids: Sequence[int], patience: float = 30.0) -> bool:
        """Work until every reply to these sources has left, also what stands before it in its lane.

        Returns:
            False when something failed and waits for its next try, or is in another process's hands for longer than
            *patience* seconds: it stays in the outbox.
        """
        deadline = time.monotonic() + patience
        for source_id in source_ids:
            self.deliver(self._store.write(partial(self.render_source, source_id=source_id)))
        while lanes := self._store.read(lambda tx: transmissions.open_of_sources(tx, source_ids)):
            self._free_abandoned()
            if sum(self.drain_lane(*lane) for lane in lanes):
                continue
            now = self._clock.now()
            if any(self._store.read(partial(_waits_for_retry, lane=lane, now=now)) for lane in lanes):
                return False
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_AGAIN_SECONDS)  # another process sends it this very moment
        return True

    def _free_abandoned(self) -> None:
        """Queue again what nobody sends: attempts of processes that ended, and our own whose receipt was not kept."""
        if not (abandoned := self._store.read(self._abandoned)):
            return

        def free(tx: Tx) -> None:
            now = self._clock.now()
            for row in abandoned:
                own = row.worker_id == self._worker_id
                retry_at = now + _backoff(row.attempts) if own else now
                words = "its outcome was not kept" if own else "the sending process ended"
                transmissions.fail(tx, row.id, row.attempts, now, error=words, retry_at=retry_at)

        self._store.write(free)

    def _abandoned(self, tx: Tx) -> list[Any]:
        under_way = transmissions.under_way(tx)
        now = time.time_ns() // 1000  # heartbeats follow the machine's own clock, not one that the sandbox has moved
        others = {row.worker_id for row in under_way} - {self._worker_id}
        gone = {worker for worker in others if not is_alive(tx, worker, now)}
        return [
            row
            for row in under_way
            if (not self._holds(row.id) if row.worker_id == self._worker_id else row.worker_id in gone)
        ]

    def _hold(self, transmission_id: int) -> None:
        self._in_flight[transmission_id] = time.monotonic()

    def _let_go(self, transmission_ids: Iterable[int]) -> None:
        for transmission_id in transmission_ids:
            self._in_flight.pop(transmission_id, None)

    def _holds(self, transmission_id: int) -> bool:
        """Tell whether this process is sending it: a hold that is never touched was lost with its commit's answer."""
        since = self._in_flight.get(transmission_id)
        return since is not None and time.monotonic() - since < _HOLD_SECONDS

    def _lane(self, partner_id: int, endpoint: str) -> threading.Lock:
        with self._lanes_lock:
            return self._lanes.setdefault((partner_id, endpoint), threading.Lock())

    def _attempt(self, transmission_id: int, number: int, endpoint: str, filename: str, content: bytes) -> int:
        try:
            self._sender.send(endpoint, filename, content)
            self._store.write(lambda tx: self._arrived(tx, transmission_id, number, endpoint))
        except DeliveryFailed as error:
            self._failed(transmission_id, number, endpoint, filename, error)
            return 0
        finally:
            self._let_go([transmission_id])
        _log.info("sent", endpoint=endpoint, filename=filename, attempt=number)
        return 1

    def _arrived(self, tx: Tx, transmission_id: int, number: int, endpoint: str) -> None:
        now = self._clock.now()
        transmissions.finish(tx, [(transmission_id, number)], now)
        if number > 1:
            close_alert(tx, "delivery.failed", endpoint, at=now)

    def _failed(self, transmission_id: int, number: int, endpoint: str, filename: str, error: DeliveryFailed) -> None:
        now = self._clock.now()
        retry_at = now + _backoff(number) if error.retryable else None
        _log.warning("delivery failed", endpoint=endpoint, filename=filename, attempt=number, error=error.message)

        def work(tx: Tx) -> None:
            if transmissions.fail(tx, transmission_id, number, now, error=error.message, retry_at=retry_at):
                raise_alert(tx, error.code, endpoint, f"{filename}: {error.message}", at=now)

        self._store.write(work)

    # rendering

    def _render_one(self, tx: Tx, waiting: outbox.Waiting) -> list[Rendered]:
        return self._render(tx, outbox.unrendered(tx, waiting))

    def _render_alone(self, waiting: outbox.Waiting) -> list[Rendered]:
        """Render one thing that waits; if that fails, put it aside until the next start and call a person."""
        try:
            return self._store.write(lambda tx: self._render_one(tx, waiting))
        except SystemFailed:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep back the other replies
            _log.exception("a reply cannot be rendered", source_id=waiting.source_id, outbox_id=waiting.row_id)
            self._unrenderable.add(waiting)
            subject = f"source {waiting.source_id}" if waiting.source_id else f"reply {waiting.row_id}"
            words = f"{subject} cannot be answered: {type(error).__name__}: {error}"
            self._store.write(lambda tx: raise_alert(tx, "reply.failed", subject, words, at=self._clock.now()))
            return []

    def _render(self, tx: Tx, rows: list[outbox.Unrendered]) -> list[Rendered]:
        if not rows:
            return []
        self._cache.refresh(tx)
        rendered = []
        held: set[tuple[int, str]] = set()
        for group in replies.group_keys(rows):
            partner_id = group[0].partner_id
            ids = [row.id for row in group]
            draft = self._renderer.draft(tx, group, self._cache)
            if draft is None:
                outbox.assign(tx, NOWHERE, ids)
                continue
            endpoint = draft.endpoint
            mine = (partner_id, endpoint) in held or transmissions.is_free(tx, partner_id, endpoint)
            if mine:
                held.add((partner_id, endpoint))
            transmission_id = transmissions.add(
                tx,
                content=draft.content,
                held_by=self._worker_id if mine else None,
                at=self._clock.now(),
                partner_id=partner_id,
                endpoint=endpoint,
                type=draft.type,
                control_reference=draft.control_reference,
                filename=draft.filename,
                source_id=replies.source_of(tx, group[0]),
                test=group[0].test,
            )
            if mine:
                self._hold(transmission_id)
            if draft.patience is not None:
                await_answer(tx, transmission_id, draft.patience, self._clock.now())
            outbox.assign(tx, transmission_id, ids)
            rendered.append(Rendered(transmission_id, partner_id, endpoint, draft.filename, draft.content, mine))
        return rendered


def _backoff(attempts: int) -> timedelta:
    """Return how long to wait after *attempts* failures in a row."""
    return timedelta(seconds=BACKOFF[min(attempts, len(BACKOFF)) - 1])


def _waits_for_retry(tx: Tx, lane: tuple[int, str], now: datetime) -> bool:
    return transmissions.waits_for_retry(tx, *lane, now)
