"""Imports the orders of a file: each is placed or refused by itself, and a file that is imported again adds nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.entry.table import CellFault, ImportMap, TableOrder, located, orders_of
from core.errors import OrdergateError, RequestRefused, ValidationFailed, ValueRefused
from core.provenance import Violation
from gateway.forms import read_form
from gateway.spreadsheets import read_table

Json = dict[str, Any]
Progress = Callable[[int, int], None]

#: whose idempotency keys the orders of files have when no API key brings them
IMPORT_KEY: Final = "import"


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
            TableUnreadable: the file is no table, or lacks a column.
        """
        orders = orders_of(read_table(content, columns), columns)
        told = []
        for place, order in enumerate(orders, 1):
            told.append(self._import(order, columns))
            if progress is not None:
                progress(place, len(orders))
        placed = sum(one["status"] != "refused" for one in told)
        return {"placed": placed, "refused": len(told) - placed, "orders": told}

    def _import(self, order: TableOrder, columns: ImportMap) -> Json:
        head: Json = {"buyer_reference": order.form.get("buyer_reference"), "rows": order.rows}
        nothing: Json = {"status": "refused", "number": None, "state": None, "holds": []}
        try:
            placed = self._place(order, columns)
        except _Refused as refused:
            return {**head, **nothing, "faults": [fault._asdict() for fault in refused.faults]}
        except (RequestRefused, ValueRefused) as error:
            return {**head, **nothing, "faults": [fault._asdict() for fault in _faults(order, error, columns)]}
        return {
            **head,
            "status": "would be placed" if self.dry_run else "placed",
            "number": None if self.dry_run else placed["number"],
            "state": placed["state"],
            "holds": [hold["code"] for hold in placed["holds"]],
            "faults": [],
        }

    def _place(self, order: TableOrder, columns: ImportMap) -> Mapping[str, Any]:
        reading = read_form(order.form)
        said = {(fault.row, fault.column) for fault in order.faults}
        faults = [located(order, one, columns) for one in reading.faults]
        faults = [*order.faults, *(fault for fault in faults if (fault.row, fault.column) not in said)]
        if reading.order is None or faults:
            raise _Refused(faults)
        partner = reading.partner or self.partner
        if partner is None:
            partner = self.find_customer(reading.buyer or {})
        self.permit(partner, reading.order.type)
        content = orjson.dumps(order.form)
        return self.place(
            content,
            reading.order,
            partner=partner,
            actor=self.actor,
            key=self.key,
            idempotency_key=f"import:{partner}:{hashlib.sha256(content).hexdigest()}",
            dry_run=self.dry_run,
            units=self.units,
        )


class _Refused(Exception):
    """An order that cannot be read from the file."""

    def __init__(self, faults: list[CellFault]) -> None:
        super().__init__()
        self.faults = faults


def _faults(order: TableOrder, error: OrdergateError, columns: ImportMap) -> list[CellFault]:
    if isinstance(error, ValidationFailed):
        return [located(order, one, columns) for one in error.violations]
    return [located(order, Violation(error.code, error.message), columns)]
