"""Judges a kept document again, from the kept bytes: after the partner was configured, or a fault was mended.

An envelope that was parked as a whole is replayed as a whole, because its CONTRL speaks for all of it; so are the
messages that one rejected message of their interchange held up. It is read by the guide of today; where that is
another than judged it before, the document says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.errors import Conflict, ValueRefused
from core.intake.gate import SUSPENDED
from core.intake.handlers import Judged
from core.intake.judge import Bench, judge_again
from core.ports import Decoded, Interchange, PartnerGuide
from core.provenance import Severity, Violation, fault
from core.store import guides
from core.store import intake as rows
from core.store.alerts import close_alert, close_alerts_of_document
from core.store.engine import Tx
from core.store.lookup import MasterCache, find_agreement

#: outcomes that may change; an accepted, changed or duplicate document stays what it is
REPLAYABLE = ("rejected", "parked", "waiting")


class ReasonMissing(ValueRefused):
    """The act takes a reason."""

    code = "replay.reason_missing"


def what_to_replay(
    tx: Tx, document_id: int, *, reason: str
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """Return (source, interchange, document rows) that a replay of *document_id* concerns.

    Raises:
        NotFound: no such document.
        Conflict: its outcome is final, or it did not come in an interchange.
        ReasonMissing: its sender was told that it is rejected, and no *reason* says why it is judged again.
    """
    row = rows.document(tx, document_id)
    if row["outcome"] not in REPLAYABLE:
        raise Conflict(
            f"document {document_id} is {row['outcome']}; that stays",
            hint="Rejected and parked documents are replayed.",
        )
    if row["interchange_id"] is None:
        raise Conflict(f"document {document_id} did not come in an interchange")
    interchange = rows.interchange(tx, row["interchange_id"])
    if interchange["verdict"] == "rejected":
        raise Conflict(
            f"the envelope of document {document_id} is broken: {interchange['reason']}",
            hint="The bytes will not change; ask the partner to send it again.",
        )
    if row["outcome"] == "rejected" and not reason.strip():
        raise ReasonMissing(
            f"document {document_id} was rejected, and its sender was told so",
            hint="Say as `reason` why it is judged again.",
        )
    documents = [row]
    if interchange["verdict"] == "parked" or row["reason"] == SUSPENDED:
        siblings = rows.documents_of_interchange(tx, interchange["id"])
        documents = [one for one in siblings if one["outcome"] == "parked"]
        if row["reason"] == SUSPENDED:
            documents = [one for one in documents if one["reason"] == SUSPENDED]
    return rows.source(tx, row["source_id"]), interchange, documents


def replay(
    tx: Tx,
    bench: Bench,
    *,
    interchange: Interchange,
    interchange_id: int,
    batch: Sequence[tuple[int, Decoded]],
    actor: str,
    guide: PartnerGuide | None = None,
) -> list[Judged]:
    """Give each document of *batch* (document id, decoded again by *guide*) its new outcome.

    Each that another guide judged before gets a warning ``guide.changed`` that names both.

    Raises:
        Conflict: still no partner for the sender, or another process replayed it meanwhile.
        StockShort: another writer took planned stock; try again.
    """
    row = rows.interchange(tx, interchange_id)
    before: dict[int, dict[str, Any]] = {}
    for document_id, _ in sorted(batch, key=lambda one: one[0]):
        before[document_id] = rows.document(tx, document_id, lock=True)
        if before[document_id]["outcome"] not in REPLAYABLE:
            raise Conflict(f"document {document_id} was replayed meanwhile")
    partner_id = _sender_of(tx, row)
    whole = row["verdict"] == "parked"
    if whole:
        rows.reopen(tx, interchange_id=interchange_id, partner_id=partner_id)
    else:  # messages of an envelope that was parked as a whole were never read by any guide
        batch = [(document_id, _marked(tx, one, before[document_id]["guide"], guide)) for document_id, one in batch]
    if guide is not None:
        guides.keep(tx, guide.fingerprint, guide.name, guide.content, bench.now)
    judged = judge_again(
        tx,
        bench,
        interchange_id=interchange_id,
        interchange=interchange,
        batch=batch,
        actor=actor,
        answered={} if whole else {document_id: document["outcome"] for document_id, document in before.items()},
    )
    for (document_id, _), one in zip(batch, judged, strict=True):
        if one.outcome != "parked":  # what is parked again still needs somebody
            close_alerts_of_document(tx, document_id, at=bench.now)
    if whole:
        close_alert(tx, "partner.unknown", row["sender"], at=bench.now)
    return judged


def _sender_of(tx: Tx, row: dict[str, Any]) -> int:
    """Return the id of the partner that sent the interchange *row* to us.

    Raises:
        Conflict: it is still nobody's, or not for us.
    """
    agreement = find_agreement(tx, MasterCache(), row["sender"], row["sender_qualifier"], row["recipient"])
    source = rows.source(tx, row["source_id"])
    if agreement is None:
        raise Conflict(
            f"no partner has the EDI identity {row['sender']}:{row['sender_qualifier']}",
            hint="Load master data with a [[partners.edi]] of this id, then replay.",
        )
    if source["partner_id"] is not None and source["partner_id"] != agreement[0]:
        raise Conflict(
            f"the sender {row['sender']} is still not the partner of the folder {source['origin']}",
            hint="Ask the partner to use its own folder, or move the identity in the master data.",
        )
    if row["recipient"] != agreement[1]:
        raise Conflict(
            f"{row['sender']} addressed {row['recipient']}, which is still not an identity of ours",
            hint="If it is one, load it as `our_id` of the partner's [[partners.edi]], then replay.",
        )
    return agreement[0]


def _marked(tx: Tx, decoded: Decoded, before: str | None, guide: PartnerGuide | None) -> Decoded:
    """Return *decoded* with a warning where another guide judged it *before* (its fingerprint) than does now."""
    if before == (guide.fingerprint if guide is not None else None):
        return decoded
    return replace(decoded, violations=(_changed(tx, before, guide), *decoded.violations))


def _changed(tx: Tx, before: str | None, guide: PartnerGuide | None) -> Violation:
    warning = Severity.WARNING
    old = "" if before is None else _shown(guides.kept(tx, before).name, before)
    if guide is None:
        return fault("guide.changed", {"before": old}, variant="dropped", severity=warning)
    new = _shown(guide.name, guide.fingerprint)
    if not old:
        return fault("guide.changed", {"now": new}, variant="new", severity=warning)
    return fault("guide.changed", {"before": old, "now": new}, severity=warning)


def _shown(name: str, fingerprint: str) -> str:
    return f"{name} ({fingerprint[:12]})"
