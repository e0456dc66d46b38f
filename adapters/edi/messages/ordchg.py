"""ORDCHG as received (D.96A and its successors, EANCOM included): a buyer's change of an order.

It says what ORDERS says, under the number of the change (BGM), of the order that RFF names. What is said replaces what
stood there; what is not said stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.edi import dialogue
from adapters.edi.assembly import plain
from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.dialogue import order_of, schedule_of
from adapters.edi.directory.captures import Reader
from adapters.edi.mapping import Mapping
from adapters.edi.messages import orders
from adapters.edi.messages.orders import TradeAssembly
from adapters.edi.values import Kind, joined, words
from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.provenance import Level, Violation

#: 1225 -> what it comes to, and what is done to a line that does not say (1229)
_FUNCTIONS: Final = {
    "1": (ChangeFunction.CANCEL, LineAction.DELETE),
    "2": (ChangeFunction.CHANGE, LineAction.ADD),
    "3": (ChangeFunction.CHANGE, LineAction.DELETE),
    "4": (ChangeFunction.CHANGE, LineAction.CHANGE),
    "5": (ChangeFunction.REPLACE, LineAction.ADD),
    "17": (ChangeFunction.CANCEL, LineAction.DELETE),
    "33": (ChangeFunction.CHANGE, LineAction.CHANGE),
    "36": (ChangeFunction.CHANGE, LineAction.CHANGE),
}
#: 1229 -> what it comes to: later directories have further words for the same
_ACTIONS: Final = {
    **dict.fromkeys(("1", "39"), LineAction.ADD),
    **dict.fromkeys(("2", "37"), LineAction.DELETE),
    **dict.fromkeys(("3", "8", "9", "38", "111", "112"), LineAction.CHANGE),
    **dict.fromkeys(("4", "5", "11"), LineAction.KEEP),
}


def _bgm(raw: RawDocument, c: Sequence[str]) -> None:
    number, function, response = c
    raw.header.update(number=number, function=function, response_wanted=response)


READERS: Final = {**orders.READERS, **dialogue.READERS, "BGM": Reader(((2, 1), (3, 1), (4, 1)), _bgm)}


class ChangeAssembly(TradeAssembly):
    """Makes one change of an order."""

    def change(self) -> OrderChange | None:
        """Return the change, None where it has a fault of severity error."""
        header = self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("change.number_missing", {}, header.get("number"), "13")
        sent = order_of(self)
        if number and not sent:
            self.warn("change.order_missing", {}, header.get("number"), "13")
        function, usual = _FUNCTIONS.get(plain(header, "function"), (None, LineAction.CHANGE))
        if function is None:
            self._function_fault()
        lines = tuple(self._lines(function, usual))
        if function is ChangeFunction.REPLACE and not lines:
            self.fault("order.no_lines", {}, header.get("number"), "13", level=Level.MESSAGE)
        trade = self.trade()
        order_date = self.instant(header, "order_date")
        self.check_line_count(len(lines))
        if self.refused or function is None:
            return None
        return OrderChange(
            number=number,
            buyer_reference=str(sent).strip() if sent else number,
            function=function,
            lines=lines,
            order_number=plain(header, "order_number"),
            order_date=order_date,
            **trade,
        )

    def _function_fault(self) -> None:
        sent = self.raw.header.get("function", "")
        if plain(self.raw.header, "function"):
            self.fault("change.function_unknown", {"sent": sent[:10]}, sent, "12")
        else:
            self.fault("change.function_unknown", {}, sent, "13", variant="absent")

    def _lines(self, function: ChangeFunction | None, usual: LineAction) -> list[ChangedLine]:
        lines: list[ChangedLine] = []
        numbers: set[int] = set()
        for fields in self.raw.lines:
            line = self.line_number(fields, numbers)
            numbers.add(line)
            action = self._action(fields, line, usual)
            whole = action is LineAction.ADD or function is ChangeFunction.REPLACE
            if whole and action is not LineAction.DELETE and not fields.get("quantity"):
                self.fault("order.quantity_missing", {"line": line}, fields["line"], "13")
            lines.append(
                ChangedLine(
                    line=line,
                    action=action,
                    quantity=self.quantity(fields, line, zero=not whole),
                    gtin=plain(fields, "gtin"),
                    buyer_code=plain(fields, "buyer_code"),
                    supplier_code=plain(fields, "supplier_code"),
                    description=joined(fields.get("description", "")),
                    unit=plain(fields, "unit"),
                    price=self.price(fields),
                    price_basis=self.price_basis(fields),
                    amount=self.number(fields, "amount", Kind.MONEY),
                    requested_date=self.day(fields, "requested_date"),
                    note=words(fields.get("note", "")),
                    schedule=schedule_of(self, fields, line),
                )
            )
        return lines

    def _action(self, fields: RawFields, line: int, usual: LineAction) -> LineAction:
        sent = fields["action"]
        if not sent.strip():
            return usual
        action = _ACTIONS.get(sent.strip())
        if action is None:
            self.fault("change.action_unknown", {"sent": sent[:10], "line": line}, sent, "12")
        return action or usual


def _assemble(raw: RawDocument, decimal: str) -> tuple[OrderChange | None, list[Violation]]:
    assembly = ChangeAssembly(raw, decimal)
    return assembly.change(), assembly.violations


MAPPING: Final = Mapping(READERS, RawDocument, _assemble)
