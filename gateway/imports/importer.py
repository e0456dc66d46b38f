"""Imports the orders of a small file at once: each is placed or refused by itself, and a file again adds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.entry.columns import ImportMap
from core.entry.table import CellFault, Layout, TableOrder, orders_of
from core.errors import RequestRefused, ValueRefused
from gateway.imports.judging import IMPORT_KEY, ready, refusal
from gateway.imports.tables import read_table

Json = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, for which partner where the file names none, and whether anything is written."""

    #: ``place_order`` of the operations, and how a customer is found that the file names
    place: Callable[..., Mapping[str, Any]]
    find_customer: Callable[[Mapping[str, str]], str]
    actor: str
    partner: str | None = None
    key: str = IMPORT_KEY
    dry_run: bool = False
    #: the business units that may be ordered from; None for all
    units: frozenset[str] | None = None
    #: raises where the caller may not enter an order of this partner and type
    permit: Callable[[str, str], None] = lambda _partner, _type: None

    def run(self, content: bytes, columns: ImportMap, progress: Progress | None = None) -> Json:
        """Return ``{"placed", "refused", "orders": [...]}``; each order has its rows and what is wrong by cell.

        An order whose content was imported before gives the number that it got: so a run that broke off is resumed by
        running it again.

        Raises:
            TableUnreadable, TableTooLarge: the file is no table, lacks a column, or has more than is taken.
        """
        table = read_table(content, columns)
        layout = Layout(columns, table.titles, table.sheet)
        orders = orders_of(table, layout)
        told = []
        for place, order in enumerate(orders, 1):
            told.append(self._import(order, layout))
            if progress is not None:
                progress(place, len(orders))
        placed = sum(one["status"] != "refused" for one in told)
        return {"placed": placed, "refused": len(told) - placed, "orders": told}

    def _import(self, order: TableOrder, layout: Layout) -> Json:
        head: Json = {"buyer_reference": order.form.get("buyer_reference"), "rows": order.rows}
        placed = self._place(order, layout)
        if isinstance(placed, list):
            nothing: Json = {"status": "refused", "number": None, "state": None, "holds": []}
            return {**head, **nothing, "faults": [fault._asdict() for fault in placed]}
        return {
            **head,
            "status": "would be placed" if self.dry_run else "placed",
            "number": None if self.dry_run else placed["number"],
            "state": placed["state"],
            "holds": [hold["code"] for hold in placed["holds"]],
            "faults": [],
        }

    def _place(self, order: TableOrder, layout: Layout) -> Mapping[str, Any] | list[CellFault]:
        wanted = ready(order, layout)
        if isinstance(wanted, list):
            return wanted
        try:
            partner = wanted.partner or self.partner or self.find_customer(wanted.buyer)
            self.permit(partner, wanted.order.type)
            return self.place(
                wanted.content,
                wanted.order,
                partner=partner,
                actor=self.actor,
                key=self.key,
                idempotency_key=wanted.key(partner),
                dry_run=self.dry_run,
                units=self.units,
            )
        except (RequestRefused, ValueRefused) as error:
            return refusal(order, error, layout)
