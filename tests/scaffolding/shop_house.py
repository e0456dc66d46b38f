"""Orders that came from shops, what befalls them, and the desk that tells the shops, for tests over sockets."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from shop_server import ShopServer
from sqlalchemy import insert, select, update

from core.audit.record import record
from core.fulfilment.manual import ship_order
from core.fulfilment.tracking import record_tracking
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ports import TrackingEvent
from core.shops.news import news_json
from core.store import alerts, workers
from core.store.engine import Store, Tx
from core.store.events import seal_some
from core.store.lookup import MasterCache, partner_id_by_code
from core.store.shop_news import add_news
from core.store.tables.master import stores
from core.store.tables.ordering import orders
from core.store.tables.shops import shop_deliveries, shop_news, shop_orders
from core.storefront import ShopNews
from core.testing.carrier import SteppedClock
from core.testing.confirmed import confirmed_order, load_masters
from core.testing.shops.adobe_commerce import AdobeCommerceStandIn
from core.testing.shops.amazon import LOGIN_PATH, AmazonStandIn
from core.testing.shops.bigcommerce import BigCommerceStandIn
from core.testing.shops.generic import GenericStandIn
from core.testing.shops.shopify import ShopifyStandIn
from core.testing.shops.standin import KeptOrder, ShopStandIn
from core.testing.shops.woocommerce import WooCommerceStandIn
from core.testing.trade import MONDAY
from gateway.shops.desk import ShopDesk
from gateway.transports.http_out.client import HttpOut
from gateway.transports.http_out.policy import TargetPolicy

LOOPBACK: Final = TargetPolicy.of(["127.0.0.1"])
STANDINS: Final[Mapping[str, type[ShopStandIn]]] = MappingProxyType(
    {
        one.platform: one
        for one in (
            ShopifyStandIn,
            WooCommerceStandIn,
            BigCommerceStandIn,
            AdobeCommerceStandIn,
            AmazonStandIn,
            GenericStandIn,
        )
    }
)
#: the shop's ids of the lines 1 and 2 of an order
LINE_IDS: Final = ("501", "502")
TRACKING: Final = "TRK-0001"


class House:
    """A database with shops' orders, and one desk that speaks with the shops."""

    def __init__(self, store: Store, out: HttpOut) -> None:
        self.store = store
        self.out = out
        self.clock = SteppedClock(MONDAY)
        self.environment: dict[str, str] = {"SHOP_SECRET": "a secret of 16 characters or more"}
        self.woken = 0
        #: what the desks said of each try
        self.heard: Counter[tuple[str, str, str, str]] = Counter()
        store.write(lambda tx: load_masters(tx, MONDAY))
        self.worker_id = store.write(lambda tx: workers.register(tx, "serve", time.time_ns() // 1000))
        self.desk = self.another_desk(self.worker_id)
        self._serial = 0

    def another_desk(self, worker_id: int) -> ShopDesk:
        """Return a desk of another process."""
        return ShopDesk(
            self.store, self.out, self.clock, environment=self.environment, worker_id=worker_id, fetched=self._wake,
            on_call=lambda *of: self.heard.update([of]),
        )  # fmt: skip

    def leave(self) -> None:
        """Have the process of the desk be gone."""
        self.store.write(lambda tx: workers.leave(tx, self.worker_id))

    def _wake(self) -> None:
        self.woken += 1

    def open_store(self, server: ShopServer, name: str = "main", **changes: Any) -> None:
        """Load a store that is served by *server*."""
        platform = server.shop.platform
        variable = f"TOKEN_{platform}_{name}".upper()
        self.environment[variable] = server.shop.token
        options: dict[str, Any] = {}
        if platform == "generic":
            options = {"unnamed": "snapshot", "fetch": "/orders/{shop_id}", "tell": "/orders/{shop_id}/news"}
        elif platform == "woocommerce":
            options = {"shipment_tracking": True}
        elif platform == "amazon":
            options = {"marketplace_id": "A1PA6795UKMFR9", "login_url": server.url + LOGIN_PATH}
        row = {
            "platform": platform, "store": name, "secret_env": "SHOP_SECRET", "previous_secret_env": "",
            "token_env": variable, "base_url": server.url, "options": options, "write_back": True, **changes,
        }  # fmt: skip

        def work(tx: Tx) -> None:
            tx.execute(insert(stores).values(partner_id=partner_id_by_code(tx, "ACME"), **row))

        self.store.write(work)

    def order(
        self, server: ShopServer, shop_id: str = "", *, name: str = "main", facts: Mapping[str, Any] | None = None,
        test: bool = False,
    ) -> tuple[int, KeptOrder]:  # fmt: skip
        """Enter an order of ten and three pieces that came from a shop and is confirmed; return it and the shop's."""
        self._serial += 1
        of_shop = shop_id or str(7000 + self._serial)
        row = {
            "platform": server.shop.platform, "store": name, "shop_id": of_shop, "facts": dict(facts or {}),
            "line_ids": [[number, line_id] for number, line_id in enumerate(LINE_IDS, 1)],
        }  # fmt: skip

        def work(tx: Tx) -> int:
            number = f"2026-EC-{self._serial:06d}"
            order_id = confirmed_order(tx, self.clock.now(), number=number, test=test)
            tx.execute(insert(shop_orders).values(order_id=order_id, **row))
            return order_id

        order_id = self.store.write(work)
        self.seal()
        return order_id, server.shop.add(of_shop, l501=10, l502=3)

    def seal(self) -> None:
        """Seal what happened into the stream."""
        self.store.write(lambda tx: seal_some(tx, 1_000))

    def ship(self, order_id: int, *, lines: Mapping[int, Decimal] | None = None, tracking: str = TRACKING) -> int:
        """Ship the order, whole unless *lines* say how much, and return the shipment."""
        now = self.clock.now()

        def work(tx: Tx) -> int:
            return ship_order(
                tx, order_id, actor="anna", now=now, quantities=lines, short_reason="broken" if lines else "",
                tracking_number=tracking, carrier="DHL",
            )  # fmt: skip

        shipment_id = self.store.write(work)
        self.seal()
        return shipment_id

    def deliver(self, shipment_id: int) -> None:
        """Have the carrier say that a shipment arrived."""
        arrived = TrackingEvent("e-1", "delivered", self.clock.now(), signed_by="Meyer")
        self.store.write(lambda tx: record_tracking(tx, shipment_id, [arrived], document_id=9, now=self.clock.now()))
        self.seal()

    def cancel(self, order_id: int, reason: str = "no stock") -> None:
        """Cancel an order."""

        def work(tx: Tx) -> None:
            number = tx.execute(select(orders.c.number).where(orders.c.id == order_id)).scalar_one()
            cancel_order(tx, Desk(MasterCache(), "anna", self.clock.now()), number, reason=reason)

        self.store.write(work)
        self.seal()

    def decline(self, order_id: int) -> None:
        """Record that an order was refused."""
        inputs = {"reason": "not sold there"}

        def work(tx: Tx) -> None:
            record(tx, order_id, "order.declined", at=self.clock.now(), actor="anna", summary="no", inputs=inputs)

        self.store.write(work)
        self.seal()

    def deliver_hook(self, platform: str, body: bytes, topic: str, name: str = "main") -> int:
        """Keep a delivery that names an order alone; return its id."""
        now = self.clock.now()

        def work(tx: Tx) -> int:
            row_id = tx.ids.next()
            tx.execute(
                insert(shop_deliveries).values(
                    id=row_id, platform=platform, store=name, delivery_id=f"d-{row_id}", topic=topic, body=body,
                    received_at=now, state="fetching", attempts=0, due_at=now,
                )
            )  # fmt: skip
            return row_id

        return self.store.write(work)

    def deliveries(self) -> list[dict[str, Any]]:
        """Return every delivery, the first first."""
        statement = select(shop_deliveries).order_by(shop_deliveries.c.id)
        return [dict(row) for row in self.store.read(lambda tx: tx.execute(statement).mappings().all())]

    def news(self) -> list[tuple[str, str, int]]:
        """Return (kind, state, tries) of all news in the sequence of the stream."""
        statement = select(shop_news.c.kind, shop_news.c.state, shop_news.c.attempts).order_by(shop_news.c.seal)
        return [(*row,) for row in self.store.read(lambda tx: tx.execute(statement).all())]

    def set_news(self, **values: Any) -> None:
        """Set columns of all news."""
        self.store.write(lambda tx: tx.execute(update(shop_news).values(**values)))

    def errors(self) -> list[str]:
        """Return what was the matter with news, where something was."""
        statement = select(shop_news.c.last_error).where(shop_news.c.last_error.is_not(None))
        return list(self.store.read(lambda tx: tx.execute(statement).scalars().all()))

    def alerts(self) -> dict[str, str]:
        """Return the words of every open alert by its kind."""
        return {one["kind"]: one["message"] for one in self.store.read(alerts.open_alerts)}


def sent(order: KeptOrder) -> list[tuple[str, dict[str, Decimal]]]:
    """Return what the shop knows of shipments: tracking numbers and quantities."""
    return [(one.tracking, one.lines) for one in order.shipments]


def queued_news(store: Store, at: datetime, count: int) -> list[str]:
    """Queue the confirmations of *count* orders of a shop and return their numbers."""

    def work(tx: Tx) -> list[str]:
        numbers = []
        for serial in range(1, count + 1):
            order_id, event_id = tx.ids.take(2)
            numbers.append(f"2026-EC-{serial:06d}")
            head = {
                "number": numbers[-1], "partner_id": 1, "channel": "EC", "type": "standard", "test": False,
                "buyer_reference": str(serial), "content_hash": b"h" * 32, "document_id": 1, "received_at": at,
                "state": "confirmed", "billing": "none", "payment": "open", "currency": "EUR", "total": Decimal(1),
                "revision": 1,
            }  # fmt: skip
            tx.execute(insert(orders).values(id=order_id, **head))
            news = ShopNews(f"{numbers[-1]}/3", "confirmed", str(serial), numbers[-1], at=at)
            row = {
                "platform": "shopify", "store": "main", "shop_id": str(serial), "order_id": order_id,
                "event_id": event_id, "seal": serial, "kind": news.kind, "payload": news_json(news),
            }  # fmt: skip
            add_news(tx, [row], at)
        return numbers

    return store.write(work)
