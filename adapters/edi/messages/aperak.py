"""APERAK both ways (D.96A and its successors, EANCOM included): what an application says of a document.

BGM 1225 says accepted (29) or not (27); RFF names the document, each ERC tells one fault of it in a code (9321) that
the partners agreed on, FTX in words, the RFF below ERC what in particular it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from adapters.edi import collect
from adapters.edi.assembly import Assembly, party, plain
from adapters.edi.collect import RawDocument, RawFields, places, worded
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import free_texts, minute, reference
from adapters.edi.mapping import Mapping
from adapters.edi.nad import contact_group, nad
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, Style, cut
from adapters.edi.values import integer, words
from core.documents import ApplicationReport, DocumentReference, ReportedFault
from core.errors import ValueRefused
from core.provenance import Violation

Outcome = Literal["accepted", "rejected"]

#: repeats in the message table: FTX, RFF and NAD of the header, ERC
_MAX_HEADER: Final = 9
_MAX_FAULTS: Final = 999
#: 4451 of the words of a fault: an error, or information beside one
_ERROR: Final = "AAO"
_INFORMATION: Final = "AAI"
_LONGEST_CODE: Final = 8


@dataclass(slots=True)
class RawReport(RawDocument):
    """The texts of one APERAK; ``faults`` are its ERC, each with its ``references`` and ``places``."""

    faults: list[RawFields] = field(default_factory=list)


def _bgm(raw: RawReport, c: Sequence[str]) -> None:
    code, number, function, response = c
    raw.header.update(code=code, number=number, function=function, response=response)


def _dtm(raw: RawReport, c: Sequence[str]) -> None:
    if c[0] == "137":
        raw.header["reported_at"] = c[1:]


def _doc(raw: RawReport, c: Sequence[str]) -> None:
    code, number = c
    collect.take_reference(raw, (_NUMBERS.get(code, "DM"), number, ""))


def _erc(raw: RawReport, c: Sequence[str]) -> None:
    raw.faults.append({"code": c[0], "references": [], "places": []})


def _erc_ftx(raw: RawReport, c: Sequence[str]) -> None:
    raw.faults[-1].update(subject=c[0], text=worded(c[2:]) or c[1])


def _erc_rff(raw: RawReport, c: Sequence[str]) -> None:
    raw.faults[-1]["references"].append({"qualifier": c[0], "number": c[1], "line": c[2]})


def _erc_rff_ftx(raw: RawReport, c: Sequence[str]) -> None:
    if any(c):
        raw.faults[-1]["places"].append(worded(c[1:]) or c[0])


#: 1001 of DOC -> 1153 of the number of such a document
_NUMBERS: Final = {"220": "ON", "230": "PP", "231": "POR", "351": "AAK", "380": "IV", "381": "CD"}
_WORDS: Final = ((3, 1), *places(4, 1, 5))
READERS: Final = {
    "BGM": Reader(((1, 1), (2, 1), (3, 1), (4, 1)), _bgm),
    "DTM": Reader(collect.DATE, _dtm),
    "FTX": collect.NOTES,
    "DOC": Reader(((1, 1), (2, 1)), _doc),
    "DOC/DTM": Reader(collect.DATE, collect.take_reference_date),
    **collect.reference_readers(),
    **collect.party_readers(),
    "ERC": Reader(((1, 1),), _erc),
    "ERC/FTX": Reader(((1, 1), *_WORDS), _erc_ftx),
    "ERC/RFF": Reader(collect.REFERENCE, _erc_rff),
    "ERC/RFF/FTX": Reader(_WORDS, _erc_rff_ftx),
}
#: 1225, then 4343, then 1001 -> what it comes to
_OUTCOMES: Final[tuple[tuple[str, dict[str, Outcome]], ...]] = (
    (
        "function",
        {
            **dict.fromkeys(("6", "29", "34", "44", "45"), "accepted"),
            **dict.fromkeys(("10", "12", "27", "48", "63"), "rejected"),
        },
    ),
    ("response", {"AP": "accepted", "CA": "accepted", "RE": "rejected"}),
    ("code", {"312": "accepted", "313": "rejected"}),
)


class ReportAssembly(Assembly):
    """Makes one report."""

    def __init__(self, raw: RawReport, decimal: str) -> None:
        super().__init__(raw, decimal)
        self._faults = raw.faults

    def report(self) -> ApplicationReport | None:
        """Return the report, None where it has a fault of severity error."""
        header = self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("application.number_missing", {}, header.get("number"), "13")
        references = self._references(self.raw.references)
        if not references:
            self.warn("application.subject_missing", {}, header.get("number"), "13")
        outcome = self._outcome()
        report = ApplicationReport(
            number=number,
            outcome=outcome,
            references=references,
            reported_at=self.instant(header, "reported_at"),
            parties=tuple(party(fields) for fields in self.raw.parties.values()),
            notes=tuple(words(note) for note in self.raw.notes),
            faults=tuple(self._fault_of(fields, outcome) for fields in self._faults),
        )
        return None if self.refused else report

    def _outcome(self) -> Outcome:
        """Return what BGM says; where it says neither, a report without ERC accepts and one with it rejects."""
        for name, outcomes in _OUTCOMES:
            if outcome := outcomes.get(plain(self.raw.header, name)):
                return outcome
        return "rejected" if self._faults else "accepted"

    def _fault_of(self, fields: RawFields, outcome: Outcome) -> ReportedFault:
        """Return one fault. What is told as information beside an error is a warning."""
        errors = any(each.get("subject", _ERROR) != _INFORMATION for each in self._faults)
        warning = outcome == "accepted" or (errors and fields.get("subject") == _INFORMATION)
        return ReportedFault(
            code=plain(fields, "code"),
            text=words(fields.get("text", "")),
            severity="warning" if warning else "error",
            references=self._references(fields["references"]),
            place=" ".join(words(place) for place in fields["places"]),
        )

    def _references(self, sent: Sequence[RawFields]) -> tuple[DocumentReference, ...]:
        return tuple(
            DocumentReference(
                qualifier=plain(fields, "qualifier"),
                number=plain(fields, "number"),
                line=_line(plain(fields, "line")),
                date=self.instant(fields, "date"),
            )
            for fields in sent
            if plain(fields, "number")
        )


def _line(sent: str) -> int | None:
    try:
        return integer(sent)
    except ValueRefused:
        return None


def _assemble(raw: RawReport, decimal: str) -> tuple[ApplicationReport | None, list[Violation]]:
    assembly = ReportAssembly(raw, decimal)
    return assembly.report(), assembly.violations


MAPPING: Final = Mapping(READERS, RawReport, _assemble)


def aperak_segments(report: ApplicationReport, style: Style) -> list[OutboundSegment]:
    """Return the body of APERAK. What does not fit the one FTX of a fault is left out.

    Raises:
        ValueRefused: a fault has no code of one to eight characters.
    """
    accepted = report.outcome == "accepted"
    # acknowledgement, or application error message: directories before D.99B have neither
    code = ("312" if accepted else "313") if style.reports else ""
    segments = [OutboundSegment("BGM", code, cut(report.number, NAME), "29" if accepted else "27")]
    if report.reported_at is not None:
        segments.append(minute("137", report.reported_at))
    segments += free_texts(_INFORMATION, report.notes, style)[:_MAX_HEADER]
    for named in report.references[:_MAX_HEADER]:
        segments.append(reference(named.qualifier, named.number, style, named.line))
        if named.date is not None:
            segments.append(minute("171", named.date))
    for named_party in report.parties[:_MAX_HEADER]:
        segments += [nad(named_party.role, named_party, style), *contact_group(named_party)]
    for reported in report.faults[:_MAX_FAULTS]:
        segments += _fault_segments(reported, report.references[:1], style)
    return segments


def _fault_segments(
    reported: ReportedFault, document: tuple[DocumentReference, ...], style: Style
) -> list[OutboundSegment]:
    """Return ERC, FTX with the words, RFF with what it is about (else the document) and FTX with the place.

    Directories before D.99B have room for one reference.
    """
    if not 0 < len(reported.code) <= _LONGEST_CODE:
        raise ValueRefused(f"an error code (9321) has one to eight characters, not {reported.code!r}")
    subject = _ERROR if reported.severity == "error" else _INFORMATION
    about = reported.references[: _MAX_HEADER if style.reports else 1] or (document if reported.place else ())
    text = reported.text
    if reported.place and not about:
        text = f"{text} ({reported.place})".strip()
    segments = [OutboundSegment("ERC", reported.code)]
    segments += free_texts(subject, (text,), style)[:1] or [OutboundSegment("FTX", subject)]
    for ordinal, named in enumerate(about):
        segments.append(reference(named.qualifier, named.number, style, named.line))
        if not ordinal and reported.place:
            segments += free_texts(subject, (reported.place,), style)[:_MAX_HEADER]
    return segments
