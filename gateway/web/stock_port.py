"""What the web needs of the stock desk, :class:`gateway.stock.StockDesk`; every method blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from core.documents import OrderChange
from core.stock.ledger import Count, Transfer
from core.stock.receipt import Receipt

Json = dict[str, Any]


class StockDesk(Protocol):
    """Reads what can be promised and keeps the ledger."""

    def atp(self, wanted: Sequence[tuple[str, date | None, Decimal | None]]) -> list[Json]:
        """Return what can be promised of each (SKU, day or today, quantity or None), in the same order.

        Raises:
            NotFound: an item that is not in the master data.
        """
        ...

    def forecast(
        self, *, days: Sequence[int], sku: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of the stock of items after each of *days*, by SKU."""
        ...

    def alerts(self, *, kind: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of the items below their alert line (``low``) or above their maximum (``high``), by SKU.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def sourcing(self, wanted: Sequence[tuple[str, Decimal]], *, leaves_by: date | None = None) -> Json:
        """Return from which warehouses (SKU, quantity) would be served, with the ways that were compared.

        Raises:
            NotFound: an item that is not in the master data.
        """
        ...

    def shortage_options(self, number: str) -> Json:
        """Return what can be done about each line of an order that stock does not serve.

        Raises:
            NotFound: there is no such order.
        """
        ...

    def option_change(self, number: str, option: str, *, line: int, sku: str | None = None) -> OrderChange:
        """Return the change by which *option* of a short line is taken; *sku* tells substitutes apart.

        Raises:
            NotFound: there is no such order.
            Conflict: the line has no such option, or no day is known for it.
        """
        ...

    def request_supply(self, number: str, option: str, *, line: int, actor: str, dry_run: bool = False) -> Json:
        """Note in the timeline that supply for a short line is brought about; return the order, which stays as it is.

        Raises:
            NotFound: there is no such order.
            Conflict: the line has no such option.
        """
        ...

    def propose(self, number: str, *, actor: str) -> Json:
        """Offer the buyer what can be done about the short lines of an order; return them with their options.

        Raises:
            NotFound: there is no such order.
            Conflict: nothing is short, nothing can be offered, or the buyer is not answered by ORDRSP.
        """
        ...

    def count(self, counts: Sequence[Count], *, actor: str) -> list[Json]:
        """Post a count; return each against the book, in the same order.

        Raises:
            NotFound: an item or a warehouse that is not in the master data; nothing was posted.
            Conflict: one item is counted twice in one warehouse.
        """
        ...

    def receive(self, receipt: Receipt, *, actor: str) -> Json:
        """Take goods in; return what they settled, whose they are, and the balance.

        Raises:
            NotFound: the item or the warehouse is not in the master data.
            Conflict: the reference stands for another quantity.
        """
        ...

    def move_reservation(self, number: str, until: datetime, *, reason: str, actor: str) -> Json:
        """Move the end of an order's reservation; return both ends.

        Raises:
            NotFound: there is no such order.
            Conflict: nothing is reserved for it, or the end lies in the past.
        """
        ...

    def transfer(self, transfer: Transfer, *, actor: str) -> Json:
        """Move stock that is not reserved; return both balances.

        Raises:
            NotFound: the item or a warehouse is not in the master data.
            Conflict: it stays where it is, or the source has less.
        """
        ...
