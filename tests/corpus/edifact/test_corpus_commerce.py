"""Invoices, remittance advices, price lists and sales reports of other hands: who would take one, reads one.

The corpus is looked for as in ``test_corpus_orders``, which says so loudly where it is missing.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_files import files_of, messages_in

from core.documents import Invoice, PriceList, RemittanceAdvice, SalesReport

KINDS = {"INVOIC": Invoice, "PRICAT": PriceList, "REMADV": RemittanceAdvice, "SLSRPT": SalesReport}
FILES = files_of(KINDS)
#: files that nobody could take, with one of the reasons
REFUSED = {
    # no date, no line and no amount
    "BerryWorksSoftware-edireader__tiny-UNOA": "invoice.total_missing",
    "BerryWorksSoftware-edireader__tiny-UNOE": "invoice.total_missing",
    "BerryWorksSoftware-edireader__tiny-withUNA-UNOA": "invoice.total_missing",
    "BerryWorksSoftware-edireader__tiny-withUNA-UNOE": "invoice.total_missing",
    "rchod-DesadvParser__desadv_wrong_document_type": "invoice.total_missing",
    "smooks-smooks-examples__expected": "invoice.no_lines",
    # lists of calls without any amount to pay
    "gitpan-XML-Edifact__eva2": "invoice.total_missing",
    "michaeldoehler-php_edifact__ex4": "invoice.total_missing",
    # numbers with a comma under the mark ".", placeholders such as X and TEST
    "michaeldoehler-php_edifact__ex2": "value.decimal_mark",
    "indice-co-EDI.Net__edifact.Issue203": "value.not_numeric",
    "JoschaMetze-edifact_mapper__27001": "value.not_numeric",
    "JoschaMetze-edifact_mapper__27002": "value.not_numeric",
    "JoschaMetze-edifact_mapper__27003": "value.not_numeric",
    # segments that the message table has elsewhere, or an element more often than it lets
    "JoschaMetze-edifact_mapper__33001": "segment.misplaced",
    "JoschaMetze-edifact_mapper__33003": "segment.misplaced",
    "jskrobak-underware.Edifact__D96A_INVOIC": "segment.misplaced",
    "smooks-smooks-edi-cartridge__invoic": "element.repeated",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_person_would_take_is_read(path: Path) -> None:
    for decoded in messages_in(path):
        errors = {violation.code for violation in decoded.violations if violation.severity == "error"}
        if (reason := REFUSED.get(path.stem)) is not None:
            assert reason in errors
            assert decoded.document is None
        elif decoded.span.type in KINDS:
            assert errors == set()
            assert isinstance(decoded.document, KINDS[decoded.span.type])


def test_what_they_say_is_in_the_documents() -> None:
    files = {kind: sum(path.parent.name == kind for path in FILES) for kind in KINDS}
    documents = [decoded.document for path in FILES for decoded in messages_in(path) if decoded.document]
    invoices = [document for document in documents if isinstance(document, Invoice)]
    assert len(invoices) >= files["INVOIC"] // 2
    assert all(invoice.lines and invoice.number for invoice in invoices)
    assert sum(bool(invoice.allowances) for invoice in invoices) >= files["INVOIC"] // 4
    assert sum(bool(invoice.cash_discounts) for invoice in invoices) >= files["INVOIC"] // 8
    prices = sum(len(item.prices) for found in documents if isinstance(found, PriceList) for item in found.items)
    assert prices >= 10 * files["PRICAT"]
    sales = [sale for found in documents if isinstance(found, SalesReport) for sale in found.sales]
    assert len(sales) >= 10 * files["SLSRPT"]
    assert all(sale.period_start and sale.location for sale in sales)
