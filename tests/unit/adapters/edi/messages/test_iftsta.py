"""IFTSTA as carriers send it: the codes of three lists, and events that keep their identity."""

from __future__ import annotations

import pytest

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.statuses import UNKNOWN, status_of
from core.documents import ConsignmentStatus, StatusEvent, StatusReport
from core.ports import Decoded

HEADER = ("BGM+77+ST-1+9", "DTM+137:202612021755:203")
#: our words, and the one for what comes to none of them
WORDS = {"picked_up", "in_transit", "out_for_delivery", "delivered", "exception", UNKNOWN}


def read(*segments: str, release: str = "96A", guide: str = "") -> Decoded:
    message = (f"UNH+1+IFTSTA:D:{release}:UN{guide and ':' + guide}", *segments, f"UNT+{len(segments) + 2}+1")
    unb = "UNB+UNOC:3+CARRIER:ZZ+4012345500004:14+261202:1800+ST1"
    content = "".join(f"{segment}'" for segment in (unb, *message, "UNZ+1+ST1")).encode("latin-1")
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    (decoded,) = decoder.decode(content, interchange, interchange.messages)
    return decoded


def consignments(*segments: str, release: str = "96A", guide: str = "") -> tuple[ConsignmentStatus, ...]:
    decoded = read(*HEADER, *segments, release=release, guide=guide)
    assert isinstance(decoded.document, StatusReport), decoded.violations
    return decoded.document.consignments


def event(*segments: str, release: str = "96A", guide: str = "") -> StatusEvent:
    ((found,),) = [one.events for one in consignments("CNI+1+NX1", *segments, release=release, guide=guide)]
    return found


@pytest.mark.parametrize(
    ("release", "guide", "sts", "status"),
    [
        # 9011
        ("96A", "", "STS+1+13", "picked_up"),
        ("96A", "", "STS+1+51", "exception"),
        ("96A", "", "STS+1+55", "exception"),
        ("96A", "", "STS++21", "delivered"),
        ("97B", "", "STS+1+42", "in_transit"),
        # EANCOM 1997 counts one less from 53 on: 54 is not collected, 100 delayed in transit
        ("96A", "EAN002", "STS+1+21", "delivered"),
        ("96A", "EAN002", "STS+1+54", "exception"),
        ("96A", "EAN002", "STS+1+73", "picked_up"),
        ("96A", "EAN002", "STS+1+100", "exception"),
        ("96A", "", "STS+1+100", "in_transit"),
        # recommendation 24
        ("01B", "", "STS+1+21", "delivered"),
        ("01B", "", "STS+1+113", "out_for_delivery"),
        ("24A", "", "STS+1+106", "exception"),
        ("24A", "", "STS+1+68", UNKNOWN),
        ("24A", "", "STS+1+55", UNKNOWN),
        # GS1, and the owner of the list named
        ("01B", "EAN004", "STS+1+1E", "in_transit"),
        ("01B", "EAN004", "STS+1+34E::9", "delivered"),
        ("01B", "", "STS+1+21::6", "delivered"),
        # lists of others, other things than transport, codes of nobody
        ("01B", "", "STS+1+21::87", UNKNOWN),
        ("01B", "", "STS+2+21", UNKNOWN),
        ("96A", "", "STS+1+DEL", UNKNOWN),
        ("96A", "EAN002", "STS+1+DEL", UNKNOWN),
    ],
)
def test_a_code_comes_to_our_word_by_the_list_that_it_is_of(release: str, guide: str, sts: str, status: str) -> None:
    found = event(sts, "DTM+334:202612021000:203", release=release, guide=guide)
    assert found.status == status


def test_what_is_not_known_is_told_and_never_taken_for_a_movement() -> None:
    decoded = read(*HEADER, "CNI+1+NX1", "STS+1+DEL", "STS+1+68")
    assert [one.code for one in decoded.violations] == ["code.unknown", "status.code_unknown"]
    for number in range(1000):
        for after_9011 in (False, True):
            for eancom in (False, True):
                told = status_of(str(number), kind="1", agency="", after_9011=after_9011, eancom=eancom)
                assert told is None or told in WORDS
    assert status_of("999", kind="1", agency="", after_9011=True, eancom=False) is None


def test_an_event_keeps_what_was_told_of_it() -> None:
    found = event(
        "STS+1+21::6:Delivered at dock+14",
        "DTM+7:20261201:102",
        "DTM+35:202612021012:203",
        "FTX+AAI+++Left with:the porter",
        "NAD+AP+++Anna Weber",
        "LOC+14+DEBER:139:6:Berlin",
        "GID+1",
        "PCI+33E",
        "GIN+BJ+340123450000000017",
    )
    assert found.at is not None
    assert found.at.isoformat() == "2026-12-02T10:12:00+00:00"
    assert (found.code, found.reason, found.text) == ("21", "14", "Delivered at dock")
    assert (found.place, found.signed_by, found.package) == ("Berlin", "Anna Weber", "340123450000000017")


def test_who_signed_may_stand_in_one_line_with_an_address() -> None:
    assert event("STS+1+21", "NAD+AP++Anna Weber:Gate 4").signed_by == "Anna Weber Gate 4"
    assert event("STS+1+21", "NAD+CN+++Somebody else").signed_by == ""


def test_the_same_fact_has_the_same_identity_in_every_report() -> None:
    segments = ("STS+1+21", "DTM+334:202612021012:203", "LOC+14+:::Berlin")
    again = read("BGM+77+ST-2+9", "DTM+137:202612030900:203", "CNI+7+NX1", *segments)
    assert isinstance(again.document, StatusReport)
    assert event(*segments).id == again.document.consignments[0].events[0].id
    others = [
        event("STS+1+22", *segments[1:]),
        event(segments[0], "DTM+334:202612021013:203", segments[2]),
        event(*segments[:2], "LOC+14+:::Bonn"),
        event(segments[0], "RFF+CW:7", *segments[1:]),
    ]
    assert len({event(*segments).id, *(other.id for other in others)}) == 5
    assert all(len(other.id) <= 80 for other in others)


def test_an_event_without_a_time_is_told_apart_by_that_of_its_report() -> None:
    told = event("STS+1+21")
    assert told.at is None
    assert told.id == "21@20261202175500"


def test_a_consignment_is_named_by_its_own_number_or_by_its_references() -> None:
    first, second, third = consignments(
        "CNI+1+NX1",
        "STS+1+13",
        "RFF+CN:OTHER",
        "RFF+CU:DA-1",
        "RFF+AAK:DA-1",
        "RFF+VN:O-1",
        "RFF+ON:PO-1",
        "CNI+2",
        "STS+1+13",
        "RFF+BM:B-1",
        "STS+1+31",
        "RFF+CN:C-1",
        "CNI+3",
        "STS+1+13",
        "RFF+SRN:DA-3",
    )
    assert first[:1] == ("NX1",)
    assert first[2:] == ("DA-1", "DA-1", "O-1", "PO-1")
    assert (second.tracking_number, len(second.events)) == ("C-1", 2)
    assert (third.tracking_number, third.reference) == ("", "DA-3")


def test_the_place_of_a_consignment_is_that_of_its_events() -> None:
    (consignment,) = consignments("CNI+1+NX1", "LOC+5+:::Hagen", "STS+1+13", "STS+1+31", "LOC+14+:::Bonn")
    assert [one.place for one in consignment.events] == ["Hagen", "Bonn"]


@pytest.mark.parametrize("release", ["20B", "24A"])
@pytest.mark.parametrize("contacts", [("NAD+CA+N::91", "CTA+IC+:A", "NAD+CZ+N::92", "CTA+IC+:B"), ("CTA+IC+:A",)])
def test_contacts_stand_with_their_party_or_behind_them_all(release: str, contacts: tuple[str, ...]) -> None:
    """D.20B prints their group outside of that of the parties, D.24A inside."""
    parties = contacts if contacts[0].startswith("NAD") else ("NAD+CA+N::91", *contacts)
    assert consignments(*parties, "CNI+1+NX1", "STS+1+21", release=release)[0].events[0].status == "delivered"


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        (("BGM+77", HEADER[1], "CNI+1+NX1", "STS+1+21"), "status.number_missing"),
        (HEADER, "status.empty"),
        ((*HEADER, "CNI+1", "STS+1+21"), "status.consignment_unnamed"),
        ((*HEADER, "CNI+1+NX1"), "segment.missing"),
        ((*HEADER, "CNI+1+NX1", "STS+1+21", "DTM+334:202612022512:203"), "date.invalid"),
        ((*HEADER, "STS+1+21"), "segment.misplaced"),
    ],
)
def test_what_no_reader_could_take_is_refused_with_its_place(segments: tuple[str, ...], found: str) -> None:
    decoded = read(*segments)
    assert decoded.document is None
    assert all(violation.offset is not None for violation in decoded.violations)
    assert found in [violation.code for violation in decoded.violations if violation.severity == "error"]
