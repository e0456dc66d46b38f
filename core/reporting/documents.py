"""Documents of both directions as people and programs read them: what came in, what we said to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import iso
from core.errors import NotFound
from core.provenance import ENGLISH, told_again
from core.reporting import cursor as cursors
from core.reporting.refusals import refusals
from core.store import guides, intake
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.views import documents as views
from core.store.views.orders import numbers_of
from core.store.views.paging import partner_codes, partner_id_of

Json = dict[str, Any]
_MAX_ID = 2**63


def documents(
    tx: Tx,
    *,
    partner: str | None = None,
    direction: str | None = None,
    outcome: str | None = None,
    type: str | None = None,  # noqa: A002 - the name of the query parameter
    since: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return received documents and what we sent, merged, newest first.

    Args:
        tx: a read transaction.
        partner: a partner's code.
        direction: ``in`` or ``out``.
        outcome: one of the six outcomes, or the state of something sent (``queued``, ``rendered``, ``sent``, ...).
        type: the message's name (ORDERS).
        since: received, or written, at or after.
        cursor: ``next`` of the page before.
        limit: how many at most.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    partner_id = None
    if partner is not None and (partner_id := partner_id_of(tx, partner)) is None:
        return {"items": [], "next": None}
    wanted = views.DocumentFilter(partner_id, direction, outcome, type, since)
    before = key[0] if key else None
    received = views.page_of_received(tx, wanted, before, limit + 1)
    sent = views.page_of_sent(tx, wanted, before, limit + 1)
    # Both kinds take their ids from one source, and ids grow with time.
    merged = sorted([*received, *sent], key=lambda row: -int(row.id))
    rows, more = cursors.page(merged, limit)
    kept = {row.id for row in rows}
    shown = _shown(tx, [row for row in received if row.id in kept], [row for row in sent if row.id in kept])
    return {"items": [shown[row.id] for row in rows], "next": cursors.encode(int(rows[-1].id)) if more else None}


def document(tx: Tx, document_id: str, partner: str | None = None, *, language: str = ENGLISH) -> Json:
    """Return one document, received or sent, with its source and every violation found in it and in its envelope.

    Messages and hints of violations are in *language*, where the catalogue has them.

    Raises:
        NotFound: there is none of that id, or it is not *partner*'s.
    """
    number = int(document_id) if document_id.isascii() and document_id.isdigit() else _MAX_ID
    if number < _MAX_ID:
        received = views.received(tx, [number])
        if received:
            return _visible(document_id, partner, _received_detail(tx, received[0], language))
        sent = views.sent(tx, number)
        if sent is not None:
            return _visible(document_id, partner, _sent_detail(tx, sent, language))
    raise _unknown(document_id)


def source(tx: Tx, source_id: int) -> Json:
    """Return ``{"source_id", "documents": [...]}``: a source that is kept, and those of its documents that are judged.

    Raises:
        NotFound: there is no such source.
    """
    intake.source(tx, source_id)
    rows = views.received_in(tx, source_id)
    shown = _shown(tx, rows, [])
    return {"source_id": str(source_id), "documents": [shown[row.id] for row in rows]}


def documents_of(tx: Tx, number: str, partner: str | None = None) -> Json:
    """Return the documents that belong to an order, in and out, oldest first.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    row = order_rows.by_number(tx, number)
    if partner not in (None, row["partner"]):
        raise NotFound(f"there is no order {number}", hint="`ordergate orders` lists them.")
    received, sent = _belonging(tx, [row["id"]])
    shown = _shown(tx, received[row["id"]], sent[row["id"]])
    return {"items": [shown[key] for key in sorted(shown)], "next": None}


def guides_of(tx: Tx, order_id: int) -> list[Json]:
    """Return ``{"document_id", "name", "fingerprint"}`` of the guide that judged each document of an order."""
    rows = [row for row in views.received_for_orders(tx, [order_id])[order_id] if row.guide is not None]
    names = guides.names_of(tx, {row.guide for row in rows})
    return [{"document_id": str(row.id), **_guide(row.guide, names)} for row in rows]


def order_links(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Json]]:
    """Return ``documents`` of the contracts' Order for many orders, oldest first."""
    received, sent = _belonging(tx, order_ids)
    found: dict[int, list[Json]] = {}
    for order_id in order_ids:
        links = {row.id: _link(row, "in") for row in received[order_id]}
        links |= {row.id: _link(row, "out") for row in sent[order_id]}
        found[order_id] = [links[key] for key in sorted(links)]
    return found


def _belonging(tx: Tx, order_ids: Sequence[int]) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    """Return received and sent rows by order: the order's own, and the CONTRL on what it came in."""
    received = views.received_for_orders(tx, order_ids)
    sent = views.sent_for_orders(tx, order_ids)
    replies = views.replies_to(tx, [row for rows in received.values() for row in rows])
    for order_id in order_ids:
        own = {row.id: row for row in sent[order_id]}
        for document in received[order_id]:
            own |= {reply.id: reply for reply in replies[document.id] if reply.order_id in (None, order_id)}
        sent[order_id] = [own[key] for key in sorted(own)]
    return received, sent


def _shown(tx: Tx, received: Sequence[Any], sent: Sequence[Any]) -> dict[int, Json]:
    """Return ``Documents`` of the contracts by id, with a fixed number of queries."""
    codes = partner_codes(tx, {row.partner_id for row in (*received, *sent)})
    numbers = numbers_of(tx, sorted({row.order_id for row in (*received, *sent) if row.order_id is not None}))
    replies = views.replies_to(tx, received)
    judges = guides.names_of(tx, {row.guide for row in received if row.guide is not None})
    shown = {row.id: _received_json(row, codes, numbers, judges, replies[row.id]) for row in received}
    return shown | {row.id: _sent_json(row, codes, numbers) for row in sent}


def _guide(fingerprint: str, names: dict[str, str]) -> Json:
    return {"name": names[fingerprint], "fingerprint": fingerprint}


def _received_json(
    row: Any, codes: dict[int, str], numbers: dict[int, str], judges: dict[str, str], replies: Sequence[Any]
) -> Json:
    return {
        "id": str(row.id),
        "source_id": str(row.source_id),
        "direction": "in",
        "type": row.type or None,
        "version": row.version or None,
        "partner": codes.get(row.partner_id),
        "control_reference": row.control_reference or None,
        "outcome": row.outcome,
        "reason": row.reason,
        "orders": [numbers[row.order_id]] if row.order_id in numbers else [],
        "received_at": iso(row.received_at),
        "guide": None if row.guide is None else _guide(row.guide, judges),
        "replies": [_link(reply, "out") for reply in replies],
    }


def _sent_json(row: Any, codes: dict[int, str], numbers: dict[int, str]) -> Json:
    """Return an outbound row; it has no outcome, its reason tells how far it is."""
    state = views.state_of(row)
    told = row.last_error if state != "acknowledged" else None
    return {
        "id": str(row.id),
        "source_id": None if row.source_id is None else str(row.source_id),
        "direction": "out",
        "type": row.type,
        "version": None,
        "partner": codes.get(row.partner_id),
        "control_reference": row.control_reference,
        "outcome": None,
        "reason": f"{state}: {told}" if told else state,
        "orders": [numbers[row.order_id]] if row.order_id in numbers else [],
        "received_at": iso(row.created_at),
        "guide": None,
        "replies": [],
    }


def _received_detail(tx: Tx, row: Any, language: str) -> Json:
    own = [told_again(fault, language) for fault in row.violations or ()]
    envelope = [told_again(fault, language) for fault in views.envelope_violations(tx, row.interchange_id)]
    shown = _shown(tx, [row], [])[row.id]
    source = intake.source(tx, row.source_id)
    origin = {name: source[name] for name in ("sha256", "size", "channel", "transport", "origin")}
    return {**shown, "source": origin, "violations": [*(fault for fault in envelope if fault not in own), *own]}


def _sent_detail(tx: Tx, row: Any, language: str) -> Json:
    answers = [_link(answer, "in") for answer in views.answers_to(tx, row)]
    told = refusals(row.answer, row.id, language)
    return {**_shown(tx, [], [row])[row.id], "source": None, "replies": answers, "violations": told}


def _link(row: Any, direction: str) -> Json:
    reference = row.control_reference or None
    return {"id": str(row.id), "type": row.type or None, "direction": direction, "control_reference": reference}


def _visible(document_id: str, partner: str | None, shown: Json) -> Json:
    if partner not in (None, shown["partner"]):
        raise _unknown(document_id)
    return shown


def _unknown(document_id: str) -> NotFound:
    return NotFound(f"there is no document {document_id}", hint="`ordergate documents` lists them.")
