"""INVOIC: a commercial invoice, segments in the order of the message table of D.96A and its successors."""

from __future__ import annotations

from decimal import Decimal

from adapters.edi.fields import (
    amount,
    day,
    item_segments,
    line_count,
    line_item,
    minute,
    net_price,
    quantity,
    reference,
)
from adapters.edi.nad import contact_group, nad, party_group, tax_reference
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code
from core.documents import Invoice, InvoiceLine
from core.values import text


def invoic_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return the body of INVOIC.

    Dates: DTM 137 issued, 11 despatched, 35 delivered, 13 due. The parties carry their tax registration (RFF VA),
    the supplier also the account to pay to (FII RB).
    """
    segments = [
        OutboundSegment("BGM", "380", cut(invoice.number, NAME), "9"),
        minute("137", invoice.issued_at),
    ]
    if invoice.despatched_at is not None:
        segments.append(day("11", invoice.despatched_at))
    if invoice.delivered_at is not None:
        segments.append(day("35", invoice.delivered_at))
    segments.append(reference("ON", invoice.buyer_reference, style))
    segments.append(reference("VN", invoice.order_number, style))
    if invoice.despatch_number:
        segments.append(reference("DQ", invoice.despatch_number, style))
    segments += party_group("BY", invoice.buyer, style, tax=True)
    segments += _supplier_segments(invoice, style)
    segments += party_group("IV", invoice.invoicee, style, tax=True)
    segments += party_group("DP", invoice.ship_to, style, tax=True)
    if invoice.currency:
        segments.append(OutboundSegment("CUX", ["2", fit_code(invoice.currency, 3), "4"]))
    segments += _terms_segments(invoice, style)
    for line in invoice.lines:
        segments += _line_segments(line, style)
    segments.append(OutboundSegment("UNS", "S"))
    segments.append(line_count(len(invoice.lines)))
    segments += _total_segments(invoice)
    return segments


def _supplier_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return NAD SU with FII, RFF VA and CTA, in the order of segment group 2."""
    supplier = invoice.supplier
    if supplier is None:
        return []
    segments = [nad("SU", supplier, style)]
    if invoice.bank_account:
        segments.append(OutboundSegment("FII", "RB", fit_code(invoice.bank_account.strip(), NAME)))
    return [*segments, *tax_reference(supplier, style), *contact_group(supplier)]


def _terms_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return PAT (or PYT) with the days after the date of the invoice, or a fixed date where there are none; DTM 13."""
    days = invoice.payment_terms_days
    after_invoice = ["5", "3", "D", str(days)]
    if not days:
        terms = OutboundSegment("PYT" if style.pyt else "PAT", "3")
    elif style.pyt:
        terms = OutboundSegment("PYT", "1", "", *after_invoice)
    else:
        terms = OutboundSegment("PAT", "1", "", after_invoice)
    return [terms, day("13", invoice.due_date)]


def _line_segments(line: InvoiceLine, style: Style) -> list[OutboundSegment]:
    """Return LIN with QTY 47 (invoiced), the net amount (MOA 203), the net price and the tax rate."""
    return [
        line_item(line.line, "", line.gtin, style),
        *item_segments(line.gtin, line.sku, line.buyer_code, line.description, style),
        quantity("47", line.quantity, line.unit, style),
        amount("203", line.net),
        net_price(line.price),
        _tax(line.tax_rate),
    ]


def _tax(rate: Decimal) -> OutboundSegment:
    """Return TAX 7 VAT with its rate in per cent.

    Category S (standard) goes with a rate; a rate of 0 stays without one, because the invoice does not say whether
    the goods are zero-rated, exempt or taxed by the receiver.
    """
    return OutboundSegment("TAX", "7", ["VAT"], "", "", ["", "", "", text(rate)], "S" if rate else "")


def _total_segments(invoice: Invoice) -> list[OutboundSegment]:
    """Return the totals: MOA 77 to pay, 79 of the lines, 125 taxable, 124 tax; then TAX with 125, 124 per rate."""
    segments = [
        amount("77", invoice.total),
        amount("79", invoice.net),
        amount("125", sum((tax.base for tax in invoice.taxes), Decimal()) if invoice.taxes else invoice.net),
        amount("124", invoice.tax),
    ]
    for tax in invoice.taxes:
        segments += [_tax(tax.rate), amount("125", tax.base), amount("124", tax.tax)]
    return segments
