"""ORDERS as received (D.96A and its successors, EANCOM included): an order of ours.

``READERS`` say which value of which segment is which field; :class:`OrderAssembly` makes the canonical order of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, cast

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawDocument, RawFields, places
from adapters.edi.directory.captures import Reader
from adapters.edi.mapping import Mapping
from adapters.edi.values import ORDER_TYPES, Kind, is_plain, joined, terms, words
from core.documents import Order, OrderLine
from core.provenance import Level, Violation
from core.values import text

#: 2005 of the requested date, the most telling first (glossary: DTM+2, else 64, 63, 61)
REQUESTED: Final = ("2", "64", "63", "61")
#: 5025 totals: line items amount, total message amount
TOTALS: Final = ("79", "86")
_PARTIES: Final = ("buyer", "supplier", "ship_to", "invoicee")
_ONE: Final = Decimal(1)
#: the line numbers that nearly every line has
_LINE_NUMBERS: Final = {str(number): number for number in range(1, 10_000)}


def _bgm(order: RawDocument, c: Sequence[str]) -> None:
    code, reference, function, response = c
    order.header.update(code=code, buyer_reference=reference, function=function, response_wanted=response)


def _dtm(order: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "137":
        order.header["document_date"] = c[1:]
    else:
        order.rank("requested_date", REQUESTED, c[0], c[1:])


def _pai(order: RawDocument, c: Sequence[str]) -> None:
    order.header["payment_method"] = c[1] or c[0]


def _rff(order: RawDocument, c: Sequence[str]) -> None:
    order.rank("contract", ("CT", "BC", "BO"), c[0], c[1])


def _pat(order: RawDocument, c: Sequence[str]) -> None:
    if c[3]:
        order.header.setdefault("payment_terms", c[:4])


def _tdt(order: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "20":
        order.header.setdefault("transport_mode", c[1] or c[2])


def _tod(order: RawDocument, c: Sequence[str]) -> None:
    order.header.setdefault("delivery_terms", c[0] or c[1])


def _qty(order: RawDocument, c: Sequence[str]) -> None:
    line = order.line
    if c[0] == "21" and "quantity" not in line:
        line["quantity"] = c[1]
        line["unit"] = c[2]


def _line_dtm(order: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "2" or (c[0] in REQUESTED and "requested_date" not in order.line):
        order.line["requested_date"] = c[1:]


def _moa(order: RawDocument, c: Sequence[str]) -> None:
    if c[1]:
        order.rank("total", TOTALS, c[0], c[1])
        order.controls[f"MOA {c[0]}"] = c[1]


#: path of the message table -> the places (element, component) that are taken of its segment, and who takes them
READERS: Final = {
    "BGM": Reader(((1, 1), (2, 1), (3, 1), (4, 1)), _bgm),
    "DTM": Reader(collect.DATE, _dtm),
    "PAI": Reader(((1, 1), (1, 3)), _pai),
    "FTX": collect.NOTES,
    "RFF": Reader(collect.QUALIFIED, _rff),
    **collect.party_readers(),
    "CUX": collect.CURRENCY,
    "PAT": Reader(places(3, 1, 4), _pat),
    "TDT": Reader(((1, 1), *places(3, 1, 2)), _tdt),
    "TOD": Reader(((3, 1), (3, 4)), _tod),
    **collect.item_readers(),
    **collect.value_readers(),
    "LIN/QTY": Reader(collect.QUANTITY, _qty),
    "LIN/DTM": Reader(collect.DATE, _line_dtm),
    "MOA": Reader(collect.QUALIFIED, _moa),
    "CNT": collect.CONTROLS,
}


class OrderAssembly(Assembly):
    """Makes one order."""

    def order(self) -> Order | None:
        """Return the order, None where it has a fault of severity error."""
        raw, header = self.raw, self.raw.header
        reference = plain(header, "buyer_reference")
        if not reference:
            self.fault("order.reference_missing", {}, header.get("buyer_reference"), "13")
        lines = self._lines()
        party = self.parties(_PARTIES)
        if "buyer" not in party:
            self.warn("order.buyer_missing", {}, "")
        total = self.number(header, "total", Kind.MONEY)
        document_date, requested = self.instant(header, "document_date"), self.day(header, "requested_date")
        self._control_totals(lines, total)
        if self.refused:
            return None
        code = plain(header, "code") or "220"
        return Order(
            buyer_reference=reference,
            lines=tuple(lines),
            code=code,
            type=cast('Literal["standard", "urgent", "sample"]', ORDER_TYPES.get(code, "standard")),
            function=plain(header, "function") or "9",
            document_date=document_date,
            requested_date=requested,
            currency=plain(header, "currency"),
            contract=plain(header, "contract"),
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
            ship_to=party.get("ship_to"),
            invoicee=party.get("invoicee"),
            payment_method=plain(header, "payment_method"),
            payment_terms=terms(cast("Sequence[str]", header["payment_terms"])) if "payment_terms" in header else "",
            transport_mode=plain(header, "transport_mode"),
            delivery_terms=plain(header, "delivery_terms"),
            notes=tuple([words(note) for note in raw.notes]),
            total=total,
            response_wanted=plain(header, "response_wanted"),
        )

    def _lines(self) -> list[OrderLine]:
        lines: list[OrderLine] = []
        numbers: set[int] = set()
        # the hot loop of every bulk file: what is plainly right is taken at once, all else by the careful methods
        plainly = is_plain if self.decimal == "." else _never
        for fields in self.raw.lines:
            get = fields.get
            line = _LINE_NUMBERS.get(fields["line"], 0)
            if not line or line in numbers:
                line = self.line_number(fields, numbers)
            numbers.add(line)
            quantity, price, amount = get("quantity"), get("price"), get("amount")
            lines.append(
                OrderLine(
                    line,
                    Decimal(quantity) if quantity and plainly(quantity) else self._ordered(fields, line),
                    get("gtin", "").strip(),
                    get("buyer_code", "").strip(),
                    get("supplier_code", "").strip(),
                    joined(fields["description"]) if "description" in fields else "",
                    get("unit", "").strip(),
                    (Decimal(price) if plainly(price) else self.price(fields)) if price else None,
                    self.price_basis(fields) if "price_basis" in fields else _ONE,
                    (Decimal(amount) if plainly(amount) else self.number(fields, "amount", Kind.MONEY))
                    if amount
                    else None,
                    self.day(fields, "requested_date") if "requested_date" in fields else None,
                    words(fields["note"]) if "note" in fields else "",
                )
            )
        if not lines:
            self.fault("order.no_lines", {}, self.raw.header.get("buyer_reference"), "13", level=Level.MESSAGE)
        return lines

    def _ordered(self, fields: RawFields, line: int) -> Decimal:
        if not fields.get("quantity"):
            self.fault("order.quantity_missing", {"line": line}, fields["line"], "13")
        return self.quantity(fields, line) or _ONE

    def _control_totals(self, lines: list[OrderLine], total: Decimal | None) -> None:
        self.check_line_count(len(lines))
        self.check_quantity_total(line.quantity for line in lines)
        if (sent := self.raw.controls.get("MOA 79")) and total is not None:
            amounts = [line.amount for line in lines if line.amount is not None]
            if len(amounts) == len(lines) and sum(amounts, Decimal(0)) != total:
                found = text(sum(amounts, Decimal(0)))
                self.warn("document.amount_total", {"sent": sent[:20], "found": found}, sent, "12")


def _never(_sent: str) -> None:
    """Take the careful way for every number: the decimal mark is not the point."""


def _assemble(raw: RawDocument, decimal: str) -> tuple[Order | None, list[Violation]]:
    assembly = OrderAssembly(raw, decimal)
    return assembly.order(), assembly.violations


MAPPING: Final = Mapping(READERS, RawDocument, _assemble)
