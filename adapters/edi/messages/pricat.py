"""PRICAT as received: a supplier's items and prices (D.96A and its successors, EANCOM included)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.charges import TAX, take_tax
from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.directory.captures import Reader
from adapters.edi.mapping import Mapping
from adapters.edi.periods import VALIDITY, Period, take_period
from adapters.edi.values import Kind, joined, words
from core.documents import ListPrice, PriceList, PriceListItem
from core.provenance import Level, Violation

#: 6063 -> field of an item
_QUANTITIES: Final = {"53": "min_order_quantity", "52": "pack_quantity", "59": "pack_quantity"}
#: 6167 of the ranges that say for which quantity a price holds: any, ordered, delivered, ordered in all
_RANGES: Final = frozenset({"4", "6", "7", "15"})
_REFERENCES: Final = {"price_list": ("PL", "PI"), "contract": ("CT", "BC")}
_ONE: Final = Decimal(1)


@dataclass(slots=True)
class RawPriceList(RawDocument):
    """The texts of one price list.

    ``group`` is the price group (PGI) whose items are being read, ``price`` the price; both may have a time of validity
    (``period``), as items and the list have.
    """

    period: RawFields = field(default_factory=dict)
    group: RawFields = field(default_factory=dict)
    price: RawFields = field(default_factory=dict)


def _dtm(raw: RawPriceList, c: Sequence[str]) -> None:
    raw.rank("issued_at", ("137",), c[0], c[1:])
    take_period(raw.period, VALIDITY, c)


def _rff(raw: RawPriceList, c: Sequence[str]) -> None:
    for name, qualifiers in _REFERENCES.items():
        raw.rank(name, qualifiers, c[0], c[1])


def _tod(raw: RawPriceList, c: Sequence[str]) -> None:
    raw.header.setdefault("delivery_terms", c[0] or c[1])


def _pgi(raw: RawPriceList, c: Sequence[str]) -> None:
    raw.group = {"name": c[1] or c[2], "prices": []}


def _lin(raw: RawPriceList, c: Sequence[str]) -> None:
    number, action, item, kind = c
    # a number of an agreed kind (Z01 ...), or of none, is the supplier's: the list is
    collect.take_line(raw, (number, item, "SA" if kind[:1] in {"", "Z"} else kind))
    raw.line.update(action=action, group=raw.group, prices=[], period={})


def _line_dtm(raw: RawPriceList, c: Sequence[str]) -> None:
    take_period(raw.line["period"], VALIDITY, c)


def _line_qty(raw: RawPriceList, c: Sequence[str]) -> None:
    if name := _QUANTITIES.get(c[0]):
        raw.line.setdefault(name, c[1])
        if c[2]:
            raw.line.setdefault("unit", c[2])


def _line_tax(raw: RawPriceList, c: Sequence[str]) -> None:
    take_tax(raw.line, c)


def _line_ftx(raw: RawPriceList, c: Sequence[str]) -> None:
    if any(c[1:]):
        raw.line.setdefault("note", collect.worded(c[1:]))


def _group_pri(raw: RawPriceList, c: Sequence[str]) -> None:
    raw.price = _price_of(c)
    raw.group["prices"].append(raw.price)


def _line_pri(raw: RawPriceList, c: Sequence[str]) -> None:
    raw.price = _price_of(c)
    raw.line["prices"].append(raw.price)


def _price_of(c: Sequence[str]) -> RawFields:
    names = ("qualifier", "price", "kind", "type", "price_basis", "unit")
    return {"period": {}, **{name: value for name, value in zip(names, c, strict=True) if value}}


def _pri_cux(raw: RawPriceList, c: Sequence[str]) -> None:
    if c[1]:
        raw.price.setdefault("currency", c[1])


def _pri_rng(raw: RawPriceList, c: Sequence[str]) -> None:
    kind, _, least, most = c
    if kind in _RANGES:
        for name, value in (("min_quantity", least), ("max_quantity", most)):
            if value:
                raw.price.setdefault(name, value)


def _pri_dtm(raw: RawPriceList, c: Sequence[str]) -> None:
    take_period(raw.price["period"], VALIDITY, c)


def _price_readers(path: str) -> dict[str, Reader]:
    """Return the readers of PRI at *path* (of a group or of an item) and of CUX, RNG and DTM in its group."""
    return {
        path: Reader(collect.places(1, 1, 6), _line_pri if "LIN" in path else _group_pri),
        f"{path}/CUX": Reader(collect.places(1, 1, 2), _pri_cux),
        f"{path}/RNG": Reader(((1, 1), *collect.places(2, 1, 3)), _pri_rng),
        f"{path}/DTM": Reader(collect.DATE, _pri_dtm),
    }


_TERMS: Final = Reader(((3, 1), (3, 4)), _tod)
READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    "FTX": collect.NOTES,
    "RFF": Reader(collect.QUALIFIED, _rff),
    **collect.party_readers(),
    "CUX": collect.CURRENCY,
    "TOD": _TERMS,
    "PGI/TOD": _TERMS,
    "PGI": Reader(((1, 1), (2, 1), (2, 4)), _pgi),
    **_price_readers("PGI/PRI"),
    **collect.item_readers("PGI/LIN"),
    "PGI/LIN": Reader(((1, 1), (2, 1), *collect.places(3, 1, 2)), _lin),
    "PGI/LIN/QTY": Reader(collect.QUANTITY, _line_qty),
    "PGI/LIN/DTM": Reader(collect.DATE, _line_dtm),
    "PGI/LIN/FTX": Reader(collect.FREE_TEXT, _line_ftx),
    "PGI/LIN/TAX": Reader(TAX, _line_tax),
    **_price_readers("PGI/LIN/PRI"),
}


class PriceListAssembly(Assembly):
    """Makes one price list."""

    def price_list(self, period: RawFields) -> PriceList | None:
        """Return the price list, None where it has a fault of severity error; *period* is when all of it holds."""
        header = self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("price_list.number_missing", {}, header.get("number"), "13")
        items = self._items()
        issued_at = self.instant(header, "issued_at")
        valid = Period(self, period, "valid_from", "valid_to")
        if self.refused:
            return None
        party = self.parties(("buyer", "supplier"))
        return PriceList(
            number=number,
            items=tuple(items),
            code=plain(header, "code") or "9",
            function=plain(header, "function") or "9",
            issued_at=issued_at,
            valid_from=valid.first,
            valid_to=valid.last,
            currency=plain(header, "currency"),
            price_list=plain(header, "price_list"),
            contract=plain(header, "contract"),
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
            delivery_terms=plain(header, "delivery_terms"),
            notes=tuple([words(note) for note in self.raw.notes]),
        )

    def _items(self) -> list[PriceListItem]:
        items: list[PriceListItem] = []
        numbers: set[int] = set()
        for fields in self.raw.lines:
            line = self.line_number(fields, numbers)
            numbers.add(line)
            items.append(self._item(fields, line))
        if not items:
            self.fault("price_list.no_items", {}, self.raw.header.get("number"), "13", level=Level.MESSAGE)
        return items

    def _item(self, fields: RawFields, line: int) -> PriceListItem:
        if not {"gtin", "buyer_code", "supplier_code"} & fields.keys():
            self.fault("price_list.item_unnamed", {"line": line}, fields["line"], "13")
        valid = Period(self, fields["period"], "valid_from", "valid_to")
        group = fields["group"]
        return PriceListItem(
            line=line,
            prices=tuple(self._prices(fields["prices"] or group["prices"])),
            action=plain(fields, "action"),
            gtin=plain(fields, "gtin"),
            buyer_code=plain(fields, "buyer_code"),
            supplier_code=plain(fields, "supplier_code"),
            description=joined(fields["description"]) if "description" in fields else "",
            unit=plain(fields, "unit"),
            group=plain(group, "name"),
            min_order_quantity=self.quantity(fields, line, "min_order_quantity", zero=True),
            pack_quantity=self.quantity(fields, line, "pack_quantity", zero=True),
            tax_rate=self.number(fields, "tax_rate", Kind.QUANTITY),
            tax_category=plain(fields, "tax_category"),
            valid_from=valid.first,
            valid_to=valid.last,
            note=words(fields["note"]) if "note" in fields else "",
        )

    def _prices(self, sent: Sequence[RawFields]) -> Iterator[ListPrice]:
        for fields in sent:
            price = self.price(fields)
            valid = Period(self, fields["period"], "valid_from", "valid_to")
            basis = self.price_basis(fields) if "price_basis" in fields else _ONE
            least = self.number(fields, "min_quantity", Kind.QUANTITY)
            most = self.number(fields, "max_quantity", Kind.QUANTITY)
            if price is not None:
                yield ListPrice(
                    amount=price,
                    qualifier=plain(fields, "qualifier"),
                    kind=plain(fields, "kind"),
                    type=plain(fields, "type"),
                    basis=basis,
                    unit=plain(fields, "unit"),
                    min_quantity=least,
                    max_quantity=most,
                    currency=plain(fields, "currency"),
                    valid_from=valid.first,
                    valid_to=valid.last,
                )


def _assemble(raw: RawPriceList, decimal: str) -> tuple[PriceList | None, list[Violation]]:
    assembly = PriceListAssembly(raw, decimal)
    return assembly.price_list(raw.period), assembly.violations


MAPPING: Final = Mapping(READERS, RawPriceList, _assemble)
