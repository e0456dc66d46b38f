"""Drafts invoices, and issues them once another person approved: who makes an invoice does not approve it (REV-18)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core.audit.record import record
from core.billing.credit_note import issue_credit_note
from core.billing.invoice import bill_of, invoice_shipment
from core.billing.rules import INVOICE_APPROVAL
from core.clock import iso
from core.errors import Conflict
from core.fulfilment.orders import order_head
from core.review.approvals import Claim, authority
from core.review.rulebook import Rules
from core.store import invoice_drafts as rows
from core.store.engine import Tx
from core.tasks.desk import TaskDraft, close_task, open_task
from core.values import money_text


def draft_invoice(tx: Tx, shipment_id: int, rules: Rules, *, actor: str, why: str, now: datetime) -> int:
    """Draft the invoice of a shipment and return the draft's id; it is a task of the role that approves it.

    Raises:
        Conflict: drafted or billed already, or it cannot be billed; see ``core.billing.invoice.bill_of``.
    """
    bill = bill_of(tx, shipment_id, now=now)
    if rows.waiting_for(tx, shipment_id) is not None:
        raise Conflict(f"the invoice of shipment {bill.shipment.number} waits for its approval already")
    role, total = rules.book.billing.role, money_text(bill.plan.total)
    draft_id = rows.add(
        tx, shipment_id=shipment_id, order_id=bill.order.id, total=bill.plan.total, currency=bill.order.currency,
        role=role, rule_version=str(rules.version), created_by=actor, created_at=now, why=why[:500],
    )  # fmt: skip
    words = f"{bill.order.number}: approve the invoice of {bill.shipment.number}, {total} {bill.order.currency}"
    inputs = {
        "draft": str(draft_id), "shipment": bill.shipment.number, "total": total, "why": why,
        "rule_version": str(rules.version),
    }  # fmt: skip
    open_task(tx, TaskDraft(INVOICE_APPROVAL, str(draft_id), role, words, bill.order.id, inputs), at=now, actor=actor)
    record(tx, bill.order.id, "invoice.drafted", at=now, actor=actor, summary=words, inputs=inputs)
    return draft_id


def approve_draft(
    tx: Tx, draft_id: int, rules: Rules, *, actor: str, roles: Collection[str] | None, reason: str, now: datetime
) -> None:
    """Issue a drafted invoice: it takes its number, tax and due date now.

    *roles* are the actor's; None is a key without roles, which stands for every role.

    Raises:
        NotFound: there is none.
        Conflict: it is decided already, or cannot be billed any more.
        OwnRequest: the actor drafted it.
        Forbidden: it is another role's.
    """
    draft = _permitted(tx, draft_id, rules, actor, roles)
    if draft["corrects_id"] is not None:
        issue_credit_note(tx, draft, approved_by=actor, now=now)
        _end(tx, draft, "issued", actor=actor, reason=reason, now=now)
        return
    invoice_id = invoice_shipment(tx, draft["shipment_id"], approved_by=actor, now=now)
    _end(tx, draft, "issued", actor=actor, reason=reason, now=now, invoice_id=invoice_id)


def decline_draft(
    tx: Tx, draft_id: int, rules: Rules, *, actor: str, roles: Collection[str] | None, reason: str, now: datetime
) -> None:
    """Decline a drafted invoice; the shipment may be drafted anew.

    Raises:
        NotFound, Conflict, OwnRequest, Forbidden: as in :func:`approve_draft`.
    """
    draft = _permitted(tx, draft_id, rules, actor, roles)
    _end(tx, draft, "declined", actor=actor, reason=reason, now=now)
    inputs = {"draft": str(draft_id), "shipment": draft["shipment"], "reason": reason, "corrects": draft["corrects"]}
    what = f"credit note on {draft['corrects']}" if draft["corrects"] else f"invoice of {draft['shipment']}"
    summary = f"{what} declined" + (f": {reason}" if reason else "")
    record(tx, draft["order_id"], "invoice.declined", at=now, actor=actor, summary=summary, inputs=inputs)


def told(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft JSON-ready."""
    return {
        "id": str(draft["id"]),
        "order": draft["order"],
        "shipment": draft["shipment"],
        "total": money_text(draft["total"]),
        "currency": draft["currency"],
        "role": draft["role"],
        "rule_version": draft["rule_version"],
        "created_by": draft["created_by"],
        "created_at": iso(draft["created_at"]),
        "why": draft["why"],
        "state": draft["state"],
        "decided_by": draft["decided_by"],
        "decided_at": draft["decided_at"] and iso(draft["decided_at"]),
        "decision_reason": draft["reason"],
        "invoice": draft["invoice"],
        "corrects": draft["corrects"],
        "credit_note": draft["credit_note"],
        "refund": draft["reference"] or None,
    }


def _permitted(tx: Tx, draft_id: int, rules: Rules, actor: str, roles: Collection[str] | None) -> dict[str, Any]:
    """Return a draft that is not decided; its order is locked."""
    order_head(tx, rows.get(tx, draft_id)["order_id"], lock=True)
    draft = rows.get(tx, draft_id)
    if draft["state"] != "draft":
        raise Conflict(f"the draft is {draft['state']}", inputs={"state": draft["state"]})
    authority(rules.book.roles, draft["role"], Claim(actor, roles, {draft["created_by"]}))
    return draft


def _end(
    tx: Tx,
    draft: Mapping[str, Any],
    state: str,
    *,
    actor: str,
    reason: str,
    now: datetime,
    invoice_id: int | None = None,
) -> None:
    rows.decide(tx, draft["id"], state, at=now, actor=actor, reason=reason, invoice_id=invoice_id)
    close_task(tx, INVOICE_APPROVAL, str(draft["id"]), at=now, actor=actor, outcome=state, reason=reason)
