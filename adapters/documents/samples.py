"""Facts as they might be, one set for every notice: templates are tried with them before anybody gets a notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_PARTY: Final = {
    "role": "BY", "gln": "4012345000009", "code": "", "name": "Acme Retail", "street": "Hauptstr. 7",
    "city": "Berlin", "region": "", "postal_code": "10115", "country": "DE", "tax_id": "", "contact": "", "phone": "",
    "email": "",
}  # fmt: skip
_ORDER: Final = {
    "number": "2026-ED-000123", "buyer_reference": "PO-4711", "revision": 1, "channel": "ED", "type": "urgent",
    "state": "confirmed", "test": False, "received_at": "2026-03-02T08:00:00.000000Z", "order_date": "2026-03-02",
    "currency": "EUR", "total": "15126.30", "goods": "15131.40", "gross": "16185.73",
    "requested_date": "2026-03-09", "promised_date": "2026-03-09",
}  # fmt: skip
_COMMON: Final = {
    "order": _ORDER,
    "partner": {
        "code": "ACME", "name": "Acme Retail", "account": "10001", "language": "en", "contact": "Chris Weber",
        "vip": False,
        "group": "RETAIL",
    },
    "company": {
        "name": "Muster Supply GmbH", "tax_id": "DE123456788", "bank_account": "DE02120300000000202051",
        "timezone": "Europe/Berlin",
        "address": {
            **_PARTY, "role": "SU", "name": "Muster Supply GmbH", "street": "Am Lager 1", "city": "Hamburg",
            "postal_code": "20457", "gln": "4054321000009",
        },
    },
    "account_manager": {"name": "Kim Lee", "email": "kim.lee@muster.example", "phone": "+49 40 1"},
    "link": "https://orders.example/public/confirmations/sample",
}  # fmt: skip


def _line(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "line": number, "answer": "5", "sku": f"CUP-{number}", "gtin": "4054321000016", "buyer_code": f"B-{number}",
        "description": "Cup, white, 0.3 l", "descriptions": {"de": "Becher, weiß, 0,3 l"},
        "unit": "C62", "quantity": "10", "ordered": "10", "backordered": None,
        "price": "12.5", "asked_price": "12.5", "amount": "125.00", "promised_date": "2026-03-09",
        "requested_date": None, "schedule": [], "note": "", "differs": [],
    } | changes  # fmt: skip


_ANSWER: Final = {
    "function": "4", "answered_at": "2026-03-02T08:00:01.000000Z", "change_reference": "", "reasons": [],
    "differs": True,
}  # fmt: skip
_CONFIRMATION: Final = {
    "answer": _ANSWER,
    "lines": [
        _line(1),
        _line(
            2, answer="3", quantity="1200.5", ordered="2000", amount="15006.25", differs=["quantity"], unit="KGM",
            backordered="799.5",
        ),
        _line(3, answer="7", quantity="0", ordered="3", amount="0.00", promised_date=None, differs=["quantity"]),
        _line(
            4, price="0.015", asked_price="0.014", amount="0.15", differs=["price", "date"],
            requested_date="2026-03-05",
            schedule=[{"quantity": "4", "day": "2026-03-09"}, {"quantity": "6", "day": "2026-03-20"}],
        ),
    ],
    "charges": [
        {"kind": "shipping", "line": None, "label": "Post", "reference": "", "amount": "4.90", "tax_rate": "19"},
        {"kind": "discount", "line": 2, "label": "", "reference": "SPRING", "amount": "-10.00", "tax_rate": "7"},
    ],
    "taxes": [
        {"rate": "7", "base": "15121.40", "tax": "1058.50"},
        {"rate": "19", "base": "4.90", "tax": "0.93"},
    ],
    "buyer": _PARTY,
    "ship_to": {**_PARTY, "role": "DP", "name": "Acme Store 7"},
    "payment": {"days": 30, "prepayment": False, "method": "transfer", "words": "2 % within 10 days"},
    "agreements": [
        {"kind": "contract", "value": "C-77", "line": None},
        {"kind": "order_type", "value": "urgent", "line": None},
        {"kind": "delivery_terms", "value": "DAP", "line": None},
        {"kind": "transport_mode", "value": "road", "line": None},
        {"kind": "reservation_days", "value": "7", "line": None},
        {"kind": "quantity_tolerance", "value": "5", "line": None},
        {"kind": "price.customer", "value": "12.5", "line": 1},
        {"kind": "price.promotion", "value": "0.015", "line": 4},
    ],
    "notes": ["Please ring at gate 3."],
    "attachments": [{"name": "drawing.pdf", "media_type": "application/pdf", "size": 1024, "sha256": "0" * 64}],
}  # fmt: skip
_SHIPMENT: Final = {
    "number": "DA-000045", "carrier": "Sandbox Express", "tracking_number": "SBX000045",
    "tracking_url": "https://track.example/SBX000045", "eta": "2026-03-06T10:00:00.000000Z",
    "shipped_at": "2026-03-04T15:00:00.000000Z", "delivered_at": None, "packages": 2, "signed_by": "",
}  # fmt: skip
_DELIVERY: Final = {"expected_date": "2026-03-11", "promised_date": "2026-03-09", "reason": "customs"}
_INVOICE: Final = {
    "number": "INV-2026-000031", "currency": "EUR", "net": "1418.97", "tax": "269.60", "total": "1688.57",
    "open_amount": "1688.57", "issued_on": "2026-03-10", "due": "2026-04-09", "days_overdue": 7, "step": 1,
}  # fmt: skip
_OWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "order.confirmed": _CONFIRMATION,
    "order.changed": {**_CONFIRMATION, "order": {**_ORDER, "revision": 2}},
    "order.refused": {
        "answer": {**_ANSWER, "function": "27", "reasons": ["the items are discontinued"]},
        "reason": "We may offer a substitute.",
    },
    "order.question": {"question": {"text": "Which of the two addresses is right?", "code": "customer.discrepancy"}},
    "order.shipped": {"shipment": _SHIPMENT},
    "delivery.tomorrow": {"shipment": _SHIPMENT, "delivery": _DELIVERY},
    "delivery.delayed": {"shipment": _SHIPMENT, "delivery": _DELIVERY},
    "order.completed": {},
    "invoice.issued": {"invoice": _INVOICE},
    "payment.reminder": {"invoice": _INVOICE},
    "paper.question": {
        "order": {"buyer_reference": "PO-4711", "test": False},
        "paper": {"subject": "Order PO-4711", "sent_on": "2026-03-02T07:58:00.000000Z"},
        "asked": [
            {
                "order": "PO-4711",
                "line": 2,
                "code": "paper.item_unknown",
                "fields": [{"field": "sku", "said": "CUP-9", "candidates": []}],
            },
            {
                "order": "PO-4711",
                "line": None,
                "code": "paper.date_doubtful",
                "fields": [{"field": "requested_date", "said": "03/04/26", "candidates": ["2026-04-03", "2026-03-04"]}],
            },
        ],
    },
    "exception.raised": {
        "exception": {"code": "stock.short", "summary": "3 lines are short", "severity": "high", "role": "operations"}
    },
}


def sample(notice: str) -> dict[str, Any]:
    """Return JSON-ready facts of *notice*, with every value that may be there."""
    return {**_COMMON, **_OWN[notice]}
