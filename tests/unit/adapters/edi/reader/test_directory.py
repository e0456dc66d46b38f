"""The compiled directory: tables, patterns, and the automaton of segment order."""

from __future__ import annotations

import re

import pytest

from adapters.edi.dialect import Separators
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.patterns import segment_pattern
from adapters.edi.directory.tables import load


def pattern(tag: str, *places: tuple[int, int], release: str = "D96A"):
    return re.compile(segment_pattern(load(release).segments[tag], Separators(), places, {}))


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("QTY+21:48:PCE", ("21", "48", "PCE")),
        ("QTY+21:48", ("21", "48", "")),
        ("QTY+21:-1.5:", ("21", "-1.5", "")),
        ("QTY+21:123456789012345", ("21", "123456789012345", "")),
        ("QTY+21:12345678901234.5", ("21", "12345678901234.5", "")),
        ("QTY+21", None),
        ("QTY+:48", None),
        ("QTY", None),
        ("QTY+21:4 8", None),
        ("QTY+21:1e30", None),
        ("QTY+21:.5", None),
        ("QTY+21:5.", None),
        ("QTY+21:1,5", None),
        ("QTY+21:1234567890123456", None),
        ("QTY+21:123456789012345.6", None),
        ("QTY+2111:48", None),
        ("QTY+21:48:PCE:X", None),
        ("QTY+21:48:PCE+X", None),
        ("QTY+21:\u0661", None),
        ("QTY+21:48:P\x00E", None),
    ],
)
def test_one_pattern_checks_format_length_and_presence(text, groups):
    found = pattern("QTY", (1, 1), (1, 2), (1, 3)).fullmatch(text)
    assert (found.groups("") if found else None) == groups


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("NAD+BY", True),
        ("NAD+BY+5412345000013::9", True),
        ("NAD+BY+5412345000013::9++Name+Street+City++1000+BE", True),
        ("NAD+BY++++++++", True),
        ("NAD+BY+++++++++", False),
        ("NAD+BY+::9", False),
        ("NAD+BY+" + "1" * 36, False),
        ("NAD", False),
        ("NAD+", False),
    ],
)
def test_conditional_parts_may_be_left_off_and_mandatory_components_not(text, matches):
    assert bool(pattern("NAD").fullmatch(text)) is matches


def test_repeats_of_a_composite_are_positions_of_their_own():
    assert pattern("COM", release="D01B").fullmatch("COM+1:TE+2:FX+3:EM")
    assert not pattern("COM", release="D01B").fullmatch("COM+1:TE+2:FX+3:EM+4:TE")
    assert not pattern("COM").fullmatch("COM+1:TE+2:FX")


def test_a_long_segment_is_refused_without_trying_twice():
    assert pattern("FTX").fullmatch("FTX+AAI+++" + ":" * 1_000_000) is None
    assert pattern("QTY", (1, 2)).fullmatch("QTY+21:" + "1" * 1_000_000) is None


def walk(automaton: Automaton, *tags: str) -> str:
    """Return the path of the last tag after UNH, or "" where the order of *tags* is not permitted."""
    node = 0
    for tag in tags:
        step = automaton.steps[node].get(tag)
        if step is None:
            return ""
        node = step.node
    return automaton.paths[node]


@pytest.mark.parametrize(
    ("tags", "path"),
    [
        ("BGM DTM", "DTM"),
        ("BGM DTM RFF DTM", "RFF/DTM"),
        ("BGM DTM RFF DTM RFF", "RFF"),
        ("BGM DTM NAD RFF", "NAD/RFF"),
        ("BGM DTM NAD CTA COM NAD", "NAD"),
        ("BGM DTM NAD CTA COM", "NAD/CTA/COM"),
        ("BGM DTM LIN QTY", "LIN/QTY"),
        ("BGM DTM LIN QTY MOA PRI LIN", "LIN"),
        ("BGM DTM LIN PAC QTY", "LIN/PAC/QTY"),
        ("BGM DTM LIN LOC QTY DTM", "LIN/LOC/DTM"),
        ("BGM DTM LIN UNS MOA CNT UNT", "UNT"),
        ("BGM DTM UNS UNT", "UNT"),
        ("DTM", ""),
        ("BGM NAD", ""),
        ("BGM DTM LIN PRI MOA", ""),
        ("BGM DTM CUX NAD", ""),
        ("BGM DTM LIN UNT", ""),
        ("BGM DTM UNS LIN", ""),
    ],
)
def test_the_automaton_follows_the_message_table(tags, path):
    assert walk(Automaton(load("D96A").messages["ORDERS"]), *tags.split()) == path


def test_a_leap_names_the_mandatory_segments_passed_over():
    automaton = Automaton(load("D96A").messages["ORDERS"])
    assert automaton.leaps[0]["NAD"].missing == ("BGM", "DTM")
    line = automaton.paths.index("LIN/QTY")
    assert automaton.leaps[line]["UNT"].missing == ("UNS",)
    assert "NAD" not in automaton.leaps[automaton.paths.index("UNS")]


def test_a_counter_starts_anew_when_its_group_is_entered_from_outside():
    automaton = Automaton(load("D96A").messages["ORDERS"])
    line, quantity = automaton.paths.index("LIN"), automaton.paths.index("LIN/QTY")
    assert automaton.steps[line]["QTY"].repeats is False
    assert automaton.steps[quantity]["QTY"].repeats is True
    assert automaton.steps[quantity]["QTY"].limit == 10
    assert automaton.steps[quantity]["LIN"].repeats is True
    assert automaton.steps[quantity]["LIN"].limit == 200_000
