"""Works on kept deliveries: reads each by its platform, brings its order up to date, keeps what became of it.

A delivery and all that it does is one transaction, so that a process may die anywhere: what was not committed is still
queued. Several workers on PostgreSQL pass over each other's; the row of a shop's order puts its deliveries in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import structlog

from core.clock import Clock
from core.documents import ShopEvent
from core.errors import OrdergateError, SystemFailed
from core.intake.body import Body, Outcome, enter_body, enter_outcome
from core.intake.plausibility import PlausibleDates
from core.ordering.confirm import Desk
from core.provenance import Violation
from core.shops.work import ACTOR, Effect, Shop, Told, bring
from core.store import shops as rows
from core.store.alerts import close_alert, raise_alert
from core.store.blobs import BlobStore, digest
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.shops import Delivery
from core.storefront import HookDelivery, ShopRead, StoreAccess
from gateway.shops.registry import StoreRow, storefronts, stores

_log = structlog.get_logger(__name__)

#: alert: a delivery that a person must look at
DELIVERY_FAILED: Final = "shop.delivery_failed"
#: deliveries of one transaction where the writer is alone: more would keep the door waiting that keeps new ones;
#: elsewhere one each, so that locks are short
_AT_ONCE: Final = 8
#: tries of a delivery that the system itself failed on, and the wait before the second; it doubles
_TRIES: Final = 6
_WAIT: Final = timedelta(seconds=2)


class _Parcel(NamedTuple):
    """A delivery, the bytes that tell of it and what they say; ``fault`` says why nothing can be done with it."""

    row: Delivery
    content: bytes
    shop: Shop | None
    read: ShopRead
    fault: str = ""


class _Ended(NamedTuple):
    """What working on a delivery came to, in a word; ``effect`` where it is a document of ours."""

    row: Delivery
    result: str
    effect: Effect | None = None


class ShopWorker:
    """Works on deliveries in one process; safe beside others on the same database."""

    def __init__(self, store: Store, *, blobs: BlobStore, clock: Clock, dates: PlausibleDates, worker_id: int) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._dates = dates
        self._worker_id = worker_id
        #: hears the outcome of every document, once it is committed
        self.on_outcome: Callable[[str], object] = lambda _: None
        #: hears platform, store and result of every delivery: an outcome, ignored, fetching, failed or retried
        self.on_worked: Callable[[str, str, str], object] = lambda *_: None
        self._cache = MasterCache()

    def run_due(self, most: int | None = None) -> int:
        """Work on what is due, *most* or a few more where it is named, and return how many deliveries that were.

        Raises:
            StoreUnavailable, StorageFull: the database failed; what was not committed is still queued.
        """
        done = 0
        while most is None or done < most:
            ids = self._store.read(lambda tx: rows.due_deliveries(tx, self._clock.now(), _AT_ONCE))
            if not ids:
                break
            parcels = self._read(ids)
            groups = [parcels] if self._store.is_sqlite else [[one] for one in parcels]
            for group in groups:
                self._work(group)
            done += len(ids)
        return done

    def _read(self, ids: Sequence[int]) -> list[_Parcel]:
        """Read what the deliveries say, outside of any transaction, and keep their bytes as those of sources."""
        found, shops = self._store.read(lambda tx: ([rows.delivery(tx, one) for one in ids], stores(tx)))
        parcels = [_parcel(row, shops.get((row.platform, row.store))) for row in found]
        for parcel in parcels:
            if _is_told(parcel):
                self._blobs.put(parcel.content)
        return parcels

    def _work(self, group: Sequence[_Parcel]) -> None:
        """Bring the orders of a group up to date together; where that fails, each by itself."""
        try:
            ends = self._store.write(lambda tx: [self._bring(tx, parcel) for parcel in group])
        except SystemFailed:
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be worked on must not keep back the others
            if len(group) > 1:
                for parcel in group:
                    self._work([parcel])
                return
            self._put_off(group[0].row, error)
            return
        for ended in ends:
            if ended is not None:
                self.on_worked(ended.row.platform, ended.row.store, ended.result)
            if ended is not None and ended.effect is not None:
                self.on_outcome(ended.effect.outcome)

    def _bring(self, tx: Tx, parcel: _Parcel) -> _Ended | None:
        """Do what one delivery asks for; return what that came to, None where another worker was faster."""
        row = parcel.row
        if rows.take(tx, row.id) is None:
            return None
        event, now = parcel.read.event, self._clock.now()
        if parcel.shop is None or parcel.fault:
            self._fail(tx, row, {"code": "shop.unusable", "message": parcel.fault})
            return _Ended(row, "failed")
        if event is not None and event.kind == "ignored":
            rows.end(tx, row.id, "ignored", shop_id=event.shop_id, effect=event.reason)
            return _Ended(row, "ignored")
        if event is not None and event.fetch and event.order is None:
            rows.end(tx, row.id, "fetching", shop_id=event.shop_id)
            return _Ended(row, "fetching")
        body = Body(
            digest(parcel.content), len(parcel.content), "EC", f"hooks/{row.platform}/{row.store}",
            parcel.shop.partner_id, row.received_at, self._worker_id, "webhook", row.platform,
        )  # fmt: skip
        source_id, document_id = enter_body(tx, body), tx.ids.next()
        if event is None:
            effect = _refused(parcel.read.violations)
        else:
            self._cache.refresh(tx)
            told = Told(event, source_id, document_id, row.received_at)
            effect = bring(tx, Desk(self._cache, ACTOR, now), self._dates, parcel.shop, told)
        enter_outcome(tx, body, source_id, document_id, _outcome(event, effect))
        if effect.outcome in ("rejected", "parked"):
            told_faults = [found.kept() for found in effect.violations]
            why = effect.words or (effect.violations[0].message if effect.violations else effect.reason)
            problem = {"code": effect.reason, "message": why, "violations": told_faults}
            self._fail(tx, row, problem, event=event, source_id=source_id, document_id=document_id)
            return _Ended(row, effect.outcome, effect)
        rows.end(
            tx, row.id, "done", shop_id=event.shop_id if event else None, source_id=source_id,
            document_id=document_id, effect=effect.words,
        )  # fmt: skip
        if row.problem is not None:
            close_alert(tx, DELIVERY_FAILED, _subject(row), at=now)
        return _Ended(row, effect.outcome, effect)

    def _fail(
        self, tx: Tx, row: Delivery, problem: dict[str, Any], *, event: ShopEvent | None = None,
        source_id: int | None = None, document_id: int | None = None,
    ) -> None:  # fmt: skip
        """Leave a delivery to a person."""
        rows.end(
            tx, row.id, "failed", shop_id=event.shop_id if event else None, source_id=source_id,
            document_id=document_id, problem=problem,
        )  # fmt: skip
        words = f"{_subject(row)}: {problem['message']}"
        raise_alert(tx, DELIVERY_FAILED, _subject(row), words, at=self._clock.now(), document_id=document_id)

    def _put_off(self, row: Delivery, error: Exception) -> None:
        """Try later what the system itself failed on; a person is called after the last try."""
        now = self._clock.now()
        last = row.attempts + 1 >= _TRIES
        _log.warning("a shop's delivery failed", delivery=_subject(row), exc_info=error)
        code = error.code if isinstance(error, OrdergateError) else "system.failed"
        problem = {"code": code, "message": f"{type(error).__name__}: {error}"[:500]}

        def work(tx: Tx) -> None:
            rows.put_off(tx, row.id, due_at=None if last else now + _WAIT * 2**row.attempts, problem=problem)
            if last:
                words = f"{_subject(row)}: {problem['message']}"
                raise_alert(tx, DELIVERY_FAILED, _subject(row), words, at=now)

        self._store.write(work)
        self.on_worked(row.platform, row.store, "failed" if last else "retried")


def _parcel(row: Delivery, store: StoreRow | None) -> _Parcel:
    """Return a delivery with what it says."""
    nothing = ShopRead(None)
    front = storefronts().get(row.platform)
    if store is None or front is None:
        return _Parcel(row, row.body, None, nothing, "its store is not loaded any more")
    shop = Shop(store.platform, store.store, store.partner_id)
    access = StoreAccess(store.store, (), store.options)
    try:
        if row.fetched is not None:
            return _Parcel(row, row.fetched, shop, front.read_fetched(row.fetched, access))
        read = front.read(HookDelivery(row.delivery_id, row.topic, row.told_at), row.body, access)
    except OrdergateError as error:
        return _Parcel(row, row.body, shop, nothing, error.message)
    thin = read.event is not None and bool(read.event.fetch) and read.event.order is None
    fault = "it names an order alone, and the store has no base_url to fetch it from" if thin else ""
    return _Parcel(row, row.body, shop, read, "" if store.base_url else fault)


def _is_told(parcel: _Parcel) -> bool:
    """Tell whether the bytes of a delivery become a source of ours."""
    event = parcel.read.event
    passed_over = event is not None and (event.kind == "ignored" or (bool(event.fetch) and event.order is None))
    return not parcel.fault and not passed_over


def _refused(violations: Sequence[Violation]) -> Effect:
    first = next((found for found in violations if found.severity == "error"), None)
    return Effect("rejected", first.code if first else None, None, "", tuple(violations))


def _outcome(event: ShopEvent | None, effect: Effect) -> Outcome:
    ordered = effect.outcome in ("accepted", "rejected", "parked")
    return Outcome(
        "ORDERS" if ordered else "ORDCHG", event.shop_id if event else "", effect.outcome, effect.reason,
        effect.order_id, effect.violations,
    )  # fmt: skip


def _subject(row: Delivery) -> str:
    return f"{row.platform}/{row.store}/{row.delivery_id}"
