"""The outside calls of shops: claim, call, keep the outcome.

    stream -> news (one commit) -> claim, commit -> ask, tell -> outcome, commit
    delivery that names an order -> claim, commit -> GET -> its bytes, commit -> worked on

A crash between claim and outcome leaves the try of a dead worker, and it is made again: a shop is asked before it is
told anything, so that a repeat does nothing. News of one order are told in their sequence. A store that hangs has so
many calls under way and no more; the others go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal, NamedTuple

import structlog

from core.clock import Clock
from core.errors import OrdergateError, SettingsInvalid
from core.shops.news import news_from
from core.shops.write_back import make_news
from core.store import shop_fetches, shop_news
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Store, Tx
from core.store.shop_fetches import FetchRow
from core.store.shop_news import NewsRow
from core.store.workers import is_alive
from core.storefront import HookDelivery
from core.subscriptions.model import next_try
from gateway.shops import errands
from gateway.shops.calls import CallFault, Shop, ShopCaller
from gateway.shops.registry import StoreRow, shop_of, stores
from gateway.transports.http_out.client import HttpOut

_log = structlog.get_logger(__name__)

#: errands under way at once, in all and at one store
_AT_ONCE: Final = 32
_AT_ONCE_EACH: Final = 4
#: what a shop refuses in so many words is tried so often (2.5 minutes), what may heal by itself for a day
_REFUSED_TRIES: Final = 4
#: alerts, by platform and store: news and fetches that were given up, and a token that the shop does not take
NEWS_FAILED: Final = "shop.news_failed"
FETCH_FAILED: Final = "shop.fetch_failed"
NO_ACCESS: Final = "shop.token_refused"

Kind = Literal["news", "fetch"]


class _Errand(NamedTuple):
    """A claimed row and the store that it is about; ``fault`` says why that cannot be called."""

    row: NewsRow | FetchRow
    shop: Shop | None
    fault: str = ""

    @property
    def kind(self) -> Kind:
        return "news" if isinstance(self.row, NewsRow) else "fetch"

    @property
    def store(self) -> tuple[str, str]:
        return self.row.platform, self.row.store


class _Outcome(NamedTuple):
    errand: _Errand
    #: whether these are news, and the platform had a place for them
    told: bool = False
    fetched: bytes | None = None
    fault: CallFault | None = None


class ShopDesk:
    """Makes the outside calls of shops; any number of desks may share a database.

    Args:
        store: the database.
        out: the HTTP client, which goes to judged addresses only.
        clock: says what is due.
        environment: has the secrets and tokens of the stores, looked up anew for each try.
        worker_id: number of this process in ``workers``; its claims are free when it is gone.
        fetched: told, from a thread of its own, when a delivery can be worked on.
        on_call: hears platform, store, kind (news, fetch) and result (done, nothing, retried, dead) of every try that
            was kept.
    """

    def __init__(
        self,
        store: Store,
        out: HttpOut,
        clock: Clock,
        *,
        environment: Mapping[str, str],
        worker_id: int,
        fetched: Callable[[], None],
        on_call: Callable[[str, str, Kind, str], object] = lambda *_: None,
    ) -> None:
        self._store = store
        self._caller = ShopCaller(out, clock)
        self._clock = clock
        self._environment = environment
        self._worker_id = worker_id
        self._fetched = fetched
        self._on_call = on_call
        #: tries of this process that have not ended, or whose outcome is not kept yet, with their stores
        self._in_flight: dict[tuple[Kind, int], tuple[str, str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: list[_Outcome] = []
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Say, inside the loop, that something was committed."""
        self._news.set()

    async def run_due(self) -> int:
        """Do everything that is due to its end, and return how many tries that were."""
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
        """Queue what is news, start what is due, and return how much that was; 0 when there is nothing to do.

        Raises:
            StoreUnavailable: the database failed; claims that it keeps are taken up by the next turn.
        """
        seen, errands_due = await asyncio.to_thread(self._take)
        for errand in errands_due:
            task = asyncio.create_task(self._try(errand), name=f"shop {errand.kind} {errand.row.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return seen + len(errands_due)

    async def keep(self) -> int:
        """Commit the outcomes of tries that have ended, together, and return how many there were."""
        outcomes, self._ended = self._ended, []
        if outcomes:
            try:
                results = await asyncio.to_thread(self._store.write, partial(self._keep, outcomes=outcomes))
                for errand, result in results:
                    self._on_call(*errand.store, errand.kind, result)
            finally:  # what could not be kept is done once more
                for outcome in outcomes:
                    self._in_flight.pop((outcome.errand.kind, outcome.errand.row.id), None)
            if any(outcome.errand.kind == "fetch" for outcome in outcomes):
                await asyncio.to_thread(self._fetched)
        return len(outcomes)

    async def run(self, ended: Callable[[], bool], poll_seconds: float) -> None:
        """Go on until *ended*, looking at the latest every *poll_seconds*; no failure but the end ends it."""
        while not ended():
            try:
                done = await self.turn() + await self.keep()
            except OrdergateError as error:
                _log.error("calls of shops failed and go on", code=error.code, error=error.message)
                done = 0
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - nothing else would bring the calls back
                _log.exception("calls of shops failed and go on")
                done = 0
                await asyncio.sleep(1)
            if done:
                continue
            with contextlib.suppress(TimeoutError):  # nobody called: look anyway
                async with asyncio.timeout(poll_seconds):
                    await self._news.wait()
            self._news.clear()

    async def drain(self, seconds: float) -> None:
        """Let the tries under way come to their end; what takes longer is broken off, and done again later."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
        await self.keep()

    def _take(self) -> tuple[int, list[_Errand]]:
        now = self._clock.now()
        found: list[_Errand] = []
        if not self._store.read(lambda tx: self._anything(tx, now)):
            return 0, []  # most polls end here and cost no write

        def work(tx: Tx) -> int:
            self._put_down(found)  # of a run that the database had repeated
            self._free_abandoned(tx, now)
            seen = make_news(tx, now) if shop_news.behind(tx) else 0
            found.extend(self._claim(tx, now))
            for errand in found:  # before the commit that shows the claims to everybody
                self._in_flight[errand.kind, errand.row.id] = errand.store
            return seen

        try:
            return self._store.write(work), found
        except BaseException:  # should the commit have held after all, nobody works on these, and a turn frees them
            self._put_down(found)
            raise

    def _put_down(self, errands: list[_Errand]) -> None:
        for errand in errands:
            self._in_flight.pop((errand.kind, errand.row.id), None)
        errands.clear()

    def _anything(self, tx: Tx, now: datetime) -> bool:
        return shop_news.any_store(tx) and (
            shop_news.behind(tx)
            or shop_news.anything_due(tx, now)
            or shop_fetches.anything_due(tx, now)
            or bool(self._abandoned(tx))
        )

    def _claim(self, tx: Tx, now: datetime) -> list[_Errand]:
        """Claim what is due of stores that are not to be left alone; fetches first, for they hold orders back."""
        busy = Counter(list(self._in_flight.values()))
        room = {store: _AT_ONCE_EACH - count for store, count in busy.items()}
        room |= dict.fromkeys(self._caller.closed(), 0)
        most = _AT_ONCE - len(self._in_flight)
        rows: list[NewsRow | FetchRow] = []
        if most > 0:
            rows += shop_fetches.claim_due(tx, now, self._worker_id, most=most, room=room, each=_AT_ONCE_EACH)
            for row in rows:
                key = row.platform, row.store
                room[key] = room.get(key, _AT_ONCE_EACH) - 1
        if most > len(rows):
            most -= len(rows)
            rows += shop_news.claim_due(tx, now, self._worker_id, most=most, room=room, each=_AT_ONCE_EACH)
        if not rows:
            return []
        known = stores(tx)
        return [_errand(row, known.get((row.platform, row.store)), self._environment) for row in rows]

    def _abandoned(self, tx: Tx) -> list[tuple[Kind, int, int]]:
        """Return tries that nobody works on: of dead workers, and of this one from before it failed."""
        now = time.time_ns() // 1000  # heartbeats follow the machine's own clock, not one that the sandbox has moved
        claims: list[tuple[Kind, int, int]] = [("news", *one) for one in shop_news.under_way(tx)]
        claims += [("fetch", *one) for one in shop_fetches.under_way(tx)]
        return [
            (kind, row_id, worker_id)
            for kind, row_id, worker_id in claims
            if (
                (kind, row_id) not in self._in_flight
                if worker_id == self._worker_id
                else not is_alive(tx, worker_id, now)
            )
        ]

    def _free_abandoned(self, tx: Tx, now: datetime) -> None:
        for kind, row_id, worker_id in self._abandoned(tx):
            (shop_news if kind == "news" else shop_fetches).free(tx, row_id, worker_id, now)

    async def _try(self, errand: _Errand) -> None:
        outcome = await self._outcome(errand)  # first: the list is another one by the time this is known
        self._ended.append(outcome)
        self._news.set()

    async def _outcome(self, errand: _Errand) -> _Outcome:
        if errand.shop is None:
            return _Outcome(errand, fault=CallFault(errand.fault, no_access=True))
        row = errand.row
        try:
            if isinstance(row, NewsRow):
                return _Outcome(errand, told=await errands.tell(self._caller, errand.shop, news_from(row.payload)))
            delivery = HookDelivery(row.delivery_id, row.topic, row.told_at)
            return _Outcome(errand, fetched=await errands.fetch(self._caller, errand.shop, delivery, row.body))
        except CallFault as fault:
            return _Outcome(errand, fault=fault)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take the row along: it is told and tried again
            _log.exception("a call of a shop failed", kind=errand.kind, id=row.id)
            return _Outcome(errand, fault=CallFault(f"{type(error).__name__} in the gateway, see its log"))

    def _keep(self, tx: Tx, outcomes: list[_Outcome]) -> list[tuple[_Errand, str]]:
        """Keep what became of tries, and return it in a word; of a claim that was lost there is nothing to tell."""
        now, results = self._clock.now(), []
        for outcome in outcomes:
            errand, fault = outcome.errand, outcome.fault
            if fault is None:
                if self._keep_done(tx, outcome, now):
                    results.append((errand, "done" if outcome.told or outcome.fetched else "nothing"))
                continue
            wait = _wait(errand.row.attempts, fault)
            if self._keep_fault(tx, errand, fault, wait, now):
                self._tell_fault(tx, errand, fault, given_up=wait is None, now=now)
                results.append((errand, "dead" if wait is None else "retried"))
        return results

    def _keep_done(self, tx: Tx, outcome: _Outcome, now: datetime) -> bool:
        row = outcome.errand.row
        if isinstance(row, NewsRow):
            kept = shop_news.end_try(tx, row, "told" if outcome.told else "nothing", at=now)
        else:
            kept = shop_fetches.brought(tx, row, outcome.fetched, now)
        if kept and (outcome.told or outcome.fetched):
            close_alert(tx, NO_ACCESS, "/".join(outcome.errand.store), at=now)
        return kept

    def _keep_fault(self, tx: Tx, errand: _Errand, fault: CallFault, wait: timedelta | None, now: datetime) -> bool:
        row = errand.row
        if isinstance(row, NewsRow):
            state = "dead" if wait is None else "queued"
            return shop_news.end_try(tx, row, state, at=now, due_at=now + (wait or timedelta(0)), error=fault.words)
        problem = {"code": FETCH_FAILED, "message": fault.words}
        if wait is None:
            return shop_fetches.give_up(tx, row, problem)
        return shop_fetches.put_off(tx, row, now + wait, problem)

    def _tell_fault(self, tx: Tx, errand: _Errand, fault: CallFault, *, given_up: bool, now: datetime) -> None:
        store, row = "/".join(errand.store), errand.row
        what = row.kind if isinstance(row, NewsRow) else "fetch"
        _log.warning(
            "shop call failed", store=store, what=what, id=row.id, attempt=row.attempts, given_up=given_up,
            error=fault.words,
        )  # fmt: skip
        if fault.no_access:
            raise_alert(tx, NO_ACCESS, store, f"{store} cannot be called: {fault.words}", at=now)
        if given_up:
            if isinstance(row, NewsRow):
                about, kind = f"{row.kind} of {row.payload['number']} (news {row.id})", NEWS_FAILED
            else:
                about, kind = f"the order of delivery {row.delivery_id} ({row.id})", FETCH_FAILED
            words = f"{store}: {about} was given up after {row.attempts} tries: {fault.words}"
            raise_alert(tx, kind, store, words, at=now)


def _errand(row: NewsRow | FetchRow, store: StoreRow | None, environment: Mapping[str, str]) -> _Errand:
    if store is None:
        return _Errand(row, None, "the store is not in the master data any more")
    try:
        return _Errand(row, shop_of(store, environment))
    except SettingsInvalid as error:
        return _Errand(row, None, f"{error.message}. {error.hint}")


def _wait(attempts: int, fault: CallFault) -> timedelta | None:
    """Return how long to wait before the next try, None where there is none."""
    if (fault.refused or fault.gone) and attempts >= _REFUSED_TRIES:
        return None
    wait = next_try(attempts)
    return None if wait is None else max(wait, fault.wait)
