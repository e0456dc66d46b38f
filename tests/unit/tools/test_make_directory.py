"""tools/make_directory.py: folders of directory facts become the histories of facts that the reader ships."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[3]
TOOL = REPOSITORY / "tools" / "make_directory.py"
SHIPPED = REPOSITORY / "adapters" / "edi" / "directory" / "data"
#: the facts of the shipped tables lie beside the checkout, not in it
FACTS = REPOSITORY.parent / "shared" / "data" / "edifact-directories"

SERVICE_TAGS = ("UNB", "UNG", "UNH", "UNS", "UNT", "UNE", "UNZ", "UCI", "UCF", "UCM", "UCS", "UCD")
SERVICE_LISTS = ("0001", "0007", "0025", "0029", "0031", "0035", "0081", "0083", "0085")


def release(**changed: Any) -> dict[str, Any]:
    facts = {
        "segments": {
            "BGM": {"n": "BEGINNING OF MESSAGE", "f": "To identify.", "e": [["C002", "C", 1], ["1004", "M", 1]]},
            "ZZZ": {"n": "NOT USED", "f": "", "e": [["9999", "M", 1]]},
        },
        "composites": {"C002": {"n": "DOCUMENT NAME", "e": [["1001", "C", 1]]}, "C999": {"n": "NOT USED", "e": []}},
        "elements": {
            "1001": {"n": "Document name code", "f": "an..3"},
            "1004": {"n": "Document number", "f": "an..35"},
            "9999": {"n": "Not used", "f": "n..2"},
        },
        "codes": {"1001": {"220": "Order", "105": "Purchase order"}, "9999": {"1": "x"}},
        "ORDERS": [["UNH", "M", 1], {"g": 1, "s": "C", "r": 99, "c": [["BGM", "M", 1]]}, ["UNT", "M", 1]],
    }
    return facts | changed


@pytest.fixture
def facts(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of facts: one argument a release, and the service segments."""

    def written(**releases: dict[str, Any]) -> Path:
        folder = tmp_path / "facts"
        for name, parts in releases.items():
            for part in ("segments", "composites", "elements", "codes"):
                write(folder / name / f"{part}.json", parts[part])
            write(folder / name / "messages/ORDERS.json", {"segments": parts["ORDERS"]})
        third = {
            "segments": {tag: [["0062", "M", 1]] for tag in SERVICE_TAGS},
            "composites": {},
            "elements": {"0062": {"f": "an..14"}},
            "messages": {"CONTRL": [["UNH", "M", 1], ["UCI", "M", 1], ["UNT", "M", 1]]},
            "codes": {key: {} for key in SERVICE_LISTS},
        }
        envelope = {tag: [["0062", "M", 1]] for tag in SERVICE_TAGS if tag not in {"UNS", "UCI"}}
        composites = {key: [["0062", "M", 1]] for key in ("S002", "S003", "S006", "S007", "S009")}
        elements = {key: {"f": "an..35"} for key in ("0020", "0048", "0062")}
        write(folder / "service/v3.json", third)
        write(folder / "service/v4.json", {"segments": envelope, "composites": composites, "elements": elements})
        return folder

    return written


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def run(folder: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, TOOL, folder, *options], capture_output=True, text=True, check=False, timeout=120
    )


def rows(out: Path, part: str) -> dict[str, Any]:
    content = json.loads((out / f"{part}.json").read_text("utf-8"))
    assert "UN/CEFACT" in content["notice"]
    return {key: row for key, row in content["rows"].items() if not key.startswith(("0", "S", "U", "CONTRL"))}


def test_only_what_the_messages_reach_is_kept_and_no_definition(facts, tmp_path):
    out = tmp_path / "out"
    told = run(facts(D96A=release()), "--out", out)
    assert (told.returncode, told.stderr) == (0, "")
    assert rows(out, "messages") == {"ORDERS": {"D96A": "UNH:M (:C99 BGM:M ) UNT:M"}}
    assert rows(out, "segments") == {"BGM": {"D96A": ["Beginning of message", "C002:C 1004:M"]}}
    assert rows(out, "composites") == {"C002": {"D96A": ["Document name", "1001:C"]}}
    assert rows(out, "elements") == {
        "1001": {"D96A": ["Document name code", "an..3"]},
        "1004": {"D96A": ["Document number", "an..35"]},
    }
    assert rows(out, "codes") == {"1001": {"D96A": ["105 220"]}}
    assert rows(out, "names") == {"1001": {"105": "Purchase order", "220": "Order"}}
    assert "To identify" not in "".join(path.read_text("utf-8") for path in out.iterdir())


def test_a_later_release_adds_the_rows_that_differ_alone(facts, tmp_path):
    repeated = {"BGM": {"n": "BEGINNING OF MESSAGE", "f": "", "e": [["C002", "C", 3], ["1004", "M", 1]]}}
    later = release(segments=repeated, codes={"1001": {"220": "Purchase order", "231": "Order response"}})
    out = tmp_path / "out"
    assert run(facts(D96A=release(), D01B=later, D03A=later), "--out", out).returncode == 0
    assert json.loads((out / "releases.json").read_text("utf-8"))["releases"] == ["D96A", "D01B", "D03A"]
    assert rows(out, "messages")["ORDERS"].keys() == {"D96A"}
    assert rows(out, "segments")["BGM"]["D01B"] == ["Beginning of message", "C002:C3 1004:M"]
    assert rows(out, "codes") == {"1001": {"D96A": ["105 220"], "D01B": ["231", "105"]}}
    assert rows(out, "names")["1001"] == {
        "105": "Purchase order",
        "220": {"D96A": "Order", "D01B": "Purchase order"},
        "231": "Order response",
    }


def test_characters_that_were_read_in_the_wrong_set_are_set_right(facts, tmp_path):
    first = release(codes={"1001": {"1": "ForwarderÆs ⌐ note", "2": "Espa±a"}})
    later = release(codes={"1001": {"1": "Forwarder∩┐╜s ∩┐╜ note", "2": "Espa∩┐╜a"}})
    out = tmp_path / "out"
    assert run(facts(D20B=first, D24A=later), "--out", out).returncode == 0
    assert rows(out, "names")["1001"] == {"1": "Forwarder's (c) note", "2": "España"}


def test_a_check_tells_what_is_out_of_date_and_writes_nothing(facts, tmp_path):
    folder, out = facts(D96A=release()), tmp_path / "out"
    assert run(folder, "--out", out).returncode == 0
    assert run(folder, "--out", out, "--check").returncode == 0
    before = (out / "names.json").read_bytes()
    write(folder / "D96A/codes.json", {"1001": {"220": "Order"}})
    told = run(folder, "--out", out, "--check")
    assert told.returncode == 1
    assert [line.split("/")[-1] for line in told.stderr.splitlines()] == [
        "codes.json is out of date",
        "names.json is out of date",
    ]
    assert (out / "names.json").read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"composites": {}}, "D96A: C002 is used and composites do not have it"),
        ({"segments": {}}, "D96A: BGM is used and segments do not have it"),
        ({"elements": {"1001": {"n": "", "f": "x9"}, "1004": {"n": "", "f": "n1"}}}, "'x9' is not a format, as 1001"),
        ({"codes": {"1001": {"two words": "x"}}}, "'two words' is not a code, as 1001 has"),
        ({"ORDERS": [["UNH", "M", 0]]}, "D96A ORDERS: UNH cannot be 'M' and stand 0 times"),
        ({"ORDERS": [["UNH", "X", 1]]}, "D96A ORDERS: UNH cannot be 'X' and stand 1 times"),
        ({"codes": []}, "codes.json is not a JSON object"),
        ({"codes": {"1001": {"220": "Lost ∩┐╜"}}}, "has lost characters that no earlier release knows"),
        ({"ORDERS": [["UNH", "M"]]}, "D96A: the facts have another shape than is read here: ValueError"),
        ({"elements": {"1001": {"n": ""}, "1004": {"n": ""}}}, "D96A: the facts have another shape"),
    ],
)
def test_facts_that_cannot_be_are_named(facts, tmp_path, changed, fault):
    told = run(facts(D96A=release(**changed)), "--out", tmp_path / "out")
    assert told.returncode == 2
    assert fault in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_none_is_named(facts, tmp_path):
    assert "is not a folder" in run(tmp_path / "none").stderr
    (tmp_path / "empty").mkdir()
    assert "holds no folder of a release" in run(tmp_path / "empty").stderr
    folder = facts(D96A=release())
    (folder / "D96A/segments.json").write_text("{", "utf-8")
    assert "segments.json is not JSON" in run(folder).stderr
    (folder / "D96A/segments.json").unlink()
    assert "segments.json cannot be read: No such file" in run(folder).stderr
    (folder / "D96A/messages/ORDERS.json").unlink()
    write(folder / "D96A/segments.json", {})
    assert "D96A/messages holds no message" in run(folder).stderr


def test_the_shipped_tables_are_what_the_tool_makes(capsys):
    if not FACTS.is_dir():
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no directory facts in {FACTS}; the shipped tables were not made again\n")
        return
    told = run(FACTS, "--out", SHIPPED, "--check")
    assert (told.returncode, told.stderr) == (0, "")
