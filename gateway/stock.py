"""The stock desk of API and console: what can be promised today, counts and transfers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.documents import OrderChange
from core.errors import Conflict
from core.ordering.canonical import from_json
from core.ordering.confirm import Desk
from core.ordering.propose import propose, request_supply
from core.ordering.shortage_answers import change_for
from core.reporting import orders
from core.reporting import stock as views
from core.reporting.shortage import shortage_options
from core.reporting.sourcing import sourcing
from core.stock import low, risk
from core.stock.arrival import serve_promises
from core.stock.ledger import Count, Transfer, count_stock, transfer_stock
from core.stock.receipt import Receipt, receive
from core.stock.reservation import move_end
from core.store import orders as order_rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company
from core.store.promises import waiting_keys
from core.store.supply import gtins_of
from core.values import text

Json = dict[str, Any]


class StockDesk:
    """See ``gateway.web.stock_port.StockDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: SystemClock, on_commit: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_commit = on_commit
        self._cache = MasterCache()

    def atp(self, wanted: Sequence[tuple[str, date | None, Decimal | None]]) -> list[Json]:
        """Return what can be promised of each (SKU, day, quantity)."""
        return self._store.read(lambda tx: views.atp(tx, wanted, today=self._today(tx)))

    def forecast(
        self, *, days: Sequence[int], sku: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of what the stock of items will be."""
        now = self._clock.now()
        return self._store.read(
            lambda tx: views.forecast(
                tx, days=days, now=now, today=self._today(tx), sku=sku, cursor=cursor, limit=limit
            )
        )

    def alerts(self, *, kind: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of the items that are low or too many."""
        return self._store.read(
            lambda tx: views.stock_alerts(tx, today=self._today(tx), kind=kind, cursor=cursor, limit=limit)
        )

    def sourcing(self, wanted: Sequence[tuple[str, Decimal]], *, leaves_by: date | None = None) -> Json:
        """Return how *wanted* would be served from the warehouses."""
        return self._store.read(lambda tx: sourcing(tx, wanted, today=self._today(tx), leaves_by=leaves_by))

    def shortage_options(self, number: str) -> Json:
        """Return what can be done about the short lines of an order."""

        def work(tx: Tx) -> Json:
            today = self._today(tx)
            return shortage_options(tx, self._cache, number, today=today)

        return self._store.read(work)

    def option_change(self, number: str, option: str, *, line: int, sku: str | None = None) -> OrderChange:
        """Return the change by which an option of a short line is taken."""

        def work(tx: Tx) -> OrderChange:
            order = order_rows.by_number(tx, number)
            said = from_json(order_rows.document_of(tx, order["id"], order["revision"]))
            found = self._option(tx, number, option, line, sku)
            gtin = gtins_of(tx, [found["sku"]]).get(found["sku"], "") if "sku" in found else ""
            return change_for(said, line, found, gtin=gtin)

        return self._store.read(work)

    def request_supply(self, number: str, option: str, *, line: int, actor: str, dry_run: bool = False) -> Json:
        """Note that supply for a short line is brought about."""
        if dry_run:
            self._store.read(lambda tx: self._option(tx, number, option, line, None))
            return self._store.read(lambda tx: orders.order(tx, number))

        def work(tx: Tx) -> Json:
            order = order_rows.by_number(tx, number, lock=True)
            found = self._option(tx, number, option, line, None)
            request_supply(tx, Desk(self._cache, actor, self._clock.now()), order, line, found)
            return orders.order(tx, number)

        answer = self._store.write(work)
        self._on_commit()
        return answer

    def propose(self, number: str, *, actor: str) -> Json:
        """Offer the buyer what can be done about the short lines of an order."""

        def work(tx: Tx) -> Json:
            order = order_rows.by_number(tx, number, lock=True)
            short = shortage_options(tx, self._cache, number, today=self._today(tx))
            desk = Desk(self._cache, actor, self._clock.now())
            propose(tx, desk, order, short["lines"], requested_date=short["requested_date"])
            return short

        found = self._store.write(work)
        self._on_commit()
        return found

    def _option(self, tx: Tx, number: str, option: str, line: int, sku: str | None) -> Json:
        short = shortage_options(tx, self._cache, number, today=self._today(tx))
        for one in short["lines"]:
            for found in one["options"] if one["line"] == line else ():
                if found["option"] == option and sku in (None, found.get("sku")):
                    return dict(found)
        raise Conflict(
            f"line {line} of {number} has no option {option}", hint="Read the options again: stock may have changed."
        )

    def count(self, counts: Sequence[Count], *, actor: str) -> list[Json]:
        """Post a count and return what was found against the book."""
        found = self._store.write(lambda tx: count_stock(tx, counts, at=self._clock.now(), actor=actor))
        self._on_commit()
        return [
            {
                "sku": one.found.sku,
                "warehouse": one.found.warehouse,
                "counted": text(one.found.counted),
                "booked": text(one.booked),
                "difference": text(one.difference),
                "short": text(one.short),
            }
            for one in found
        ]

    def transfer(self, transfer: Transfer, *, actor: str) -> Json:
        """Move stock and return both balances."""
        after = self._store.write(lambda tx: transfer_stock(tx, transfer, at=self._clock.now(), actor=actor))
        self._on_commit()
        told = {
            warehouse: {
                "warehouse": warehouse,
                "on_hand": text(balance.on_hand),
                "available": text(balance.on_hand - balance.reserved),
            }
            for warehouse, balance in after.items()
        }
        return {
            "sku": transfer.sku,
            "quantity": text(transfer.quantity),
            "source": told[transfer.source],
            "target": told[transfer.target],
        }

    def receive(self, receipt: Receipt, *, actor: str) -> Json:
        """Take goods in and return what became of them."""
        found = self._store.write(lambda tx: receive(tx, receipt, at=self._clock.now(), actor=actor))
        self._on_commit()
        return {
            "sku": receipt.sku,
            "warehouse": receipt.warehouse,
            "quantity": text(receipt.quantity),
            "reference": receipt.reference,
            "repeated": found.repeated,
            "settled": [{"date": day.isoformat(), "quantity": text(part)} for day, part in found.settled],
            "over": text(found.over),
            "cut": text(found.cut),
            "orders": list(found.orders),
            "on_hand": text(found.balance.on_hand),
            "available": text(found.balance.on_hand - found.balance.reserved),
        }

    def move_reservation(self, number: str, until: datetime, *, reason: str, actor: str) -> Json:
        """Let what is reserved for an order last until then instead."""
        moved = self._store.write(
            lambda tx: move_end(tx, number, until, reason=reason, actor=actor, now=self._clock.now())
        )
        self._on_commit()
        return moved

    def look(self) -> None:
        """Serve who waits for what is free by now, and tell of items that orders brought across their line."""
        now = self._clock.now()
        if self._store.read(waiting_keys):
            self._store.write(lambda tx: serve_promises(tx, waiting_keys(tx), now))
            self._on_commit()
        if self._store.read(lambda tx: risk.changed(tx, self._cache, self._today(tx))):
            self._store.write(lambda tx: risk.judge(tx, self._cache, self._today(tx), now))
            self._on_commit()
        if skus := self._store.read(low.changed):
            self._store.write(lambda tx: low.judge(tx, skus, now))
            self._on_commit()

    def _today(self, tx: Tx) -> date:
        self._cache.refresh(tx)
        return self._clock.now().astimezone(ZoneInfo(our_company(tx, self._cache).timezone)).date()
