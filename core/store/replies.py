"""What the renderer asks of an outbox row: under which envelope and directory its message goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from core.store.engine import Tx
from core.store.outbox import Unrendered
from core.store.tables.intake import documents, interchanges
from core.store.tables.ordering import orders

_ENVELOPE = select(
    interchanges.c.sender, interchanges.c.sender_qualifier, interchanges.c.recipient,
    interchanges.c.recipient_qualifier, interchanges.c.syntax,
)  # fmt: skip
_OF_INTERCHANGE = _ENVELOPE.where(interchanges.c.id == bindparam("interchange_id"))
_SOURCE_OF = select(interchanges.c.source_id).where(interchanges.c.id == bindparam("interchange_id"))
_OF_ORDER = (
    _ENVELOPE.add_columns(documents.c.version, documents.c.association)
    .select_from(orders)
    .join(documents, documents.c.id == orders.c.document_id)
    .join(interchanges, interchanges.c.id == documents.c.interchange_id)
    .where(orders.c.id == bindparam("order_id"))
)


class Addressed(NamedTuple):
    """The interchange that an answer follows: whose identities are turned round, its syntax and directory."""

    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str
    syntax: str
    #: ``D.96A`` and the association code of the order, "" where it came by another channel
    version: str
    association: str


def addressed(tx: Tx, *, interchange_id: int | None, order_id: int | None) -> Addressed | None:
    """Return what an outbox row answers: its interchange, else the one its order came in; None if there is none."""
    if order_id is not None:
        row = tx.execute(_OF_ORDER, {"order_id": order_id}).first()
        return Addressed._make(row) if row else None
    if interchange_id is None:
        return None
    found = tx.execute(_OF_INTERCHANGE, {"interchange_id": interchange_id}).first()
    return Addressed._make((*found, "", "")) if found else None


def source_of(tx: Tx, row: Unrendered) -> int | None:
    """Return the source whose reply a row is: a technical receipt names only its interchange, not to wait for it."""
    if row.source_id is not None or row.type != "CONTRL" or row.interchange_id is None:
        return row.source_id
    found: int | None = tx.execute(_SOURCE_OF, {"interchange_id": row.interchange_id}).scalar()
    return found


def group_keys(rows: Sequence[Unrendered]) -> list[list[Unrendered]]:
    """Group outbox rows that share one outbound interchange: the replies of one type to one received interchange.

    A row without a source is rendered alone (a released hold, a despatch advice, an invoice).
    """
    groups: dict[tuple[Any, ...], list[Unrendered]] = {}
    for row in rows:
        alone = row.source_id is None
        key = (row.partner_id, row.type, row.id if alone else row.interchange_id, row.test)
        groups.setdefault(key, []).append(row)
    # The receipt of the envelope goes first.
    return sorted(groups.values(), key=lambda group: group[0].type != "CONTRL")
