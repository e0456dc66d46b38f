"""What the orders of a customer teach about its papers, tried on those that are stored before it is used (INT-05).

Learned is what a person vouched for by submitting a draft, and the form of numbers whose text was not guessed. A lesson
that would have read a stored paper otherwise than its order says is refused, and one that a person revoked is not
learned again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from core.errors import Conflict
from core.paper.acceptance import form_of
from core.paper.customer import senders_of
from core.paper.known import Memory
from core.provenance import Violation, fault
from core.reading import Letter
from core.store import paper_memory as rows
from core.store import papers
from core.store.engine import Tx

#: ``reference``: the form of the customer's order numbers; ``sender``: where its orders come from
Kind = Literal["reference", "sender"]

#: a form with fewer digits fits too much to prove anything
_DIGITS: Final = 4
_LONGEST: Final = 250


def remembered(tx: Tx, partner: str) -> Memory:
    """Return what is remembered of a customer; nothing of none."""
    if not partner:
        return Memory()
    return Memory(rows.active(tx, partner, "reference"), rows.active(tx, partner, "sender"))


def learn_reference(
    tx: Tx, partner: str, reference: str, *, source_id: int, order_id: int, actor: str, at: datetime
) -> None:
    """Remember the form of an order number, unless a stored paper refutes it."""
    form = form_of(reference)
    if sum(sign.isdigit() for sign in form) < _DIGITS or len(form) > _LONGEST:
        return
    if not rows.is_known(tx, partner, "reference", form):
        refuted = _refuted_reference(tx, partner, form)
        _keep(tx, partner, "reference", form, refuted, source_id=source_id, order_id=order_id, actor=actor, at=at)


def learn(tx: Tx, partner: str, reference: str, *, source_id: int, order_id: int, actor: str, at: datetime) -> None:
    """Remember what a person vouched for: the form of the order number, and where the mail came from."""
    learn_reference(tx, partner, reference, source_id=source_id, order_id=order_id, actor=actor, at=at)
    source = papers.source(tx, source_id)
    letter = source and source["letter"]
    if not letter or letter["automatic"]:
        return
    # Of a mail that was sent on, its first sender is the customer; the last is a colleague of ours or of theirs.
    sender = next(reversed(senders_of(Letter(**letter))), "").lower()
    if not sender or len(sender) > _LONGEST or rows.is_known(tx, partner, "sender", sender):
        return
    refuted = None
    if others := rows.others_of_sender(tx, sender, partner):
        paper, other = others[0]
        refuted = fault("paper.memory_sender", {"sender": sender, "paper": str(paper), "partner": other})
    _keep(tx, partner, "sender", sender, refuted, source_id=source_id, order_id=order_id, actor=actor, at=at)


def revoke(tx: Tx, memory_id: int, *, actor: str, at: datetime, reason: str) -> None:
    """Forget a lesson for good.

    Raises:
        NotFound: there is none of that id.
        Conflict: it is not in use.
    """
    row = rows.get(tx, memory_id, lock=True)
    if row["state"] != "active":
        raise Conflict(f"lesson {memory_id} is {row['state']}", inputs={"state": row["state"]})
    rows.revoke(tx, memory_id, actor=actor, at=at, reason=reason)


def _refuted_reference(tx: Tx, partner: str, form: str) -> Violation | None:
    """Return the first stored paper on which a number of this form was read that its order does not have."""
    for source_id, fields, meant in rows.read_and_meant(tx, partner):
        read = _likeliest(fields.get("buyer_reference", {}))
        if read and form_of(read) == form and read != meant:
            return fault(
                "paper.memory_reference", {"form": form, "paper": str(source_id), "read": read, "meant": meant}
            )
    return None


def _likeliest(field: Mapping[str, Any]) -> str:
    """Return the value that acceptance would take of a field as it was judged."""
    candidates = field.get("candidates", ())
    return str(candidates[0]["value"] if candidates else field.get("value", ""))


def _keep(
    tx: Tx, partner: str, kind: Kind, value: str, refuted: Violation | None, *, source_id: int, order_id: int,
    actor: str, at: datetime,
) -> None:  # fmt: skip
    rows.add(
        tx,
        {
            "partner": partner, "kind": kind, "value": value, "state": "refused" if refuted else "active",
            "refused": refuted.kept() if refuted else None, "source_id": source_id, "order_id": order_id,
            "learned_by": actor[:100], "learned_at": at,
        },
    )  # fmt: skip
