"""Takes webhooks: verifies each on its raw bytes and answers once it is kept.

Requests that come at the same time share one commit, whatever the database: what arrives while one is under way waits
for the next.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import structlog

from core.clock import Clock
from core.errors import OrdergateError, SettingsInvalid, ShopNotReady, SignatureRefused
from core.store import shops as rows
from core.store.alerts import close_alert, open_alerts, raise_alert
from core.store.engine import Store, Tx
from core.store.shops import Delivered
from core.storefront import HookDelivery, HookRequest, StoreAccess, Storefront
from gateway.shops.registry import StoreRow, access_of, storefronts, stores
from gateway.web.shop_port import Taken

_log = structlog.get_logger(__name__)

#: alert: a store whose secret is not in the environment
SECRET_MISSING: Final = "shop.secret_missing"  # noqa: S105 - a name
#: for how long the settings of the stores are believed: a store that is loaded is there a second later
_BELIEVED_SECONDS: Final = 1.0
#: deliveries that share a commit at most
_GROUP: Final = 256
#: for how long after a delivery the next one is expected
_BUSY_SECONDS: Final = 0.1
#: a request that says nothing but that somebody set the webhook up
_PING: Final = "ping"


def end_alerts_of_secrets(store: Store, clock: Clock, environment: Mapping[str, str]) -> None:
    """Close the alert of every store whose secret is there by now, or that is not loaded any more.

    For the start of a process: its environment is another one than that of the process that called a person.
    """

    def work(tx: Tx) -> None:
        known = {"/".join(name): row for name, row in stores(tx).items()}
        for alert in open_alerts(tx):
            if alert["kind"] == SECRET_MISSING and not _lacks_secret(known.get(alert["subject"]), environment):
                close_alert(tx, SECRET_MISSING, alert["subject"], at=clock.now())

    store.write(work)


def _lacks_secret(row: StoreRow | None, environment: Mapping[str, str]) -> bool:
    if row is None:
        return False
    try:
        access_of(row, environment)
    except SettingsInvalid:
        return True
    return False


class HookDoor:
    """Takes the webhooks of one process; used from its event loop alone."""

    def __init__(
        self, store: Store, clock: Clock, environment: Mapping[str, str] = os.environ, *,
        on_commit: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._environment = environment
        self._on_commit = on_commit
        #: hears platform, store and result of every request; of a store that is not loaded both names are empty
        self.on_taken: Callable[[str, str, str], object] = lambda *_: None
        self._stores: dict[tuple[str, str], StoreRow] = {}
        self._read_at = float("-inf")
        #: stores whose alert of a missing secret is open
        self._unready: set[tuple[str, str]] = set()
        self._waiting: list[tuple[Delivered, asyncio.Future[bool]]] = []
        self._knocked_at = float("-inf")
        self._flushing: asyncio.Task[None] | None = None

    async def take(self, platform: str, store: str, headers: Mapping[str, str], body: bytes) -> Taken:
        """Keep a delivery whose signature holds (``gateway.web.shop_port.HookDoor``)."""
        result = "system.failed"
        try:
            taken = await self._take(platform, store, headers, body)
            result = taken
        except OrdergateError as error:
            result = error.code
            raise
        finally:
            known = (platform, store) if (platform, store) in self._stores else ("", "")
            self.on_taken(*known, result)
        return taken

    async def _take(self, platform: str, store: str, headers: Mapping[str, str], body: bytes) -> Taken:
        front, access = await self._access(platform, store)
        now = self._clock.now()
        delivery: HookDelivery = front.verify(HookRequest(headers, body), access, now)
        if delivery.topic == _PING:
            return "ping"
        arrived = Delivered(platform, store, delivery.id, delivery.topic, body, delivery.at, now)
        return "kept" if await self._keep(arrived) else "repeated"

    def is_busy(self) -> bool:
        """Tell, in any thread, whether deliveries come so fast that work on kept ones had better make room."""
        return time.monotonic() - self._knocked_at < _BUSY_SECONDS

    async def _access(self, platform: str, store: str) -> tuple[Storefront, StoreAccess]:
        if time.monotonic() - self._read_at > _BELIEVED_SECONDS:
            self._stores = await asyncio.to_thread(self._store.read, stores)
            self._read_at = time.monotonic()
        row, front = self._stores.get((platform, store)), storefronts().get(platform)
        if row is None or front is None:
            raise SignatureRefused
        try:
            access = access_of(row, self._environment)
        except SettingsInvalid as error:
            await self._tell_unready(platform, store, error)
            raise ShopNotReady from error
        if (platform, store) in self._unready:
            self._unready.discard((platform, store))
            await asyncio.to_thread(self._store.write, partial(self._heal, subject=f"{platform}/{store}"))
        return front, access

    def _heal(self, tx: Tx, subject: str) -> None:
        close_alert(tx, SECRET_MISSING, subject, at=self._clock.now())

    async def _tell_unready(self, platform: str, store: str, error: SettingsInvalid) -> None:
        """Call a person, once while it lasts: a shop goes on trying, and each try would write."""
        if (platform, store) in self._unready:
            return
        self._unready.add((platform, store))
        words, now = f"{error.message}. {error.hint}", self._clock.now()
        try:
            await asyncio.to_thread(
                self._store.write, lambda tx: raise_alert(tx, SECRET_MISSING, f"{platform}/{store}", words, at=now)
            )
        except OrdergateError as failed:
            self._unready.discard((platform, store))
            _log.error("an alert could not be kept", error=failed.message)

    async def _keep(self, arrived: Delivered) -> bool:
        """Return whether a delivery is new, once it is durable."""
        self._knocked_at = time.monotonic()
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrived, future))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush(), name="shop deliveries")
        return await future

    async def _flush(self) -> None:
        """Commit what waits, together, until nothing does."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
                arrived = [one for one, _ in batch]
                try:
                    fresh = await asyncio.to_thread(self._store.write, partial(rows.keep, arrived=arrived), ahead=True)
                except Exception as error:  # noqa: BLE001 - it belongs to those who wait
                    for _, future in batch:
                        if not future.done():
                            future.set_exception(error)
                    continue
                for (_, future), is_new in zip(batch, fresh, strict=True):
                    if not future.done():  # who went away meanwhile hears nothing
                        future.set_result(is_new)
                if any(fresh):
                    self._on_commit()
        finally:
            self._flushing = None
