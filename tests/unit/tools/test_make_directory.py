"""tools/make_directory.py: a folder of directory facts becomes the compact table that the reader ships."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.edi.directory.tables import RELEASES, SERVICE, load

TOOL = Path(__file__).parents[3] / "tools" / "make_directory.py"

SEGMENTS = {
    "BGM": {"n": "BEGINNING OF MESSAGE", "f": "To identify.", "e": [["C002", "C", 1], ["1004", "C", 1]]},
    "ZZZ": {"n": "NOT USED", "f": "", "e": [["9999", "M", 1]]},
}
COMPOSITES = {"C002": {"n": "DOCUMENT NAME", "e": [["1001", "C", 1]]}, "C999": {"n": "NOT USED", "e": []}}
ELEMENTS = {
    "1001": {"n": "Document name code", "f": "an..3"},
    "1004": {"n": "Document number", "f": "an..35"},
    "9999": {"n": "Not used", "f": "n..2"},
}
V3 = {
    "segments": {tag: [["0062", "M", 1]] for tag in ("UNH", "UNS", "UNT", "UCI", "UCF", "UCM", "UCS", "UCD")},
    "composites": {},
    "elements": {"0062": {"f": "an..14"}},
    "messages": {"CONTRL": [["UNH", "M", 1], ["UCI", "M", 1], ["UNT", "M", 1]]},
    "codes": {"0083": {"7": "Acknowledged"}},
}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    for release in RELEASES:
        folder = tmp_path / "facts" / release / "messages"
        folder.mkdir(parents=True)
        table = {"message": "ORDERS", "segments": [["UNH", "M", 1], ["BGM", "M", 1], ["UNT", "M", 1]]}
        (folder / "ORDERS.json").write_text(json.dumps(table), "utf-8")
        codes = {"1001": {"220": "Order", "105": "Purchase order"}, "9999": {"1": "x"}}
        parts = {"segments": SEGMENTS, "composites": COMPOSITES, "elements": ELEMENTS, "codes": codes}
        for name, part in parts.items():
            (folder.parent / f"{name}.json").write_text(json.dumps(part), "utf-8")
    service = tmp_path / "facts" / "service"
    service.mkdir()
    (service / "v3.json").write_text(json.dumps(V3), "utf-8")
    (service / "v4.json").write_text(json.dumps({"segments": {}, "composites": {}, "elements": {}}), "utf-8")
    return tmp_path / "facts"


def test_only_what_the_messages_reach_is_kept(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run([sys.executable, TOOL, facts, "--out", out], check=True)
    assert {path.stem for path in out.iterdir()} == {*RELEASES, SERVICE}
    table = json.loads((out / "D96A.json").read_text("utf-8"))
    assert set(table["segments"]) == {"BGM"}
    assert set(table["composites"]) == {"C002"}
    assert table["elements"] == {"1001": ["Document name code", "an..3"], "1004": ["Document number", "an..35"]}
    assert table["codes"] == {"1001": "105 220"}
    assert "UN/CEFACT" in table["notice"]


@pytest.mark.parametrize("name", [*RELEASES, SERVICE])
def test_the_shipped_tables_are_whole(name: str) -> None:
    directory = load(name)
    assert directory.messages
    for segment in directory.segments.values():
        for element in segment.elements:
            assert element.components
            assert all(part.most > 0 and part.kind in {"a", "n", "an"} for part in element.components)
