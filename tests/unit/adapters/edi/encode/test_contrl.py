"""UCM, UCS and UCD: faults at their places (ISO 9735 counts the segment tag as element 1)."""

from adapters.edi.messages.contrl import contrl_segments
from adapters.edi.serializer import EdifactSerializer
from core.documents import Acknowledgement, MessageAcknowledgement

Fault = tuple[str, int | None, int | None, int | None]


def told(*faults: Fault) -> list[str]:
    """Return the segments after UCM for *faults*."""
    message = MessageAcknowledgement("1", "ORDERS", "D", "96A", "UN", "", "4", faults)
    acknowledgement = Acknowledgement("REF1", "S", "14", "R", "14", "7", messages=(message,))
    return EdifactSerializer("3").message(contrl_segments(acknowledgement)).split("'")[1:-1]


def test_a_fault_of_the_whole_message_stands_in_ucm_and_only_the_first() -> None:
    assert told(("29", None, None, None), ("28", None, None, None)) == ["UCM+1+ORDERS:D:96A:UN+4+29"]


def test_a_fault_of_a_segment_stands_in_ucs() -> None:
    assert told(("13", 4, None, None))[1:] == ["UCS+4+13"]


def test_elements_and_components_stand_in_ucd_under_one_ucs() -> None:
    assert told(("39", 4, 2, 3), ("12", 4, 1, None))[1:] == ["UCS+4", "UCD+39+3:3", "UCD+12+2"]


def test_the_tag_itself_is_position_one() -> None:
    assert told(("12", 4, 0, None))[1:] == ["UCS+4", "UCD+12+1"]


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
