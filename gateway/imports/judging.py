"""Makes an order of a file's rows ready to be placed, and tells refusals by their cells."""

from __future__ import annotations

from typing import Final, NamedTuple

import orjson

from core.documents import Order
from core.entry.table import CellFault, Layout, TableOrder, located
from core.errors import OrdergateError, ValidationFailed
from core.provenance import Violation
from core.store.blobs import digest
from gateway.forms import read_form

#: whose idempotency keys the orders of files have when no API key brings them
IMPORT_KEY: Final = "import"


class Ready(NamedTuple):
    """An order that can be placed: its bytes, who is named as its partner or buyer."""

    content: bytes
    order: Order
    partner: str | None
    buyer: dict[str, str]

    def key(self, partner: str) -> str:
        """Return its idempotency key: the same content of the same partner is placed once, whatever file it is in."""
        return f"import:{partner}:{digest(self.content)}"


class Taken(NamedTuple):
    """An order of a file by the number of its first row: ready to be placed, or refused already."""

    ordinal: int
    order: TableOrder
    wanted: Ready | list[CellFault]


def ready(order: TableOrder, layout: Layout) -> Ready | list[CellFault]:
    """Return *order* ready to be placed, or everything that is wrong with it."""
    reading = read_form(order.form)
    said = {(fault.row, fault.column) for fault in order.faults}
    faults = [located(order, one, layout) for one in reading.faults]
    faults = [*order.faults, *(fault for fault in faults if (fault.row, fault.column) not in said)]
    if reading.order is None or faults:
        return faults
    return Ready(orjson.dumps(order.form), reading.order, reading.partner, dict(reading.buyer or {}))


def refusal(order: TableOrder, error: OrdergateError, layout: Layout) -> list[CellFault]:
    """Return why *order* was refused, by its cells."""
    if isinstance(error, ValidationFailed):
        return [located(order, one, layout) for one in error.violations]
    return [located(order, Violation(error.code, error.message), layout)]
