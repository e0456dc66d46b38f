"""What the messages that follow an order say alike: the order they are about, lines with an action, schedules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from adapters.edi.assembly import Assembly
from adapters.edi.collect import DATE, QUANTITY, REFERENCE, RawDocument, RawFields, places, take_line
from adapters.edi.directory.captures import Reader
from core.documents import ScheduleLine
from core.provenance import Parameters

#: 1153 -> the number of the order as the buyer gave it, the most telling first
ORDER_NUMBERS: Final = ("ON", "OP", "CO")
#: 1153 of other numbers -> field of the header
_NUMBERS: Final = {"VN": "order_number", "PP": "change_reference"}
_CONTRACTS: Final = ("CT", "BC", "BO")
#: 2005 of the date of a document that is referred to: reference date, order date
_DATED: Final = frozenset({"171", "4"})


def _rff(raw: RawDocument, c: Sequence[str]) -> None:
    qualifier, number, _ = c
    raw.reference = {"qualifier": qualifier}
    if not number:
        return
    raw.rank("buyer_reference", ORDER_NUMBERS, qualifier, number)
    raw.rank("contract", _CONTRACTS, qualifier, number)
    if qualifier in _NUMBERS:
        raw.header.setdefault(_NUMBERS[qualifier], number)


def _rff_dtm(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] in _DATED:
        raw.rank("order_date", ORDER_NUMBERS, raw.reference["qualifier"], c[1:])


def _lin(raw: RawDocument, c: Sequence[str]) -> None:
    number, action, item, kind = c
    take_line(raw, (number, item, kind))
    raw.line["action"] = action


def _line_rff(raw: RawDocument, c: Sequence[str]) -> None:
    qualifier, number, line = c
    if qualifier in ORDER_NUMBERS:
        raw.line.setdefault("order", number)
        if line:
            # who numbers the lines of this message anew tells by it which line of the order is meant
            raw.line["line"] = line
    elif qualifier == "LI":
        raw.line.setdefault("reference", number)


def take_unit(raw: RawDocument, unit: str) -> None:
    """Take the unit of one of several quantities of a line."""
    if unit:
        raw.line.setdefault("unit", unit)
        raw.line.setdefault("units", []).append(unit)


def _scc_qty(raw: RawDocument, c: Sequence[str]) -> None:
    raw.line.setdefault("schedule", []).append({"quantity": c[1]})
    take_unit(raw, c[2])


def _scc_dtm(raw: RawDocument, c: Sequence[str]) -> None:
    raw.line["schedule"][-1].setdefault("requested_date", c[1:])


#: readers of the header: ``buyer_reference`` with ``order_date``, ``order_number``, ``change_reference``, ``contract``;
#: of a line: its ``action``, and as ``line`` that of the order; ``reference`` (RFF LI), ``schedule``
READERS: Final = {
    "RFF": Reader(REFERENCE, _rff),
    "RFF/DTM": Reader(DATE, _rff_dtm),
    "LIN": Reader(((1, 1), (2, 1), *places(3, 1, 2)), _lin),
    "LIN/RFF": Reader(REFERENCE, _line_rff),
    "LIN/SCC/QTY": Reader(QUANTITY, _scc_qty),
    "LIN/SCC/QTY/DTM": Reader(DATE, _scc_dtm),
}


def order_of(assembly: Assembly) -> str | None:
    """Return the order that the message names, in its header or in its lines; a line must not name another one."""
    lines = assembly.raw.lines
    named = assembly.raw.header.get("buyer_reference") or next(
        filter(None, (line.get("order") for line in lines)), None
    )
    for fields in lines:
        if (other := fields.get("order")) and other.strip() != str(named).strip():
            assembly.fault("line.order_differs", {"order": other[:35], "named": str(named)[:35]}, other, "12")
    return cast("str | None", named)


def schedule_of(assembly: Assembly, fields: RawFields, line: int) -> tuple[ScheduleLine, ...]:
    """Return the parts of the quantity of a line with a day each, those without a quantity left out."""
    for sent in fields.get("units", ()):
        unit = fields["unit"].strip()
        if sent.strip() != unit:
            differ: Parameters = {"line": line, "unit": unit[:8], "sent": sent[:8]}
            assembly.fault("line.unit_differs", differ, sent, "12", variant="refused")
            break
    parts = (
        (assembly.quantity(part, line, zero=True), assembly.day(part, "requested_date"))
        for part in fields.get("schedule", ())
    )
    return tuple(ScheduleLine(quantity, day) for quantity, day in parts if quantity is not None)
