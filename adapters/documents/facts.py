"""The facts that a template may name: known ones that a notice does not have are empty, others are a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

_PARTY: Final = (
    "role", "gln", "code", "name", "street", "city", "region", "postal_code", "country", "tax_id", "contact", "phone",
    "email",
)  # fmt: skip
#: name -> its fields; () is a value without any
SHAPE: Final[Mapping[str, Sequence[str]]] = {
    "order": (
        "number", "buyer_reference", "revision", "channel", "type", "state", "test", "received_at", "order_date",
        "currency", "total", "goods", "gross", "requested_date", "promised_date",
    ),
    "partner": ("code", "name", "account", "language", "contact", "vip", "group"),
    "company": ("name", "tax_id", "bank_account", "timezone", "address"),
    "answer": ("function", "answered_at", "change_reference", "reasons", "differs"),
    "buyer": _PARTY,
    "ship_to": _PARTY,
    "payment": ("days", "prepayment", "method", "words"),
    "shipment": (
        "number", "carrier", "tracking_number", "tracking_url", "eta", "shipped_at", "delivered_at", "packages",
        "signed_by",
    ),
    "delivery": ("expected_date", "promised_date", "reason"),
    "invoice": (
        "number", "currency", "net", "tax", "total", "open_amount", "issued_on", "due", "days_overdue", "step",
    ),
    "question": ("text", "code"),
    "exception": ("code", "summary", "severity", "role"),
    "account_manager": ("name", "email", "phone"),
    "lines": (
        "line", "answer", "sku", "gtin", "buyer_code", "description", "descriptions", "unit", "quantity",
        "ordered", "backordered",
        "price", "asked_price", "amount", "promised_date", "requested_date", "schedule", "note", "differs",
    ),
    "charges": ("kind", "line", "label", "reference", "amount", "tax_rate"),
    "taxes": ("rate", "base", "tax"),
    "agreements": ("kind", "value", "line"),
    "attachments": ("name", "media_type", "size", "sha256"),
    "paper": ("subject", "sent_on"),
    "asked": ("order", "line", "code", "fields"),
    "notes": (),
    "reason": (),
    "link": (),
}  # fmt: skip
#: facts that are lists: of objects, or of texts
LISTS: Final = frozenset({"lines", "charges", "taxes", "agreements", "notes", "attachments", "asked"})


def completed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return *facts* with every name of :data:`SHAPE`: lists empty, values and the fields of objects None."""
    whole: dict[str, Any] = {**facts}
    for name, fields in SHAPE.items():
        given = facts.get(name)
        if name in LISTS:
            whole[name] = [_with(fields, one) for one in given or ()]
        elif fields:
            whole[name] = _with(fields, given or {})
        else:
            whole[name] = given
    whole["company"]["address"] = _with(_PARTY, whole["company"]["address"] or {})
    return whole


def _with(fields: Sequence[str], given: Any) -> Any:
    return {**dict.fromkeys(fields), **given} if isinstance(given, Mapping) else given
