"""The exit codes of the fault table as a shell sees them: ``check`` and ``ingest`` as processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.testing.edifact import Faults

# What the codes come from is tested on both engines in process; a process costs a second.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True, scope="module")

COMMAND = Path(sys.executable).with_name("ordergate")
ZERO = Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))


def ordergate(*arguments):
    """Run the command line; nothing it says may be a traceback."""
    command = [COMMAND, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


def written(folder, file, name="order.edi"):
    path = folder / name
    path.write_bytes(file.encode())
    return path


def test_what_is_taken_ends_with_0(house, tmp_path):
    file, home = written(tmp_path, house.file()), house.home.root
    code, verdict, _ = ordergate("check", file, "--home", home, "--json")
    assert code == 0
    (interchange,) = json.loads(verdict)["interchanges"]
    assert [message["verdict"] for message in interchange["messages"]] == ["accepted"]
    before = set(house.outbox())
    code, body, _ = ordergate("ingest", file, "--home", home, "--json")
    assert code == 0
    counts = json.loads(body)
    outcomes = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")
    assert sum(counts[name] for name in outcomes) == counts["documents"] == counts["accepted"] == 1
    assert [path.name.split("_")[0] for path in house.outbox() if path not in before] == ["CONTRL", "ORDRSP"]


def test_what_is_judged_bad_ends_with_1_whatever_else_is_good(house, tmp_path):
    bad = written(tmp_path, house.file(house.order(faults=ZERO)), "bad.edi")
    assert ordergate("check", bad, "--json")[0] == 1  # also without a home
    good = [written(tmp_path, house.file(), name) for name in ("a.edi", "b.edi")]
    code, body, _ = ordergate("ingest", good[0], bad, good[1], "--home", house.home.root, "--json")
    counts = json.loads(body)
    assert (code, counts["sources"], counts["accepted"], counts["rejected"]) == (1, 3, 2, 1)


def test_what_cannot_be_used_ends_with_2(house, tmp_path):
    cut = written(tmp_path, house.file(closed=False))
    code, verdict, _ = ordergate("check", cut, "--home", house.home.root, "--json")
    assert code == 2
    assert json.loads(verdict)["interchanges"][0]["violations"][0]["code"] == "envelope.unz_missing"
    before = house.document_ids()
    code, out, err = ordergate("ingest", cut, "--home", house.home.root, "--partner", "NOBODY")
    assert (code, out) == (2, b"")
    assert "there is no partner NOBODY" in err
    assert house.document_ids() == before


def test_a_replay_ends_as_its_document_does(house):
    taken = house.ingest(house.file(sender="5790000000401"))
    document = taken.documents[0]["id"]
    code, _, err = ordergate("replay", document, "--home", house.home.root)
    assert code == 1
    assert "no partner has the EDI identity 5790000000401:14" in err
