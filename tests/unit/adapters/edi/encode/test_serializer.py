"""Segments to text: pydifact's own serializer is the oracle for the fast path, its parser for the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydifact.parser import Parser
from pydifact.segments import Segment
from pydifact.serializer import Serializer

from adapters.edi.serializer import EdifactSerializer, OutboundSegment, spoken

# pydifact's wheel comes without the directories that it would check segments against
pytestmark = pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")

# what UNB 0001 can say at all: no control characters, no surrogates
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("+:'?* "), max_size=12)
SAID = TEXT.filter(bool)
COMPOSITE = st.tuples(st.lists(TEXT, min_size=1, max_size=3), SAID).map(lambda parts: [*parts[0], parts[1]])
ELEMENTS = st.tuples(st.lists(TEXT | COMPOSITE, max_size=4), SAID | COMPOSITE).map(lambda parts: [*parts[0], parts[1]])
SEGMENTS = st.lists(ELEMENTS, min_size=1, max_size=4)


@given(SEGMENTS, st.sampled_from(["3", "4"]))
def test_the_fast_path_writes_what_pydifact_writes(elements: list, syntax_version: str) -> None:
    serializer = EdifactSerializer(syntax_version)
    segments = [OutboundSegment("FTX", *one) for one in elements]
    assert serializer.message(segments) == serializer.serialize(segments, with_una_header=False)


@given(TEXT, st.sampled_from(["3", "4"]))
def test_a_text_is_released_as_pydifact_releases_it(text: str, syntax_version: str) -> None:
    serializer = EdifactSerializer(syntax_version)
    assert serializer.escape(text) == Serializer.escape(serializer, text)
    assert list(serializer.released(["A", text])) == ["A", serializer.escape(text)]


@given(st.lists(SAID, min_size=3, max_size=3))
def test_released_texts_between_the_parts_of_a_frame_give_the_message(said: list[str]) -> None:
    def segments(first: str, second: str, third: str) -> list[OutboundSegment]:
        return [OutboundSegment("NAD", "BY", first, ["A", second]), OutboundSegment("RFF", ["ON", third])]

    serializer = EdifactSerializer("3")
    parts = serializer.frame(segments("0", "1", "2"), "0", "1", "2")
    filled = [text for pair in zip(parts, [*serializer.released(said), ""], strict=True) for text in pair]
    assert "".join(filled) == serializer.message(segments(*said))


@given(SEGMENTS, st.sampled_from(["3", "4"]))
def test_as_many_segments_are_counted_as_were_written(elements: list, syntax_version: str) -> None:
    serializer = EdifactSerializer(syntax_version)
    assert serializer.count(serializer.message(OutboundSegment("FTX", *one) for one in elements)) == len(elements)


@given(SEGMENTS, st.sampled_from(["3", "4"]))
def test_pydifact_reads_every_text_back(elements: list, syntax_version: str) -> None:
    serializer = EdifactSerializer(syntax_version)
    content = serializer.message(OutboundSegment("FTX", *one) for one in elements)
    assert list(Parser().parse(content, serializer.characters)) == [Segment("FTX", *one) for one in elements]


def test_an_outbound_segment_is_a_segment_of_pydifact_without_becoming_its_plug_in() -> None:
    assert OutboundSegment("QTY", ["21", "5"]) == Segment("QTY", ["21", "5"])
    assert OutboundSegment not in Segment.plugins


@pytest.mark.parametrize(
    ("elements", "written"),
    [
        (["A", ""], "FTX+A'"),
        (["A", [], ["", ""]], "FTX+A'"),
        (["", ["B", "", ""], "C"], "FTX++B+C'"),
        (["A+"], "FTX+A?+'"),
        ([["A", ":"]], "FTX+A:?:'"),
        (["line\r\nbreak\x1f"], "FTX+line  break '"),
        (["half \ud83d a face"], "FTX+half   a face'"),
        (["5 * 4"], "FTX+5 * 4'"),
    ],
)
def test_tails_are_cut_and_service_characters_released(elements: list, written: str) -> None:
    assert EdifactSerializer("3").message([OutboundSegment("FTX", *elements)]) == written


def test_syntax_4_releases_the_repetition_character_and_announces_it() -> None:
    serializer = EdifactSerializer("4")
    assert serializer.message([OutboundSegment("FTX", "5 * 4")]) == "FTX+5 ?* 4'"
    assert serializer.characters.service_string_advice == "UNA:+.?*'"
    assert EdifactSerializer("3").characters.service_string_advice == "UNA:+.? '"


@pytest.mark.parametrize(
    ("charset", "said", "unsaid"),
    [
        ("UNOA", "PO-1 (A/B) = 5 * 4!", "po"),
        ("UNOB", "Order & 'more'?", "a@example.com"),
        ("UNOC", "Köln", "Łódź"),
        ("UNOD", "Łódź", "Москва"),
        ("UNOE", "Москва", "Köln"),
        ("UNOF", "Αθήνα", "Москва"),
        ("UNOY", "北京", "\ud83d"),
    ],
)
def test_a_repertoire_says_what_it_has_and_refuses_the_rest(charset: str, said: str, unsaid: str) -> None:
    assert spoken(said, charset) is not None
    assert spoken(unsaid, charset) is None


def test_an_unknown_character_set_says_nothing() -> None:
    assert spoken("A", "UNOX") is None
