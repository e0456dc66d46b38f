"""INVRPT: stock by item, place and kind of quantity (D.96A and its successors, EANCOM included).

D.96A has QTY with INV below it; from D.97A on INV comes first and its quantities follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import day, item_segments, line_item, minute, quantity
from adapters.edi.goods import shown_line
from adapters.edi.mapping import Mapping
from adapters.edi.nad import party_group
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code
from adapters.edi.values import Kind, joined
from core.documents import InventoryReport, StockLevel
from core.provenance import Level, Violation

#: 2005 of the header -> its field
_DATES: Final = {"137": "document_date", "366": "stock_date", "90": "period_start", "91": "period_end"}
#: 2005 of the time that a quantity is of, the most telling first: effective, reported, reference
_LEVEL_DATES: Final = ("7", "366", "171")
_PARTIES: Final = ("buyer", "supplier", "GY", "WH")
#: fields that a line tells for all of its quantities, or one of them for itself
_OF_LEVEL: Final = ("location", "state", "direction", "reason", "at", "batch", "best_before")
#: 3227: the place is where the goods lie
_LOCATION_OF_GOODS: Final = "14"
#: 7491 where a level does not say and INV must stand
_ACCEPTED: Final = "1"


@dataclass(slots=True)
class RawStock(RawDocument):
    """The texts of one report. ``shared`` is what holds for all quantities that are being read."""

    shared: RawFields = field(default_factory=dict)


def _dtm(raw: RawStock, c: Sequence[str]) -> None:
    if name := _DATES.get(c[0]):
        raw.header.setdefault(name, c[1:])


def _inv(raw: RawStock, c: Sequence[str]) -> None:
    raw.shared["direction"], raw.shared["state"], raw.shared["reason"] = c


def _new_inv(raw: RawStock, c: Sequence[str]) -> None:
    raw.shared = {}
    _inv(raw, c)


def _qty(raw: RawStock, c: Sequence[str]) -> None:
    kind, amount, unit = c
    raw.line.setdefault("quantity", amount)
    level = {"kind": kind, "quantity": amount, "unit": unit, "shared": raw.shared}
    raw.line.setdefault("levels", []).append(level)


def _new_qty(raw: RawStock, c: Sequence[str]) -> None:
    raw.shared = {}
    _qty(raw, c)


def _date(fields: RawFields, c: Sequence[str]) -> None:
    if c[0] == "361":
        fields.setdefault("best_before", c[1:])
    elif c[0] in _LEVEL_DATES:
        rank = _LEVEL_DATES.index(c[0])
        if rank < fields.get("rank", len(_LEVEL_DATES)):
            fields["rank"], fields["at"] = rank, c[1:]


def _place(fields: RawFields, c: Sequence[str]) -> None:
    _, code, name = c
    if code or name:
        fields.setdefault("location", code or name)


def _warehouse(fields: RawFields, c: Sequence[str]) -> None:
    role, code = c
    if role == "WH" and code:
        fields.setdefault("location", code)


def _batch(fields: RawFields, c: Sequence[str]) -> None:
    if c[0] == "BX":
        fields.setdefault("batch", c[1])


def _line_pia(raw: RawStock, c: Sequence[str]) -> None:
    _ITEM["LIN/PIA"].take(raw, c)
    for number, kind in zip(c[1::2], c[2::2], strict=True):
        if kind == "NB":
            raw.line.setdefault("batch", number)


_ITEM: Final = collect.item_readers()
_PLACE: Final = ((1, 1), (2, 1), (2, 4))
_LEVEL_READERS: Final = {
    "LOC": Reader(_PLACE, lambda raw, c: _place(raw.shared, c)),
    "DTM": Reader(collect.DATE, lambda raw, c: _date(raw.shared, c)),
    "GIN": Reader(((1, 1), (2, 1)), lambda raw, c: _batch(raw.shared, c)),
    "NAD": Reader(((1, 1), (2, 1)), lambda raw, c: _warehouse(raw.shared, c)),
}
_INV: Final = ((1, 1), (2, 1), (3, 1))

READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    **collect.party_readers(),
    **_ITEM,
    "LIN/PIA": Reader(_ITEM["LIN/PIA"].places, _line_pia),
    "LIN/LOC": Reader(_PLACE, lambda raw, c: _place(raw.line, c)),
    "LIN/DTM": Reader(collect.DATE, lambda raw, c: _date(raw.line, c)),
    "LIN/NAD": Reader(((1, 1), (2, 1)), lambda raw, c: _warehouse(raw.line, c)),
    # D.96A
    "LIN/QTY": Reader(collect.QUANTITY, _new_qty),
    "LIN/QTY/INV": Reader(_INV, _inv),
    # D.97A and later
    "LIN/INV": Reader(_INV, _new_inv),
    "LIN/INV/QTY": Reader(collect.QUANTITY, _qty),
    **{f"{path}/{tag}": reader for path in ("LIN/QTY", "LIN/INV") for tag, reader in _LEVEL_READERS.items()},
}


class InventoryAssembly(Assembly):
    """Makes one inventory report."""

    def report(self) -> InventoryReport | None:
        """Return the report, None where it has a fault of severity error."""
        raw, header = self.raw, self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("inventory.number_missing", {}, header.get("number"), "13")
        levels = [level for place, fields in enumerate(raw.lines, 1) for level in self._levels(fields, place)]
        if not raw.lines:
            self.fault("inventory.empty", {}, header.get("number"), "13", level=Level.MESSAGE)
        party = self.parties(_PARTIES)
        dates = {name: self.instant(header, name) for name in _DATES.values()}
        if self.refused:
            return None
        return InventoryReport(
            number=number,
            levels=tuple(levels),
            code=plain(header, "code") or "35",
            function=plain(header, "function") or "9",
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
            reporter=party.get("GY"),
            warehouse=party.get("WH"),
            **dates,
        )

    def _levels(self, fields: RawFields, ordinal: int) -> Iterator[StockLevel]:
        line = shown_line(fields, ordinal)
        if "levels" not in fields:
            self.fault("inventory.quantity_missing", {"line": line}, fields["line"], "13")
        for sent in fields.get("levels", ()):
            shared = sent["shared"]
            told = {name: source[name] for source in (fields, shared) for name in _OF_LEVEL if name in source}
            yield StockLevel(
                line=line,
                quantity=self.number(sent, "quantity", Kind.QUANTITY) or Decimal(0),
                kind=plain(sent, "kind"),
                gtin=plain(fields, "gtin"),
                sku=plain(fields, "supplier_code"),
                buyer_code=plain(fields, "buyer_code"),
                description=joined(fields["description"]) if "description" in fields else "",
                unit=plain(sent, "unit"),
                location=plain(told, "location"),
                state=plain(told, "state"),
                direction=plain(told, "direction"),
                reason=plain(told, "reason"),
                at=self.instant(told, "at"),
                batch=plain(told, "batch"),
                best_before=self.day(told, "best_before"),
            )


def _assemble(raw: RawStock, decimal: str) -> tuple[InventoryReport | None, list[Violation]]:
    assembly = InventoryAssembly(raw, decimal)
    return assembly.report(), assembly.violations


MAPPING: Final = Mapping(READERS, RawStock, _assemble)


def invrpt_segments(report: InventoryReport, style: Style) -> list[OutboundSegment]:
    """Return the body of INVRPT: one LIN for the levels of one line that stand together, each with its quantity."""
    segments = [OutboundSegment("BGM", report.code, cut(report.number, NAME), report.function)]
    segments += [minute(kind, moment) for kind, name in _DATES.items() if (moment := getattr(report, name)) is not None]
    parties = {"BY": report.buyer, "SU": report.supplier, "GY": report.reporter, "WH": report.warehouse}
    for role, party in parties.items():
        segments += party_group(role, party, style)
    for (line, gtin, sku, buyer_code, description), levels in groupby(report.levels, key=_item):
        segments.append(line_item(line, "", gtin, style))
        segments += item_segments(gtin, sku, buyer_code, description, style)
        for level in levels:
            segments += _level_segments(level, style)
    return segments


def _item(level: StockLevel) -> tuple[int, str, str, str, str]:
    return level.line, level.gtin, level.sku, level.buyer_code, level.description


def _level_segments(level: StockLevel, style: Style) -> Iterator[OutboundSegment]:
    affected = [fit_code(code, 3) for code in (level.direction, level.state, level.reason)]
    amount = quantity(level.kind, level.quantity, level.unit, style)
    if style.inventory_first:
        yield OutboundSegment("INV", *(affected if any(affected) else ["", _ACCEPTED]))
        yield amount
    else:
        yield amount
        if any(affected):
            yield OutboundSegment("INV", *affected)
    if level.batch:
        yield OutboundSegment("GIN", "BX", cut(level.batch, NAME))
    if level.location:
        yield OutboundSegment("LOC", _LOCATION_OF_GOODS, cut(level.location, 25))
    if level.at is not None:
        yield minute("7", level.at)
    if level.best_before is not None:
        yield day("361", level.best_before)
