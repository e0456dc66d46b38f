"""Texts of a business message as collected: parties, dates, item numbers and free text, which most messages share.

A reader collects texts under the fields' own names and is blind to what a text is: plain in the fast path, a ``Placed``
one when a place is asked for. So the same lines of code that read a field also tell where it was read. What is read in
the same segments of every message is collected here, by ``*_readers``; the rest is each message's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.edi.directory.captures import Place, Reader
from adapters.edi.values import Raw

#: 3035 -> the party of a canonical document; a later name of the same party fills in where the first is missing
PARTIES: Final = {"BY": "buyer", "SU": "supplier", "DP": "ship_to", "IV": "invoicee"}
STAND_INS: Final = {"ST": "ship_to", "SE": "supplier", "OB": "buyer"}
#: 5025 totals: line items amount, total message amount
_TOTALS: Final = ("79", "86")
#: 7143 -> the field of an item number
ITEM_NUMBERS: Final = {
    "EN": "gtin", "SRV": "gtin", "UP": "gtin", "EAN": "gtin",
    "IN": "buyer_code", "BP": "buyer_code", "SA": "supplier_code", "VN": "supplier_code",
}  # fmt: skip
#: field -> its text, or for fields of several components the list of their texts (see ``values.Raw``)
RawFields = dict[str, Any]
_GLN_LENGTH: Final = 13


@dataclass(slots=True)
class RawDocument:
    """The texts of one message by field.

    ``parties`` are by the name of the party, or by 3035 where it has none; ``references`` are those of the header in
    their order. ``party``, ``reference`` and ``line`` are those that are being read. ``ranks`` keep, for fields that
    several qualifiers can say, the rank of the one that a field was taken from, 0 the best. ``claims`` are allowances
    and charges that a buyer claims, of the line in ``of`` or of the whole order; ``claim`` is the one being read.
    """

    header: RawFields = field(default_factory=dict)
    parties: dict[str, RawFields] = field(default_factory=dict)
    lines: list[RawFields] = field(default_factory=list)
    notes: list[Raw] = field(default_factory=list)
    references: list[RawFields] = field(default_factory=list)
    controls: dict[str, str] = field(default_factory=dict)
    party: RawFields = field(default_factory=dict)
    reference: RawFields = field(default_factory=dict)
    line: RawFields = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    claims: list[RawFields] = field(default_factory=list)
    claim: RawFields = field(default_factory=dict)

    def rank(self, name: str, order: Sequence[str], qualifier: str, value: Raw) -> None:
        """Set a header field if *qualifier* stands before the one that it has been taken from."""
        if qualifier in order:
            rank = order.index(qualifier)
            if rank < self.ranks.get(name, len(order)):
                self.ranks[name] = rank
                self.header[name] = value


def places(element: int, first: int, last: int) -> tuple[Place, ...]:
    """Return the places of the components *first* to *last* of an element."""
    return tuple((element, component) for component in range(first, last + 1))


def worded(parts: Sequence[str]) -> Raw:
    """Return the components from the first to the last that says something; one alone as it is."""
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        del kept[0]
    return kept[0] if len(kept) == 1 else kept


def _bgm(raw: RawDocument, c: Sequence[str]) -> None:
    raw.header.update(code=c[0], number=c[1], function=c[2])


def take_note(raw: RawDocument, c: Sequence[str]) -> None:
    """Take FTX of the header as one of the notes."""
    if any(c[1:]):
        raw.notes.append(worded(c[1:]))


def take_reference(raw: RawDocument, c: Sequence[str]) -> None:
    """Take RFF of the header (1153, 1154, 1156) as one of the references."""
    raw.reference = {"qualifier": c[0], "number": c[1], "line": c[2]}
    raw.references.append(raw.reference)


def take_reference_date(raw: RawDocument, c: Sequence[str]) -> None:
    """Take DTM 171 as the date of the reference that was read last."""
    if c[0] == "171":
        raw.reference.setdefault("date", c[1:])


def _nad(raw: RawDocument, c: Sequence[str]) -> None:
    role, identifier, agency = c[:3]
    party: RawFields = {"role": role}
    raw.party = party
    name = PARTIES.get(role)
    if name is None:
        raw.parties.setdefault(STAND_INS.get(role, role), party)
    else:
        raw.parties[name] = party
    if identifier:
        digits = len(identifier) == _GLN_LENGTH and identifier.isdecimal()
        party["gln" if digits and agency in {"9", ""} else "code"] = identifier
    if any(c[3:]):
        loose, names, street = c[3:8], c[8:13], c[13:17]
        if any(names):
            party["name"] = worded(names)
        elif any(loose):
            # C058: name and address in lines without a structure; the first names the party
            party["name"] = loose[0]
            if any(loose[1:]):
                party["street"] = worded(loose[1:])
        if any(street):
            party["street"] = worded(street)
        # where a release has room for the name of a region (3228), it stands beside the code (3229)
        party["city"], region, *named, party["postal_code"], party["country"] = c[17:]
        party["region"] = region or (named[0] if named else "")


def _nad_rff(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "VA":
        raw.party.setdefault("tax_id", c[1])


def _cta(raw: RawDocument, c: Sequence[str]) -> None:
    raw.party.setdefault("contact", c[2] or c[1])


def _com(raw: RawDocument, c: Sequence[str]) -> None:
    for number, channel in zip(c[::2], c[1::2], strict=True):
        if channel in {"TE", "AL"}:
            raw.party.setdefault("phone", number)
        elif channel == "EM":
            raw.party.setdefault("email", number)


def _cux(raw: RawDocument, c: Sequence[str]) -> None:
    for usage, currency in zip(c[::2], c[1::2], strict=True):
        if usage == "2" and currency:
            raw.header.setdefault("currency", currency)


def take_line(raw: RawDocument, c: Sequence[str]) -> None:
    """Take LIN (1082, 7140, 7143) as a new line."""
    number, item, kind = c
    raw.line = line = {"line": number}
    raw.lines.append(line)
    if item and (name := ITEM_NUMBERS.get(kind)):
        line[name] = item


def take_product(raw: RawDocument, c: Sequence[str]) -> None:
    """Take PIA (4347, and five times 7140 and 7143) as further numbers of the item of the line."""
    if c[0] not in {"1", "5"}:
        return
    line = raw.line
    if not c[3]:
        name = ITEM_NUMBERS.get(c[2])
        if name and name not in line:
            line[name] = c[1]
        return
    for item, kind in zip(c[1::2], c[2::2], strict=True):
        name = ITEM_NUMBERS.get(kind)
        if item and name and name not in line:
            line[name] = item


def _imd(raw: RawDocument, c: Sequence[str]) -> None:
    first, second = c
    if first and "description" not in raw.line:
        raw.line["description"] = [first, second] if second else first


def _line_moa(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "203" and c[1]:
        raw.line.setdefault("amount", c[1])


def _line_ftx(raw: RawDocument, c: Sequence[str]) -> None:
    if any(c[1:]):
        raw.line.setdefault("note", worded(c[1:]))


def _pri(raw: RawDocument, c: Sequence[str]) -> None:
    kind, price, basis, _ = c
    line = raw.line
    if price and (kind == "AAA" or (kind == "AAB" and "price" not in line)):
        line["price"] = price
        if basis:
            line["price_basis"] = basis
        if kind == "AAB":
            line["gross"] = kind
        elif "gross" in line:
            del line["gross"]


def take_total(raw: RawDocument, c: Sequence[str]) -> None:
    """Take MOA of the summary (5025, 5004) as the total and as a control."""
    if c[1]:
        raw.rank("total", _TOTALS, c[0], c[1])
        raw.controls[f"MOA {c[0]}"] = c[1]


def _cnt(raw: RawDocument, c: Sequence[str]) -> None:
    raw.controls[c[0]] = c[1]


#: places of the segments that several messages take alike
FREE_TEXT: Final = ((1, 1), *places(4, 1, 5))
QUALIFIED: Final = places(1, 1, 2)
REFERENCE: Final = places(1, 1, 3)
DATE: Final = places(1, 1, 3)
QUANTITY: Final = places(1, 1, 3)
PRODUCT: Final = ((1, 1), *(place for element in range(2, 7) for place in places(element, 1, 2)))

#: CNT: ``controls`` by 6069
CONTROLS: Final = Reader(QUALIFIED, _cnt)
#: BGM: ``code`` (1001), ``number`` (1004) and ``function`` (1225) of the document
BEGIN: Final = Reader(((1, 1), (2, 1), (3, 1)), _bgm)
#: CUX of the header: ``currency``
CURRENCY: Final = Reader((*places(1, 1, 2), *places(2, 1, 2)), _cux)
#: MOA of the summary: ``total``, and ``controls`` by "MOA " and 5025
TOTALS: Final = Reader(QUALIFIED, take_total)
#: FTX of the header: ``notes``
NOTES: Final = Reader(FREE_TEXT, take_note)


def party_readers(path: str = "NAD") -> dict[str, Reader]:
    """Return the readers of NAD at *path* and of RFF, CTA and COM below it: the fields of ``Party``.

    COM stands in the group of CTA, in APERAK beside it.
    """
    whole = ((1, 1), (2, 1), (2, 3), *places(3, 1, 5), *places(4, 1, 5), *places(5, 1, 4))
    return {
        path: Reader((*whole, (6, 1), (7, 1), (7, 4), (8, 1), (9, 1)), _nad),
        f"{path}/RFF": Reader(QUALIFIED, _nad_rff),
        f"{path}/CTA": Reader(((1, 1), *places(2, 1, 2)), _cta),
        **{
            f"{path}/{com}": Reader((*places(1, 1, 2), *places(2, 1, 2), *places(3, 1, 2)), _com)
            for com in ("CTA/COM", "COM")
        },
    }


def reference_readers(path: str = "RFF") -> dict[str, Reader]:
    """Return the readers of RFF at *path* and of DTM 171 in its group: ``references`` of ``DocumentReference``."""
    return {path: Reader(REFERENCE, take_reference), f"{path}/DTM": Reader(DATE, take_reference_date)}


def item_readers(path: str = "LIN") -> dict[str, Reader]:
    """Return the readers of LIN at *path*, PIA and IMD: a new line with its number and item."""
    return {
        path: Reader(((1, 1), *places(3, 1, 2)), take_line),
        f"{path}/PIA": Reader(PRODUCT, take_product),
        f"{path}/IMD": Reader(places(3, 4, 5), _imd),
    }


def value_readers(path: str = "LIN") -> dict[str, Reader]:
    """Return the readers of MOA 203, FTX and PRI of a line: ``amount``, ``note``, ``price`` and ``price_basis``."""
    return {
        f"{path}/MOA": Reader(QUALIFIED, _line_moa),
        f"{path}/FTX": Reader(FREE_TEXT, _line_ftx),
        f"{path}/PRI": Reader((*places(1, 1, 2), (1, 5), (1, 6)), _pri),
    }
