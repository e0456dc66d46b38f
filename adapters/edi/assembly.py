"""Canonical values of collected texts, and what is wrong with them: the base of every message's assembly.

Rules that need today's date, master data or another document are the core's; here a fault is what no reader of this
message alone could take for its document (fault table of the architecture, row "quantity <= 0 ...").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, cast

from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.lexer import Placed, shown
from adapters.edi.values import (
    DATE_FORMATS,
    DEFAULT_DATE_FORMAT,
    DateFormatUnknown,
    Kind,
    Raw,
    dated,
    instant,
    integer,
    joined,
    number,
)
from core.documents import Party
from core.errors import ValueOutOfRange, ValueRefused
from core.provenance import Level, Parameters, Severity, Violation, fault
from core.values import MAX_QUANTITY, text

_ONE: Final = Decimal(1)
_HOLD: Final = "document.count_mismatch"


class Assembly:
    """Makes the values of one document; ``violations`` carry places where the collected texts do.

    A method that finds a fault notes it and returns a value that lets the assembly go on: :attr:`refused` tells
    whether there is a document in the end. The *name* of a field is that of the table ``fields`` of ``core/texts``.
    """

    def __init__(self, raw: RawDocument, decimal: str) -> None:
        self.violations: list[Violation] = []
        self.raw, self.decimal = raw, decimal

    @property
    def refused(self) -> bool:
        """Tell whether a fault of severity error was found."""
        return any(violation.severity is Severity.ERROR for violation in self.violations)

    def parties(self, names: Iterable[str]) -> dict[str, Party]:
        """Return the parties that were sent, of those *names* (keys of ``RawDocument.parties``)."""
        sent = self.raw.parties
        return {name: party(sent[name]) for name in names if name in sent}

    def day(self, fields: RawFields, name: str) -> date | None:
        """Return the day of a date (2380, 2379)."""
        moment = self._moment(fields, name)
        return moment.date() if moment else None

    def instant(self, fields: RawFields, name: str) -> datetime | None:
        """Return the moment of a date (2380, 2379) in UTC, None where it was not sent or is none."""
        moment = self._moment(fields, name)
        return moment.astimezone(UTC) if moment else None

    def _moment(self, fields: RawFields, name: str) -> datetime | None:
        sent = fields.get(name)
        if not sent or not sent[0]:
            return None
        form = sent[1] or DEFAULT_DATE_FORMAT
        try:
            moment = instant(cast("Sequence[str]", sent))
        except DateFormatUnknown:
            self.warn(
                "date.format_unknown",
                {"field": name, "format": sent[1][:10], "readable": ", ".join(DATE_FORMATS)},
                sent[0],
                "14",
            )
        except ValueRefused:
            self.fault(
                "date.invalid",
                {"field": name, "sent": sent[0][:40], "format": form},
                sent[0],
                "12",
            )
        else:
            if (fitting := dated(sent)[1]) != form:
                told: Parameters = {"field": name, "sent": sent[0][:40], "format": form[:10], "read": fitting}
                self.warn("date.format_differs", told, sent[0], "12")
            return moment
        return None

    def number(self, fields: RawFields, name: str, kind: Kind) -> Decimal | None:
        """Return a number of its *kind* (quantity, price or money), None where it was not sent or is none."""
        sent = fields.get(name)
        if not sent:
            return None
        assert isinstance(sent, str)
        try:
            return number(sent, kind, self.decimal)
        except ValueOutOfRange:
            self.fault("value.out_of_range", {"field": name, "sent": sent[:40]}, sent, "12")
        except ValueRefused:
            self.fault(
                "value.not_numeric",
                {"field": name, "sent": sent[:40], "mark": self.decimal},
                sent,
                "37",
                variant="field",
            )
        return None

    def line_number(self, fields: RawFields, taken: set[int]) -> int:
        """Return 1082 of a line as a number of its own among those *taken*."""
        sent = cast("str", fields["line"])
        if not sent.strip():
            line = max(taken, default=0) + 1
            self.warn("line.number_missing", {"line": line}, sent, "13")
            return line
        try:
            line = integer(sent)
        except ValueRefused:
            self.fault("line.number_invalid", {"sent": sent[:20]}, sent, "37")
            return max(taken, default=0) + 1
        if line in taken:
            self.fault("line.number_repeated", {"line": line}, sent, "12")
        return line

    def quantity(self, fields: RawFields, line: int, name: str = "quantity", *, zero: bool = False) -> Decimal | None:
        """Return a quantity of a line: above 0, or 0 where *zero* is one, and not beyond what is kept."""
        quantity = self.number(fields, name, Kind.QUANTITY)
        if quantity is None:
            return None
        if quantity < 0 or (quantity == 0 and not zero):
            self.fault("quantity.not_positive", {"line": line, "quantity": text(quantity)}, fields[name], "12")
        elif quantity > MAX_QUANTITY:
            self.fault("quantity.too_large", {"line": line, "most": int(MAX_QUANTITY)}, fields[name], "12")
        return quantity

    def price(self, fields: RawFields) -> Decimal | None:
        """Return the price of a line, which is not below 0."""
        price = self.number(fields, "price", Kind.PRICE)
        if price is not None and price < 0:
            self.fault("price.negative", {"price": text(price)}, fields["price"], "12")
        return price

    def price_basis(self, fields: RawFields, name: str = "price_basis") -> Decimal:
        """Return the quantity that a price of a line is for, 1 where none was sent."""
        basis = self.number(fields, name, Kind.QUANTITY)
        if basis is not None and basis <= 0:
            self.fault("price.basis_not_positive", {}, fields[name], "12")
        return basis or _ONE

    def check_line_count(self, lines: int) -> None:
        """Hold the document where CNT 2 does not say that it has so many lines."""
        if (sent := self.raw.controls.get("2")) and not self.equals(sent, Decimal(lines)):
            self.mismatch("document.line_count", {"sent": sent[:20], "found": lines}, sent)

    def check_quantity_total(self, quantities: Iterable[Decimal]) -> None:
        """Hold the document where CNT 1 does not say what the *quantities* of its lines come to."""
        if sent := self.raw.controls.get("1"):
            total = sum(quantities, Decimal(0))
            if not self.equals(sent, total):
                self.mismatch("document.quantity_total", {"sent": sent[:20], "found": text(total)}, sent)

    def equals(self, sent: str, value: Decimal) -> bool:
        """Tell whether the text *sent* is that number."""
        try:
            return number(sent, Kind.QUANTITY, self.decimal) == value
        except ValueRefused:
            return False

    def mismatch(self, code: str, parameters: Parameters, sent: Raw) -> None:
        """Note a count that differs: a warning that holds what the document becomes."""
        self._add(fault(code, parameters, severity=Severity.WARNING, syntax_code="29", hold=_HOLD), sent)

    def holding(self, code: str, parameters: Parameters, sent: Raw, *, hold: str, variant: str = "") -> None:
        """Note a warning that sets the *hold* on what the document becomes."""
        self._add(fault(code, parameters, variant=variant, severity=Severity.WARNING, hold=hold), sent)

    def warn(self, code: str, parameters: Parameters, sent: Raw | None, syntax_code: str = "") -> None:
        """Note a warning about what was *sent*."""
        self._add(fault(code, parameters, severity=Severity.WARNING, syntax_code=syntax_code), sent)

    def fault(
        self,
        code: str,
        parameters: Parameters,
        sent: Raw | None,
        syntax_code: str,
        *,
        variant: str = "",
        level: Level = Level.COMPONENT,
    ) -> None:
        """Note what leaves no document: ``fault("line.number_invalid", {"sent": "x"}, fields["line"], "37")``."""
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


def plain(fields: RawFields, name: str) -> str:
    """Return a field of one text without outer blanks, "" where it was not sent."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def party(fields: RawFields) -> Party:
    """Return the party of the texts that ``collect.party_readers`` took."""
    return Party(**{name: value.strip() if isinstance(value, str) else joined(value) for name, value in fields.items()})
