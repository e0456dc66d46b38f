"""ORDERS (D.96A, D.01B and their EANCOM subsets): which value of which segment is which field.

``READERS`` collects texts under the fields' own names; ``order_fields`` makes the canonical order of them. The
collecting is blind to what a text is: plain in the fast path, a ``Placed`` one when a place is asked for. So the same
lines of code that read a field also tell where it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.edi.directory.compiled import Reader
from adapters.edi.values import Raw

#: 3035 -> the party of the canonical order; a later name of the same party fills in where the first is missing
PARTIES: Final = {"BY": "buyer", "SU": "supplier", "DP": "ship_to", "IV": "invoicee"}
STAND_INS: Final = {"ST": "ship_to", "SE": "supplier", "OB": "buyer"}
#: 2005 of the requested date, the most telling first (glossary: DTM+2, else 64, 63, 61)
REQUESTED: Final = ("2", "64", "63", "61")
#: 5125 prices of a line, the most telling first: net, gross
PRICES: Final = ("AAA", "AAB")
#: 5025 totals: line items amount, total message amount
TOTALS: Final = ("79", "86")
#: 7143 -> the field of an item number
ITEM_NUMBERS: Final = {
    "EN": "gtin", "SRV": "gtin", "UP": "gtin", "EAN": "gtin",
    "IN": "buyer_code", "BP": "buyer_code", "SA": "supplier_code", "VN": "supplier_code",
}  # fmt: skip
#: field -> its text, or for fields of several components the list of their texts (see ``values.Raw``)
RawFields = dict[str, Any]
_GLN_LENGTH: Final = 13


@dataclass(slots=True)
class RawOrder:
    """The texts of one order by field. ``ranked`` keeps what stands in for a field under its rank, 0 the best."""

    header: RawFields = field(default_factory=dict)
    parties: dict[str, RawFields] = field(default_factory=dict)
    lines: list[RawFields] = field(default_factory=list)
    notes: list[Raw] = field(default_factory=list)
    controls: dict[str, str] = field(default_factory=dict)
    party: RawFields = field(default_factory=dict)
    line: RawFields = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)

    def rank(self, name: str, order: Sequence[str], qualifier: str, value: Raw) -> None:
        """Set a header field if *qualifier* stands before the one that it has been taken from."""
        if qualifier in order:
            rank = order.index(qualifier)
            if rank < self.ranks.get(name, len(order)):
                self.ranks[name] = rank
                self.header[name] = value


def _bgm(order: RawOrder, c: Sequence[str]) -> None:
    code, reference, function, response = c
    order.header.update(code=code, buyer_reference=reference, function=function, response_wanted=response)


def _dtm(order: RawOrder, c: Sequence[str]) -> None:
    if c[0] == "137":
        order.header["document_date"] = c[1:]
    else:
        order.rank("requested_date", REQUESTED, c[0], c[1:])


def _pai(order: RawOrder, c: Sequence[str]) -> None:
    order.header["payment_method"] = c[1] or c[0]


def _ftx(order: RawOrder, c: Sequence[str]) -> None:
    if any(c[1:]):
        order.notes.append(_text(c[1:]))


def _rff(order: RawOrder, c: Sequence[str]) -> None:
    order.rank("contract", ("CT", "BC", "BO"), c[0], c[1])


def _nad(order: RawOrder, c: Sequence[str]) -> None:
    role, identifier, agency = c[:3]
    party: RawFields = {"role": role}
    order.party = party
    name = PARTIES.get(role)
    if name is None:
        order.parties.setdefault(STAND_INS.get(role, role), party)
    else:
        order.parties[name] = party
    if identifier:
        digits = len(identifier) == _GLN_LENGTH and identifier.isdecimal()
        party["gln" if digits and agency in {"9", ""} else "code"] = identifier
    if any(c[3:]):
        loose, names, street = c[3:8], c[8:13], c[13:17]
        if any(names):
            party["name"] = _text(names)
        elif any(loose):
            # C058: name and address in lines without a structure; the first names the party
            party["name"] = loose[0]
            if any(loose[1:]):
                party["street"] = _text(loose[1:])
        if any(street):
            party["street"] = _text(street)
        party["city"], party["region"], party["postal_code"], party["country"] = c[17:21]


def _nad_rff(order: RawOrder, c: Sequence[str]) -> None:
    if c[0] == "VA":
        order.party.setdefault("tax_id", c[1])


def _cta(order: RawOrder, c: Sequence[str]) -> None:
    order.party.setdefault("contact", c[2] or c[1])


def _com(order: RawOrder, c: Sequence[str]) -> None:
    for number, channel in zip(c[::2], c[1::2], strict=True):
        if channel in {"TE", "AL"}:
            order.party.setdefault("phone", number)
        elif channel == "EM":
            order.party.setdefault("email", number)


def _cux(order: RawOrder, c: Sequence[str]) -> None:
    for usage, currency in zip(c[::2], c[1::2], strict=True):
        if usage == "2" and currency:
            order.header.setdefault("currency", currency)


def _pat(order: RawOrder, c: Sequence[str]) -> None:
    if c[3]:
        order.header.setdefault("payment_terms", c[:4])


def _tdt(order: RawOrder, c: Sequence[str]) -> None:
    if c[0] == "20":
        order.header.setdefault("transport_mode", c[1] or c[2])


def _tod(order: RawOrder, c: Sequence[str]) -> None:
    order.header.setdefault("delivery_terms", c[0] or c[1])


def _lin(order: RawOrder, c: Sequence[str]) -> None:
    number, item, kind = c
    order.line = line = {"line": number}
    order.lines.append(line)
    if item and (name := ITEM_NUMBERS.get(kind)):
        line[name] = item


def _pia(order: RawOrder, c: Sequence[str]) -> None:
    if c[0] not in {"1", "5"}:
        return
    line = order.line
    if not c[3]:
        name = ITEM_NUMBERS.get(c[2])
        if name and name not in line:
            line[name] = c[1]
        return
    for item, kind in zip(c[1::2], c[2::2], strict=True):
        name = ITEM_NUMBERS.get(kind)
        if item and name and name not in line:
            line[name] = item


def _imd(order: RawOrder, c: Sequence[str]) -> None:
    first, second = c
    if first and "description" not in order.line:
        order.line["description"] = [first, second] if second else first


def _qty(order: RawOrder, c: Sequence[str]) -> None:
    line = order.line
    if c[0] == "21" and "quantity" not in line:
        line["quantity"] = c[1]
        line["unit"] = c[2]


def _line_dtm(order: RawOrder, c: Sequence[str]) -> None:
    if c[0] == "2" or (c[0] in REQUESTED and "requested_date" not in order.line):
        order.line["requested_date"] = c[1:]


def _line_moa(order: RawOrder, c: Sequence[str]) -> None:
    if c[0] == "203" and c[1]:
        order.line.setdefault("amount", c[1])


def _line_ftx(order: RawOrder, c: Sequence[str]) -> None:
    if any(c[1:]):
        order.line.setdefault("note", _text(c[1:]))


def _pri(order: RawOrder, c: Sequence[str]) -> None:
    kind, price, basis, _ = c
    line = order.line
    if price and (kind == "AAA" or (kind == "AAB" and "price" not in line)):
        line["price"] = price
        if basis:
            line["price_basis"] = basis


def _moa(order: RawOrder, c: Sequence[str]) -> None:
    if c[1]:
        order.rank("total", TOTALS, c[0], c[1])
        order.controls[f"MOA {c[0]}"] = c[1]


def _cnt(order: RawOrder, c: Sequence[str]) -> None:
    order.controls[c[0]] = c[1]


def _text(parts: Sequence[str]) -> Raw:
    """Return the components from the first to the last that says something; one alone as it is."""
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        del kept[0]
    return kept[0] if len(kept) == 1 else kept


def _run(element: int, first: int, last: int) -> tuple[tuple[int, int], ...]:
    return tuple((element, component) for component in range(first, last + 1))


_PIA_PLACES: Final = ((1, 1), *(place for element in range(2, 7) for place in _run(element, 1, 2)))
#: path of the message table -> the places (element, component) that are taken of its segment, and who takes them
READERS: Final = {
    "BGM": Reader(((1, 1), (2, 1), (3, 1), (4, 1)), _bgm),
    "DTM": Reader(_run(1, 1, 3), _dtm),
    "PAI": Reader(((1, 1), (1, 3)), _pai),
    "FTX": Reader(((1, 1), *_run(4, 1, 5)), _ftx),
    "RFF": Reader(_run(1, 1, 2), _rff),
    "NAD": Reader(
        ((1, 1), (2, 1), (2, 3), *_run(3, 1, 5), *_run(4, 1, 5), *_run(5, 1, 4), (6, 1), (7, 1), (8, 1), (9, 1)), _nad
    ),
    "NAD/RFF": Reader(_run(1, 1, 2), _nad_rff),
    "NAD/CTA": Reader(((1, 1), *_run(2, 1, 2)), _cta),
    "NAD/CTA/COM": Reader((*_run(1, 1, 2), *_run(2, 1, 2), *_run(3, 1, 2)), _com),
    "CUX": Reader((*_run(1, 1, 2), *_run(2, 1, 2)), _cux),
    "PAT": Reader(_run(3, 1, 4), _pat),
    "TDT": Reader(((1, 1), *_run(3, 1, 2)), _tdt),
    "TOD": Reader(((3, 1), (3, 4)), _tod),
    "LIN": Reader(((1, 1), *_run(3, 1, 2)), _lin),
    "LIN/PIA": Reader(_PIA_PLACES, _pia),
    "LIN/IMD": Reader(_run(3, 4, 5), _imd),
    "LIN/QTY": Reader(_run(1, 1, 3), _qty),
    "LIN/DTM": Reader(_run(1, 1, 3), _line_dtm),
    "LIN/MOA": Reader(_run(1, 1, 2), _line_moa),
    "LIN/FTX": Reader(((1, 1), *_run(4, 1, 5)), _line_ftx),
    "LIN/PRI": Reader((*_run(1, 1, 2), (1, 5), (1, 6)), _pri),
    "MOA": Reader(_run(1, 1, 2), _moa),
    "CNT": Reader(_run(1, 1, 2), _cnt),
}
