"""pydifact's objects from our reader: what pydifact gives where it is right, and what is right where it is not."""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path

import pytest
from pydifact.control.characters import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.segmentcollection import Interchange, RawSegmentCollection
from pydifact.segments import Segment, SegmentFactory

from adapters.edi.bridge import EdifactParser, EdifactSegmentFactory, interchanges, messages

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"
REPEATS = GOLDEN / "orders" / "d01b_utf8_groups.edi"
WRONG = {"truncated", "wrapped_80_columns", REPEATS.stem}
#: samples that pydifact reads right: they are whole, no line end is inside of a segment, nothing repeats
SAMPLES = [path for path in sorted(GOLDEN.glob("*/*.edi")) if path.stem not in WRONG]
ORDER = (
    "UNA:+.? 'UNB+UNOC:3+5412345000013:14+4012345500004:14+261122:0800+REF1++ORDERS'"
    "UNH+1+ORDERS:D:96A:UN'BGM+220+PO1+9'FTX+AAI+++it?'s 5?+5 ??:more'NAD+BY+5412345000013::9'UNT+5+1'UNZ+1+REF1'"
)


def peers(text: str) -> list[Segment]:
    """Return what pydifact's own parser makes of *text*."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(Parser().parse(text))


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return content.decode("utf-8" if b"UNB+UNO" in content and b"+UNOY" in content[:40] else "iso8859-1")


def test_there_are_samples():
    assert len(SAMPLES) > 15


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_segments_and_serialisation_are_those_of_pydifact(path):
    text = text_of(path)
    ours = list(EdifactParser().parse(text))
    assert ours == peers(text)
    assert [segment.elements for segment in ours] == [segment.elements for segment in peers(text)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Interchange.from_str(text)
    assert Interchange.from_str(text, parser=EdifactParser()).serialize() == theirs.serialize()


def test_an_interchange_comes_back_as_it_was():
    interchange = Interchange.from_str(ORDER, parser=EdifactParser())
    assert interchange.serialize() == ORDER
    assert interchange.sender == ["5412345000013", "14"]
    (message,) = interchange.get_messages()
    assert (message.type, message.version, message.reference_number) == ("ORDERS", "D.96A", "1")
    assert message.get_segment("FTX").elements == ["AAI", "", "", ["it's 5+5 ?", "more"]]


def test_the_parser_remembers_the_syntax():
    parser = EdifactParser()
    list(parser.parse(ORDER))
    assert (parser.syntax_identifier, parser.version) == ("UNOC", "3")


@pytest.mark.parametrize(
    ("segment", "elements"),
    [
        ("BGM+220+1+", ["220", "1", ""]),
        ("NAD+BY+1::9", ["BY", ["1", "", "9"]]),
        ("IMD+F++:::text", ["F", "", ["", "", "", "text"]]),
        ("PIA+1+X:SA::", ["1", ["X", "SA"]]),
        ("PIA+1+X:", ["1", "X"]),
        ("PIA+1+::", ["1", ""]),
        ("FTX+?:", [":"]),
    ],
)
def test_elements_have_the_shape_that_pydifact_gives_them(segment, elements):
    ((found),) = EdifactParser().parse(segment + "'")
    assert found.elements == elements
    (theirs,) = peers(segment + "'")
    assert found == theirs
    assert theirs == found


def test_no_warning_is_raised_and_no_filter_is_set():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        Interchange.from_str(ORDER, parser=EdifactParser())
        assert warnings.filters == before
        assert told == []
        Interchange.from_str(ORDER)
    assert told  # elsewhere pydifact still says what it has to say


# what pydifact 0.2.3 gets wrong


def test_several_interchanges_are_refused_instead_of_merged():
    with pytest.raises(EDISyntaxError, match="one interchange at a time") as caught:
        Interchange.from_str(ORDER + ORDER.replace("REF1", "REF2"), parser=EdifactParser())
    assert f"character {len(ORDER)}" in str(caught.value)


def test_a_later_una_does_not_drop_the_first_interchange():
    first = ORDER.removeprefix("UNA:+.? '")
    with pytest.raises(EDISyntaxError, match=f"character {len(first)}"):
        list(EdifactParser().parse(first + ORDER))


def test_a_second_unb_without_unz_is_noticed():
    text = ORDER.replace("UNZ+1+REF1'", "") + ORDER.removeprefix("UNA:+.? '")
    with pytest.raises(EDISyntaxError, match="Another interchange begins"):
        list(EdifactParser().parse(text))


def test_una_inside_of_a_text_is_text():
    text = ORDER.removeprefix("UNA:+.? '").replace("it?'s", "?'UNA*!.# ~")
    segments = list(EdifactParser().parse(text))
    assert segments[3].elements[3][0].startswith("'UNA*!.# ~")
    assert len(segments) == 7


def test_repeats_of_syntax_4_stay_apart():
    text = "UNB+UNOC:4+A+B+20261122:0800+1'UNH+1+X:D:01B:UN'ABC+1*2+3:4*5+6?*7+8'UNT+3+1'UNZ+1+1'"
    abc = list(EdifactParser().parse(text))[2]
    assert abc.elements == [[["1"], ["2"]], [["3", "4"], ["5"]], "6*7", "8"]
    with pytest.raises(AssertionError):  # pydifact cannot write repeats and does not write anything else instead
        Interchange.from_str(text, parser=EdifactParser()).serialize()


def test_everything_but_the_repeats_is_as_pydifact_has_it():
    text = text_of(REPEATS)
    pairs = list(zip(EdifactParser().parse(text), peers(text), strict=True))
    assert [ours.elements for ours, theirs in pairs if ours != theirs] == [
        [[["+7 495 0000000", "TE"], ["olga@sever.example", "EM"]]]
    ]


def test_a_line_end_inside_of_a_segment_is_no_data():
    wrapped = re.sub("(.{40})", "\\1\r\n", ORDER)
    assert list(EdifactParser().parse(wrapped)) == list(EdifactParser().parse(ORDER))


@pytest.mark.parametrize("mark", ["\ufeff", "ï»¿", "\r\n  "])
def test_a_byte_order_mark_is_passed_over(mark):
    assert list(EdifactParser().parse(mark + ORDER)) == list(EdifactParser().parse(ORDER))


def test_a_blank_release_character_releases_nothing():
    text = "UNA:+.  'UNB+UNOA:1+A+B+261122:0800+1'UNH+1+X:D:96A:UN'FTX+two words'UNT+3+1'UNZ+1+1'"
    assert list(EdifactParser().parse(text))[3].elements == ["two words"]


@pytest.mark.parametrize("cut", [-1, -12, -30])
def test_a_cut_text_is_refused_with_its_place(cut):
    text = ORDER[:cut]
    if text.endswith("REF1"):  # only the last terminator is gone: nothing is lost
        assert list(EdifactParser().parse(text)) == list(EdifactParser().parse(ORDER))
        return
    with pytest.raises(EDISyntaxError, match=f"UNZ is missing .character {len(text)}"):
        list(EdifactParser().parse(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ORDER.replace("BGM", "bgm"), "'bgm' is not the tag of a segment .character 101"),
        (ORDER.replace("UNA:+", "UNA++"), "two roles"),
        (ORDER.replace("UNOC:3", "UNOC"), "syntax identifier and version"),
        ("UNB'UNZ'", "syntax identifier and version"),
        ("LIN+1'QTY+21:4", "The last segment .QTY. has no terminator .character 14"),
    ],
)
def test_what_is_no_edifact_is_refused_with_its_place(text, words):
    with pytest.raises(EDISyntaxError, match=words):
        list(EdifactParser().parse(text))


def test_nothing_gives_no_segment():
    assert list(EdifactParser().parse("")) == []
    assert list(EdifactParser().parse(" \r\n")) == []


# pydifact's own ways to vary a parser


def test_a_bare_run_of_segments_is_read_with_the_characters_given():
    characters = Characters.from_str("#|.! ~")
    segments = RawSegmentCollection.from_str("LIN|1~QTY|21#4!~5~", EdifactParser(characters=characters)).segments
    assert segments == [Segment("LIN", "1"), Segment("QTY", ["21", "4~5"])]
    assert next(EdifactParser().parse("LIN|1~", characters)).elements == ["1"]


def test_a_factory_of_the_users_own_makes_the_segments():
    made = []

    class Counting(SegmentFactory):
        @staticmethod
        def create_segment(name, *elements, **how):
            made.append(name)
            return EdifactSegmentFactory.create_segment(name, *elements, **how)

    assert list(EdifactParser(Counting()).parse(ORDER)) == list(EdifactParser().parse(ORDER))
    assert made[:3] == ["UNA", "UNB", "UNH"]


def test_a_plug_in_for_a_segment_is_used(monkeypatch):
    class Purpose:
        tag, version = "BGM", "3"

        def __init__(self, *elements):
            self.elements = list(elements)

        def validate(self, version, _):
            self.validated = version

    monkeypatch.setattr(Segment, "plugins", [Purpose])
    found = [segment for segment in EdifactParser().parse(ORDER) if segment.tag == "BGM"]
    assert [type(segment) for segment in found] == [Purpose]
    assert found[0].validated == "3"


def test_the_factory_refuses_what_is_no_tag():
    with pytest.raises(EDISyntaxError, match="three capital letters"):
        EdifactSegmentFactory.create_segment("bgm")


# whole sources


def test_every_interchange_of_a_file_comes_by_itself_in_its_own_character_set():
    first, second = ORDER, ORDER.replace("REF1", "REF2").replace("UNOC:3", "UNOY:4").replace("more", "Köln")
    content = b"\xef\xbb\xbf" + first.encode("iso8859-1") + b"\r\n" + second.encode("utf-8")
    one, two = interchanges(content)
    assert (one.control_reference, two.control_reference) == ("REF1", "REF2")
    assert two.get_segment("FTX").elements[3][1] == "Köln"
    assert one.serialize() == first


def test_an_interchange_without_its_end_is_refused_with_the_byte_where():
    content = (ORDER + ORDER[:-12]).encode()
    found = interchanges(content)
    assert next(found).control_reference == "REF1"
    with pytest.raises(EDISyntaxError, match=f"UNZ is missing.* .byte {len(content)}"):
        next(found)


@pytest.mark.parametrize("groups", [False, True])
def test_messages_come_one_at_a_time_also_out_of_groups(groups):
    text = ORDER.replace("UNH+", "UNG+ORDERS+A+B+261122:0800+7+UN+D:96A'UNH+").replace("UNZ+", "UNE+1+7'UNZ+")
    source = (text if groups else ORDER).encode() * 3
    found = list(messages(io.BytesIO(source)))
    assert [(message.type, message.version, message.reference_number) for message in found] == [
        ("ORDERS", "D.96A", "1")
    ] * 3
    assert [segment.tag for segment in found[0].segments] == ["BGM", "FTX", "NAD"]
    assert found[0].serialize() == ORDER[ORDER.index("UNH") : ORDER.index("UNZ")]


@pytest.mark.parametrize(
    ("cut", "words"),
    [("UNT+5+1'", "UNT is missing"), ("UNH+1+ORDERS:D:96A:UN'", "UNH is missing"), ("UNZ+1+REF1'", "UNZ is missing")],
)
def test_messages_without_an_envelope_are_refused_with_the_byte_where(cut, words):
    source = ORDER.replace(cut, "").encode()
    with pytest.raises(EDISyntaxError, match=f"{words}.* .byte [0-9]+"):
        list(messages(source))
