"""The exit codes of the fault table as a shell sees them: ``check`` and ``ingest`` as processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.testing.edifact import Faults

COMMAND = Path(sys.executable).with_name("ordergate")
ZERO = Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))


def ordergate(*arguments):
    """Run the command line; nothing it says may be a traceback."""
    command = [COMMAND, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.parametrize(
    ("build", "exit_code", "outcome"),
    [
        (lambda house: house.file().encode(), 0, "accepted"),
        (lambda house: house.file(house.order(faults=ZERO)).encode(), 1, "rejected"),
        (lambda house: house.file(closed=False).encode(), 2, "rejected"),
    ],
    ids=["0", "1", "2"],
)
def test_check_and_ingest_end_with_the_same_code(house, tmp_path, build, exit_code, outcome):
    file = tmp_path / "order.edi"
    file.write_bytes(build(house))
    home = house.home.root
    checked, verdict, _ = ordergate("check", file, "--home", home, "--json")
    assert checked == exit_code
    assert [one["verdict"] for one in json.loads(verdict)["interchanges"][0]["messages"]] == [outcome]
    written = set(house.outbox())
    taken, body, _ = ordergate("ingest", file, "--home", home, "--json")
    assert taken == exit_code
    counts = json.loads(body)
    outcomes = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")
    assert sum(counts[name] for name in outcomes) == counts["documents"] == counts[outcome] == 1
    assert {path.name.split("_")[0] for path in set(house.outbox()) - written} >= {"CONTRL"}
    without_home, _, _ = ordergate("check", file)
    assert without_home == exit_code


def test_of_several_files_the_highest_code_counts(house, tmp_path):
    contents = {"a.edi": house.file(), "b.edi": house.file(house.order(faults=ZERO)), "c.edi": house.file()}
    for name, file in contents.items():
        (tmp_path / name).write_bytes(file.encode())
    code, body, _ = ordergate("ingest", *(tmp_path / name for name in contents), "--home", house.home.root, "--json")
    counts = json.loads(body)
    assert code == 1
    assert (counts["sources"], counts["accepted"], counts["rejected"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ingest", "no-such-file.edi"), "no-such-file.edi is not a file"),
        (("ingest", "{file}", "--partner", "NOBODY"), "there is no partner NOBODY"),
        (("replay", "1"), "there is no document 1"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_line(house, tmp_path, arguments, said):
    file = tmp_path / "order.edi"
    file.write_bytes(house.file().encode())
    before = house.document_ids()
    code, out, err = ordergate(*(str(file) if one == "{file}" else one for one in arguments), "--home", house.home.root)
    assert (code, out) == (2, b"")
    assert said in err
    assert house.document_ids() == before


def test_a_parked_document_ends_with_1_and_its_replay_with_0_or_1(house, tmp_path):
    file = tmp_path / "stranger.edi"
    file.write_bytes(house.file(sender="5790000000401").encode())
    code, _, _ = ordergate("ingest", file, "--home", house.home.root)
    assert code == 1
    document = house.documents()[0]["id"]
    code, _, err = ordergate("replay", document, "--home", house.home.root)
    assert code == 1
    assert "no partner has the EDI identity 5790000000401:14" in err
    code, out, _ = ordergate("reconcile", "--home", house.home.root, "--json")
    assert code == 0
    assert json.loads(out)["unexplained"] == 0
