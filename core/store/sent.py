"""The documents of ours that a partner's answer speaks of, by their transmission or by their number."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Select, Table, Text, bindparam, select, type_coerce

from core.store.engine import Tx
from core.store.outbox import OutboxRow, append
from core.store.tables.invoice_drafts import credit_notes
from core.store.tables.messaging import outbox
from core.store.tables.ordering import orders
from core.store.tables.shipping import invoices, shipments


def _numbered(table: Table) -> ColumnElement[bool]:
    return table.c.number == bindparam("number")


class SentDocument(NamedTuple):
    """One outbound document: its outbox row, the transmission that carries it and its order."""

    id: int
    transmission_id: int
    type: str
    order_id: int | None


_COLUMNS = (outbox.c.id, outbox.c.transmission_id, outbox.c.type, outbox.c.order_id)
_IN_TRANSMISSION = (
    select(*_COLUMNS).where(outbox.c.transmission_id == bindparam("transmission_id")).order_by(outbox.c.id)
)
_LATEST = (
    select(*_COLUMNS)
    .where(
        outbox.c.order_id == bindparam("order_id"),
        outbox.c.type == bindparam("type"),
        outbox.c.partner_id == bindparam("partner_id"),
        outbox.c.transmission_id > 0,
    )
    .order_by(outbox.c.id.desc())
)
_LATEST_SAYING = _LATEST.where(type_coerce(outbox.c.payload, Text) == bindparam("payload"))
_ORDER_OF_PARTNER = select(orders.c.id, orders.c.id.label("order_id")).where(
    orders.c.partner_id == bindparam("partner_id")
)
_BY_OUR_NUMBER = _ORDER_OF_PARTNER.where(orders.c.number == bindparam("number"))
#: UN data element 1153 -> what kind of document it numbers, where the number stands, how its outbox row names it
_KINDS: Final[dict[str, tuple[str, Select[Any], str]]] = {
    "ON": ("ORDRSP", _ORDER_OF_PARTNER.where(orders.c.buyer_reference == bindparam("number")), ""),
    **dict.fromkeys(("VN", "POR"), ("ORDRSP", _BY_OUR_NUMBER, "")),
    "IV": ("INVOIC", select(invoices.c.id, invoices.c.order_id).where(_numbered(invoices)), "invoice_id"),
    "CD": (
        "INVOIC",
        select(credit_notes.c.id, credit_notes.c.order_id).where(_numbered(credit_notes)),
        "credit_note_id",
    ),
    "AAK": ("DESADV", select(shipments.c.id, shipments.c.order_id).where(_numbered(shipments)), "shipment_id"),
}
#: a number of any document: it is looked for as each of them
_ANY: Final = ("IV", "CD", "AAK", "VN", "ON")


def documents_in(tx: Tx, transmission_id: int) -> list[SentDocument]:
    """Return the documents of a transmission in the order of its messages, which count from 1."""
    return [SentDocument._make(row) for row in tx.execute(_IN_TRANSMISSION, {"transmission_id": transmission_id})]


def document_named(tx: Tx, partner_id: int, qualifier: str, number: str) -> SentDocument | None:
    """Return the latest document of ours that a partner names by *number* (1154) of the kind *qualifier* (1153).

    ON is the buyer's own order number, VN and POR ours, IV an invoice, CD a credit note, AAK a despatch advice; DM any
    document.
    """
    for kind in _ANY if qualifier == "DM" else (qualifier,):
        if kind not in _KINDS:
            continue
        message_type, statement, key = _KINDS[kind]
        for named in tx.execute(statement, {"partner_id": partner_id, "number": number}).all():
            wanted = {"partner_id": partner_id, "order_id": named.order_id, "type": message_type}
            if key:
                wanted["payload"] = orjson.dumps({key: named.id}).decode()
            row = tx.execute(_LATEST_SAYING if key else _LATEST, wanted).first()
            if row is not None:
                return SentDocument._make(row)
    return None


def queue_copies(tx: Tx, transmission_id: int, at: int) -> list[int]:
    """Queue everything that a transmission carried once more, to be rendered under new references; return the ids.

    *at* is in microseconds.
    """
    wanted = select(
        outbox.c.partner_id, outbox.c.type, outbox.c.source_id, outbox.c.interchange_id, outbox.c.order_id,
        outbox.c.document_id, type_coerce(outbox.c.payload, Text), outbox.c.test,
    ).where(outbox.c.transmission_id == transmission_id).order_by(outbox.c.id)  # fmt: skip
    found = tx.execute(wanted).all()
    ids = list(tx.ids.take(len(found)))
    append(tx, [OutboxRow._make((row_id, *row, at, None)) for row_id, row in zip(ids, found, strict=True)])
    return ids
