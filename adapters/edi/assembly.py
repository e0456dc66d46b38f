"""The canonical order of the texts that ORDERS was collected into, and what is wrong with them.

Rules that need today's date, master data or another document are the core's; here a fault is what no reader of this
message alone could take for an order (fault table of the architecture, row "quantity <= 0 ...").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, cast

from adapters.edi.lexer import Placed, shown
from adapters.edi.mapping import Mapping
from adapters.edi.orders import READERS, RawFields, RawOrder
from adapters.edi.values import (
    DATE_FORMATS,
    DEFAULT_DATE_FORMAT,
    ORDER_TYPES,
    DateFormatUnknown,
    Kind,
    Raw,
    instant,
    integer,
    is_plain,
    joined,
    number,
    terms,
)
from core.documents import Order, OrderLine, Party
from core.errors import ValueOutOfRange, ValueRefused
from core.provenance import Level, Parameters, Severity, Violation, fault
from core.values import MAX_QUANTITY, text

_ONE: Final = Decimal(1)
#: the line numbers that nearly every line has
_LINE_NUMBERS: Final = {str(number): number for number in range(1, 10_000)}
_HOLD: Final = "document.count_mismatch"


class OrderAssembly:
    """Makes one order; ``violations`` carry places where the collected texts do."""

    def __init__(self, raw: RawOrder, decimal: str) -> None:
        self.violations: list[Violation] = []
        self._raw, self._decimal = raw, decimal

    def order(self) -> Order | None:
        """Return the order, None where it has a fault of severity error."""
        raw, header = self._raw, self._raw.header
        reference = _plain(header, "buyer_reference")
        if not reference:
            self._fault(
                "order.reference_missing",
                {},
                header.get("buyer_reference"),
                "13",
            )
        lines = self._lines()
        party = {name: _party(fields) for name, fields in self._parties().items()}
        if "buyer" not in party:
            self._warn("order.buyer_missing", {}, "")
        total = self._number(header, "total", Kind.MONEY)
        document_date, requested = self._instant(header, "document_date"), self._instant(header, "requested_date")
        self._control_totals(lines, total)
        if any(violation.severity is Severity.ERROR for violation in self.violations):
            return None
        code = _plain(header, "code") or "220"
        return Order(
            buyer_reference=reference,
            lines=tuple(lines),
            code=code,
            type=cast('Literal["standard", "urgent", "sample"]', ORDER_TYPES.get(code, "standard")),
            function=_plain(header, "function") or "9",
            document_date=document_date,
            requested_date=requested.date() if requested else None,
            currency=_plain(header, "currency"),
            contract=_plain(header, "contract"),
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
            ship_to=party.get("ship_to"),
            invoicee=party.get("invoicee"),
            payment_method=_plain(header, "payment_method"),
            payment_terms=terms(cast("Sequence[str]", header["payment_terms"])) if "payment_terms" in header else "",
            transport_mode=_plain(header, "transport_mode"),
            delivery_terms=_plain(header, "delivery_terms"),
            notes=tuple([joined(note) for note in raw.notes]),
            total=total,
            response_wanted=_plain(header, "response_wanted"),
        )

    def _parties(self) -> dict[str, RawFields]:
        return {
            name: self._raw.parties[name]
            for name in ("buyer", "supplier", "ship_to", "invoicee")
            if name in self._raw.parties
        }

    def _lines(self) -> list[OrderLine]:
        lines: list[OrderLine] = []
        numbers: set[int] = set()
        # the hot loop of every bulk file: what is plainly right is taken at once, all else by the careful methods
        plain = is_plain if self._decimal == "." else _never
        for fields in self._raw.lines:
            get = fields.get
            line = _LINE_NUMBERS.get(fields["line"], 0)
            if not line or line in numbers:
                line = self._line_number(fields, numbers)
            numbers.add(line)
            quantity, price, amount = get("quantity"), get("price"), get("amount")
            lines.append(
                OrderLine(
                    line,
                    Decimal(quantity) if quantity and plain(quantity) else self._quantity(fields, line),
                    get("gtin", "").strip(),
                    get("buyer_code", "").strip(),
                    get("supplier_code", "").strip(),
                    joined(fields["description"]) if "description" in fields else "",
                    get("unit", "").strip(),
                    (Decimal(price) if plain(price) else self._price(fields)) if price else None,
                    self._basis(fields) if "price_basis" in fields else _ONE,
                    (Decimal(amount) if plain(amount) else self._number(fields, "amount", Kind.MONEY))
                    if amount
                    else None,
                    self._date(fields) if "requested_date" in fields else None,
                    joined(fields["note"]) if "note" in fields else "",
                )
            )
        if not lines:
            self._fault(
                "order.no_lines",
                {},
                self._raw.header.get("buyer_reference"),
                "13",
                level=Level.MESSAGE,
            )
        return lines

    def _amount(self, fields: RawFields) -> Decimal | None:
        return self._number(fields, "amount", Kind.MONEY)

    def _date(self, fields: RawFields) -> date | None:
        requested = self._instant(fields, "requested_date")
        return requested.date() if requested else None

    def _line_number(self, fields: RawFields, taken: set[int]) -> int:
        sent = cast("str", fields["line"])
        if not sent.strip():
            line = max(taken, default=0) + 1
            self._warn("order.line_number_missing", {"line": line}, sent, "13")
            return line
        try:
            line = integer(sent)
        except ValueRefused:
            self._fault("order.line_number_invalid", {"sent": sent[:20]}, sent, "37")
            return max(taken, default=0) + 1
        if line in taken:
            self._fault("order.line_number_repeated", {"line": line}, sent, "12")
        return line

    def _quantity(self, fields: RawFields, line: int) -> Decimal:
        if not fields.get("quantity"):
            self._fault("order.quantity_missing", {"line": line}, fields["line"], "13")
            return _ONE
        quantity = self._number(fields, "quantity", Kind.QUANTITY)
        if quantity is None:
            return _ONE
        if quantity <= 0:
            ordered: Parameters = {"line": line, "quantity": text(quantity)}
            self._fault("quantity.not_positive", ordered, fields["quantity"], "12")
        elif quantity > MAX_QUANTITY:
            self._fault("quantity.too_large", {"line": line, "most": int(MAX_QUANTITY)}, fields["quantity"], "12")
        return quantity

    def _price(self, fields: RawFields) -> Decimal | None:
        price = self._number(fields, "price", Kind.PRICE)
        if price is not None and price < 0:
            self._fault("price.negative", {"price": text(price)}, fields["price"], "12")
        return price

    def _basis(self, fields: RawFields) -> Decimal:
        basis = self._number(fields, "price_basis", Kind.QUANTITY)
        if basis is not None and basis <= 0:
            self._fault("price.basis_not_positive", {}, fields["price_basis"], "12")
        return basis or _ONE

    def _number(self, fields: RawFields, name: str, kind: Kind) -> Decimal | None:
        sent = fields.get(name)
        if not sent:
            return None
        assert isinstance(sent, str)
        try:
            return number(sent, kind, self._decimal)
        except ValueOutOfRange:
            self._fault("value.out_of_range", {"field": name, "sent": sent[:40]}, sent, "12")
        except ValueRefused:
            self._fault(
                "value.not_numeric",
                {"field": name, "sent": sent[:40], "mark": self._decimal},
                sent,
                "37",
                variant="field",
            )
        return None

    def _instant(self, fields: RawFields, name: str) -> datetime | None:
        sent = fields.get(name)
        if not sent or not sent[0]:
            return None
        try:
            return instant(cast("Sequence[str]", sent))
        except DateFormatUnknown:
            self._warn(
                "date.format_unknown",
                {"field": name, "format": sent[1][:10], "readable": ", ".join(DATE_FORMATS)},
                sent[0],
                "14",
            )
        except ValueRefused:
            self._fault(
                "date.invalid",
                {"field": name, "sent": sent[0][:40], "format": sent[1] or DEFAULT_DATE_FORMAT},
                sent[0],
                "12",
            )
        return None

    def _control_totals(self, lines: list[OrderLine], total: Decimal | None) -> None:
        controls = self._raw.controls
        if (sent := controls.get("2")) and not _equal(sent, self._decimal, Decimal(len(lines))):
            self._mismatch("document.line_count", {"sent": sent[:20], "found": len(lines)}, sent)
        if sent := controls.get("1"):
            ordered = sum((line.quantity for line in lines), Decimal(0))
            if not _equal(sent, self._decimal, ordered):
                self._mismatch("document.quantity_total", {"sent": sent[:20], "found": text(ordered)}, sent)
        if (sent := controls.get("MOA 79")) and total is not None:
            amounts = [line.amount for line in lines if line.amount is not None]
            if len(amounts) == len(lines) and sum(amounts, Decimal(0)) != total:
                found = text(sum(amounts, Decimal(0)))
                self._warn("document.amount_total", {"sent": sent[:20], "found": found}, sent, "12")

    def _mismatch(self, code: str, parameters: Parameters, sent: Raw) -> None:
        self._add(fault(code, parameters, severity=Severity.WARNING, syntax_code="29", hold=_HOLD), sent)

    def _warn(self, code: str, parameters: Parameters, sent: Raw, syntax_code: str = "") -> None:
        self._add(fault(code, parameters, severity=Severity.WARNING, syntax_code=syntax_code), sent)

    def _fault(
        self,
        code: str,
        parameters: Parameters,
        sent: Raw | None,
        syntax_code: str,
        *,
        variant: str = "",
        level: Level = Level.COMPONENT,
    ) -> None:
        self._add(fault(code, parameters, variant=variant, syntax_code=syntax_code), sent, level)

    def _add(self, found: Violation, sent: Raw | None, level: Level = Level.COMPONENT) -> None:
        """Note what was *found*, at the place of what was *sent* where that carries one."""
        place = sent.place if isinstance(sent, Placed) else None
        if place is not None:
            found = found._replace(
                level=level,
                segment=place.segment,
                tag=place.tag,
                element=place.element,
                component=place.component,
                offset=place.offset,
                value=shown(str(sent)) if sent else None,
            )
        self.violations.append(found)


def _never(_sent: str) -> None:
    """Take the careful way for every number: the decimal mark is not the point."""


def _plain(fields: RawFields, name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _equal(sent: str, decimal: str, value: Decimal) -> bool:
    try:
        return number(sent, Kind.QUANTITY, decimal) == value
    except ValueRefused:
        return False


def _party(fields: RawFields) -> Party:
    return Party(**{name: value.strip() if isinstance(value, str) else joined(value) for name, value in fields.items()})


def _assemble(raw: RawOrder, decimal: str) -> tuple[Order | None, list[Violation]]:
    assembly = OrderAssembly(raw, decimal)
    return assembly.order(), assembly.violations


MAPPING: Final = Mapping(READERS, RawOrder, _assemble)
