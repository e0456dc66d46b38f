"""Credit notes: drafted for what was given back of an issued invoice, issued once a person approved (INVOIC, BGM 381).

The money is back already, by whoever gave it; so a credit note opens no item of the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.audit.record import record
from core.billing.charges import BilledCharge
from core.billing.crediting import CreditPart, part_from, plan_credit, total_of
from core.billing.plan import BilledLine, tax_totals
from core.billing.rules import INVOICE_APPROVAL
from core.currency import on_account
from core.documents import Invoice, InvoiceLine, TaxTotal
from core.fulfilment.numbering import local_day, take_number
from core.fulfilment.orders import lines_of, order_head
from core.fulfilment.parties import parties_of
from core.review.rulebook import Rules
from core.store import invoice_drafts as draft_rows
from core.store.billing import InvoiceRow, invoice_charges_of, invoice_lines_of, invoice_row, invoices_of
from core.store.credit import count_invoiced
from core.store.credit_notes import (
    CreditNoteRow,
    add_credit_note,
    credit_note_row,
    credited,
    credited_parts,
    drafted_for,
)
from core.store.engine import Tx
from core.store.outbox import queue
from core.tasks.desk import TaskDraft, open_task
from core.values import money_text

CREDIT_NOTE: Final = "CN"


class GivenBack(NamedTuple):
    """A sum, tax included, that was given back for *pieces* (our line -> quantity); ``reference`` names the refund.

    ``settled`` is what of the sum a person was told of before, such as a refund before the invoice.
    """

    reference: str
    amount: Decimal
    pieces: Mapping[int, Decimal]
    reason: str = ""
    settled: Decimal = Decimal(0)


def draft_credit_note(
    tx: Tx, order_id: int, given: GivenBack, rules: Rules, *, actor: str, now: datetime
) -> int | None:
    """Draft the credit note of what was given back; it is a task of the role that approves invoices.

    A refund is drafted once. One that is told again with a larger sum is drafted by what it grew.

    Returns:
        The draft's id; None where it is drafted already, or no invoice of the order has as much left to credit.
    """
    reference = given.reference[:100]
    before = max(given.settled, drafted_for(tx, order_id, reference))
    amount = given.amount - before
    invoice = _billed(tx, order_id, given, amount) if amount > 0 else None
    if invoice is None:
        return None
    lines = [BilledLine(*line) for line in invoice_lines_of(tx, invoice.id)]
    charges = [BilledCharge(*one) for one in invoice_charges_of(tx, invoice.id)]
    earlier = [part_from(one) for one in credited_parts(tx, invoice.id)]
    parts = plan_credit(amount, {} if before else given.pieces, lines, charges, earlier)
    role, total = rules.book.billing.role, money_text(amount)
    draft_id = draft_rows.add(
        tx, shipment_id=invoice.shipment_id, order_id=order_id, total=amount, currency=invoice.currency, role=role,
        rule_version=str(rules.version), created_by=actor, created_at=now, why=given.reason[:500],
        corrects_id=invoice.id, reference=reference, parts=[part.as_json() for part in parts],
    )  # fmt: skip
    number = order_head(tx, order_id).number
    words = f"{number}: approve the credit note on {invoice.number}, {total} {invoice.currency} given back"
    inputs = {
        "draft": str(draft_id), "invoice": invoice.number, "total": total, "refund": given.reference,
        "why": given.reason, "rule_version": str(rules.version),
    }  # fmt: skip
    open_task(tx, TaskDraft(INVOICE_APPROVAL, str(draft_id), role, words, order_id, inputs), at=now, actor=actor)
    record(tx, order_id, "credit_note.drafted", at=now, actor=actor, summary=words, inputs=inputs)
    return draft_id


def _billed(tx: Tx, order_id: int, given: GivenBack, amount: Decimal) -> InvoiceRow | None:
    """Return the invoice to correct: one that billed the pieces if there is one, else the latest, with enough left."""
    able = [one for one in invoices_of(tx, order_id) if one.total - credited(tx, one.id) >= amount]
    for invoice in able:
        if given.pieces.keys() & {line.line for line in invoice_lines_of(tx, invoice.id)}:
            return invoice
    return able[-1] if able else None


def issue_credit_note(tx: Tx, draft: Mapping[str, Any], *, approved_by: str, now: datetime) -> str:
    """Issue a drafted credit note: it takes its number now; return it. Its INVOIC is queued."""
    invoice, order = invoice_row(tx, draft["corrects_id"]), order_head(tx, draft["order_id"])
    parties = parties_of(tx, order)
    parts = [part_from(one) for one in draft["parts"]]
    taxes = tax_totals((part.tax_rate, part.net) for part in parts)
    net, tax = sum((one.base for one in taxes), Decimal(0)), sum((one.tax for one in taxes), Decimal(0))
    issued = local_day(now, parties.company.timezone)
    number = take_number(tx, CREDIT_NOTE, issued.year)
    row = CreditNoteRow(
        tx.ids.next(), number, draft["id"], order.id, invoice.id, now, invoice.currency, net, tax, total_of(parts),
        draft["why"], draft["parts"], approved_by,
    )  # fmt: skip
    add_credit_note(tx, row)
    # turnover that was given back earns no rebate and no grade
    count_invoiced(tx, order.partner_id, issued, -on_account(net, order.credit_rate))
    summary = f"Credit note {number} on {invoice.number}: {money_text(row.total)} {row.currency}"
    inputs = {
        "credit_note": number, "invoice": invoice.number, "refund": draft["reference"], "net": money_text(net),
        "total": money_text(row.total), "reason": draft["why"],
    }  # fmt: skip
    record(tx, order.id, "credit_note.issued", at=now, actor=approved_by, summary=summary, inputs=inputs)
    queue(
        tx, partner_id=order.partner_id, type="INVOIC", order_id=order.id, payload={"credit_note_id": row.id}, at=now,
        test=order.test or parties.partner.in_test,
    )  # fmt: skip
    return number


def credit_note_document(tx: Tx, credit_note_id: int) -> Invoice:
    """Return what an issued credit note says (BGM 381); its amounts are what is credited, not below 0.

    Raises:
        NotFound: there is no such credit note.
    """
    row = credit_note_row(tx, credit_note_id)
    invoice, order = invoice_row(tx, row.invoice_id), order_head(tx, row.order_id)
    parties = parties_of(tx, order)
    ordered = {line.line: line for line in lines_of(tx, order.id)}
    parts = [part_from(one) for one in row.parts]

    def line(place: int, part: CreditPart) -> InvoiceLine:
        goods = ordered.get(part.line)
        quantity = part.quantity if part.net >= 0 else -part.quantity  # no price is below 0 (EN 16931, BR-27)
        return InvoiceLine(
            line=place,
            quantity=quantity,
            price=(part.net / quantity).quantize(Decimal("0.000001")).normalize() + 0,
            net=part.net,
            tax_rate=part.tax_rate,
            gtin=goods.gtin if goods else "",
            sku=(goods.sku or "") if goods else "",
            buyer_code=goods.buyer_code if goods else "",
            description=goods.description if goods else part.label,
            unit=goods.unit if goods else "",
            order_line=part.line or None,
        )

    return Invoice(
        number=row.number,
        order_number=order.number,
        buyer_reference=order.buyer_reference,
        issued_at=row.issued_at,
        due_date=None,
        currency=row.currency,
        lines=tuple(line(place, part) for place, part in enumerate(parts, 1)),
        taxes=tuple(TaxTotal(*one) for one in tax_totals((part.tax_rate, part.net) for part in parts)),
        net=row.net,
        tax=row.tax,
        total=row.total,
        buyer=parties.buyer,
        supplier=parties.supplier,
        ship_to=parties.ship_to,
        invoicee=parties.invoicee,
        code="381",
        corrects=invoice.number,
        corrects_date=local_day(invoice.issued_at, parties.company.timezone),
        notes=(row.reason,) if row.reason else (),
    )
