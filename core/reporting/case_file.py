"""The case file of an order: everything that came, everything that was said, and where an order came from (INT-25)."""

from __future__ import annotations

from typing import Any

import orjson

from core.clock import iso
from core.paper.record import origins_of
from core.reporting.changes import changes
from core.reporting.documents import documents_of
from core.reporting.masters import invoices, shipments
from core.reporting.orders import order, order_row
from core.store import discrepancies, drafts, events, intake, notices, papers
from core.store import orders as order_rows
from core.store.engine import Tx

Json = dict[str, Any]
#: of a list that belongs to one order
_MOST = 500
_SOURCE = ("sha256", "size", "channel", "transport", "origin")


def order_source(tx: Tx, number: str, partner: str | None = None) -> Json:
    """Return how an order came in: ``channel``, ``entered_by``, its document and source, and its canonical form.

    ``canonical`` is the order as received, in the one form that all channels have; ``draft`` is the id of the draft
    that it was, and ``origins`` where each field of that came from, or of the mail or fax that needed no draft.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    row = order_row(tx, number, partner)
    document = intake.document(tx, row["document_id"])
    source = intake.source(tx, document["source_id"])
    draft = drafts.of_order(tx, number)
    part = papers.of_document(tx, document["id"]) if draft is None else None
    received = next(event for event in events.of_order(tx, row["id"]) if event["event"] == "order.received")
    return {
        "number": number,
        "channel": row["channel"],
        "entered_by": received["actor"],
        "received_at": iso(row["received_at"]),
        "document_id": str(document["id"]),
        "source_id": str(source["id"]),
        "source": {name: source[name] for name in _SOURCE},
        "canonical": orjson.loads(order_rows.document_of(tx, row["id"], 1)),
        "draft": None if draft is None else str(draft["id"]),
        "origins": draft["origins"] if draft is not None else origins_of(part) if part is not None else {},
    }


def case_file(tx: Tx, number: str) -> Json:
    """Return all that belongs to an order: papers in and out, holds, differences, changes, notices, goods and bills.

    Raises:
        NotFound: there is none of that number.
    """
    row = order_row(tx, number, None)
    told = documents_of(tx, number)["items"]
    received = [one for one in told if one["direction"] == "in"]
    return {
        "order": order(tx, number),
        "received": [{**one, "source": _source_of(tx, one["source_id"]), "raw": _raw(one)} for one in received],
        "sent": [{**one, "raw": _raw(one)} for one in told if one["direction"] == "out"],
        "holds": [_hold(one) for one in order_rows.holds_of(tx, row["id"], active=False)],
        "discrepancies": [_discrepancy(one) for one in discrepancies.of_order(tx, row["id"])],
        "changes": changes(tx, number)["items"],
        "notices": [_notice(one) for one in notices.of_order(tx, row["id"])],
        "shipments": shipments(tx, order=number, limit=_MOST)["items"],
        "invoices": invoices(tx, order=number, limit=_MOST)["items"],
        "links": {
            name: f"/api/v1/orders/{number}/{name}" for name in ("source", "timeline", "checks", "documents", "changes")
        },
    }


def _source_of(tx: Tx, source_id: str) -> Json:
    source = intake.source(tx, int(source_id))
    return {name: source[name] for name in _SOURCE}


def _raw(document: Json) -> str:
    return f"/api/v1/documents/{document['id']}/raw"


def _hold(row: Json) -> Json:
    lifted = row["released_at"]
    return {
        **{name: row[name] for name in ("code", "stage", "line", "reason", "release_role")},
        "set_at": iso(row["set_at"]),
        "released_at": None if lifted is None else iso(lifted),
        "released_by": row["released_by"],
        "release_reason": row["release_reason"],
    }


def _discrepancy(row: Json) -> Json:
    return {name: row[name] for name in ("field", "order_value", "master_value", "decision", "decided_by")} | {
        "id": str(row["id"])
    }


def _notice(row: Json) -> Json:
    sent = row["sent_at"]
    return {
        **{name: row[name] for name in ("notice", "channel", "to", "language", "subject")},
        "id": str(row["id"]),
        "state": row["state"] or "queued",
        "sent_at": None if sent is None else iso(sent),
    }
