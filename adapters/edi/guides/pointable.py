"""The fields of each message that a guide may point to, by the names under which the mapping collects them.

``lines.*`` are fields of an item line (LIN) wherever its message has it, ``documents.*`` those of a settled document
(DOC of REMADV). CONTRL has none: ISO 9735 fixes each place in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

LINES: Final = "lines"
_DOCUMENTS: Final = "documents"
_PARTIES: Final = "parties"
_HEADER: Final = "header"


class Slot(NamedTuple):
    """Where the collected text of a field lies: ``where`` is ``header``, ``parties`` or the list of rows."""

    where: str
    key: str

    @property
    def is_party(self) -> bool:
        """Tell whether it is a whole party."""
        return self.where == _PARTIES

    @property
    def is_row(self) -> bool:
        """Tell whether each line, or settled document, has its own."""
        return self.where in {LINES, _DOCUMENTS}


class Pointable(NamedTuple):
    """What a guide may point to in one message type; ``opens`` are the paths whose segments begin a row."""

    slots: dict[str, Slot]
    opens: frozenset[str] = frozenset()


_ITEM: Final = ("buyer_code", "gtin", "supplier_code")
_TRADE: Final = (
    "buyer_reference", "contract", "currency", "delivery_terms", "document_date", "payment_method", "requested_date",
    "transport_mode",
)  # fmt: skip
_ORDERED: Final = (*_ITEM, "note", "price", "quantity", "requested_date", "unit")
_BATCH: Final = ("batch", "best_before", "expires", "produced")
_ORDER: Final = ("order_number", "buyer_reference")
#: field -> the role (3035), or the name of the party, under which it is collected
_TRADERS: Final = {"buyer": "buyer", "supplier": "supplier", "ship_to": "ship_to"}
_BILLED: Final = {**_TRADERS, "invoicee": "invoicee"}


def _of(
    header: Iterable[str],
    parties: dict[str, str] | None = None,
    rows: Iterable[str] = (),
    opens: Iterable[str] = (),
    name: str = LINES,
) -> Pointable:
    slots = {field: Slot(_HEADER, field) for field in header}
    slots |= {field: Slot(_PARTIES, key) for field, key in (parties or {}).items()}
    slots |= {f"{name}.{field}": Slot(name, field) for field in rows}
    return Pointable(slots, frozenset(opens))


_MESSAGES: Final = {
    "APERAK": _of(("number", "reported_at")),
    "DESADV": _of(
        (
            "number", *_ORDER, "carrier", "carrier_name", "delivery_note", "delivery_terms", "despatched_at",
            "document_date", "expected_date", "tracking_number", "transport_mode", "vehicle",
        ),
        {**_TRADERS, "ship_from": "SF", "consignee": "UC"},
        (*_ITEM, *_BATCH, "order", "order_line", "order_number", "ordered", "quantity", "unit"),
        ("CPS/LIN",),
    ),
    "IFTSTA": _of(("number", "reported_at"), {"carrier": "CA", "consignor": "CZ", "consignee": "CN"}),
    "INVOIC": _of(
        (
            "number", *_ORDER, "account_holder", "allowance_total", "bank_account", "bank_code", "bank_name",
            "contract", "corrects", "corrects_date", "currency", "delivered_at", "despatch_number", "despatched_at",
            "due_date", "issued_at", "net", "order_date", "payable", "payment_method", "prepaid", "tax", "tax_point",
            "total",
        ),
        _BILLED,
        (
            *_ITEM, "buyer_reference", "despatch_number", "gross_price", "net", "note", "order_line", "price",
            "quantity", "tax", "tax_rate", "unit",
        ),
        ("LIN",),
    ),
    "INVRPT": _of(
        ("number", "document_date", "period_end", "period_start", "stock_date"),
        {"buyer": "buyer", "supplier": "supplier", "reporter": "GY", "warehouse": "WH"},
        (*_ITEM, "batch", "best_before", "location"),
        ("LIN",),
    ),
    "ORDCHG": _of(("number", "order_date", "order_number", *_TRADE), _BILLED, _ORDERED, ("LIN",)),
    "ORDERS": _of(_TRADE, _BILLED, _ORDERED, ("LIN",)),
    "ORDRSP": _of(
        (
            "number", "answered_at", "buyer_reference", "change_reference", "currency", "order_date", "promised_date",
            "total",
        ),
        _TRADERS,
        (*_ITEM, "backordered", "note", "ordered", "price", "promised_date", "quantity", "reference", "unit"),
        ("LIN",),
    ),
    "PRICAT": _of(
        ("number", "contract", "currency", "delivery_terms", "issued_at", "price_list"),
        {"buyer": "buyer", "supplier": "supplier"},
        (*_ITEM, "min_order_quantity", "note", "pack_quantity", "tax_rate", "unit"),
        ("PGI/LIN",),
    ),
    "RECADV": _of(
        (
            "number", *_ORDER, "delivery_note", "despatch_number", "document_date", "received_at", "tracking_number",
        ),
        _TRADERS,
        (
            *_ITEM, *_BATCH, "accepted", "damaged", "despatched", "destroyed", "missing", "order", "order_line",
            "order_number", "ordered", "received", "returned", "surplus", "unit",
        ),
        ("CPS/LIN",),
    ),
    "REMADV": _of(
        (
            "number", "currency", "issued_at", "paid_on", "payee_account", "payer_account", "payment_method",
            "payment_reference", "total",
        ),
        {"payer": "PR", "payee": "PE"},
        ("buyer_reference", "code", "discount", "due", "issued", "number", "paid"),
        ("DOC",),
        _DOCUMENTS,
    ),
    "SLSRPT": _of(
        ("number", "currency", "issued_at"),
        {"buyer": "buyer", "supplier": "supplier"},
        (*_ITEM, "price"),
        ("LOC/LIN", "GIS/LIN", "GEI/LIN"),
    ),
}  # fmt: skip
_NOTHING: Final = Pointable({})
#: message type -> the fields that a guide may point to
FIELDS: Final = {kind: frozenset(pointable.slots) for kind, pointable in _MESSAGES.items()}


def pointable(kind: str) -> Pointable:
    """Return what a guide may point to in messages of the type *kind*; nothing where it reads none."""
    return _MESSAGES.get(kind, _NOTHING)


def rows_of(kind: str) -> str:
    """Return what fields of a row are called in messages of the type *kind*: ``lines.quantity``, ``documents.paid``."""
    return next((slot.where for slot in pointable(kind).slots.values() if slot.is_row), LINES)
