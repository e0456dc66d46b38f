"""UCM, UCS and UCD: faults at their places (ISO 9735 counts the segment tag as element 1)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.messages.contrl import contrl_segments
from adapters.edi.serializer import EdifactSerializer
from core.documents import Acknowledgement, GroupAcknowledgement, MessageAcknowledgement
from core.ports import Interchange, MessageSpan

Fault = tuple[str, int | None, int | None, int | None]


MESSAGE = MessageAcknowledgement("1", "ORDERS", "D", "96A", "UN", "", "4")
SUBJECT = Acknowledgement("REF1", "S", "14", "R", "14", "7")


def spoken(acknowledgement: Acknowledgement, syntax_version: str = "3") -> list[str]:
    """Return the segments of the body."""
    segments = contrl_segments(acknowledgement, syntax_version)
    return EdifactSerializer(syntax_version).message(segments).split("'")[:-1]


def told(*faults: Fault, syntax_version: str = "3") -> list[str]:
    """Return the segments after UCI for *faults* of one message."""
    message = MESSAGE._replace(faults=faults)
    return spoken(replace(SUBJECT, messages=(message,)), syntax_version)[1:]


def _received(
    acknowledgement: Acknowledgement, syntax_version: str
) -> tuple[bytes, Interchange, Sequence[MessageSpan]]:
    """Return an interchange with the CONTRL as its recipient reads it."""
    body = spoken(acknowledgement, syntax_version)
    identifier = "CONTRL:4:1:UN" if syntax_version == "4" else "CONTRL:D:3:UN"
    segments = [f"UNB+UNOA:{syntax_version}+A+B+20261122:0800+1", f"UNH+1+{identifier}", *body]
    source = "".join(f"{segment}'" for segment in [*segments, f"UNT+{len(body) + 2}+1", "UNZ+1+1"]).encode()
    (interchange,) = EdifactDecoder().scan(source)
    assert interchange.violations == ()
    return source, interchange, interchange.messages


def test_uci_names_the_service_segment_and_the_place_in_it() -> None:
    refused = replace(SUBJECT, action="4", code="39", segment_tag="UNB", element=5)
    assert spoken(refused) == ["UCI+REF1+S:14+R:14+4+39+UNB+6"]
    assert spoken(replace(refused, element=2, component=1)) == ["UCI+REF1+S:14+R:14+4+39+UNB+3:1"]


def test_a_fault_of_unh_or_unt_stands_in_ucm_with_its_place() -> None:
    faulty = MESSAGE._replace(faults=(("26", None, None, None),), segment_tag="UNH", element=1)
    assert spoken(replace(SUBJECT, messages=(faulty,)))[1:] == ["UCM+1+ORDERS:D:96A:UN+4+26+UNH+2"]


def test_a_group_stands_in_ucf_before_its_messages() -> None:
    group = GroupAcknowledgement("G1", "S", "14", "R", "", "7", messages=(MESSAGE,))
    again = GroupAcknowledgement("G2", "S", "14", "R", "", "4", "26", "UNG", 5)
    assert spoken(replace(SUBJECT, groups=(group, again)))[1:] == [
        "UCF+G1+S:14+R+7",
        "UCM+1+ORDERS:D:96A:UN+4",
        "UCF+G2+S:14+R+4+26+UNG+6",
    ]


def test_a_code_that_syntax_4_dropped_is_said_by_the_nearest_one() -> None:
    faults = (("19", 4, 1, 2), ("3", None, None, None))
    assert told(*faults) == ["UCM+1+ORDERS:D:96A:UN+4+3", "UCS+4", "UCD+19+2:2"]
    assert told(*faults, syntax_version="4") == ["UCM+1+ORDERS:D:96A:UN+4+14", "UCS+4", "UCD+12+2:2"]


def test_a_fault_of_the_whole_message_stands_in_ucm_and_only_the_first() -> None:
    assert told(("29", None, None, None), ("28", None, None, None)) == ["UCM+1+ORDERS:D:96A:UN+4+29"]


def test_a_fault_of_a_segment_stands_in_ucs() -> None:
    assert told(("13", 4, None, None))[1:] == ["UCS+4+13"]


def test_elements_and_components_stand_in_ucd_under_one_ucs() -> None:
    assert told(("39", 4, 2, 3), ("12", 4, 1, None))[1:] == ["UCS+4", "UCD+39+3:3", "UCD+12+2"]


def test_the_tag_itself_is_position_one() -> None:
    assert told(("12", 4, 0, None))[1:] == ["UCS+4", "UCD+12+1"]


@pytest.mark.parametrize(
    ("tag", "fault", "expected"),
    [
        # COM of D.01B is C076 up to three times, PIA is 4347 and C212 five times, none of which repeats
        ("COM", ("39", 4, 1, 1), "UCD+39+2:1:1"),
        ("COM", ("39", 4, 3, 1), "UCD+39+2:1:3"),
        ("COM", ("12", 4, 2, None), "UCD+12+2::2"),
        ("COM", ("35", 4, 4, None), "UCD+35+2::4"),
        ("COM", ("16", 4, 4, None), "UCD+16+3"),
        ("COM", ("12", 4, 0, None), "UCD+12+1"),
        ("PIA", ("12", 4, 2, 1), "UCD+12+3:1"),
        ("PIA", ("35", 4, 2, None), "UCD+35+2::2"),
    ],
)
def test_syntax_4_counts_positions_and_the_repeats_at_each(tag: str, fault: Fault, expected: str) -> None:
    message = MESSAGE._replace(release="01B", faults=(fault,), tags=((4, tag),))
    subject = replace(SUBJECT, messages=(message,))
    assert spoken(subject, "4")[-1] == expected
    (decoded,) = EdifactDecoder().decode(*_received(subject, "4"))
    assert decoded.violations == ()


@pytest.mark.parametrize("element", [1, 2, 3])
def test_a_repeat_that_a_partner_names_is_the_one_that_we_wrote(element: int) -> None:
    message = MESSAGE._replace(release="01B", faults=(("39", 4, element, 1),), tags=((4, "COM"),))
    (decoded,) = EdifactDecoder().decode(*_received(replace(SUBJECT, messages=(message,)), "4"))
    assert decoded.document.messages[0].faults == message.faults


def test_syntax_3_counts_each_repeat_as_a_position() -> None:
    message = MESSAGE._replace(release="01B", faults=(("39", 4, 3, 1),), tags=((4, "COM"),))
    assert spoken(replace(SUBJECT, messages=(message,)))[-1] == "UCD+39+4:1"


@pytest.mark.parametrize("syntax_version", ["3", "4"])
def test_an_element_that_is_no_composite_has_no_component(syntax_version: str) -> None:
    faults = (("37", 4, 1, 1), ("12", 4, 3, 1))  # LIN 1082 and C212
    message = MESSAGE._replace(faults=faults, tags=((4, "LIN"),))
    assert spoken(replace(SUBJECT, messages=(message,)), syntax_version)[-2:] == ["UCD+37+2", "UCD+12+4:1"]


def test_an_element_of_a_release_without_tables_keeps_its_count() -> None:
    message = MESSAGE._replace(type="XYZABC", faults=(("39", 4, 4, 1),), tags=((4, "COM"),))
    assert spoken(replace(SUBJECT, messages=(message,)), "4")[-1] == "UCD+39+5:1"


def test_segments_come_in_their_order_and_a_second_code_takes_another_ucs() -> None:
    assert told(("35", 9, None, None), ("13", 3, None, None), ("15", 9, None, None))[1:] == [
        "UCS+3+13",
        "UCS+9+35",
        "UCS+9+15",
    ]


def test_more_than_99_elements_take_another_ucs() -> None:
    segments = told(*(("12", 4, element, None) for element in range(1, 151)))[1:]
    assert [segment for segment in segments if segment.startswith("UCS")] == ["UCS+4", "UCS+4"]
    assert sum(segment.startswith("UCD") for segment in segments) == 150


def test_no_more_than_999_segments_are_told() -> None:
    segments = told(*(("13", position, None, None) for position in range(2, 1500)))
    assert len(segments) == 1 + 999
    assert segments[-1] == "UCS+1000+13"
