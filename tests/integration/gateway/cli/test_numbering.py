"""``ordergate numbering``: a proof of order numbers is made, kept, judged without a home, and mended by a void."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from core.store import Store
from core.store.tables.ordering import orders

Run = Callable[..., Any]


@pytest.fixture
def year(run: Run, home: Path, files: dict[str, Path]) -> str:
    """Two orders came in; return the year of their numbers."""
    run("ingest", files["clean"], files["price-off"], "--home", home)
    return str(run("orders", "--home", home, "--json").json["items"][0]["number"][:4])


@pytest.fixture
def kept(run: Run, home: Path, year: str, tmp_path: Path) -> Path:
    """The proof of both, kept in a file."""
    file = tmp_path / "proof.json"
    file.write_text(run("numbering", "proof", year, "ED", "--home", home, "--json").out)
    return file


def test_a_proof_is_judged_without_a_home(run: Run, year: str, kept: Path) -> None:
    """NUM-09."""
    judged = run("numbering", "verify", kept)
    assert (judged.code, judged.out) == (0, f"{year}-ED: complete, 2 serials, 2 orders, 0 void\n")
    assert judged.err == f"digest {json.loads(kept.read_text())['digest']}\n"
    assert run("numbering", "verify", kept, "--json").json["ok"] is True


def test_a_planted_gap_double_or_edit_is_told(run: Run, year: str, kept: Path) -> None:
    """NUM-09."""
    proof = json.loads(kept.read_text())
    first, second = proof["entries"]
    told = {}
    for name, entries in {
        "gap": [second],
        "double": [first, second, second],
        "edit": [first | {"received": "ab" * 32}, second],
    }.items():
        kept.write_text(json.dumps(proof | {"entries": entries}))
        judged = run("numbering", "verify", kept)
        assert judged.code == 1
        assert judged.out.startswith(f"{year}-ED: NOT complete, ")
        told[name] = judged.out.splitlines()[1]
    assert told == {
        "gap": "gap     1",
        "double": "double  2",
        "edit": "edit    1: the entry does not follow from the one before it",
    }


def test_a_lost_order_is_told_and_its_serial_can_be_void(
    run: Run, home: Path, store: Store, year: str, kept: Path
) -> None:
    """NUM-09."""
    store.write(lambda tx: tx.execute(delete(orders).where(orders.c.number == f"{year}-ED-000001")))
    proved = run("numbering", "proof", year, "ED", "--home", home)
    assert (proved.code, proved.out.splitlines()[1:]) == (1, ["gap     1"])
    voided = run("numbering", "void", year, "ED", 1, "--reason", "restored from Monday", "--home", home)
    assert (voided.code, voided.out) == (0, f"{year}-ED-000001 is void: restored from Monday\n")
    later = kept.with_name("later.json")
    proved = run("numbering", "proof", year, "ED", "--home", home, "--json")
    later.write_text(proved.out)
    assert (proved.code, run("numbering", "verify", later).code) == (0, 0)
    held_to = run("numbering", "verify", later, "--earlier", kept, "--json")
    assert (held_to.code, held_to.json["edits"][0]["serial"]) == (1, 1), "the kept proof knew an order there"
    again = run("numbering", "void", year, "ED", 1, "--reason", "twice", "--home", home, "--json")
    assert (again.code, "void already" in again.err) == (1, True)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"year": 2026, "channel": "ED", "ok": true}', None])
def test_what_is_no_proof_is_unusable(run: Run, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "other.json"
    if content is not None:
        file.write_text(content)
    judged = run("numbering", "verify", file)
    assert (judged.code, judged.out) == (2, "")
    assert judged.err.startswith("error[usage]: ")
