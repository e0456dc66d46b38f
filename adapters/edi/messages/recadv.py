"""RECADV as received: what the other side found of a shipment of ours (D.96A and its successors, EANCOM included)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawFields, places
from adapters.edi.directory.captures import Reader
from adapters.edi.goods import LINE, VARIANCE, goods_readers, item_of, shown_line, variances_of
from adapters.edi.mapping import Mapping
from adapters.edi.messages.desadv import take_reference
from adapters.edi.packing import RawPackage, RawPacked, marks_of, packing_readers, pieces_of, unpack
from core.documents import Condition, ReceiptAdvice, ReceivedItem, ReceivedPackage
from core.provenance import Level, Violation

#: 2005 of the receipt, the most telling first: goods receipt, received, actual delivery and arrival
RECEIVED: Final = ("50", "310", "35", "178")
#: 6063 -> the field of a line
_QUANTITIES: Final = {
    "48": "received", "194": "accepted", "195": "returned", "196": "destroyed", "124": "damaged",
    "119": "missing", "121": "surplus", "12": "despatched", "21": "ordered",
}  # fmt: skip
_PARTIES: Final = ("buyer", "supplier", "ship_to")

#: where the conditions go that are being read
_Found = Callable[[RawPacked], list[Sequence[str]]]


def _dtm(raw: RawPacked, c: Sequence[str]) -> None:
    if c[0] == "137":
        raw.header["document_date"] = c[1:]
    else:
        raw.rank("received_at", RECEIVED, c[0], c[1:])


def _rff(raw: RawPacked, c: Sequence[str]) -> None:
    take_reference(raw, c)
    if c[0] == "AAK":
        raw.header.setdefault("despatch_number", c[1])


def _pac_qvr(raw: RawPacked, c: Sequence[str]) -> None:
    raw.package.variances.append(c)


def _line_qvr(raw: RawPacked, c: Sequence[str]) -> None:
    raw.line.setdefault("variances", []).append(c)


def _of_shipment(raw: RawPacked) -> list[Sequence[str]]:
    found: list[Sequence[str]] = raw.header.setdefault("conditions", [])
    return found


def _of_package(raw: RawPacked) -> list[Sequence[str]]:
    return raw.package.conditions


def _of_line(raw: RawPacked) -> list[Sequence[str]]:
    found: list[Sequence[str]] = raw.line.setdefault("conditions", [])
    return found


def _condition_readers(path: str, found: _Found) -> dict[str, Reader]:
    """Return the readers of CDI below *path* and of the first INP that follows it."""

    def _cdi(raw: RawPacked, c: Sequence[str]) -> None:
        found(raw).append([*c[1:], "", ""])

    def _inp(raw: RawPacked, c: Sequence[str]) -> None:
        _, instruction, words, action = c
        conditions = found(raw)
        state, text, told, done = conditions.pop() if conditions else ("", "", "", "")
        conditions.append([state, text, told or instruction or words, done or action])

    return {
        f"{path}/CDI": Reader(((1, 1), (2, 1), (2, 4)), _cdi),
        f"{path}/CDI/INP": Reader((*places(2, 1, 2), (2, 5), (4, 1)), _inp),
    }


_SHIPMENT_PATHS: Final = ("DOC", "TOD", "TDT", "EQD", "EQD/SEL", "EQD/EQA")
_PACKAGE_PATHS: Final = ("CPS/PAC/PCI", "CPS/PAC/PCI/GIN")
_LINE_PATHS: Final = (LINE, f"{LINE}/DOC", f"{LINE}/GIN", f"{LINE}/PCI", f"{LINE}/PCI/GIN")

READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    "RFF": Reader(collect.QUALIFIED, _rff),
    **collect.party_readers(),
    **packing_readers(),
    "CPS/PAC/QVR": Reader(VARIANCE, _pac_qvr),
    **goods_readers(_QUANTITIES),
    f"{LINE}/PCI/QVR": Reader(VARIANCE, _line_qvr),
    "CNT": collect.CONTROLS,
    **{
        place: reader
        for paths, found in ((_SHIPMENT_PATHS, _of_shipment), (_PACKAGE_PATHS, _of_package), (_LINE_PATHS, _of_line))
        for path in paths
        for place, reader in _condition_readers(path, found).items()
    },
}


class ReceiptAssembly(Assembly):
    """Makes one receipt advice."""

    def advice(self, raw: RawPacked) -> ReceiptAdvice | None:
        """Return the receipt advice, None where it has a fault of severity error."""
        header = raw.header
        number = plain(header, "number")
        if not number:
            self.fault("receipt.number_missing", {}, header.get("number"), "13")
        packages, items = unpack(self, raw, self._package, self._item)
        if not packages and not items:
            self.fault("receipt.empty", {}, header.get("number"), "13", level=Level.MESSAGE)
        party = self.parties(_PARTIES)
        received_at, document_date = self.instant(header, "received_at"), self.instant(header, "document_date")
        self.check_line_count(len(raw.lines))
        if self.refused:
            return None
        return ReceiptAdvice(
            number=number,
            despatch_number=plain(header, "despatch_number"),
            order_number=plain(header, "order_number"),
            buyer_reference=plain(header, "buyer_reference"),
            packages=packages,
            items=items,
            received_at=received_at,
            document_date=document_date,
            code=plain(header, "code") or "632",
            function=plain(header, "function") or "9",
            delivery_note=plain(header, "delivery_note"),
            tracking_number=plain(header, "tracking_number"),
            buyer=party.get("buyer"),
            supplier=party.get("supplier"),
            ship_to=party.get("ship_to"),
            conditions=_conditions(header.get("conditions", ())),
        )

    def _package(
        self, raw: RawPackage, items: tuple[ReceivedItem, ...], inside: tuple[ReceivedPackage, ...]
    ) -> ReceivedPackage:
        sscc, marks = marks_of(self, raw)
        return ReceivedPackage(
            sscc=sscc,
            items=items,
            type=plain(raw.fields, "type"),
            packages=inside,
            pieces=pieces_of(raw),
            marks=marks,
            variances=variances_of(self, raw.variances),
            conditions=_conditions(raw.conditions),
        )

    def _item(self, fields: RawFields, ordinal: int) -> ReceivedItem:
        line = shown_line(fields, ordinal)
        told = item_of(self, fields)
        told |= {name: self.quantity(fields, line, name, zero=True) for name in _QUANTITIES.values()}
        if not fields.keys() & {*_QUANTITIES.values(), "variances", "conditions"}:
            self.fault("receipt.quantity_missing", {"line": line}, fields["line"], "13")
        return ReceivedItem(**told, conditions=_conditions(fields.get("conditions", ())))


def _conditions(sent: Sequence[Sequence[str]]) -> tuple[Condition, ...]:
    return tuple(Condition(*(part.strip() for part in found)) for found in sent)


def _assemble(raw: RawPacked, decimal: str) -> tuple[ReceiptAdvice | None, list[Violation]]:
    assembly = ReceiptAssembly(raw, decimal)
    return assembly.advice(raw), assembly.violations


MAPPING: Final = Mapping(READERS, RawPacked, _assemble)
