"""Tells events by HTTP: fan out, claim, send, keep the outcome; the desk of subscriptions beside it.

    stream -> deliveries (one commit) -> claim, commit -> call -> outcome, commit

A crash between claim and outcome leaves the try of a dead worker, and the same message goes out again under the same
id. Facts of one order are told in their order; one that fails holds back those after it, until it is a dead letter.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import structlog

from core.clock import Clock
from core.errors import DeliveryFailed, OrdergateError
from core.store import hook_deliveries as rows
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Store, Tx
from core.store.hook_deliveries import DeliveryRow
from core.store.lookup import MasterCache, our_company
from core.store.subscriptions import SubscriptionRow, behind, set_subscription, subscription
from core.store.views.paging import partner_codes
from core.store.workers import is_alive
from core.subscriptions.fan_out import fan_out
from core.subscriptions.messages import check_of, event_message, probe_message, secret_of, signed_headers
from core.subscriptions.model import next_try
from gateway.transports.http_out.client import HttpOut, Reply
from gateway.transports.http_out.policy import TargetRefused

_log = structlog.get_logger(__name__)

#: deliveries under way at once, in all and to one subscription
_AT_ONCE: Final = 64
_AT_ONCE_EACH: Final = 8
#: of an answer, what the log of deliveries shows
_SHOWN_ANSWER: Final = 2_000
_GONE: Final = 410
#: alerts: deliveries that were given up, by subscription; and secrets that cannot be made any more
DEAD: Final = "hook.dead"
KEY_CHANGED: Final = "hook.key_changed"


class _Parcel(NamedTuple):
    """One delivery ready to go; ``fault`` says why it cannot."""

    row: DeliveryRow
    to: SubscriptionRow
    body: bytes
    secrets: tuple[str, ...]
    fault: str = ""


class _Outcome(NamedTuple):
    parcel: _Parcel
    seconds: float
    reply: Reply | None = None
    error: str = ""
    final: bool = False


class HookDesk:
    """Delivers events; any number of desks may share a database.

    Args:
        store: the database.
        out: the HTTP client, which goes to judged addresses only.
        clock: says what is due.
        key: of the installation, from which the secrets are made.
        worker_id: number of this process in ``workers``; its claims are free when it is gone.
    """

    def __init__(self, store: Store, out: HttpOut, clock: Clock, *, key: bytes, worker_id: int) -> None:
        self._store = store
        self._out = out
        self._clock = clock
        self._key = key
        self._cache = MasterCache()
        self._worker_id = worker_id
        #: tries of this process that have not ended, or whose outcome is not kept yet: delivery -> subscription
        self._in_flight: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: list[_Outcome] = []
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Say, inside the loop, that something was committed."""
        self._news.set()

    async def run_due(self) -> int:
        """Tell everything that is due to its end, and return how many tries that were."""
        tries = 0
        while True:
            started = await self.turn()
            if self._tasks:
                await asyncio.wait(self._tasks)
            kept = await self.keep()
            tries += kept
            if not started and not kept:
                return tries

    async def turn(self) -> int:
        """Fan out what is new, start what is due, and return how much that was; 0 when there is nothing to do.

        Raises:
            StoreUnavailable: the database failed; claims that it keeps are taken up by the next turn.
        """
        seen, parcels = await asyncio.to_thread(self._take)
        for parcel in parcels:
            task = asyncio.create_task(self._try(parcel), name=f"event {parcel.row.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return seen + len(parcels)

    async def keep(self) -> int:
        """Commit the outcomes of tries that have ended, together, and return how many there were."""
        outcomes, self._ended = self._ended, []
        if outcomes:
            try:
                await asyncio.to_thread(self._store.write, partial(self._keep, outcomes=outcomes))
            finally:  # what could not be kept is told once more, under the same id
                for outcome in outcomes:
                    self._in_flight.pop(outcome.parcel.row.id, None)
        return len(outcomes)

    async def run(self, ended: Callable[[], bool], poll_seconds: float) -> None:
        """Deliver until *ended*, looking at the latest every *poll_seconds*; no failure but the end ends it."""
        while not ended():
            try:
                done = await self.turn() + await self.keep()
            except OrdergateError as error:
                _log.error("event deliveries failed and go on", code=error.code, error=error.message)
                done = 0
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - nothing else would bring the deliveries back
                _log.exception("event deliveries failed and go on")
                done = 0
                await asyncio.sleep(1)
            if done:
                continue
            with contextlib.suppress(TimeoutError):  # nobody called: look anyway
                async with asyncio.timeout(poll_seconds):
                    await self._news.wait()
            self._news.clear()

    async def drain(self, seconds: float) -> None:
        """Let the tries under way come to their end; what takes longer is broken off, and told again later."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
        await self.keep()

    async def _try(self, parcel: _Parcel) -> None:
        outcome = await self._tell(parcel)  # first: the list is another one by the time this is known
        self._ended.append(outcome)
        self._news.set()

    def _take(self) -> tuple[int, list[_Parcel]]:
        now = self._clock.now()
        parcels: list[_Parcel] = []
        if not self._store.read(lambda tx: behind(tx) or rows.anything_due(tx, now) or self._abandoned(tx)):
            return 0, []  # most polls end here and cost no write

        def work(tx: Tx) -> int:
            self._put_down(parcels)  # of a run that the database had repeated
            for delivery_id, worker_id in self._abandoned(tx):
                rows.free(tx, delivery_id, worker_id, now)
            seen = fan_out(tx, now)
            room = _AT_ONCE - len(self._in_flight)
            under_way = Counter(list(self._in_flight.values()))
            ids = rows.claim_due(tx, now, self._worker_id, most=room, each=_AT_ONCE_EACH, under_way=under_way)
            parcels[:] = [self._parcel(tx, row) for row in rows.deliveries_of(tx, ids)]
            for parcel in parcels:  # before the commit that shows the claims to everybody
                self._in_flight[parcel.row.id] = parcel.row.subscription_id
            return seen

        try:
            return self._store.write(work), parcels
        except BaseException:  # should the commit have held after all, nobody works on these, and a turn frees them
            self._put_down(parcels)
            raise

    def _put_down(self, parcels: list[_Parcel]) -> None:
        for parcel in parcels:
            self._in_flight.pop(parcel.row.id, None)
        parcels.clear()

    def _abandoned(self, tx: Tx) -> list[tuple[int, int]]:
        """Return tries that nobody works on: of dead workers, and of this one from before it failed."""
        now = time.time_ns() // 1000  # heartbeats follow the machine's own clock, not one that the sandbox has moved
        return [
            (delivery_id, worker_id)
            for delivery_id, worker_id in rows.under_way(tx)
            if (
                delivery_id not in self._in_flight if worker_id == self._worker_id else not is_alive(tx, worker_id, now)
            )
        ]

    def _parcel(self, tx: Tx, row: DeliveryRow) -> _Parcel:
        to = subscription(tx, row.subscription_id)
        secrets = [secret_of(self._key, to.id, to.secret_generation)]
        if check_of(secrets[0]) != to.secret_check:
            return _Parcel(row, to, b"", (), "the installation's key is not the one that this secret was made with")
        if to.previous_secret_until is not None and to.previous_secret_until > self._clock.now():
            secrets.append(secret_of(self._key, to.id, to.secret_generation - 1))
        if row.event_id == 0:
            return _Parcel(row, to, probe_message(row, source=self._source(tx)), tuple(secrets))
        fact = rows.fact_of(tx, row.event_id)
        partner = partner_codes(tx, {fact.partner_id}).get(fact.partner_id, "")
        body = event_message(row, fact, partner=partner, source=self._source(tx), of_partner=to.partner_id is not None)
        return _Parcel(row, to, body, tuple(secrets))

    def _source(self, tx: Tx) -> str:
        """Return who tells: we by our GLN (CloudEvents ``source``, which makes ids unique)."""
        self._cache.refresh(tx)
        return f"urn:ordergate:{our_company(tx, self._cache).gln}"

    async def _tell(self, parcel: _Parcel) -> _Outcome:
        if parcel.fault:
            return _Outcome(parcel, 0.0, error=parcel.fault)
        headers = signed_headers(parcel.row, parcel.body, parcel.secrets, self._clock.now())
        began = time.monotonic()
        try:
            reply = await self._out.send("POST", parcel.to.url, body=parcel.body, headers=headers)
        except TargetRefused as error:
            return _Outcome(parcel, time.monotonic() - began, error=error.message, final=True)
        except DeliveryFailed as error:
            return _Outcome(parcel, time.monotonic() - began, error=error.message)
        fault = "" if reply.accepted else f"answered {reply.status}"
        return _Outcome(parcel, reply.seconds, reply, fault, final=reply.status == _GONE)

    def _keep(self, tx: Tx, outcomes: list[_Outcome]) -> None:
        now = self._clock.now()
        for outcome in outcomes:
            row, to = outcome.parcel.row, outcome.parcel.to
            wait = None if outcome.final else next_try(row.attempts)
            state = "delivered" if not outcome.error else "dead" if wait is None else "queued"
            kept = rows.end_try(
                tx,
                row,
                at=now,
                seconds=outcome.seconds,
                status=outcome.reply.status if outcome.reply else None,
                error=outcome.error,
                answer=_shown(outcome.reply),
                state=state,
                due_at=now + wait if state == "queued" and wait is not None else now,
            )
            if not kept:
                continue
            if state == "delivered":
                close_alert(tx, DEAD, to.name, at=now)
                close_alert(tx, KEY_CHANGED, to.name, at=now)
                continue
            _log.warning(
                "event not delivered", subscription=to.name, attempt=row.attempts, state=state, error=outcome.error
            )
            if outcome.parcel.fault:
                raise_alert(tx, KEY_CHANGED, to.name, f"{to.name}: {outcome.parcel.fault}; rotate its secret", at=now)
            if state == "dead":
                words = f"{row.event} {row.position} was given up after {row.attempts} tries: {outcome.error}"
                raise_alert(tx, DEAD, to.name, words, at=now)
            if outcome.reply is not None and outcome.reply.status == _GONE:
                reason = "the receiver answered 410 Gone"
                set_subscription(tx, to.id, state="disabled", state_reason=reason, version=to.version + 1)


def _shown(reply: Reply | None) -> str:
    """Return the beginning of an answer as text for people: what is no text is shown as such."""
    if reply is None:
        return ""
    words = reply.body[:_SHOWN_ANSWER].decode(errors="replace").replace("\x00", "\ufffd")
    return words + ("..." if reply.cut or len(reply.body) > _SHOWN_ANSWER else "")
