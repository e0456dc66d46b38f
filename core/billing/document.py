"""The invoice as a canonical document, built from its rows (INVOIC, BGM 380)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.billing.plan import tax_totals
from core.documents import Allowance, Invoice, InvoiceLine, TaxTotal
from core.fulfilment.numbering import local_day
from core.fulfilment.orders import LineRow, lines_of, order_head
from core.fulfilment.parties import parties_of
from core.store.billing import InvoiceChargeRow, InvoiceLineRow, invoice_charges_of, invoice_lines_of, invoice_row
from core.store.engine import Tx
from core.store.shipping import shipment_row


def invoice_document(tx: Tx, invoice_id: int) -> Invoice:
    """Return what an issued invoice says; its rows never change, so neither does this.

    Raises:
        NotFound: there is no such invoice.
    """
    invoice = invoice_row(tx, invoice_id)
    order = order_head(tx, invoice.order_id)
    shipment = shipment_row(tx, invoice.shipment_id)
    parties = parties_of(tx, order)
    lines = {line.line: line for line in lines_of(tx, order.id)}
    billed, charges = invoice_lines_of(tx, invoice.id), invoice_charges_of(tx, invoice.id)
    nets = [(line.tax_rate, line.net) for line in billed] + [(one.tax_rate, one.amount) for one in charges]
    whole = [one for one in charges if not one.line]
    above = sum((one.amount for one in whole), Decimal(0))
    return Invoice(
        number=invoice.number,
        order_number=order.number,
        buyer_reference=order.buyer_reference,
        issued_at=invoice.issued_at,
        due_date=invoice.due,
        currency=invoice.currency,
        lines=tuple(
            _line(line, lines[line.line], [one for one in charges if one.line == line.line]) for line in billed
        ),
        taxes=tuple(TaxTotal(*part) for part in tax_totals(nets)),
        net=invoice.net - above,
        tax=invoice.tax,
        total=invoice.total,
        despatch_number=shipment.number,
        despatched_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        buyer=parties.buyer,
        supplier=parties.supplier,
        ship_to=parties.ship_to,
        invoicee=parties.invoicee,
        payment_terms_days=(invoice.due - local_day(invoice.issued_at, parties.company.timezone)).days,
        bank_account=parties.company.bank_account,
        allowances=tuple(_allowance(one) for one in whole),
        allowance_total=above if whole else None,
    )


def _allowance(billed: InvoiceChargeRow) -> Allowance:
    return Allowance(
        charge=billed.amount > 0,
        amount=abs(billed.amount),
        code=billed.code,
        reason=billed.label or billed.kind,
        tax_rate=billed.tax_rate,
        tax_category=billed.tax_category,
    )


def _line(billed: InvoiceLineRow, ordered: LineRow, charges: Sequence[InvoiceChargeRow]) -> InvoiceLine:
    """Return a billed line; its net amount is that of its goods with its own charges and allowances."""
    return InvoiceLine(
        line=billed.line,
        quantity=billed.quantity,
        price=billed.price,
        net=sum((one.amount for one in charges), billed.net),
        allowances=tuple(_allowance(one) for one in charges),
        tax_rate=billed.tax_rate,
        gtin=ordered.gtin,
        sku=ordered.sku or "",
        buyer_code=ordered.buyer_code,
        description=ordered.description,
        unit=ordered.unit,
    )
