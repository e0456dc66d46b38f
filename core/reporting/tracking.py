"""What whoever holds the link of a notice may see of its order, and nothing internal (CNF-18, ORD-15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.clock import iso
from core.errors import NotFound
from core.ordering.states import PUBLIC, roll_up
from core.store import arrivals, notices, shipping
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.links import Link, find_link
from core.store.lookup import MasterCache, our_company
from core.values import money_text, text

Json = dict[str, Any]


def opened(tx: Tx, token: str, now: datetime) -> Link:
    """Return what *token* opens.

    Raises:
        NotFound: it is unknown or has expired; which of both is not told.
    """
    link = find_link(tx, token, now)
    if link is None:
        raise NotFound("this link is not valid, or no longer", hint="Ask us for a new one.")
    return link


def tracked(tx: Tx, token: str, now: datetime) -> Json:
    """Return the order behind *token* as its customer may see it: status, days, shipments and where they were.

    Raises:
        NotFound: the token is unknown or has expired.
    """
    order = order_rows.by_id(tx, opened(tx, token, now).order_id)
    shipments = [
        _shipment(tx, shipment)
        for shipment in shipping.shipments_of(tx, order["id"])
        if shipment.shipped_at is not None
    ]
    expected = [shipment["expected_date"] for shipment in shipments if shipment["expected_date"]]
    return {
        "number": order["number"],
        "buyer_reference": order["buyer_reference"],
        "seller": our_company(tx, MasterCache()).name,
        "status": PUBLIC[roll_up(order["state"], order["billing"], order["payment"])],
        "promised_date": _day(order["promised_date"]),
        "expected_date": max(expected, default=_day(order["promised_date"])),
        "shipments": shipments,
    }


def confirmed(tx: Tx, token: str, now: datetime) -> Json:
    """Return the order behind *token* with its lines, and whether the customer was seen to have the confirmation.

    Raises:
        NotFound: the token is unknown or has expired.
    """
    link = opened(tx, token, now)
    order = order_rows.by_id(tx, link.order_id)
    notice = notices.notice_row(tx, link.notice_id)
    return {
        **tracked(tx, token, now),
        "currency": order["currency"],
        "total": money_text(order["total"]),
        "seen_at": None if notice["seen_at"] is None else iso(notice["seen_at"]),
        "seen_by": notice["seen_by"],
        "lines": [
            {
                "line": line["line"],
                "description": line["description"],
                "quantity": text(line["quantity"]),
                "unit": line["unit"],
                "promised_date": _day(line["promised_date"]),
            }
            for line in order_rows.lines_of(tx, order["id"])
        ],
    }


def _shipment(tx: Tx, row: shipping.ShipmentRow) -> Json:
    expected = arrivals.expected_on(tx, row.id)
    return {
        "carrier": row.carrier,
        "tracking_number": row.tracking_number or "",
        "shipped_at": _at(row.shipped_at),
        "expected_date": None if row.delivered_at or expected is None else expected.isoformat(),
        "delivered_at": _at(row.delivered_at),
        "events": [
            {"at": iso(fact.at), "status": fact.status, "place": fact.place}
            for fact in shipping.tracking_facts(tx, row.id)
        ],
    }


def _at(when: datetime | None) -> str | None:
    return None if when is None else iso(when)


def _day(day: Any) -> str | None:
    return None if day is None else str(day)
