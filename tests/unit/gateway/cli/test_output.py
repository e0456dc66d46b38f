"""Results: JSON as one value, tables that a program can cut, partners' text made harmless."""

from __future__ import annotations

import json
import sys

import pytest

from gateway.cli.output import note, print_json, print_pairs, print_table, progress
from gateway.cli.verdicts import exit_of_outcome, held_by


def test_json_is_exactly_one_value(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Müller", "items": [], "next": None})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"name": "Müller", "items": [], "next": None}
    assert said.out.endswith("}\n")
    assert said.err == ""


def test_a_table_is_aligned_text_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("number", "holds"), [("1", ["a", "b"]), ("22222222", None)], nothing="")
    assert capsys.readouterr().out == "number    holds\n1         a, b\n22222222\n"


def test_nothing_is_said_beside_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("number",), [], nothing="There is no order.")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There is no order.\n")


def test_a_partners_text_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    print_pairs({"name": "\x1b[2Jgone\r"})
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\r" not in said
    assert "gone" in said


def test_neither_can_the_name_of_a_file_in_what_is_said_beside(capsys: pytest.CaptureFixture[str]) -> None:
    note("a\x1b[2J.eml: read\nb")
    assert capsys.readouterr().err == "a\N{REPLACEMENT CHARACTER}[2J.eml: read\nb\n"


def test_on_a_terminal_text_is_no_markup(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(("name",), [("[red]A[/red]",)], nothing="")
    assert "[red]A[/red]" in capsys.readouterr().out


def test_progress_is_shown_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress("taking in") as advance:
        assert advance is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("taking in") as advance:
        assert advance is not None
        advance(1, 2)
    assert capsys.readouterr().out == ""


def test_exit_codes_and_holds() -> None:
    outcomes = ("accepted", "changed", "duplicate", "accepted_with_warnings", "rejected", "parked")
    assert [exit_of_outcome(outcome) for outcome in outcomes] == [0, 0, 0, 0, 1, 1]
    holds = [{"code": "price.mismatch"}, {"code": "stock.short"}, {"code": "price.mismatch"}]
    assert held_by({"holds": holds}) == ["price.mismatch", "stock.short"]
