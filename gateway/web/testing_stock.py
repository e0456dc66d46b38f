"""A stock desk in memory for tests of pages and clients; it keeps what it is given and judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.clock import iso
from core.documents import OrderChange
from core.errors import Conflict
from core.stock.ledger import Count, Transfer
from core.stock.receipt import Receipt
from core.values import text

Json = dict[str, Any]


class MemoryStockDesk:
    """Answers with what ``on_hand`` says; nothing is reserved or to come."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.on_hand: dict[tuple[str, str], Decimal] = {}
        self.low: list[Json] = []

    def atp(self, wanted: Sequence[tuple[str, date | None, Decimal | None]]) -> list[Json]:
        """Promise what is on hand, today."""
        return [self._promise(sku, day or self.today, quantity) for sku, day, quantity in wanted]

    def _promise(self, sku: str, day: date, quantity: Decimal | None) -> Json:
        places = {warehouse: held for (item, warehouse), held in self.on_hand.items() if item == sku}
        available = sum(places.values(), Decimal(0))
        return {
            "sku": sku,
            "date": day.isoformat(),
            "available": text(available),
            "quantity": None if quantity is None else text(quantity),
            "earliest_date": None if quantity is None or quantity > available else self.today.isoformat(),
            "terms": [
                {"warehouse": warehouse, "on_hand": text(held), "reserved": "0", "inbound": [], "planned": []}
                for warehouse, held in places.items()
            ],
        }

    def forecast(
        self, *, days: Sequence[int], sku: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Expect nothing to change."""
        del cursor
        skus = sorted({item for item, _ in self.on_hand if sku in (None, item)})
        found = [
            {"sku": item, "history_days": 90, "issued": "0", "forecast": [{"days": number} for number in days]}
            for item in skus[:limit]
        ]
        return {"items": found, "next": None}

    def alerts(self, *, kind: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return ``low``: always the whole, for *cursor* is never given out."""
        assert cursor is None
        return {"items": [one for one in self.low if kind in (None, one["kind"])][:limit], "next": None}

    def sourcing(self, wanted: Sequence[tuple[str, Decimal]], *, leaves_by: date | None = None) -> Json:
        """Find nothing anywhere."""
        del leaves_by
        missing = {sku: text(quantity) for sku, quantity in wanted}
        return {"tried": [], "missing": missing, "plans": [], "chosen": None, "why": "there are no warehouses"}

    def shortage_options(self, number: str) -> Json:
        """Say that no line is short."""
        return {"number": number, "requested_date": self.today.isoformat(), "lines": []}

    def option_change(self, number: str, option: str, *, line: int, sku: str | None = None) -> OrderChange:
        """Say that no line is short."""
        del sku
        raise Conflict(f"line {line} of {number} has no option {option}")

    def request_supply(self, number: str, option: str, *, line: int, actor: str, dry_run: bool = False) -> Json:
        """Say that no line is short."""
        del actor, dry_run
        raise Conflict(f"line {line} of {number} has no option {option}")

    def propose(self, number: str, *, actor: str) -> Json:
        """Say that no line is short."""
        del actor
        raise Conflict(f"no line of {number} waits for stock in review")

    def count(self, counts: Sequence[Count], *, actor: str) -> list[Json]:
        """Take the count for true."""
        del actor
        found = []
        for sku, warehouse, counted, _ in counts:
            booked = self.on_hand.get((sku, warehouse), Decimal(0))
            self.on_hand[sku, warehouse] = counted
            found.append(
                {
                    "sku": sku,
                    "warehouse": warehouse,
                    "counted": text(counted),
                    "booked": text(booked),
                    "difference": text(counted - booked),
                    "short": "0",
                }
            )
        return found

    def receive(self, receipt: Receipt, *, actor: str) -> Json:
        """Take everything in; nothing was expected."""
        del actor
        place = (receipt.sku, receipt.warehouse)
        self.on_hand[place] = held = self.on_hand.get(place, Decimal(0)) + receipt.quantity
        told = {"sku": receipt.sku, "warehouse": receipt.warehouse, "quantity": text(receipt.quantity)}
        return {
            **told, "reference": receipt.reference, "repeated": False, "settled": [], "over": text(receipt.quantity),
            "cut": "0", "orders": [], "on_hand": text(held), "available": text(held),
        }  # fmt: skip

    def move_reservation(self, number: str, until: datetime, *, reason: str, actor: str) -> Json:
        """Say that it lasts until then."""
        del reason, actor
        return {"number": number, "before": iso(until), "expires_at": iso(until)}

    def transfer(self, transfer: Transfer, *, actor: str) -> Json:
        """Move it, whether or not it is there."""
        del actor
        told = {}
        for end, change in (("source", -transfer.quantity), ("target", transfer.quantity)):
            place = (transfer.sku, getattr(transfer, end))
            self.on_hand[place] = held = self.on_hand.get(place, Decimal(0)) + change
            told[end] = {"warehouse": place[1], "on_hand": text(held), "available": text(held)}
        return {"sku": transfer.sku, "quantity": text(transfer.quantity), **told}
