"""Rows of shipments, packages and tracking events."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from core.errors import Conflict, NotFound
from core.store.engine import Tx
from core.store.tables.shipping import packages, shipments, tracking_events


class ShipmentRow(NamedTuple):
    """One shipment; ``number`` is the despatch advice's, ``booking_reference`` ours at the carrier."""

    id: int
    number: str
    order_id: int
    partner_id: int
    carrier: str
    state: str
    booking_reference: str
    tracking_number: str | None
    packed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    signed_by: str | None


class PackageRow(NamedTuple):
    """One package: its SSCC, weight in kg and the quantity of each order line in it."""

    sscc: str
    ordinal: int
    weight_kg: Decimal | None
    content: tuple[tuple[int, Decimal], ...]


class TrackingFact(NamedTuple):
    """One carrier event that was taken in."""

    event_id: str
    status: str
    at: datetime
    place: str
    detail: str


def insert_shipment(tx: Tx, row: ShipmentRow) -> None:
    """Add a shipment."""
    tx.execute(insert(shipments).values(**row._asdict()))


def insert_packages(tx: Tx, shipment_id: int, rows: Sequence[PackageRow]) -> None:
    """Add the packages of a shipment, without labels."""
    tx.connection.execute(
        insert(packages),
        [
            {
                "sscc": row.sscc,
                "shipment_id": shipment_id,
                "ordinal": row.ordinal,
                "weight_kg": row.weight_kg,
                "content": [{"line": line, "quantity": str(quantity)} for line, quantity in row.content],
                "label_type": None,
                "label": None,
            }
            for row in rows
        ],
    )


def shipment_row(tx: Tx, shipment_id: int) -> ShipmentRow:
    """Return one shipment.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(shipments).where(shipments.c.id == shipment_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no shipment {shipment_id}")
    return ShipmentRow._make(row)


def shipment_id_of(tx: Tx, number: str) -> int | None:
    """Return the id of the shipment under a despatch advice number, None where there is none."""
    return tx.execute(select(shipments.c.id).where(shipments.c.number == number)).scalar()


def shipments_of(tx: Tx, order_id: int) -> list[ShipmentRow]:
    """Return an order's shipments, oldest first, cancelled ones left out."""
    statement = (
        select(shipments)
        .where(shipments.c.order_id == order_id, shipments.c.state != "cancelled")
        .order_by(shipments.c.id)
    )
    return [ShipmentRow._make(row) for row in tx.execute(statement)]


def packages_of(tx: Tx, shipment_id: int) -> list[PackageRow]:
    """Return a shipment's packages in order, labels left in the store."""
    statement = (
        select(packages.c.sscc, packages.c.ordinal, packages.c.weight_kg, packages.c.content)
        .where(packages.c.shipment_id == shipment_id)
        .order_by(packages.c.ordinal)
    )
    return [
        PackageRow(
            row.sscc,
            row.ordinal,
            row.weight_kg,
            tuple((part["line"], Decimal(part["quantity"])) for part in row.content),
        )
        for row in tx.execute(statement)
    ]


def shipped_quantities(tx: Tx, order_id: int) -> dict[int, Decimal]:
    """Return how much of each order line has left, in all shipments together."""
    statement = (
        select(packages.c.content)
        .join(shipments, shipments.c.id == packages.c.shipment_id)
        .where(shipments.c.order_id == order_id, shipments.c.shipped_at.is_not(None), shipments.c.state != "cancelled")
    )
    totals: dict[int, Decimal] = {}
    for content in tx.execute(statement).scalars():
        for part in content:
            totals[part["line"]] = totals.get(part["line"], Decimal(0)) + Decimal(part["quantity"])
    return totals


def label_of(tx: Tx, sscc: str) -> tuple[str, bytes] | None:
    """Return media type and bytes of a package's label, None while it has none."""
    row = tx.execute(select(packages.c.label_type, packages.c.label).where(packages.c.sscc == sscc)).one_or_none()
    return None if row is None or row.label is None else (row.label_type, bytes(row.label))


def quantities(rows: Collection[PackageRow]) -> dict[int, Decimal]:
    """Return how much of each order line lies in these packages."""
    totals: dict[int, Decimal] = {}
    for row in rows:
        for line, quantity in row.content:
            totals[line] = totals.get(line, Decimal(0)) + quantity
    return totals


def change_shipment(tx: Tx, shipment: ShipmentRow, **changes: Any) -> ShipmentRow:
    """Write *changes* to a shipment that is still in the state it was read in.

    Raises:
        Conflict: somebody moved it since.
    """
    statement = update(shipments).where(shipments.c.id == shipment.id, shipments.c.state == shipment.state)
    if tx.execute(statement.values(**changes)).rowcount != 1:
        raise Conflict(f"shipment {shipment.number} is no longer {shipment.state}")
    return shipment._replace(**changes)


def store_labels(tx: Tx, shipment_id: int, labels: Mapping[str, tuple[str, bytes]]) -> int:
    """Keep the labels by SSCC and return how many packages of the shipment got theirs."""
    stored = 0
    for sscc, (media_type, content) in labels.items():
        stored += tx.execute(
            update(packages)
            .where(packages.c.sscc == sscc, packages.c.shipment_id == shipment_id)
            .values(label_type=media_type, label=content)
        ).rowcount
    return stored


def tracking_facts(tx: Tx, shipment_id: int) -> list[TrackingFact]:
    """Return every carrier event of a shipment, oldest first."""
    statement = (
        select(*(tracking_events.c[name] for name in TrackingFact._fields))
        .where(tracking_events.c.shipment_id == shipment_id)
        .order_by(tracking_events.c.at, tracking_events.c.event_id)
    )
    return [TrackingFact._make(row) for row in tx.execute(statement)]


def insert_tracking(tx: Tx, shipment_id: int, facts: Sequence[TrackingFact], document_id: int) -> None:
    """Add carrier events that are not there yet (:func:`tracking_facts` tells which are)."""
    tx.connection.execute(
        insert(tracking_events).values(shipment_id=bindparam("of_shipment"), document_id=bindparam("of_document")),
        [{**fact._asdict(), "of_shipment": shipment_id, "of_document": document_id} for fact in facts],
    )
