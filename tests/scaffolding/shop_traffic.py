"""A store's traffic for tests: bodies of Shopify and WooCommerce by what they tell, and a gateway's part that works."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, select, update

from core.intake.plausibility import PlausibleDates
from core.store import shop_fetches
from core.store import shops as rows
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.lookup import partner_id_by_code
from core.store.shops import Delivered
from core.store.tables.credit import payments
from core.store.tables.master import stores
from core.store.tables.ordering import order_lines, orders
from core.testing.carrier import SteppedClock
from core.testing.shop_life import Sent
from core.testing.trade import CRATE, CUP, LAMP, MONDAY, Trade, stock_row
from gateway.shops.worker import ShopWorker

SECRET: Final = "the secret of a shop in tests"
#: pieces by item of the lines 11 (cups), 12 (crates) and 13 (lamps)
Pieces = Mapping[str, int]
IDS: Final = {CUP: 11, CRATE: 12, LAMP: 13}
PRICES: Final = {CUP: "12.50", CRATE: "99.99", LAMP: "0.015"}
#: platforms whose webhooks name an order alone
_FETCHED: Final = frozenset({"bigcommerce", "amazon"})
#: the settings of the stores that are there unless a test says otherwise, by platform
_STORES: Final[Mapping[str, Mapping[str, Any]]] = {"shopify": {}, "woocommerce": {}}
_ADDRESS: Final = {"street": "Am Markt 1", "city": "Köln", "postal": "50667"}


class Message(NamedTuple):
    """One webhook: its topic and body."""

    topic: str
    body: bytes


def shopify(shop_id: int, minute: int, pieces: Pieces, topic: str = "orders/updated", **changes: Any) -> Message:
    """Return a snapshot of Shopify, changed in the *minute*-th minute."""
    total = sum(Decimal(PRICES[sku]) * count for sku, count in pieces.items())
    address = {
        "name": "Jo Maß", "company": "", "address1": _ADDRESS["street"], "city": _ADDRESS["city"],
        "province_code": "NW", "zip": _ADDRESS["postal"], "country_code": "DE", "phone": "0221 1",
    }  # fmt: skip
    told = {
        "id": shop_id,
        "name": f"#{shop_id}",
        "created_at": "2026-03-02T08:00:00Z",
        "updated_at": f"2026-03-02T08:{minute:02}:00Z",
        "cancelled_at": None,
        "closed_at": None,
        "currency": "EUR",
        "financial_status": "pending",
        "taxes_included": False,
        "total_price": str(total),
        "current_total_price": str(total),
        "email": "jo@example.com",
        "customer": {"id": 7, "first_name": "Jo", "last_name": "Maß", "email": "jo@example.com"},
        "shipping_address": address,
        "billing_address": address,
        "line_items": [
            {"id": IDS[sku], "sku": sku, "name": sku, "price": PRICES[sku], "quantity": count}
            for sku, count in pieces.items()
        ],
    }
    return Message(topic, json.dumps(told | changes).encode())


def woocommerce(shop_id: int, minute: int, pieces: Pieces, topic: str = "order.updated", **changes: Any) -> Message:
    """Return a snapshot of WooCommerce, changed in the *minute*-th minute."""
    total = sum(Decimal(PRICES[sku]) * count for sku, count in pieces.items())
    address = {
        "first_name": "Jo", "last_name": "Maß", "company": "", "address_1": _ADDRESS["street"],
        "city": _ADDRESS["city"], "state": "NW", "postcode": _ADDRESS["postal"], "country": "DE", "phone": "0221 1",
    }  # fmt: skip
    told = {
        "id": shop_id,
        "number": f"W-{shop_id}",
        "status": "on-hold",
        "currency": "EUR",
        "prices_include_tax": False,
        "date_created_gmt": "2026-03-02T08:00:00",
        "date_modified_gmt": f"2026-03-02T08:{minute:02}:00",
        "date_paid_gmt": None,
        "total": str(total),
        "total_tax": "0.00",
        "billing": address | {"email": "jo@example.com"},
        "shipping": address,
        "payment_method_title": "Invoice",
        "line_items": [
            {
                "id": IDS[sku], "sku": sku, "name": sku, "quantity": count,
                "total": str(Decimal(PRICES[sku]) * count), "subtotal": str(Decimal(PRICES[sku]) * count),
            }
            for sku, count in pieces.items()
        ],
    }  # fmt: skip
    return Message(topic, json.dumps(told | changes).encode())


class Shops:
    """A store of each platform with the worker of its deliveries, over the default master data with much stock."""

    def __init__(self, store: Store, root: Path, platforms: Mapping[str, Mapping[str, Any]] = _STORES) -> None:
        self.store = store
        self.clock = SteppedClock(MONDAY + timedelta(hours=2))
        self.blobs = BlobStore(root / "blobs")
        self.blobs.root.mkdir()
        self.sent = 0
        #: the shop's id of the next order that a test tells of
        self.next_order = 1000
        #: what a call back answers, by the delivery that asks for it
        self._fetched: dict[str, bytes] = {}
        store.write(Trade(stock=[stock_row(sku, 1_000_000) for sku in IDS]).load)
        store.write(lambda tx: self._open(tx, platforms))
        self.worker = self.another_worker()

    def _open(self, tx: Tx, platforms: Mapping[str, Mapping[str, Any]]) -> None:
        row = {
            "store": "main", "partner_id": partner_id_by_code(tx, "ACME"), "secret_env": "SHOP_SECRET",
            "previous_secret_env": "", "token_env": "", "write_back": False,
        }  # fmt: skip
        for platform, options in platforms.items():
            base_url = "https://shop.example" if platform in _FETCHED else ""
            tx.execute(insert(stores).values(platform=platform, options=options, base_url=base_url, **row))

    def another_worker(self) -> ShopWorker:
        """Return one more worker, as of another process."""
        return ShopWorker(self.store, blobs=self.blobs, clock=self.clock, dates=PlausibleDates(), worker_id=1)

    def open_to(self, base_url: str) -> None:
        """Let orders be fetched from *base_url*."""
        self.store.write(lambda tx: tx.execute(update(stores).values(base_url=base_url)))

    def keep(self, platform: str, messages: Sequence[Message | Sent]) -> None:
        """Keep *messages* as the door does, each under an id of its own."""
        first, self.sent = self.sent, self.sent + len(messages)
        arrived = [
            Delivered(platform, "main", f"d-{first + place}", one.topic, one.body, None, self.clock.now())
            for place, one in enumerate(messages)
        ]
        self.store.write(lambda tx: rows.keep(tx, arrived))
        for delivered, one in zip(arrived, messages, strict=True):
            if isinstance(one, Sent) and one.fetched is not None:
                self._fetched[delivered.delivery_id] = one.fetched

    def work(self) -> int:
        """Work on what was kept, what is fetched for it too, and return how many deliveries that were."""
        done = self.worker.run_due()
        while self.store.write(self._fetch):
            self.worker.run_due()
        return done

    def _fetch(self, tx: Tx) -> int:
        """Have every call back that waits answered; return how many those were."""
        now = self.clock.now()
        claimed = shop_fetches.claim_due(tx, now, 1, most=1_000, room={}, each=1_000)
        for row in claimed:
            assert shop_fetches.brought(tx, row, self._fetched[row.delivery_id], now)
        return len(claimed)

    def tell(self, platform: str, *messages: Message) -> None:
        """Keep *messages* and work on them."""
        self.keep(platform, messages)
        self.worker.run_due()

    def deliveries(self) -> list[rows.Delivery]:
        """Return every delivery, the first first."""
        found = self.store.read(lambda tx: rows.list_deliveries(tx, state=None, store=None, before=None, limit=10_000))
        return found[::-1]

    def order(self, shop_id: int | str) -> dict[str, Any] | None:
        """Return what stands of an order: state, total, test, lines by item and what was paid; None for none."""

        def read(tx: Tx) -> dict[str, Any] | None:
            found = tx.execute(select(orders).where(orders.c.buyer_reference == str(shop_id))).mappings().all()
            if not found:
                return None
            (head,) = found
            lines = tx.execute(select(order_lines).where(order_lines.c.order_id == head["id"])).mappings()
            paid = select(payments.c.amount).where(payments.c.order_id == head["id"], payments.c.reversed_at.is_(None))
            return {
                "number": head["number"],
                "state": head["state"],
                "total": head["total"],
                "test": head["test"],
                "lines": {
                    row["sku"] or row["description"]: (row["quantity"], row["price"], row["amount"], row["state"])
                    for row in lines
                },
                "paid": [row.amount for row in tx.execute(paid)],
            }

        return self.store.read(read)
