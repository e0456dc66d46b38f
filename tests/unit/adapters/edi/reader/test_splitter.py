"""The fast splitter and the exact lexer take the same text apart in the same way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.edi.dialect import NON_PRINTING, Dialect, Separators
from adapters.edi.lexer import Stretch, parse_all
from adapters.edi.splitter import Splitter

SETS = (
    Separators(),
    Separators(repetition="*"),
    Separators(release=""),
    Separators("^", "|", ".", "?", "", "~"),
    Separators(terminator="\n"),
    Separators(terminator="\r", repetition="*"),
    NON_PRINTING,
)


def exactly(text: str, separators: Separators) -> list[tuple[int, int, list[list[str]]]]:
    """Take *text* apart by the lexer: offset and length in bytes, elements with the tag as first."""
    source = text.encode()
    dialect = Dialect(separators, "UNOY", "utf-8")
    return [
        (segment.offset, segment.length, [[segment.tag], *([str(part) for part in one] for one in segment.elements)])
        for segment in parse_all(Stretch(source, 0, len(source), dialect, "utf-8"))
    ]


def fast(text: str, separators: Separators) -> list[tuple[int, int, list[list[str]]]]:
    """Take *text* apart by the splitter."""
    splitter, found = Splitter(separators), []
    for offset, raw in splitter.segments(text):
        (tag, *_), *elements = splitter.elements(raw)
        found.append((len(text[:offset].encode()), len(raw.encode()), [[tag], *elements]))
    return found


def texts() -> st.SearchStrategy[tuple[str, Separators]]:
    """Return a set of separators and a text that is dense with its marks."""

    def text_of(separators: Separators) -> st.SearchStrategy[tuple[str, Separators]]:
        marks = separators.released + "?'+:*AB1ä \r\n\t\x00"
        return st.tuples(st.text(st.sampled_from(marks), max_size=24), st.just(separators))

    return st.sampled_from(SETS).flatmap(text_of)


@given(texts())
@settings(max_examples=2000)
def test_the_splitter_agrees_with_the_lexer(chosen):
    assert fast(*chosen) == exactly(*chosen)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BGM+220+1'UNS+S'", [["BGM", "220", "1"], ["UNS", "S"]]),
        ("FTX+it?'s 5?+5 ??'", [["FTX", "it's 5+5 ?"]]),
        ("FTX+????'UNS+S'", [["FTX", "??"], ["UNS", "S"]]),
        ("FTX+a?\r\n'b'", [["FTX", "a'b"]]),
        ("FTX+why?", [["FTX", "why?"]]),
        ("\r\n  BGM+1'\n\n'''UNS+S'\n", [["BGM", "1"], ["UNS", "S"]]),
    ],
)
def test_what_is_released_is_not_cut(text, found):
    splitter = Splitter(Separators())
    shown = [splitter.elements(raw) for _, raw in splitter.segments(text)]
    assert shown == [[[part] for part in one] for one in found]


def test_repeats_stay_apart_and_together():
    splitter = Splitter(Separators(repetition="*"))
    ((_, raw),) = splitter.segments("ABC+1:2*3:4+5?*6+7'")
    assert splitter.repeats(raw) == [[["ABC"]], [["1", "2"], ["3", "4"]], [["5*6"]], [["7"]]]
    assert splitter.elements(raw) == [["ABC"], ["1", "2"], ["3", "4"], ["5*6"], ["7"]]


def test_a_hundred_thousand_released_terminators_are_one_segment():
    splitter = Splitter(Separators())
    ((offset, raw),) = splitter.segments("FTX+" + "?'" * 100_000 + "'")
    assert offset == 0
    assert splitter.elements(raw) == [["FTX"], ["'" * 100_000]]
