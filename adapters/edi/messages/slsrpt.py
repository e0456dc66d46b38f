"""SLSRPT as received: what a partner sold, by place and item or by item and place (D.96A and its successors)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.directory.captures import Reader
from adapters.edi.mapping import Mapping
from adapters.edi.periods import REPORTED, Period, take_period
from adapters.edi.values import Kind, joined
from core.documents import Sale, SalesReport
from core.provenance import Level, Violation


@dataclass(slots=True)
class RawReport(RawDocument):
    """The texts of one sales report.

    ``place`` is the place (LOC) and ``sale`` the quantity that is being read; a sale knows its place and its line.
    """

    period: RawFields = field(default_factory=dict)
    place: RawFields = field(default_factory=dict)
    sales: list[RawFields] = field(default_factory=list)
    sale: RawFields = field(default_factory=dict)


def _dtm(raw: RawReport, c: Sequence[str]) -> None:
    raw.rank("issued_at", ("137",), c[0], c[1:])
    take_period(raw.period, REPORTED, c)


def _loc(raw: RawReport, c: Sequence[str]) -> None:
    raw.place = {"location": c[1] or c[2], "period": {}}


def _loc_dtm(raw: RawReport, c: Sequence[str]) -> None:
    take_period(raw.place["period"], REPORTED, c)


def _lin(raw: RawReport, c: Sequence[str]) -> None:
    collect.take_line(raw, c)
    raw.line["period"] = {}


def _item_first(raw: RawReport, c: Sequence[str]) -> None:
    _lin(raw, c)
    raw.place = {"location": "", "period": {}}


def _lin_dtm(raw: RawReport, c: Sequence[str]) -> None:
    take_period(raw.line["period"], REPORTED, c)


def _pri(raw: RawReport, c: Sequence[str]) -> None:
    _take_price(raw.line, c)


def _moa(raw: RawReport, c: Sequence[str]) -> None:
    if c[0] == "203":
        raw.line.setdefault("amount", c[1])


def _qty(raw: RawReport, c: Sequence[str]) -> None:
    raw.sale = {"kind": c[0], "quantity": c[1], "unit": c[2], "item": raw.line, "place": raw.place, "period": {}}
    if "amount" in raw.line:  # it is of the item: of its first quantity, not of each
        raw.sale["amount"] = raw.line.pop("amount")
    raw.sales.append(raw.sale)


def _qty_pri(raw: RawReport, c: Sequence[str]) -> None:
    _take_price(raw.sale, c)


def _take_price(fields: RawFields, c: Sequence[str]) -> None:
    if c[1] and "price" not in fields:
        fields.update(price_qualifier=c[0], price=c[1], price_type=c[2])


def _qty_dtm(raw: RawReport, c: Sequence[str]) -> None:
    take_period(raw.sale["period"], REPORTED, c)


#: places of PRI: 5125, price (5118) and 5387
_PRICE: Final = ((1, 1), (1, 2), (1, 4))


def _quantity_readers(path: str) -> dict[str, Reader]:
    """Return the readers of QTY at *path* and of PRI and DTM in its group: one sale."""
    return {
        path: Reader(collect.QUANTITY, _qty),
        f"{path}/PRI": Reader(_PRICE, _qty_pri),
        f"{path}/DTM": Reader(collect.DATE, _qty_dtm),
    }


def _item_readers(path: str) -> dict[str, Reader]:
    """Return the readers of a group that begins with an item and tells where it was sold (D.97A and on)."""
    return {
        **collect.item_readers(path),
        path: Reader(((1, 1), *collect.places(3, 1, 2)), _item_first),
        f"{path}/MOA": Reader(collect.QUALIFIED, _moa),
        f"{path}/LOC": Reader(((1, 1), (2, 1), (2, 4)), _loc),
        f"{path}/LOC/DTM": Reader(collect.DATE, _loc_dtm),
        **_quantity_readers(f"{path}/LOC/QTY"),
    }


READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    **collect.party_readers(),
    "CUX": collect.CURRENCY,
    "LOC": Reader(((1, 1), (2, 1), (2, 4)), _loc),
    "LOC/DTM": Reader(collect.DATE, _loc_dtm),
    **collect.item_readers("LOC/LIN"),
    "LOC/LIN": Reader(((1, 1), *collect.places(3, 1, 2)), _lin),
    "LOC/LIN/DTM": Reader(collect.DATE, _lin_dtm),
    "LOC/LIN/PRI": Reader(_PRICE, _pri),
    "LOC/LIN/MOA": Reader(collect.QUALIFIED, _moa),
    **_quantity_readers("LOC/LIN/QTY"),
    **_item_readers("GIS/LIN"),
    **_item_readers("GEI/LIN"),
}


class SalesAssembly(Assembly):
    """Makes one sales report."""

    def __init__(self, raw: RawReport, decimal: str) -> None:
        super().__init__(raw, decimal)
        self._report = raw
        #: the number of a line by its fields; lines may be counted anew at each place
        self._numbers: dict[int, int] = {}

    def report(self) -> SalesReport | None:
        """Return the report, None where it has a fault of severity error."""
        header = self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("sales_report.number_missing", {}, header.get("number"), "13")
        sales = [sale for sale in map(self._sale, self._report.sales) if sale is not None]
        if not self._report.sales:
            self.fault("sales_report.no_sales", {}, header.get("number"), "13", level=Level.MESSAGE)
        issued_at = self.instant(header, "issued_at")
        period = Period(self, self._report.period, "period_start", "period_end")
        if self.refused:
            return None
        party = self.parties(("buyer", "supplier"))
        return SalesReport(
            number=number,
            sales=tuple(sales),
            code=plain(header, "code"),
            function=plain(header, "function") or "9",
            issued_at=issued_at,
            period_start=period.first,
            period_end=period.last,
            currency=plain(header, "currency"),
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
        )

    def _sale(self, fields: RawFields) -> Sale | None:
        item, place = fields["item"], fields["place"]
        quantity = self.number(fields, "quantity", Kind.QUANTITY)
        told: RawFields = next((part["period"] for part in (fields, item, place) if part.get("period")), {})
        period = Period(self, told, "period_start", "period_end")
        priced = fields if "price" in fields else item
        price = self.price(priced)
        line = self._line(item)
        if quantity is None:
            return None
        return Sale(
            line=line,
            quantity=quantity,
            kind=plain(fields, "kind"),
            unit=plain(fields, "unit"),
            location=plain(place, "location"),
            gtin=plain(item, "gtin"),
            buyer_code=plain(item, "buyer_code"),
            supplier_code=plain(item, "supplier_code"),
            description=joined(item["description"]) if "description" in item else "",
            price=price,
            price_qualifier=plain(priced, "price_qualifier"),
            price_type=plain(priced, "price_type"),
            amount=self.number(fields, "amount", Kind.MONEY),
            period_start=period.first,
            period_end=period.last,
        )

    def _line(self, item: RawFields) -> int:
        if id(item) not in self._numbers:
            self._numbers[id(item)] = self.line_number(item, set())
        return self._numbers[id(item)]


def _assemble(raw: RawReport, decimal: str) -> tuple[SalesReport | None, list[Violation]]:
    assembly = SalesAssembly(raw, decimal)
    return assembly.report(), assembly.violations


MAPPING: Final = Mapping(READERS, RawReport, _assemble)
