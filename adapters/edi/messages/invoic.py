"""INVOIC both ways: an invoice or credit note, segments in the order of the message table of D.96A and its successors.

``READERS`` say which value of which segment is which field; :class:`InvoiceAssembly` makes the canonical invoice of
them. :func:`invoic_segments` writes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.charges import (
    TAX,
    RawBill,
    allowance_readers,
    allowance_segments,
    allowances,
    take_tax,
    tax_segment,
)
from adapters.edi.collect import RawFields
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import (
    amount,
    day,
    free_texts,
    item_segments,
    line_count,
    line_item,
    minute,
    quantity,
    reference,
)
from adapters.edi.mapping import Mapping
from adapters.edi.nad import contact_group, nad, party_group, tax_reference
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code
from adapters.edi.terms import BANK, Terms, bank_segments, terms_readers, terms_segments
from adapters.edi.values import Kind, joined, words
from core.documents import Invoice, InvoiceLine, TaxTotal
from core.provenance import Level, Violation
from core.values import money_text, text

#: field -> the qualifiers that say it, the most telling first: 2005 of DTM, 1153 of RFF, 5025 of MOA
_DATES: Final = {
    "issued_at": ("137", "3"),
    "despatched_at": ("11",),
    "delivered_at": ("35",),
    "tax_point": ("131",),
    "due_date": ("13", "140", "265"),
}
_REFERENCES: Final = {
    "buyer_reference": ("ON", "CO"),
    "order_number": ("VN",),
    "despatch_number": ("DQ", "AAK"),
    "corrects": ("IV", "OI"),
    "contract": ("CT", "BC"),
}
_TOTALS: Final = {
    "total": ("77", "39", "388", "86", "128", "9"),
    "net": ("79",),
    "tax": ("124", "176", "150"),
    "allowance_total": ("131",),
    "prepaid": ("113",),
    "payable": ("9",),
}
#: 5025 of a line: line item amount, goods item total; 5125: net, invoiced, calculated price
_NETS: Final = ("203", "66")
_PRICES: Final = ("AAA", "INV", "CAL")
#: fields whose reference may have a date (DTM 171)
_DATED: Final = {"buyer_reference": "order_date", "corrects": "corrects_date"}
_PARTIES: Final = ("buyer", "supplier", "ship_to", "invoicee", "II")
_ONE: Final = Decimal(1)
#: 4451 of the words that say why tax is not charged
_TAX_DECLARATION: Final = "TXD"


def invoic_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return the body of INVOIC.

    Dates: DTM 137 issued, 11 despatched, 35 delivered, 131 tax point, 13 due. The parties carry their tax
    registration (RFF VA), the supplier also the account to pay to (FII RB).
    """
    segments = [
        OutboundSegment("BGM", fit_code(invoice.code, 3), cut(invoice.number, NAME), fit_code(invoice.function, 3)),
        minute("137", invoice.issued_at),
    ]
    dates = (("11", invoice.despatched_at), ("35", invoice.delivered_at), ("131", invoice.tax_point))
    segments += [day(qualifier, when) for qualifier, when in dates if when is not None]
    if invoice.payment_method:
        segments.append(OutboundSegment("PAI", ["", "", fit_code(invoice.payment_method, 3)]))
    texts = [*free_texts(_TAX_DECLARATION, (invoice.tax_note,), style), *free_texts("AAI", invoice.notes, style)]
    segments += texts[: _texts(style, 10)]
    segments += _reference_segments(invoice, style)
    segments += party_group("BY", invoice.buyer, style, tax=True)
    segments += _supplier_segments(invoice, style)
    segments += party_group("IV", invoice.invoicee, style, tax=True)
    segments += party_group("DP", invoice.ship_to, style, tax=True)
    if invoice.currency:
        segments.append(OutboundSegment("CUX", ["2", fit_code(invoice.currency, 3), "4"]))
    segments += terms_segments(invoice, style)
    for allowance in invoice.allowances:
        segments += allowance_segments(allowance, style)
    for line in invoice.lines:
        segments += _line_segments(line, invoice.buyer_reference, style)
    segments.append(OutboundSegment("UNS", "S"))
    segments.append(line_count(len(invoice.lines)))
    segments += _total_segments(invoice, style)
    return segments


def _reference_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return RFF of the order at the buyer and at us, of the despatch, of what a credit note corrects, the contract."""
    segments = []
    for qualifier, number, when in (
        ("ON", invoice.buyer_reference, invoice.order_date),
        ("VN", invoice.order_number, None),
        ("DQ", invoice.despatch_number, None),
        ("IV", invoice.corrects, invoice.corrects_date),
        ("CT", invoice.contract, None),
    ):
        if number:
            segments.append(reference(qualifier, number, style))
            if when is not None:
                segments.append(day("171", when))
    return segments


def _supplier_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return NAD SU with FII, RFF VA and CTA, in the order of segment group 2."""
    supplier = invoice.supplier
    if supplier is None:
        return []
    bank = bank_segments(invoice)
    return [nad("SU", supplier, style), *bank, *tax_reference(supplier, style), *contact_group(supplier)]


def _line_segments(line: InvoiceLine, buyer_reference: str, style: Style) -> list[OutboundSegment]:
    """Return LIN with QTY 47 (invoiced), the net amount (MOA 203), prices, tax, allowances and charges."""
    segments = [
        line_item(line.line, "", line.gtin, style),
        *item_segments(line.gtin, line.sku, line.buyer_code, line.description, style),
    ]
    if line.quantity is not None:
        segments.append(quantity("47", line.quantity, line.unit, style))
    segments += free_texts("AAI", (line.note,), style)[: _texts(style, 5)]
    if line.net is not None:
        segments.append(amount("203", line.net))
    for kind, price, basis in (("AAA", line.price, line.price_basis), ("AAB", line.gross_price, line.gross_basis)):
        if price is not None:
            told = ["", "", text(basis)] if basis != _ONE else []
            segments.append(OutboundSegment("PRI", [kind, money_text(price), *told]))
    if line.buyer_reference or line.order_line is not None:
        segments.append(reference("ON", line.buyer_reference or buyer_reference, style, line.order_line))
    if line.despatch_number:
        segments.append(reference("DQ", line.despatch_number, style))
    if line.tax_rate is not None or line.tax_category:
        segments.append(tax_segment(line.tax_rate, line.tax_category, style))
        if line.tax is not None:
            segments.append(amount("124", line.tax))
    for allowance in line.allowances:
        segments += allowance_segments(allowance, style)
    return segments


def _texts(style: Style, before_1999: int) -> int:
    """Return how many FTX the message table of INVOIC takes: few in its first releases, 99 later."""
    return 99 if style.text > 70 else before_1999


def _total_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return the totals: MOA 77 with tax, 79 of the lines, 125 taxable, 124 tax; then TAX with 125, 124 per rate.

    MOA 131 is what charges and allowances come to, 113 what was paid before, 9 what is left to pay.
    """
    bases = [tax.base for tax in invoice.taxes if tax.base is not None]
    amounts = (
        ("77", invoice.total),
        ("79", invoice.net),
        ("125", sum(bases, Decimal()) if bases else invoice.net),
        ("124", invoice.tax),
        ("131", invoice.allowance_total),
        ("113", invoice.prepaid),
        ("9", invoice.payable),
    )
    segments = [amount(qualifier, value) for qualifier, value in amounts if value is not None]
    for tax in invoice.taxes:
        segments.append(tax_segment(tax.rate, tax.category, style))
        segments += [amount(kind, value) for kind, value in (("125", tax.base), ("124", tax.tax)) if value is not None]
    return segments


def _dtm(bill: RawBill, c: Sequence[str]) -> None:
    for name, qualifiers in _DATES.items():
        bill.rank(name, qualifiers, c[0], c[1:])


def _pai(bill: RawBill, c: Sequence[str]) -> None:
    bill.header["payment_method"] = c[1] or c[0]


def _ftx(bill: RawBill, c: Sequence[str]) -> None:
    if c[0] == _TAX_DECLARATION and "tax_note" not in bill.header:
        bill.header["tax_note"] = collect.worded(c[1:])
    else:
        collect.take_note(bill, c)


def _rff(bill: RawBill, c: Sequence[str]) -> None:
    bill.dated = ""
    for name, qualifiers in _REFERENCES.items():
        if c[0] in qualifiers:
            bill.rank(name, qualifiers, c[0], c[1])
            bill.dated = _DATED.get(name, "") if bill.header[name] is c[1] else ""


def _rff_dtm(bill: RawBill, c: Sequence[str]) -> None:
    if c[0] == "171" and bill.dated:
        bill.header.setdefault(bill.dated, c[1:])


def _tax(bill: RawBill, c: Sequence[str]) -> None:
    if bill.closing:
        bill.taxes.append({})
    take_tax(bill.taxes[-1] if bill.closing else bill.header, c)


def _tax_moa(bill: RawBill, c: Sequence[str]) -> None:
    if bill.closing and c[0] in {"125", "124"}:
        bill.taxes[-1].setdefault("base" if c[0] == "125" else "tax", c[1])


def _uns(bill: RawBill, _c: Sequence[str]) -> None:
    bill.closing = True


def _moa(bill: RawBill, c: Sequence[str]) -> None:
    for name, qualifiers in _TOTALS.items():
        bill.rank(name, qualifiers, c[0], c[1])


def _line_qty(bill: RawBill, c: Sequence[str]) -> None:
    if c[0] == "47" and "quantity" not in bill.line:
        bill.line.update(quantity=c[1], unit=c[2])


def _line_moa(bill: RawBill, c: Sequence[str]) -> None:
    if c[0] == _NETS[0] or (c[0] in _NETS and "net" not in bill.line):
        bill.line["net"] = c[1]


def _line_pri(bill: RawBill, c: Sequence[str]) -> None:
    kind, price, basis = c
    line = bill.line
    if kind == "AAB" and "gross_price" not in line:
        line.update(gross_price=price, gross_basis=basis)
    elif kind in _PRICES and _PRICES.index(kind) < line.get("price_rank", len(_PRICES)):
        line.update(price=price, price_basis=basis, price_rank=_PRICES.index(kind))


def _line_rff(bill: RawBill, c: Sequence[str]) -> None:
    qualifier, number, line = c
    if qualifier == "ON":
        bill.line.setdefault("buyer_reference", number)
        if line:
            bill.line.setdefault("order_line", line)
    elif qualifier in _REFERENCES["despatch_number"]:
        bill.line.setdefault("despatch_number", number)


def _line_tax(bill: RawBill, c: Sequence[str]) -> None:
    take_tax(bill.line, c)


def _line_tax_moa(bill: RawBill, c: Sequence[str]) -> None:
    if c[0] == "124":
        bill.line.setdefault("tax", c[1])


READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    "PAI": Reader(((1, 1), (1, 3)), _pai),
    "FTX": Reader(collect.FREE_TEXT, _ftx),
    "RFF": Reader(collect.QUALIFIED, _rff),
    "RFF/DTM": Reader(collect.DATE, _rff_dtm),
    **collect.party_readers(),
    "NAD/FII": BANK,
    "TAX": Reader(TAX, _tax),
    "TAX/MOA": Reader(collect.QUALIFIED, _tax_moa),
    "CUX": collect.CURRENCY,
    **terms_readers("PAT"),
    **terms_readers("PYT"),
    **allowance_readers("ALC"),
    **collect.item_readers(),
    **collect.value_readers(),
    "LIN/QTY": Reader(collect.QUANTITY, _line_qty),
    "LIN/MOA": Reader(collect.QUALIFIED, _line_moa),
    "LIN/PRI": Reader((*collect.places(1, 1, 2), (1, 5)), _line_pri),
    "LIN/RFF": Reader(collect.REFERENCE, _line_rff),
    "LIN/TAX": Reader(TAX, _line_tax),
    "LIN/TAX/MOA": Reader(collect.QUALIFIED, _line_tax_moa),
    **allowance_readers("LIN/ALC"),
    "UNS": Reader(((1, 1),), _uns),
    "CNT": collect.CONTROLS,
    "MOA": Reader(collect.QUALIFIED, _moa),
}


class InvoiceAssembly(Assembly):
    """Makes one invoice."""

    def __init__(self, raw: RawBill, decimal: str) -> None:
        super().__init__(raw, decimal)
        self._bill = raw

    def invoice(self) -> Invoice | None:
        """Return the invoice, None where it has a fault of severity error."""
        header = self.raw.header
        number, sent = plain(header, "number"), header.get("number")
        issued_at = self.instant(header, "issued_at")
        if issued_at is None and not self.refused:
            self.fault("invoice.date_missing", {}, sent, "13", level=Level.MESSAGE)
        if not number:
            self.fault("invoice.number_missing", {}, sent, "13")
        if "total" not in header:
            self.fault("invoice.total_missing", {}, sent, "13", level=Level.MESSAGE)
        days = {name: self.day(header, name) for name in ("due_date", "tax_point", "corrects_date")}
        money = {name: self.number(header, name, Kind.MONEY) for name in _TOTALS}
        despatched_at, delivered_at = self.instant(header, "despatched_at"), self.instant(header, "delivered_at")
        lines = self._lines()
        self._check_totals(lines, money["net"])
        party = self.parties(_PARTIES)
        terms = Terms(self, self._bill.terms)
        taxes = tuple([self._tax_total(fields) for fields in self._bill.taxes])
        charged = allowances(self, self._bill.allowances)
        if self.refused or issued_at is None or money["total"] is None:
            return None
        return Invoice(
            number=number,
            order_number=plain(header, "order_number"),
            buyer_reference=plain(header, "buyer_reference"),
            issued_at=issued_at,
            due_date=terms.due_date or days["due_date"],
            currency=plain(header, "currency"),
            lines=tuple(lines),
            taxes=taxes,
            net=money["net"],
            tax=money["tax"],
            total=money["total"],
            despatch_number=plain(header, "despatch_number"),
            despatched_at=despatched_at,
            delivered_at=delivered_at,
            buyer=party.get("buyer"),
            supplier=party.get("supplier") or party.get("II"),
            ship_to=party.get("ship_to"),
            invoicee=party.get("invoicee"),
            payment_terms_days=terms.days,
            bank_account=plain(header, "bank_account"),
            code=plain(header, "code") or "380",
            function=plain(header, "function") or "9",
            corrects=plain(header, "corrects"),
            corrects_date=days["corrects_date"],
            order_date=self.instant(header, "order_date"),
            contract=plain(header, "contract"),
            tax_point=days["tax_point"],
            allowances=charged,
            allowance_total=money["allowance_total"],
            prepaid=money["prepaid"],
            payable=money["payable"],
            payment_terms_months=terms.months,
            cash_discounts=terms.discounts,
            payment_method=plain(header, "payment_method"),
            bank_code=plain(header, "bank_code"),
            bank_name=plain(header, "bank_name"),
            account_holder=plain(header, "account_holder"),
            notes=tuple([words(note) for note in self.raw.notes]),
            tax_note=words(header["tax_note"]) if "tax_note" in header else "",
        )

    def _tax_total(self, fields: RawFields) -> TaxTotal:
        return TaxTotal(
            rate=self.number(fields, "tax_rate", Kind.QUANTITY),
            base=self.number(fields, "base", Kind.MONEY),
            tax=self.number(fields, "tax", Kind.MONEY),
            category=plain(fields, "tax_category"),
        )

    def _lines(self) -> list[InvoiceLine]:
        lines: list[InvoiceLine] = []
        numbers: set[int] = set()
        for fields in self.raw.lines:
            line = self.line_number(fields, numbers)
            numbers.add(line)
            lines.append(self._line(fields, line))
        if not lines:
            self.fault("invoice.no_lines", {}, self.raw.header.get("number"), "13", level=Level.MESSAGE)
        return lines

    def _line(self, fields: RawFields, line: int) -> InvoiceLine:
        # a tax of the header is that of all lines that have none of their own
        taxed = fields if {"tax_rate", "tax_category"} & fields.keys() else self.raw.header
        order = plain(fields, "buyer_reference")
        return InvoiceLine(
            line=line,
            quantity=self.number(fields, "quantity", Kind.QUANTITY),
            price=self.number(fields, "price", Kind.PRICE),
            net=self.number(fields, "net", Kind.MONEY),
            tax_rate=self.number(taxed, "tax_rate", Kind.QUANTITY),
            gtin=plain(fields, "gtin"),
            sku=plain(fields, "supplier_code"),
            buyer_code=plain(fields, "buyer_code"),
            description=joined(fields["description"]) if "description" in fields else "",
            unit=plain(fields, "unit"),
            tax_category=plain(taxed, "tax_category"),
            tax=self.number(fields, "tax", Kind.MONEY),
            price_basis=self.price_basis(fields) if fields.get("price_basis") else _ONE,
            gross_price=self.number(fields, "gross_price", Kind.PRICE),
            gross_basis=self.price_basis(fields, "gross_basis") if fields.get("gross_basis") else _ONE,
            allowances=allowances(self, fields.get("allowances", ())),
            buyer_reference=order if order != plain(self.raw.header, "buyer_reference") else "",
            order_line=self._order_line(fields),
            despatch_number=plain(fields, "despatch_number"),
            note=words(fields["note"]) if "note" in fields else "",
        )

    def _order_line(self, fields: RawFields) -> int | None:
        number = plain(fields, "order_line")
        return int(number) if number.isascii() and number.isdigit() else None

    def _check_totals(self, lines: Sequence[InvoiceLine], net: Decimal | None) -> None:
        self.check_line_count(len(lines))
        nets = [line.net for line in lines if line.net is not None]
        if net is not None and len(nets) == len(lines) and (found := sum(nets, Decimal())) != net:
            sent = self.raw.header["net"]
            self.warn("document.amount_total", {"sent": sent[:20], "found": text(found)}, sent, "12")


def _assemble(raw: RawBill, decimal: str) -> tuple[Invoice | None, list[Violation]]:
    assembly = InvoiceAssembly(raw, decimal)
    return assembly.invoice(), assembly.violations


MAPPING: Final = Mapping(READERS, RawBill, _assemble)
