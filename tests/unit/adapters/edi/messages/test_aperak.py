"""APERAK as received: accepted or not, by whichever element a partner says it, and what is wrong where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.documents import ApplicationReport, DocumentReference, Party, ReportedFault
from core.ports import Decoded
from core.provenance import Severity

Receive = Callable[..., Decoded]

HEAD = ("BGM++R-1+27", "DTM+137:202603021405:203", "RFF+ON:PO-1")


def report_of(decoded: Decoded) -> ApplicationReport:
    assert isinstance(decoded.document, ApplicationReport), decoded.violations
    return decoded.document


def test_a_rejection_with_all_that_is_read(receive: Receive) -> None:
    decoded = receive(
        "APERAK",
        *HEAD[:2],
        "FTX+AAI+++Please correct and send again",
        "RFF+ACW:INV-7",
        "DTM+171:20260301:102",
        "RFF+ON:PO-1",
        "NAD+BY+4012345000009::9",
        "CTA+IC+:Erika Muster",
        "COM+?+49 221 100:TE",
        "NAD+SU+4098765000004::9",
        "ERC+42::91",
        "FTX+AAO+++The quantity is not a number",
        "RFF+ON:PO-1:3",
        "FTX+AAO+++segment 12 (QTY)",
        "FTX+AAO+++element 1",
        "ERC+7",
        "FTX+AAI++PRC",
    )
    assert decoded.violations == ()
    assert decoded.document == ApplicationReport(
        number="R-1",
        outcome="rejected",
        references=(
            DocumentReference("ACW", "INV-7", date=datetime(2026, 3, 1, tzinfo=UTC)),
            DocumentReference("ON", "PO-1"),
        ),
        reported_at=datetime(2026, 3, 2, 14, 5, tzinfo=UTC),
        parties=(
            Party("BY", gln="4012345000009", contact="Erika Muster", phone="+49 221 100"),
            Party("SU", gln="4098765000004"),
        ),
        notes=("Please correct and send again",),
        faults=(
            ReportedFault(
                "42",
                "The quantity is not a number",
                references=(DocumentReference("ON", "PO-1", 3),),
                place="segment 12 (QTY) element 1",
            ),
            ReportedFault("7", "PRC", "warning"),
        ),
    )


@pytest.mark.parametrize(
    ("bgm", "outcome"),
    [
        ("BGM++R-1+29", "accepted"),
        ("BGM++R-1+27", "rejected"),
        ("BGM+312+R-1+27", "rejected"),
        ("BGM++R-1+9+AP", "accepted"),
        ("BGM++R-1++RE", "rejected"),
        ("BGM+312+R-1", "accepted"),
        ("BGM+313+R-1+9", "rejected"),
        ("BGM+305+R-1+9", "accepted"),
    ],
)
def test_the_outcome_by_whichever_element_says_it(receive: Receive, bgm: str, outcome: str) -> None:
    assert report_of(receive("APERAK", bgm, *HEAD[1:], release="01B")).outcome == outcome


def test_who_does_not_say_it_rejects_by_an_error(receive: Receive) -> None:
    assert report_of(receive("APERAK", "BGM++R-1+9", *HEAD[1:], "ERC+1")).outcome == "rejected"


def test_the_faults_of_what_is_accepted_are_warnings(receive: Receive) -> None:
    report = report_of(receive("APERAK", "BGM++R-1+29", *HEAD[1:], "ERC+1", "FTX+AAO+++late"))
    assert report.faults == (ReportedFault("1", "late", "warning"),)


def test_information_alone_is_what_rejects(receive: Receive) -> None:
    report = report_of(receive("APERAK", *HEAD, "ERC+12", "FTX+AAI+++Order rejected"))
    assert report.faults == (ReportedFault("12", "Order rejected", "error"),)


def test_a_code_that_is_longer_than_directories_allow_is_kept_whole_where_the_guide_bears_it(receive: Receive) -> None:
    segments = (*HEAD, "ERC+ORD-000012345", "FTX+AAO+++Item is not listed")
    refused = receive("APERAK", *segments)
    assert refused.document is None
    (told,) = refused.violations
    assert (told.code, told.value, told.tag, told.element) == ("value.too_long", "ORD-000012345", "ERC", 1)
    borne = receive("APERAK", *segments, guide='[leniency]\n"value.too_long" = "warning"')
    assert report_of(borne).faults == (ReportedFault("ORD-000012345", "Item is not listed"),)


@pytest.mark.parametrize(("code", "qualifier"), [("380", "IV"), ("231", "POR"), ("351", "AAK"), ("1", "DM")])
def test_later_directories_name_the_document_in_doc(receive: Receive, code: str, qualifier: str) -> None:
    segments = (*HEAD[:2], f"DOC+{code}+INV-7", "DTM+171:20260301:102")
    report = report_of(receive("APERAK", *segments, release="99B"))
    assert report.references == (DocumentReference(qualifier, "INV-7", date=datetime(2026, 3, 1, tzinfo=UTC)),)


@pytest.mark.parametrize("release", ["96A", "97A", "99B", "01B", "03A", "07B", "10B", "18A", "24A"])
def test_every_release_reads_alike(receive: Receive, release: str) -> None:
    decoded = receive("APERAK", *HEAD, "ERC+12", "FTX+AAO+++no", release=release)
    assert report_of(decoded).faults == (ReportedFault("12", "no"),)
    assert {told.severity for told in decoded.violations} <= {Severity.WARNING}


def test_a_report_about_nothing_is_told(receive: Receive) -> None:
    decoded = receive("APERAK", *HEAD[:2])
    assert report_of(decoded).references == ()
    (told,) = decoded.violations
    assert (told.code, told.severity) == ("application.subject_missing", Severity.WARNING)


@pytest.mark.parametrize(
    ("segments", "code", "place"),
    [
        (("BGM++", *HEAD[1:]), "application.number_missing", ("BGM", 2, 1)),
        ((HEAD[0], "DTM+137:20261350:102", HEAD[2]), "date.invalid", ("DTM", 1, 2)),
        ((*HEAD, "DTM+171:20261350:102"), "date.invalid", ("DTM", 1, 2)),
    ],
)
def test_what_reports_nothing_is_refused_with_its_place(
    receive: Receive, segments: tuple[str, ...], code: str, place: tuple[str, int, int]
) -> None:
    decoded = receive("APERAK", *segments)
    assert decoded.document is None
    (told,) = decoded.violations
    assert (told.code, told.severity) == (code, Severity.ERROR)
    assert (told.tag, told.element, told.component) == place
