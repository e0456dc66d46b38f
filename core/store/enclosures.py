"""Rows of what goes with the confirmation of an order's revision: a note, and attached files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from core.store.engine import Tx
from core.store.tables.confirmations import order_attachments, order_notes

_NOTE = select(order_notes.c.text).where(
    order_notes.c.order_id == bindparam("order_id"), order_notes.c.revision == bindparam("revision")
)
_ATTACHED = (
    select(order_attachments)
    .where(order_attachments.c.order_id == bindparam("order_id"), order_attachments.c.revision == bindparam("revision"))
    .order_by(order_attachments.c.id)
)

_NAMED = select(order_attachments.c.id).where(order_attachments.c.sha256 == bindparam("sha256")).limit(1)


def note_of(tx: Tx, order_id: int, revision: int) -> str:
    """Return the note that goes with the confirmation of a revision, "" for none."""
    return tx.execute(_NOTE, {"order_id": order_id, "revision": revision}).scalar() or ""


def set_note(tx: Tx, order_id: int, revision: int, text: str, *, actor: str, at: datetime) -> None:
    """Put *text* in the place of the note; "" takes it away."""
    key = {"order_id": order_id, "revision": revision}
    tx.execute(delete(order_notes).where(order_notes.c.order_id == order_id, order_notes.c.revision == revision))
    if text:
        tx.execute(insert(order_notes), {**key, "text": text, "actor": actor, "at": at})


def attachments_of(tx: Tx, order_id: int, revision: int) -> list[dict[str, Any]]:
    """Return the files that go with the confirmation of a revision, in the sequence in which they were attached."""
    return [dict(row) for row in tx.execute(_ATTACHED, {"order_id": order_id, "revision": revision}).mappings()]


def is_attached(tx: Tx, sha256: str) -> bool:
    """Tell whether a file with these bytes goes with any confirmation."""
    return tx.execute(_NAMED, {"sha256": sha256}).first() is not None


def attach(tx: Tx, order_id: int, revision: int, *, at: datetime, **values: Any) -> int:
    """Attach one file (``name``, ``media_type``, ``sha256``, ``size``, ``actor``) and return its id."""
    attachment_id = tx.ids.next()
    tx.execute(
        insert(order_attachments), {"id": attachment_id, "order_id": order_id, "revision": revision, "at": at, **values}
    )
    return attachment_id


def detach(tx: Tx, order_id: int, revision: int, attachment_id: int) -> bool:
    """Take one file away; False where there is none of that id."""
    gone = tx.execute(
        delete(order_attachments).where(
            order_attachments.c.id == attachment_id,
            order_attachments.c.order_id == order_id,
            order_attachments.c.revision == revision,
        )
    )
    return gone.rowcount == 1
