"""ORDERS both ways (D.96A and its successors, EANCOM included): a buyer's order, and ours to a supplier.

``READERS`` say which value of which segment is which field; :class:`OrderAssembly` makes the canonical order of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal, cast

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.claims import claim_readers, hold_claims
from adapters.edi.collect import RawDocument, RawFields, places
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import (
    amount,
    day,
    delivery_condition,
    free_texts,
    item_segments,
    line_count,
    line_item,
    main_carriage,
    minute,
    net_price,
    quantity,
    reference,
)
from adapters.edi.mapping import Mapping
from adapters.edi.nad import party_group
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code
from adapters.edi.terms import payment_terms
from adapters.edi.values import ORDER_TYPES, Kind, is_plain, joined, terms, words
from core.documents import DropShipOrder, Order, OrderLine
from core.errors import ValueRefused
from core.provenance import Level, Violation
from core.values import text

#: 2005 of the requested date, the most telling first (glossary: DTM+2, else 64, 63, 61)
REQUESTED: Final = ("2", "64", "63", "61")
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
    # in the place of PAT from D.03A on
    "PYT": Reader(((3, 1), (4, 1), (5, 1), (6, 1)), _pat),
    "TDT": Reader(((1, 1), *places(3, 1, 2)), _tdt),
    "TOD": Reader(((3, 1), (3, 4)), _tod),
    **collect.item_readers(),
    **collect.value_readers(),
    **claim_readers(),
    "LIN/QTY": Reader(collect.QUANTITY, _qty),
    "LIN/DTM": Reader(collect.DATE, _line_dtm),
    "MOA": collect.TOTALS,
    "CNT": collect.CONTROLS,
}


class TradeAssembly(Assembly):
    """What an order and a change of it have in common."""

    def trade(self) -> dict[str, Any]:
        """Return the fields that ``Order`` and ``OrderChange`` share, by their names."""
        header = self.raw.header
        if self.raw.claims:
            hold_claims(self, self.raw.claims)
        party = self.parties(_PARTIES).get
        return {
            "document_date": self.instant(header, "document_date"),
            "requested_date": self.day(header, "requested_date"),
            "currency": plain(header, "currency"),
            "contract": plain(header, "contract"),
            "buyer": party("buyer"),
            "supplier": party("supplier"),
            "ship_to": party("ship_to"),
            "invoicee": party("invoicee"),
            "payment_method": plain(header, "payment_method"),
            "payment_terms": terms(header["payment_terms"]) if "payment_terms" in header else "",
            "transport_mode": plain(header, "transport_mode"),
            "delivery_terms": plain(header, "delivery_terms"),
            "notes": tuple([words(note) for note in self.raw.notes]),
            "total": self.number(header, "total", Kind.MONEY),
            "response_wanted": plain(header, "response_wanted"),
        }


class OrderAssembly(TradeAssembly):
    """Makes one order."""

    def order(self) -> Order | None:
        """Return the order, None where it has a fault of severity error."""
        header = self.raw.header
        reference = plain(header, "buyer_reference")
        if not reference:
            self.fault("order.reference_missing", {}, header.get("buyer_reference"), "13")
        lines = self._lines()
        trade = self.trade()
        if trade["buyer"] is None:
            self.warn("order.buyer_missing", {}, "")
        self._control_totals(lines, trade["total"])
        if self.refused:
            return None
        code = plain(header, "code") or "220"
        return Order(
            buyer_reference=reference,
            lines=tuple(lines),
            code=code,
            type=cast('Literal["standard", "urgent", "sample"]', ORDER_TYPES.get(code, "standard")),
            function=plain(header, "function") or "9",
            **trade,
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


#: ``Order.payment_terms`` as a period after the invoice: its number and 2151
_TERMS: Final = re.compile(r"(\d{1,3}) (days|weeks|months|years|working days)")
_PERIODS: Final = {"days": "D", "weeks": "W", "months": "M", "years": "Y", "working days": "WD"}


def orders_segments(drop_ship: DropShipOrder, style: Style) -> list[OutboundSegment]:
    """Return the body of ORDERS: an order of ours that a supplier delivers to a customer of ours (NAD DP).

    RFF UO is the customer's own order number, RFF ABO ours. Payment terms that are no plain period of time are told
    in words (FTX AAB).

    Raises:
        ValueRefused: the order has no date, which ORDERS must have.
    """
    order, style = drop_ship.order, style._replace(buying=True)
    segments = [*_heading(order, style), *_terms_in_words(order, style)]
    for qualifier, number in (
        ("CT", order.contract),
        ("UO", drop_ship.customer_reference),
        ("ABO", drop_ship.order_number),
    ):
        if number:
            segments.append(reference(qualifier, number, style))
    segments += party_group("BY", order.buyer, style, tax=True, contact=True)
    segments += party_group("SU", order.supplier, style, tax=True, contact=True)
    segments += party_group("DP", order.ship_to, style, contact=True)
    segments += party_group("IV", order.invoicee, style, tax=True, contact=True)
    segments += _terms_segments(order, style)
    for line in order.lines:
        segments += _line_segments(line, style)
    segments.append(OutboundSegment("UNS", "S"))
    if order.total is not None:
        segments.append(amount("86", order.total))
    segments.append(line_count(len(order.lines)))
    return segments


def _heading(order: Order, style: Style) -> list[OutboundSegment]:
    """Return BGM, DTM 137 and the requested day (DTM 2), PAI and the notes (FTX AAI)."""
    if order.document_date is None:
        raise ValueRefused("an order that is sent has a date")
    segments = [
        OutboundSegment("BGM", order.code, cut(order.buyer_reference, NAME), order.function, order.response_wanted),
        minute("137", order.document_date),
    ]
    if order.requested_date is not None:
        segments.append(day("2", order.requested_date))
    if order.payment_method:
        segments.append(OutboundSegment("PAI", ["", "", fit_code(order.payment_method, 3)]))
    return segments + free_texts("AAI", order.notes, style)


def _terms_in_words(order: Order, style: Style) -> list[OutboundSegment]:
    if not order.payment_terms or _TERMS.fullmatch(order.payment_terms):
        return []
    return free_texts("AAB", (order.payment_terms,), style)


def _terms_segments(order: Order, style: Style) -> list[OutboundSegment]:
    """Return CUX, PAT (or PYT), TDT of the main carriage and TOD, each where the order says it."""
    segments = []
    if order.currency:
        segments.append(OutboundSegment("CUX", ["2", fit_code(order.currency, 3), "9"]))
    if period := _TERMS.fullmatch(order.payment_terms):
        segments.append(payment_terms("1", period[1], _PERIODS[period[2]], style))
    if order.transport_mode:
        segments.append(main_carriage(order.transport_mode))
    if order.delivery_terms:
        segments.append(delivery_condition(order.delivery_terms))
    return segments


def _line_segments(line: OrderLine, style: Style) -> list[OutboundSegment]:
    """Return LIN with QTY 21, the day (DTM 2), the amount (MOA 203), a note (FTX LIN) and the net price."""
    segments = [
        line_item(line.line, "", line.gtin, style),
        *item_segments(line.gtin, line.supplier_code, line.buyer_code, line.description, style),
        quantity("21", line.quantity, line.unit, style),
    ]
    if line.requested_date is not None:
        segments.append(day("2", line.requested_date))
    if line.amount is not None:
        segments.append(amount("203", line.amount))
    segments += free_texts("LIN", (line.note,), style)
    if line.price is not None:
        segments.append(net_price(line.price, line.price_basis))
    return segments
