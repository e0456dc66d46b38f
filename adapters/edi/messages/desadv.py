"""DESADV: what left the sender's door, package by package (D.96A and its successors, EANCOM included)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawFields, places
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import (
    day,
    delivery_terms,
    item_segments,
    line_count,
    line_item,
    minute,
    quantity,
    reference,
    transport_mode,
)
from adapters.edi.goods import goods_readers, item_of, shown_line, variance_segments
from adapters.edi.mapping import Mapping
from adapters.edi.measures import MEASURE, measured, measures
from adapters.edi.nad import party_group
from adapters.edi.packing import RawPackage, RawPacked, marks_of, packing_readers, pieces_of, unpack
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import CODE, NAME, Style, cut, fit_code
from adapters.edi.values import Kind
from core.documents import Batch, DespatchAdvice, PackageNotice, PackedItem, Party
from core.provenance import Level, Violation

#: 2005 of the expected date, the most telling first: estimated delivery or arrival, scheduled, promised
EXPECTED: Final = ("17", "132", "358", "69", "191")
#: 1153 of the carrier's number of the consignment, the most telling first
TRACKING: Final = ("CN", "AAM", "CMR", "AAS", "BM")
#: 1153 of the delivery note: its number, else that of the despatch note
DELIVERY_NOTE: Final = ("DQ", "AAU")
_PARTIES: Final = ("buyer", "supplier", "ship_to", "SF", "UC", "CN", "CA")
#: 6063 -> the field of a line
_QUANTITIES: Final = {"12": "quantity", "21": "ordered"}
#: 4233 of GS1: the package is marked with an SSCC; of the UN: by the seller, with its batch, with its dates
_MARKED_WITH_SSCC: Final = "33E"
_MARKED_BY_SELLER: Final = "17"
_MARKED_WITH_BATCH: Final = "10"
_MARKED_WITH_DATES: Final = "14"


def _dtm(raw: RawPacked, c: Sequence[str]) -> None:
    if c[0] == "137":
        raw.header["document_date"] = c[1:]
    elif c[0] == "11":
        raw.header.setdefault("despatched_at", c[1:])
    else:
        raw.rank("expected_date", EXPECTED, c[0], c[1:])


def take_reference(raw: RawPacked, c: Sequence[str]) -> None:
    """Take RFF (1153, 1154) of a shipment: its order at the buyer and at the seller, delivery note, consignment."""
    kind, number = c
    if kind == "ON":
        raw.header.setdefault("buyer_reference", number)
    elif kind == "VN":
        raw.header.setdefault("order_number", number)
    raw.rank("delivery_note", DELIVERY_NOTE, kind, number)
    raw.rank("tracking_number", TRACKING, kind, number)


def _mea(raw: RawPacked, c: Sequence[str]) -> None:
    raw.header.setdefault("measures", []).append(c)


def _tod(raw: RawPacked, c: Sequence[str]) -> None:
    raw.header.setdefault("delivery_terms", c[1] or c[2])


def _tdt(raw: RawPacked, c: Sequence[str]) -> None:
    _, mode, mode_name, carrier, carrier_name, vehicle, vehicle_name = c
    told = {
        "transport_mode": mode or mode_name,
        "carrier": carrier,
        "carrier_name": carrier_name,
        "vehicle": vehicle or vehicle_name,
    }
    for name, value in told.items():
        if value:
            raw.header.setdefault(name, value)


def _pac_mea(raw: RawPacked, c: Sequence[str]) -> None:
    raw.package.measures.append(c)


READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    "MEA": Reader(MEASURE, _mea),
    "RFF": Reader(collect.QUALIFIED, take_reference),
    **collect.party_readers(),
    "TOD": Reader(((1, 1), (3, 1), (3, 4)), _tod),
    "TDT": Reader(((1, 1), *places(3, 1, 2), (5, 1), (5, 4), (8, 1), (8, 4)), _tdt),
    **packing_readers(),
    "CPS/PAC/MEA": Reader(MEASURE, _pac_mea),
    **goods_readers(_QUANTITIES),
    "CNT": collect.CONTROLS,
}


class DespatchAssembly(Assembly):
    """Makes one despatch advice."""

    def advice(self, raw: RawPacked) -> DespatchAdvice | None:
        """Return the despatch advice, None where it has a fault of severity error."""
        header = raw.header
        number = plain(header, "number")
        if not number:
            self.fault("despatch.number_missing", {}, header.get("number"), "13")
        packages, items = unpack(self, raw, self._package, self._item)
        if not packages and not items:
            self.fault("despatch.empty", {}, header.get("number"), "13", level=Level.MESSAGE)
        party = self.parties(_PARTIES)
        carrier = party.get("CA", Party("CA"))
        despatched_at, expected = self.instant(header, "despatched_at"), self.day(header, "expected_date")
        document_date = self.instant(header, "document_date")
        weight = measured(self, header.get("measures", ())).get("weight_kg")
        self.check_line_count(len(raw.lines))
        if self.refused:
            return None
        return DespatchAdvice(
            number=number,
            order_number=plain(header, "order_number"),
            buyer_reference=plain(header, "buyer_reference"),
            despatched_at=despatched_at,
            packages=packages,
            expected_date=expected,
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
            ship_to=party.get("ship_to") or party.get("CN"),
            carrier=carrier.code or carrier.gln or plain(header, "carrier"),
            carrier_name=carrier.name or plain(header, "carrier_name"),
            tracking_number=plain(header, "tracking_number"),
            document_date=document_date,
            code=plain(header, "code") or "351",
            function=plain(header, "function") or "9",
            delivery_note=plain(header, "delivery_note"),
            ship_from=party.get("SF"),
            consignee=party.get("UC"),
            transport_mode=plain(header, "transport_mode"),
            vehicle=plain(header, "vehicle"),
            delivery_terms=plain(header, "delivery_terms"),
            weight_kg=weight,
            items=items,
        )

    def _package(
        self, raw: RawPackage, items: tuple[PackedItem, ...], inside: tuple[PackageNotice, ...]
    ) -> PackageNotice:
        sscc, marks = marks_of(self, raw)
        return PackageNotice(
            sscc=sscc,
            items=items,
            type=plain(raw.fields, "type"),
            packages=inside,
            pieces=pieces_of(raw),
            marks=marks,
            **measured(self, raw.measures),
        )

    def _item(self, fields: RawFields, ordinal: int) -> PackedItem:
        line = shown_line(fields, ordinal)
        if not fields.get("quantity"):
            self.fault("despatch.quantity_missing", {"line": line}, fields["line"], "13")
        return PackedItem(
            quantity=self.quantity(fields, line, zero=True) or Decimal(0),
            ordered=self.number(fields, "ordered", Kind.QUANTITY),
            **item_of(self, fields),
        )


def _assemble(raw: RawPacked, decimal: str) -> tuple[DespatchAdvice | None, list[Violation]]:
    assembly = DespatchAssembly(raw, decimal)
    return assembly.advice(raw), assembly.violations


MAPPING: Final = Mapping(READERS, RawPacked, _assemble)


def desadv_segments(advice: DespatchAdvice, style: Style) -> list[OutboundSegment]:
    """Return the body of DESADV.

    CPS 1 is the shipment with the number of its outermost packages; CPS 2 and on are the packages, each with the
    level that it lies in, its SSCC (PCI 33E, GIN) and content. LIN counts on over the whole message, because one
    order line may lie in several packages; RFF ON of a line names the buyer's line. The date of the document is that
    of the despatch where it has none of its own.
    """
    segments = [OutboundSegment("BGM", advice.code, cut(advice.number, NAME), advice.function)]
    issued_at = advice.document_date or advice.despatched_at
    if issued_at is not None:
        segments.append(minute("137", issued_at))
    if advice.despatched_at is not None:
        segments.append(minute("11", advice.despatched_at))
    if advice.expected_date is not None:
        segments.append(day("17", advice.expected_date))
    segments += measures("AAX", {"weight_kg": advice.weight_kg}, total=True)
    references = {
        "ON": advice.buyer_reference,
        "VN": advice.order_number,
        "DQ": advice.delivery_note,
        "CN": advice.tracking_number,
    }
    segments += [reference(kind, number, style) for kind, number in references.items() if number]
    segments += _party_segments(advice, style)
    if advice.delivery_terms:
        segments.append(OutboundSegment("TOD", "6", "", delivery_terms(advice.delivery_terms)))
    segments += _transport_segments(advice)
    segments += _ContentWriter(advice, style).segments()
    return segments


def _party_segments(advice: DespatchAdvice, style: Style) -> list[OutboundSegment]:
    """Return the parties; the carrier is told once as a party and once at its leg (TDT)."""
    segments = [
        *party_group("BY", advice.buyer, style),
        *party_group("SU", advice.supplier, style, contact=True),
        *party_group("DP", advice.ship_to, style, contact=True),
        *party_group("SF", advice.ship_from, style),
        *party_group("UC", advice.consignee, style),
    ]
    if advice.carrier or advice.carrier_name:
        segments += party_group("CA", Party(role="CA", code=advice.carrier, name=advice.carrier_name), style)
    return segments


def _transport_segments(advice: DespatchAdvice) -> list[OutboundSegment]:
    """Return TDT 20 (main carriage) where anything is known of it."""
    carrier = [fit_code(advice.carrier, CODE), "", "", cut(advice.carrier_name, NAME)]
    if not any((*carrier, advice.transport_mode, advice.vehicle)):
        return []
    vehicle = [fit_code(advice.vehicle, 9)] if len(advice.vehicle) <= 9 else ["", "", "", cut(advice.vehicle, NAME)]
    return [OutboundSegment("TDT", "20", "", transport_mode(advice.transport_mode), "", carrier, "", "", vehicle)]


class _ContentWriter:
    """Writes the packing hierarchy, counting levels and lines."""

    def __init__(self, advice: DespatchAdvice, style: Style) -> None:
        self._advice, self._style = advice, style
        self._levels, self._lines = 1, 0

    def segments(self) -> Iterator[OutboundSegment]:
        """Yield CPS 1 with what it holds, the packages and CNT."""
        advice = self._advice
        yield OutboundSegment("CPS", "1")
        # a count beside goods would make a package of the shipment
        if not advice.items:
            yield OutboundSegment("PAC", str(sum(package.pieces for package in advice.packages)))
        for item in advice.items:
            yield from self._item(item)
        for package in advice.packages:
            yield from self._package(package, "1")
        yield line_count(self._lines)

    def _package(self, package: PackageNotice, parent: str) -> Iterator[OutboundSegment]:
        """Yield CPS below its *parent*, PAC, measures and numbers of one package, its items and what lies in it."""
        self._levels += 1
        level = str(self._levels)
        yield OutboundSegment("CPS", level, parent)
        yield OutboundSegment("PAC", str(package.pieces), "", fit_code(package.type, CODE))
        yield from measures("PD", package._asdict())
        if package.sscc:
            yield OutboundSegment("PCI", _MARKED_WITH_SSCC)
            yield OutboundSegment("GIN", self._style.sscc, package.sscc)
        elif package.marks:
            yield OutboundSegment("PCI", _MARKED_BY_SELLER)
        for mark in package.marks:
            yield OutboundSegment("GIN", mark.kind, [cut(mark.number, NAME), cut(mark.last, NAME)])
        for item in package.items:
            yield from self._item(item)
        for inside in package.packages:
            yield from self._package(inside, level)

    def _item(self, item: PackedItem) -> Iterator[OutboundSegment]:
        """Yield LIN of a packed quantity with QTY 12 (despatched), the order's line and the batches."""
        style, advice = self._style, self._advice
        self._lines += 1
        yield line_item(self._lines, "", item.gtin, style)
        yield from item_segments(item.gtin, item.sku, item.buyer_code, item.description, style)
        yield quantity("12", item.quantity, item.unit, style)
        if item.ordered is not None:
            yield quantity("21", item.ordered, item.unit, style)
        order = item.order or advice.buyer_reference
        if order:
            yield reference("ON", order, style, item.line or None)
        if item.order_number:
            yield reference("VN", item.order_number, style)
        for batch in item.batches:
            yield from self._batch(batch, item.unit)
        yield from variance_segments(item.variances)

    def _batch(self, batch: Batch, unit: str) -> Iterator[OutboundSegment]:
        yield OutboundSegment("PCI", _MARKED_WITH_BATCH if batch.number else _MARKED_WITH_DATES)
        dates = {"361": batch.best_before, "36": batch.expires, "94": batch.produced}
        yield from (day(kind, value) for kind, value in dates.items() if value is not None)
        if batch.quantity is not None:
            yield quantity("12", batch.quantity, unit, self._style)
        if batch.number:
            yield OutboundSegment("GIN", "BX", cut(batch.number, NAME))
