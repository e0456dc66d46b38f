"""The shipped directories against the facts that they were made of: read back, nothing is lost and nothing added.

The facts are not part of the repository. They are looked for beside the checkout; where they are missing, one loud
line says so. What reads them here shares no code with the tool that made the tables.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.edi.directory import facts
from adapters.edi.directory.codes import named_codes
from adapters.edi.directory.tables import RELEASES, load

FACTS = Path(__file__).parents[3].parent / "shared" / "data" / "edifact-directories"
#: D.20B closes a group of IFTSTA too early and prints one code in the wrong place; the tables have both set right
SET_RIGHT = {("D20B", "IFTSTA"), ("D20B", "3035")}


def told(release: str, part: str) -> Any:
    return json.loads((FACTS / release / f"{part}.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def warn(capsys: pytest.CaptureFixture[str]) -> None:
    if not FACTS.is_dir():
        with capsys.disabled():
            sys.stdout.write(
                f"\nWARNING: no directory facts in {FACTS}; the shipped tables were not held against them\n"
            )


def releases() -> list[str]:
    return [name for name in RELEASES if (FACTS / name).is_dir()]


def test_every_release_of_the_facts_is_shipped() -> None:
    if FACTS.is_dir():
        assert {path.name for path in FACTS.iterdir() if path.is_dir()} == {*RELEASES, "service"}


def test_every_message_table_is_the_same() -> None:
    for release in releases():
        files = sorted((FACTS / release / "messages").glob("*.json"))
        assert {path.stem for path in files} == set(load(release).messages)
        for path in files:
            if (release, path.stem) not in SET_RIGHT:
                assert load(release).messages[path.stem] == json.loads(path.read_text("utf-8"))["segments"]


def test_every_segment_composite_and_format_is_the_same() -> None:
    for release in releases():
        segments, composites, elements = (told(release, part) for part in ("segments", "composites", "elements"))
        for tag, table in load(release).segments.items():
            if tag in load("S4").segments:
                continue
            positions = [
                (key, status if turn == 1 else "C", turn)
                for key, status, limit in segments[tag]["e"]
                for turn in range(1, limit + 1)
            ]
            assert [(item.id, "M" if item.mandatory else "C", item.turn) for item in table.elements] == positions
            for element in table.elements:
                parts = composites[element.id]["e"] if element.composite else [[element.id, "M", 1]]
                assert [[part.id, "M" if part.mandatory else "C", 1] for part in element.components] == parts
                for part in element.components:
                    size = f"{part.most}" if part.least else f"..{part.most}"
                    assert part.kind + size == elements[part.id]["f"]
                    assert part.name.lower() == elements[part.id]["n"].lower()


def test_every_code_and_name_is_the_same() -> None:
    for release in releases():
        lists, added = told(release, "codes"), facts.additions()
        reached = {
            part.id
            for tag, table in load(release).segments.items()
            if tag not in load("S4").segments
            for element in table.elements
            for part in element.components
        }
        assert facts.codes("6411", release) is None  # units are those of UN/ECE recommendation 20
        for element in sorted(reached - {"6411"}):
            listed, named = lists.get(element, {}), named_codes(release, element)
            extra = set(added.get(element, ())) if listed else set()
            if (release, element) in SET_RIGHT:
                extra |= {"PAD"}
            assert set(named) == set(listed) | extra
            assert all(named[code] == name for code, name in listed.items() if name.isascii())
