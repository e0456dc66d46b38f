"""Lists that are only read: partners, items, holds, shipments, invoices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.clock import iso
from core.reporting import cursor as cursors
from core.reporting.order_json import hold_json
from core.store.engine import Tx
from core.store.views import masters as views
from core.store.views.paging import partner_id_of
from core.values import money_text, text

Json = dict[str, Any]


def partners(tx: Tx, *, partner: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
    """Return trading partners by code; what we think of their credit is not told."""
    key = cursors.decode(cursor, str)
    rows, more = cursors.page(views.page_of_partners(tx, partner, key[0] if key else None, limit + 1), limit)
    found = [
        {
            "code": row.code,
            "name": row.name,
            "gln": row.gln,
            "account": row.account,
            "language": row.language,
            "currency": row.currency,
            "country": row.country,
            "tax_id": row.tax_id,
            "payment_terms_days": row.payment_terms_days,
            "payment_method": row.payment_method,
            "delivery_terms": row.delivery_terms,
            "transport_mode": row.transport_mode,
            "group": row.group_code,
            "carrier": row.carrier,
            "fulfilment": row.fulfilment,
        }
        for row in rows
    ]
    return {"items": found, "next": cursors.encode(rows[-1].code) if more else None}


def items(tx: Tx, *, q: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
    """Return catalogue items by SKU; what they cost us is not told."""
    key = cursors.decode(cursor, str)
    rows, more = cursors.page(views.page_of_items(tx, q, key[0] if key else None, limit + 1), limit)
    found = [
        {
            "sku": row.sku,
            "gtin": row.gtin,
            "description": row.description or None,
            "descriptions": row.descriptions,
            "unit": row.unit,
            "tax_class": row.tax_class,
            "weight_kg": None if row.weight_kg is None else text(row.weight_kg),
            "substitutes": row.substitutes,
        }
        for row in rows
    ]
    return {"items": found, "next": cursors.encode(rows[-1].sku) if more else None}


def holds(
    tx: Tx,
    *,
    partner: str | None = None,
    stage: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return open holds with their orders, oldest first."""
    key = cursors.decode(cursor, int)
    partner_id = None
    if partner is not None and (partner_id := partner_id_of(tx, partner)) is None:
        return {"items": [], "next": None}
    rows, more = cursors.page(views.page_of_holds(tx, partner_id, stage, key[0] if key else None, limit + 1), limit)
    found = [{**hold_json(row), "number": row.number, "partner": row.partner} for row in rows]
    return {"items": found, "next": cursors.encode(rows[-1].id) if more else None}


def shipments(
    tx: Tx,
    *,
    order: str | None = None,
    partner: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return shipments, newest first."""
    key = cursors.decode(cursor, int)
    partner_id = None
    if partner is not None and (partner_id := partner_id_of(tx, partner)) is None:
        return {"items": [], "next": None}
    found = views.page_of_shipments(tx, order, partner_id, key[0] if key else None, limit + 1)
    rows, more = cursors.page(found, limit)
    ssccs = views.ssccs_of(tx, [row.id for row in rows])
    told = [
        {
            "number": row.number,
            "order": row.order,
            "partner": row.partner,
            "state": row.state,
            "carrier": row.carrier,
            "tracking_number": row.tracking_number,
            "packages": ssccs[row.id],
            "packed_at": iso(row.packed_at),
            "shipped_at": _instant(row.shipped_at),
            "delivered_at": _instant(row.delivered_at),
            "signed_by": row.signed_by,
        }
        for row in rows
    ]
    return {"items": told, "next": cursors.encode(rows[-1].id) if more else None}


def invoices(
    tx: Tx,
    *,
    order: str | None = None,
    partner: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return invoices, newest first."""
    key = cursors.decode(cursor, int)
    partner_id = None
    if partner is not None and (partner_id := partner_id_of(tx, partner)) is None:
        return {"items": [], "next": None}
    found = views.page_of_invoices(tx, order, partner_id, key[0] if key else None, limit + 1)
    rows, more = cursors.page(found, limit)
    told = [
        {
            "number": row.number,
            "order": row.order,
            "shipment": row.shipment,
            "partner": row.partner,
            "state": row.state,
            "issued_at": iso(row.issued_at),
            "due": row.due.isoformat(),
            "currency": row.currency,
            "net": money_text(row.net),
            "tax": money_text(row.tax),
            "total": money_text(row.total),
            "approved_by": row.approved_by,
        }
        for row in rows
    ]
    return {"items": told, "next": cursors.encode(rows[-1].id) if more else None}


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
