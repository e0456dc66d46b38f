"""The facts that a notice tells, found again when it is written: JSON-ready, the same names in every notice.

``order``, ``partner`` and ``company`` are those of :mod:`core.notices.facts_order`; a confirmation has all that
:func:`~core.notices.facts_order.confirmation_facts` says. Besides, where the notice is about it:

* ``lines``: ``line``, ``sku``, ``description``, ``quantity``, ``unit`` of each
* ``shipment``: ``number``, ``carrier``, ``tracking_number``, ``eta`` (day), ``packages`` (how many), ``shipped_at``,
  ``delivered_at``, ``signed_by``
* ``delivery``: ``expected_date``, ``promised_date``, ``reason``
* ``invoice``: ``number``, ``currency``, ``net``, ``tax``, ``total``, ``open_amount``, ``issued_on``, ``due``,
  ``days_overdue``, ``step`` (of the reminders, from 1)
* ``paper``: ``subject``, ``sent_on`` (day); ``asked``: ``order`` (the reference that was read), ``line``, ``code`` (of
  the doubt), ``fields``: of each ``field``, ``said``, ``candidates``
* ``question``: ``text``, ``code``; ``exception``: ``code``, ``summary``, ``severity``, ``role``
* ``reason`` and ``account_manager``: ``name``, ``email``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import iso
from core.notices.facts_order import company_facts, confirmation_facts, order_facts, partner_facts
from core.notices.tell import CONFIRMATIONS, PAPER_QUESTION, RAISED
from core.paper.asked import quoted
from core.partners.model import Company, Partner
from core.review.rulebook import Rulebook
from core.store import arrivals, billing, papers, shipping
from core.store import orders as order_rows
from core.store.engine import Tx
from core.values import money_text, text

Facts = dict[str, Any]

#: what ``said`` brings as it is told
_AS_SAID = ("delivery", "question", "reason")


def facts_of(
    tx: Tx,
    notice: Mapping[str, Any],
    said: Mapping[str, Any],
    *,
    company: Company,
    partner: Partner | None,
    book: Rulebook,
) -> Facts:
    """Return the facts of *notice* (its row) that says *said*.

    Args:
        tx: the transaction that writes it.
        notice: its row.
        said: ids of what it is about, see :func:`core.notices.tell.tell`.
        company: ourselves.
        partner: whom it tells, None for our own people.
        book: the rules in force.

    Raises:
        NotFound: the order, shipment or invoice that it names is not there.
    """
    if notice["notice"] == RAISED:
        return {"company": company_facts(company), "exception": said["exception"]}
    assert partner is not None
    if notice["notice"] == PAPER_QUESTION:
        return _asked(tx, notice["to"], said, company, partner)
    order = order_rows.by_id(tx, notice["order_id"])
    if notice["notice"] in CONFIRMATIONS:
        facts = confirmation_facts(
            tx, order, said, company=company, partner=partner, rules=book.credit, at=notice["created_at"]
        )
    else:
        facts = order_facts(order, company=company, partner=partner)
        facts["lines"] = [_line(line) for line in order_rows.lines_of(tx, order["id"])]
    if partner.account_manager:
        facts["account_manager"] = {"name": partner.account_manager, "email": partner.account_manager_email}
    if "shipment_id" in said:
        facts["shipment"] = shipment_facts(tx, said["shipment_id"])
    if "invoice_id" in said:
        today = notice["created_at"].astimezone(ZoneInfo(company.timezone)).date()
        facts["invoice"] = invoice_facts(tx, said["invoice_id"], today, company) | {"step": said.get("step")}
    return facts | {key: said[key] for key in _AS_SAID if key in said}


def shipment_facts(tx: Tx, shipment_id: int) -> Facts:
    """Return what is told of a shipment.

    Raises:
        NotFound: there is none.
    """
    row = shipping.shipment_row(tx, shipment_id)
    expected = arrivals.expected_on(tx, shipment_id)
    return {
        "number": row.number,
        "carrier": row.carrier,
        "tracking_number": row.tracking_number or "",
        "eta": None if expected is None else expected.isoformat(),
        "packages": len(shipping.packages_of(tx, shipment_id)),
        "shipped_at": _at(row.shipped_at),
        "delivered_at": _at(row.delivered_at),
        "signed_by": row.signed_by or "",
    }


def invoice_facts(tx: Tx, invoice_id: int, today: date, company: Company) -> Facts:
    """Return what is told of an invoice on *today*, our own day.

    Raises:
        NotFound: there is none.
    """
    row = billing.invoice_row(tx, invoice_id)
    return {
        "number": row.number,
        "currency": row.currency,
        "net": money_text(row.net),
        "tax": money_text(row.tax),
        "total": money_text(row.total),
        "open_amount": money_text(billing.open_amount(tx, row.partner_id, row.number)),
        "issued_on": row.issued_at.astimezone(ZoneInfo(company.timezone)).date().isoformat(),
        "due": row.due.isoformat(),
        "days_overdue": max(0, (today - row.due).days),
    }


def _asked(tx: Tx, to: Sequence[str], said: Mapping[str, Any], company: Company, partner: Partner) -> Facts:
    """Return what is asked about the orders in a mail; ``order`` has its reference where there is one order."""
    letter = (papers.source(tx, said["source_id"]) or {}).get("letter") or {}
    references = [one["reference"] for one in said["asked"]]
    name = partner.contact if partner.email.lower() in to else quoted(letter.get("sender_name", ""))
    facts = {
        "company": company_facts(company),
        "partner": {**partner_facts(partner), "contact": name},
        "order": {"buyer_reference": references[0] if len(references) == 1 else "", "test": False},
        "paper": {"subject": quoted(letter.get("subject", "")), "sent_on": letter.get("sent_at") or None},
        "asked": [{"order": one["reference"], **question} for one in said["asked"] for question in one["questions"]],
    }
    if partner.account_manager:
        facts["account_manager"] = {"name": partner.account_manager, "email": partner.account_manager_email}
    return facts


def _line(row: Mapping[str, Any]) -> Facts:
    return {
        "line": row["line"],
        "sku": row["sku"] or "",
        "description": row["description"],
        "quantity": text(row["quantity"]),
        "unit": row["unit"],
    }


def _at(when: datetime | None) -> str | None:
    return None if when is None else iso(when)
