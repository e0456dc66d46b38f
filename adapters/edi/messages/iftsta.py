"""IFTSTA: the progress of consignments, told by a carrier or by us (D.96A and its successors, EANCOM included)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawDocument, RawFields, places, worded
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import free_texts, minute, reference
from adapters.edi.mapping import Mapping
from adapters.edi.nad import party_group
from adapters.edi.serializer import OutboundSegment
from adapters.edi.statuses import UNKNOWN, code_of, status_of
from adapters.edi.style import NAME, PLACE, Style, cut, fit_code, style_of
from adapters.edi.values import Raw, joined, words
from core.documents import ConsignmentStatus, Party, StatusEvent, StatusReport
from core.provenance import Level, Violation

#: 2005 of an event, the most telling first: status change, actual delivery, pick-up, arrival and departure, effective
EVENT_DATES: Final = ("334", "35", "200", "178", "186", "7", "137")
#: 1153 below STS -> the field of the consignment; the number of the consignment itself, the most telling first
_REFERENCES: Final = {
    "CU": "reference", "SRN": "reference", "AAK": "despatch_number", "VN": "order_number", "ON": "buyer_reference",
}  # fmt: skip
_NUMBERS: Final = ("CN", "BN", "AAM", "CMR", "AAS", "BM")
#: 3035 of who accepted the goods
_ACCEPTED_BY: Final = "AP"
_PACKAGE_NUMBER: Final = "CW"
_SSCC: Final = frozenset({"BJ", "AW"})
#: 3227: where the goods are
_LOCATION_OF_GOODS: Final = "14"
#: the parts of an event's id that may be long
_ID_PLACE: Final = 30
_ID_PACKAGE: Final = 20


@dataclass(slots=True)
class RawConsignment:
    """The texts of one CNI and the events below it."""

    fields: RawFields
    events: list[RawFields] = field(default_factory=list)


@dataclass(slots=True)
class RawStatus(RawDocument):
    """The texts of one report.

    One that is refused may lack CNI or STS above what stands below them; a nameless one then takes its place.
    """

    consignments: list[RawConsignment] = field(default_factory=list)

    @property
    def consignment(self) -> RawConsignment:
        """The consignment that is being read."""
        if not self.consignments:
            self.consignments.append(RawConsignment({"line": ""}))
        return self.consignments[-1]

    @property
    def event(self) -> RawFields:
        """The event that is being read."""
        events = self.consignment.events
        if not events:
            events.append({"code": ""})
        return events[-1]


def _unh(raw: RawStatus, c: Sequence[str]) -> None:
    raw.header["release"], raw.header["association"] = c


def _dtm(raw: RawStatus, c: Sequence[str]) -> None:
    if c[0] == "137":
        raw.header.setdefault("reported_at", c[1:])


def _cni(raw: RawStatus, c: Sequence[str]) -> None:
    ordinal, number = c
    raw.consignments.append(RawConsignment({"line": ordinal, "number": number}))


def _cni_loc(raw: RawStatus, c: Sequence[str]) -> None:
    raw.consignment.fields.setdefault("place", _place(c))


def _sts(raw: RawStatus, c: Sequence[str]) -> None:
    kind, code, agency, said, reason, why = c
    event: RawFields = {"kind": kind, "code": code, "agency": agency, "reason": reason or why}
    if said:
        event["text"] = said
    raw.consignment.events.append(event)


def _rff(raw: RawStatus, c: Sequence[str]) -> None:
    kind, number = c
    fields = raw.consignment.fields
    if name := _REFERENCES.get(kind):
        fields.setdefault(name, number)
    elif kind == _PACKAGE_NUMBER:
        raw.event.setdefault("package", number)
    elif kind in _NUMBERS:
        ranks: dict[int, str] = fields.setdefault("numbers", {})
        ranks.setdefault(_NUMBERS.index(kind), number)


def _sts_dtm(raw: RawStatus, c: Sequence[str]) -> None:
    if c[0] in EVENT_DATES:
        rank, event = EVENT_DATES.index(c[0]), raw.event
        if rank < event.get("rank", len(EVENT_DATES)):
            event["rank"], event["at"] = rank, c[1:]


def _ftx(raw: RawStatus, c: Sequence[str]) -> None:
    if any(c[1:]):
        raw.event.setdefault("text", worded(c[1:]))


def _nad(raw: RawStatus, c: Sequence[str]) -> None:
    if c[0] == _ACCEPTED_BY and any(c[1:]):
        raw.event.setdefault("signed_by", worded(c[6:] if any(c[6:]) else c[1:6]))


def _loc(raw: RawStatus, c: Sequence[str]) -> None:
    raw.event.setdefault("place", _place(c))


def _gin(raw: RawStatus, c: Sequence[str]) -> None:
    if c[0] in _SSCC:
        raw.event.setdefault("package", c[1])


def _place(c: Sequence[str]) -> Raw:
    _, code, name = c
    return name or code


_PLACE: Final = ((1, 1), (2, 1), (2, 4))
READERS: Final = {
    "UNH": Reader(((2, 3), (2, 5)), _unh),
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    **collect.party_readers(),
    "CNI": Reader(((1, 1), (2, 1)), _cni),
    "CNI/LOC": Reader(_PLACE, _cni_loc),
    "CNI/STS": Reader(((1, 1), (2, 1), (2, 3), (2, 4), (3, 1), (3, 4)), _sts),
    "CNI/STS/RFF": Reader(collect.QUALIFIED, _rff),
    "CNI/STS/DTM": Reader(collect.DATE, _sts_dtm),
    "CNI/STS/FTX": Reader(collect.FREE_TEXT, _ftx),
    "CNI/STS/NAD": Reader(((1, 1), *places(3, 1, 5), *places(4, 1, 5)), _nad),
    "CNI/STS/LOC": Reader(_PLACE, _loc),
    "CNI/STS/GID/PCI/GIN": Reader(((1, 1), (2, 1)), _gin),
}


class StatusAssembly(Assembly):
    """Makes one status report."""

    def report(self, raw: RawStatus) -> StatusReport | None:
        """Return the report, None where it has a fault of severity error."""
        header = raw.header
        number = plain(header, "number")
        if not number:
            self.fault("status.number_missing", {}, header.get("number"), "13")
        if not raw.consignments:
            self.fault("status.empty", {}, header.get("number"), "13", level=Level.MESSAGE)
        reported_at = self.instant(header, "reported_at")
        consignments = tuple([self._consignment(sent, reported_at) for sent in raw.consignments])
        party = self.parties(("CA", "CZ", "CN"))
        if self.refused:
            return None
        return StatusReport(
            number=number,
            reported_at=reported_at,
            consignments=consignments,
            code=plain(header, "code") or "77",
            function=plain(header, "function") or "9",
            carrier=party.get("CA"),
            consignor=party.get("CZ"),
            consignee=party.get("CN"),
        )

    def _consignment(self, sent: RawConsignment, reported_at: datetime | None) -> ConsignmentStatus:
        fields, ordinal = sent.fields, sent.fields["line"]
        numbers = fields.get("numbers", {})
        number = plain(fields, "number") or (numbers[min(numbers)].strip() if numbers else "")
        references = {name: plain(fields, name) for name in _REFERENCES.values()}
        if not number and not any(references.values()):
            self.fault("status.consignment_unnamed", {}, ordinal, "13")
        place = plain(fields, "place")
        return ConsignmentStatus(
            tracking_number=number,
            events=tuple([self._event(event, place, reported_at) for event in sent.events]),
            **references,
        )

    def _event(self, fields: RawFields, place: str, reported_at: datetime | None) -> StatusEvent:
        code, package = plain(fields, "code"), plain(fields, "package")
        at, place = self.instant(fields, "at"), plain(fields, "place") or place
        return StatusEvent(
            id=_id(code, at or reported_at, place, package),
            status=self._status(fields, code),
            at=at,
            code=code,
            reason=plain(fields, "reason"),
            place=place,
            text=words(fields["text"]) if "text" in fields else "",
            signed_by=joined(fields["signed_by"]) if "signed_by" in fields else "",
            package=package,
        )

    def _status(self, fields: RawFields, code: str) -> str:
        header = self.raw.header
        status = status_of(
            code,
            kind=plain(fields, "kind"),
            agency=plain(fields, "agency"),
            after_9011=style_of(plain(header, "release")).recommendation_24,
            eancom=plain(header, "association").startswith("EAN"),
        )
        if status is None:
            self.warn("status.code_unknown", {"sent": code[:10]}, fields["code"], "12")
        return status or UNKNOWN


def _id(code: str, at: datetime | None, place: str, package: str) -> str:
    """Return what tells an event from the others of its consignment, whichever message tells it."""
    moment = f"{at:%Y%m%d%H%M%S}" if at else ""
    return "@".join((code, moment, place[:_ID_PLACE], package[:_ID_PACKAGE])).rstrip("@")


def _assemble(raw: RawStatus, decimal: str) -> tuple[StatusReport | None, list[Violation]]:
    assembly = StatusAssembly(raw, decimal)
    return assembly.report(raw), assembly.violations


MAPPING: Final = Mapping(READERS, RawStatus, _assemble)


def iftsta_segments(report: StatusReport, style: Style) -> list[OutboundSegment]:
    """Return the body of IFTSTA: CNI for each consignment, STS for each event with its references, time and place."""
    segments = [OutboundSegment("BGM", report.code, cut(report.number, NAME), report.function)]
    if report.reported_at is not None:
        segments.append(minute("137", report.reported_at))
    segments += party_group("CA", report.carrier, style)
    segments += party_group("CZ", report.consignor, style)
    segments += party_group("CN", report.consignee, style)
    for ordinal, consignment in enumerate(report.consignments, start=1):
        segments.append(OutboundSegment("CNI", str(ordinal), [cut(consignment.tracking_number, NAME)]))
        for event in consignment.events:
            segments += _event_segments(event, consignment, style)
    return segments


def _event_segments(event: StatusEvent, consignment: ConsignmentStatus, style: Style) -> Iterator[OutboundSegment]:
    code = event.code or code_of(event.status, style.out_for_delivery)
    said = "" if style.status_text else cut(event.text, NAME)
    yield OutboundSegment("STS", "1", [fit_code(code, 3), "", "", said], [fit_code(event.reason, 3)])
    references = {
        "CU": consignment.reference,
        "AAK": consignment.despatch_number,
        "VN": consignment.order_number,
        "ON": consignment.buyer_reference,
    }
    yield from (reference(kind, number, style) for kind, number in references.items() if number)
    if event.at is not None:
        yield minute("334", event.at)
    if event.text and style.status_text:
        yield from free_texts("AAI", (event.text,), style)
    if event.signed_by:
        yield from party_group(_ACCEPTED_BY, Party(_ACCEPTED_BY, name=event.signed_by), style)
    if event.place:
        yield OutboundSegment("LOC", _LOCATION_OF_GOODS, ["", "", "", cut(event.place, PLACE)])
    if event.package:
        yield OutboundSegment("GID", "1")
        yield OutboundSegment("PCI", "33E")
        yield OutboundSegment("GIN", style.sscc, cut(event.package, NAME))
