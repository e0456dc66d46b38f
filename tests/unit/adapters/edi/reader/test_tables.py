"""The shipped directories: every table of every release is whole, and reading one reads no other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.edi.dialect import Separators
from adapters.edi.directory import facts
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.patterns import segment_pattern
from adapters.edi.directory.tables import RELEASES, load, service

DATA = Path(facts.__file__).with_name("data")
EVERY = [(name, kind) for name in (*RELEASES, *facts.SYNTAXES) for kind in load(name).messages]
CONVERSATION = {
    *("ORDERS", "ORDRSP", "ORDCHG", "DESADV", "INVOIC", "RECADV", "INVRPT", "APERAK"),
    *("IFTMIN", "IFTSTA", "REMADV", "PRICAT", "SLSRPT"),
}


def test_every_release_has_the_whole_conversation():
    assert len(RELEASES) == 15
    assert (RELEASES[0], RELEASES[-1]) == ("D96A", "D24A")
    for name in RELEASES:
        assert set(load(name).messages) >= CONVERSATION


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_every_message_is_well_formed(name, kind):
    directory = load(name)
    automaton = Automaton(directory.messages[kind])
    assert automaton.tags[0] == "UNH"
    assert automaton.tags[-1] == "UNT"
    assert set(automaton.tags) <= set(directory.segments)
    # whatever may follow a segment leads on: the end is reached from every state
    assert all(leaps for leaps in automaton.leaps[:-1])


@pytest.mark.parametrize("name", [*RELEASES, *facts.SYNTAXES])
def test_every_segment_is_well_formed(name):
    for tag, segment in load(name).segments.items():
        assert (segment.tag, segment.name.strip()) == (tag, segment.name)
        assert segment.elements
        for element in segment.elements:
            assert element.components
            assert element.limit >= element.turn >= 1
            assert element.turn == 1 or not element.mandatory
            for part in element.components:
                assert part.kind in {"a", "n", "an"}
                assert 0 <= part.least <= part.most > 0
                assert part.name
                assert part.codes is None or all(len(code) <= part.most for code in part.codes), (tag, part.id)


def test_what_a_release_says_is_what_its_directory_says():
    assert shape("D96A", "QTY") == "C186:M(6063:M:an..3 6060:M:n..15 6411:C:an..3)"
    assert shape("D24A", "QTY") == "C186:M(6063:M:an..3 6060:M:an..35 6411:C:an..8)"
    assert shape("D96A", "BGM") == "C002:C(1001:C:an..3 1131:C:an..3 3055:C:an..3 1000:C:an..35) 1004:C 1225:C 4343:C"
    assert shape("D01B", "BGM").endswith(" C106:C(1004:C:an..35 1056:C:an..9 1060:C:an..6) 1225:C 4343:C")
    assert "PAT" in load("D01B").segments
    assert "PAT" not in {tag for kind in CONVERSATION for tag in Automaton(load("D24A").messages[kind]).tags}
    assert "OSTENQ" not in load("D96A").messages
    with pytest.raises(KeyError, match="OSTENQ"):
        load("D96A").messages["OSTENQ"]
    with pytest.raises(KeyError):
        load("D95B")


def shape(name: str, tag: str) -> str:
    """Write a segment table shortly: positions, status, and the components of composites with their formats."""

    def item(element) -> str:
        parts = " ".join(
            f"{part.id}:{'M' if part.mandatory else 'C'}:{part.kind}{'' if part.least else '..'}{part.most}"
            for part in element.components
        )
        return f"{element.id}:{'M' if element.mandatory else 'C'}" + (f"({parts})" if element.composite else "")

    return " ".join(map(item, load(name).segments[tag].elements))


def test_a_code_list_is_that_of_its_release():
    def party(name: str) -> frozenset[str]:
        return load(name).segments["NAD"].elements[0].components[0].codes

    assert all({"BY", "SU", "DP", "IV"} <= party(name) for name in RELEASES)
    assert party("D96A") < party("D97A") < party("D03B")
    assert "SK" in party("D03B") - party("D05A")
    assert "PAD" in party("D20B") - party("D18A")
    # one set serves all releases that have the list alike
    assert load("D96A").segments["BGM"].component(3, 1).codes is facts.codes("1225", "D96A")
    assert len({facts.codes("7143", name) for name in RELEASES}) < len(RELEASES)


def test_codes_of_eancom_are_known_in_every_release():
    for name in RELEASES:
        assert {"SRV", "EN"} <= facts.codes("7143", name)
        assert "YC1" in facts.codes("1153", name)
        assert "33E" in facts.codes("4233", name)
        assert {"EU", "CPE"} <= facts.codes("7405", name)
        assert "21E" in facts.codes("2005", name)
        assert {"1E", "8E"} <= facts.codes("1001", name)
    assert "33E" not in service("3").segments["UCI"].component(4, 1).codes


def test_only_what_the_lists_of_the_un_lack_is_added():
    rows = json.loads((DATA / "codes.json").read_text("utf-8"))["rows"]
    for element, codes in facts.additions().items():
        first = set(rows[element]["D96A"][0].split())
        assert not set(codes) & first, element


def test_a_repeat_is_a_position_of_its_own_in_syntax_3_and_none_in_syntax_4():
    table = load("D01B").segments["COM"]
    assert [(element.limit, element.turn, element.mandatory) for element in table.elements] == [
        (3, 1, True),
        (3, 2, False),
        (3, 3, False),
    ]
    assert [(element.id, element.limit) for element in table.positions] == [("C076", 3)]
    old = load("D96A").segments["ALI"]
    assert old.positions == old.elements
    assert {element.limit for element in old.elements} == {1}


def test_contacts_of_a_party_stand_inside_and_after_it_in_the_status_report_of_d20b():
    automaton = Automaton(load("D20B").messages["IFTSTA"])
    assert {"NAD/CTA", "CTA"} <= set(automaton.paths)
    within = automaton.steps[automaton.paths.index("NAD")]["CTA"].node
    assert automaton.paths[within] == "NAD/CTA"
    beside = automaton.steps[automaton.paths.index("BGM")]["CTA"].node
    assert automaton.paths[beside] == "CTA"
    assert "CTA" not in Automaton(load("D24A").messages["IFTSTA"]).paths


@pytest.mark.parametrize(
    ("syntax", "tag", "positions", "codes"),
    [
        ("3", "UNB", 11, {"UNOC"}),
        ("4", "UNB", 11, {"UNOC", "UNOY"}),
        ("3", "UNH", 4, None),
        ("4", "UNH", 7, None),
        ("3", "UCM", 6, None),
        ("4", "UCM", 10, None),
        ("3", "UNG", 8, None),
        ("4", "UNZ", 2, None),
    ],
)
def test_the_service_segments_are_those_of_the_syntax_version(syntax, tag, positions, codes):
    table = service(syntax).segments[tag]
    assert len(table.elements) == positions
    listed = table.elements[0].components[0].codes
    assert codes is None or codes <= listed
    assert "UNOY" not in service("3").segments["UNB"].elements[0].components[0].codes


def test_the_versions_of_the_syntax_differ_where_iso_9735_says_so():
    third, fourth = service("3").segments, service("4").segments
    assert service("1") is service("2") is service("3") is service("9")
    assert third["UNB"].component(4, 1)[3:6] == ("n", 6, 6)
    assert fourth["UNB"].component(4, 1)[3:6] == ("n", 8, 8)
    assert (third["UNG"].elements[0].mandatory, fourth["UNG"].elements[0].mandatory) == (True, False)
    assert fourth["UCI"].elements[5].id == "0135"
    assert {"45", "46"} <= fourth["UCD"].component(1, 1).codes
    assert not {"45", "46"} & third["UCD"].component(1, 1).codes
    assert service("4").segments["UNB"].component(1, 5).id == "0076"
    assert fourth["UCI"].component(4, 1).codes == {"4", "7", "8"}
    assert all(table.open for tag, table in fourth.items() if tag.startswith("UC"))
    assert third["UNS"].component(1, 1).codes == {"D", "S"}


COLD = """
import sys
from adapters.edi.directory import facts, tables
opened = []
def audit(event, arguments):
    if event == "open" and "directory/data" in str(arguments[0]):
        opened.append(str(arguments[0]).rsplit("/", 1)[1])
sys.addaudithook(audit)
directory = tables.load("D24A")
directory.messages["ORDERS"]
built = [directory.segments[tag] for tag in ("UNH", "BGM", "QTY", "UNT")]
print(*sorted(opened))
print(tables.load.cache_info().currsize, facts._codes.cache_info().currsize, facts.names.cache_info().currsize)
"""


def test_a_message_costs_what_it_reaches():
    """No other release is built, no list of a segment that was not asked for, and no name of a code is read."""
    told = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True, timeout=60)
    opened, counts = told.stdout.splitlines()
    assert opened == "additions.json codes.json composites.json elements.json messages.json segments.json"
    directories, lists, names = map(int, counts.split())
    assert (directories, names) == (1, 0)
    reached = {
        part.id
        for tag in ("UNH", "BGM", "QTY", "UNT")
        for element in load("D24A").segments[tag].elements
        for part in element.components
    }
    assert 0 < lists <= len(reached)


def test_the_data_stays_small():
    sizes = {path.name: path.stat().st_size for path in DATA.iterdir()}
    assert sum(sizes.values()) < 1_000_000
    assert sum(size for name, size in sizes.items() if name != "names.json") < 400_000


@pytest.mark.parametrize("name", [*RELEASES, *facts.SYNTAXES])
def test_every_segment_has_a_pattern_that_takes_its_tag_and_mandatory_parts(name):
    for tag, table in load(name).segments.items():
        pattern = re.compile(segment_pattern(table, Separators(), (), {}))
        least = "+".join([tag, *(least_of(element) for element in table.elements)]).rstrip("+")
        assert pattern.fullmatch(least), (tag, least)
        assert not pattern.fullmatch(tag + "?")


def least_of(element) -> str:
    """Write the shortest element that its table takes, "" for one that may be left out."""
    if not element.mandatory:
        return ""
    values = ["1" * max(part.least, 1) if part.mandatory else "" for part in element.components]
    if not any(values):
        values[0] = "1" * max(element.components[0].least, 1)
    if element.components[0].kind == "a":
        values[0] = "A" * len(values[0])
    return ":".join(values).rstrip(":")


@pytest.mark.parametrize("name", RELEASES)
def test_every_message_compiles_for_the_usual_dialect(name):
    for kind in load(name).messages:
        compiled = CompiledMessage(load(name), kind, Separators(), {})
        assert compiled.table("UNH").tag == "UNH"
