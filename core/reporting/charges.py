"""The charges and allowances of an order, as people and programs read them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from core.documents import OrderCharge
from core.store.billing import billed_charges
from core.store.engine import Tx
from core.values import money_text, text

Json = dict[str, Any]


def charges_json(tx: Tx, order: Json, charges: Sequence[OrderCharge]) -> list[Json]:
    """Return the *charges* of an order (its row) as it stands, each with how much of it is billed.

    ``field`` names one for the question where it came from (``core.reporting.fields``).
    """
    return told_charges(charges, billed_charges(tx, order["id"]) if charges else {})


def told_charges(charges: Iterable[OrderCharge], billed: Container[tuple[str, int, str, str]] = ()) -> list[Json]:
    """Return *charges* JSON-ready; those that are *billed* say so."""
    return [
        {
            "field": f"charges.{place}.amount",
            "kind": one.kind,
            "line": one.line or None,
            "code": one.code or None,
            "label": one.label,
            "reference": one.reference or None,
            "amount": money_text(one.amount),
            "tax_rate": None if one.tax_rate is None else text(one.tax_rate),
            "tax_category": one.tax_category or None,
            "billed": (one.kind, one.line, one.label, one.reference) in billed,
            "source": one.source or None,
        }
        for place, one in enumerate(charges, 1)
    ]
