"""Pages of partners, items, stock, holds, shipments and invoices by key."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, or_, select

from core.store.engine import Tx
from core.store.tables.master import addresses, items, partner_edi, partners, stock
from core.store.tables.notices import partner_notices
from core.store.tables.ordering import holds, orders
from core.store.tables.shipping import invoices, packages, shipments
from core.store.views.orders import ENDED
from core.store.views.paging import chunks


def page_of_partners(tx: Tx, code: str | None, after: str | None, limit: int) -> list[Any]:
    """Return partners by code behind *after*."""
    statement = select(partners).order_by(partners.c.code).limit(limit)
    if code is not None:
        statement = statement.where(partners.c.code == code)
    if after is not None:
        statement = statement.where(partners.c.code > after)
    return list(tx.execute(statement).all())


def page_of_items(tx: Tx, text: str | None, after: str | None, limit: int) -> list[Any]:
    """Return items by SKU behind *after*; *text* is a part of SKU, GTIN or description."""
    statement = select(items).order_by(items.c.sku).limit(limit)
    if text is not None:
        columns = (items.c.sku, items.c.gtin, items.c.description)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if after is not None:
        statement = statement.where(items.c.sku > after)
    return list(tx.execute(statement).all())


def page_of_stock(
    tx: Tx, sku: str | None, warehouse: str | None, after: tuple[str, str] | None, limit: int
) -> list[Any]:
    """Return stock by SKU and warehouse behind *after*."""
    statement = select(stock).order_by(stock.c.sku, stock.c.warehouse).limit(limit)
    if sku is not None:
        statement = statement.where(stock.c.sku == sku)
    if warehouse is not None:
        statement = statement.where(stock.c.warehouse == warehouse)
    if after is not None:
        behind = and_(stock.c.sku == after[0], stock.c.warehouse > after[1])
        statement = statement.where(or_(stock.c.sku > after[0], behind))
    return list(tx.execute(statement).all())


def page_of_holds(tx: Tx, partner_id: int | None, stage: str | None, after: int | None, limit: int) -> list[Any]:
    """Return holds in force behind *after*, oldest first, with ``number`` and ``partner`` of their order.

    A declined or cancelled order is blocked by nothing any more; its holds are left out.
    """
    statement = (
        select(holds, orders.c.number, partners.c.code.label("partner"))
        .join(orders, orders.c.id == holds.c.order_id)
        .join(partners, partners.c.id == orders.c.partner_id)
        .where(holds.c.released_at.is_(None), orders.c.state.not_in(ENDED))
        .order_by(holds.c.id)
        .limit(limit)
    )
    if partner_id is not None:
        statement = statement.where(orders.c.partner_id == partner_id)
    if stage is not None:
        statement = statement.where(holds.c.stage == stage)
    if after is not None:
        statement = statement.where(holds.c.id > after)
    return list(tx.execute(statement).all())


def page_of_shipments(tx: Tx, order: str | None, partner_id: int | None, before: int | None, limit: int) -> list[Any]:
    """Return shipments with ids below *before*, newest first, with ``order`` (its number) and ``partner``."""
    statement = (
        select(shipments, orders.c.number.label("order"), partners.c.code.label("partner"))
        .join(orders, orders.c.id == shipments.c.order_id)
        .join(partners, partners.c.id == shipments.c.partner_id)
        .order_by(shipments.c.id.desc())
        .limit(limit)
    )
    if order is not None:
        statement = statement.where(orders.c.number == order)
    if partner_id is not None:
        statement = statement.where(shipments.c.partner_id == partner_id)
    if before is not None:
        statement = statement.where(shipments.c.id < before)
    return list(tx.execute(statement).all())


def ssccs_of(tx: Tx, shipment_ids: list[int]) -> dict[int, list[str]]:
    """Return the SSCCs of each shipment's packages in packing order."""
    found: dict[int, list[str]] = {shipment_id: [] for shipment_id in shipment_ids}
    for chunk in chunks(shipment_ids):
        statement = (
            select(packages.c.shipment_id, packages.c.sscc)
            .where(packages.c.shipment_id.in_(chunk))
            .order_by(packages.c.shipment_id, packages.c.ordinal)
        )
        for row in tx.execute(statement):
            found[row.shipment_id].append(row.sscc)
    return found


def page_of_invoices(tx: Tx, order: str | None, partner_id: int | None, before: int | None, limit: int) -> list[Any]:
    """Return invoices with ids below *before*, newest first, with ``order``, ``shipment`` and ``partner``."""
    statement = (
        select(
            invoices,
            orders.c.number.label("order"),
            shipments.c.number.label("shipment"),
            partners.c.code.label("partner"),
        )
        .join(orders, orders.c.id == invoices.c.order_id)
        .join(partners, partners.c.id == invoices.c.partner_id)
        .outerjoin(shipments, shipments.c.id == invoices.c.shipment_id)
        .order_by(invoices.c.id.desc())
        .limit(limit)
    )
    if order is not None:
        statement = statement.where(orders.c.number == order)
    if partner_id is not None:
        statement = statement.where(invoices.c.partner_id == partner_id)
    if before is not None:
        statement = statement.where(invoices.c.id < before)
    return list(tx.execute(statement).all())


def partners_by_code(tx: Tx, codes: Collection[str]) -> list[Any]:
    """Return the partners of *codes* that there are."""
    found: list[Any] = []
    for chunk in chunks(sorted(codes)):
        found += tx.execute(select(partners).where(partners.c.code.in_(chunk)))
    return found


def parts_of_partners(tx: Tx, ids: Collection[int]) -> dict[int, tuple[list[Any], list[Any], list[Any]]]:
    """Return the EDI identities, addresses and preferences of notices of each partner, each in its sequence."""
    found: dict[int, tuple[list[Any], list[Any], list[Any]]] = {one: ([], [], []) for one in ids}
    tables = (
        (partner_edi, (partner_edi.c.edi_id, partner_edi.c.qualifier)),
        (addresses, (addresses.c.role, addresses.c.gln, addresses.c.ordinal)),
        (partner_notices, (partner_notices.c.ordinal,)),
    )
    for chunk in chunks(sorted(ids)):
        for place, (table, order) in enumerate(tables):
            for row in tx.execute(select(table).where(table.c.partner_id.in_(chunk)).order_by(*order)).mappings():
                found[row["partner_id"]][place].append(dict(row))
    return found
