"""An order as JSON, whether it is stored, would be placed, or would be changed: every key is written here alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.clock import iso
from core.documents import Order
from core.store.assignments import Assignment
from core.values import money_text, text

Json = dict[str, Any]


def order_json(
    head: Mapping[str, Any],
    *,
    partner: str,
    state: str,
    lines: Iterable[Any],
    holds: Iterable[Any],
    documents: Sequence[Json] = (),
    assigned: Assignment | None,
) -> Json:
    """Return ``Order`` of the contracts as lists have it.

    Args:
        head: ``number``, ``channel``, ``type``, ``buyer_reference``, ``billing``, ``payment``, ``currency``, ``total``
            (a decimal) and ``revision``.
        partner: the code of its partner.
        state: as people see it, with what was billed and paid.
        lines: as :func:`line_json` takes them.
        holds: the open ones, as :func:`hold_json` takes them.
        documents: those that came and went for it.
        assigned: from where it is served.
    """
    return {
        "number": head["number"],
        "partner": partner,
        "channel": head["channel"],
        "type": head["type"],
        "buyer_reference": head["buyer_reference"],
        "state": state,
        "billing": head["billing"],
        "payment": head["payment"],
        "currency": head["currency"] or None,
        "total": money_text(head["total"]),
        "revision": head["revision"],
        "lines": [line_json(line) for line in lines],
        "holds": [hold_json(hold) for hold in holds],
        "documents": list(documents),
        "assignment": assignment_json(assigned),
    }


def details_json(document: Order, charges: Sequence[Json], *, to_house: bool = True) -> Json:
    """Return what one order tells beside what lists have; *to_house* also what the house alone is told."""
    return {
        "charges": list(charges),
        "notes": list(document.notes) if to_house else [],
        "gift_note": document.gift_note or None,
    }


def assignment_json(assigned: Assignment | None) -> Json | None:
    """Return from which warehouse an order is served, who looks after it and what decided so; None: nothing was chosen.

    What was compared stands in the review.
    """
    if assigned is None:
        return None
    return {
        "warehouse": assigned.warehouse,
        "team": assigned.team or None,
        "rule": assigned.rule,
        "rule_version": assigned.rule_version,
        "at": iso(assigned.at),
    }


def line_json(row: Any) -> Json:
    """Return ``L`` of the contracts; *row* has its keys as attributes, amounts as decimals."""
    return {
        "line": row.line,
        "sku": row.sku,
        "gtin": row.gtin or None,
        "buyer_code": row.buyer_code or None,
        "description": row.description,
        "quantity": text(row.quantity),
        "unit": row.unit,
        "price": None if row.price is None else text(row.price),
        "amount": None if row.amount is None else money_text(row.amount),
        "state": row.state,
        "promised_date": row.promised_date and row.promised_date.isoformat(),
        "reserved": text(row.reserved),
    }


def hold_json(row: Any) -> Json:
    """Return ``H`` of the contracts; *row* has its keys as attributes."""
    return {
        "code": row.code,
        "stage": row.stage,
        "line": row.line,
        "reason": row.reason,
        "inputs": row.inputs,
        "rule": row.rule,
        "rule_version": row.rule_version,
        "release_role": row.release_role,
        "release_when": row.release_when or None,
    }
