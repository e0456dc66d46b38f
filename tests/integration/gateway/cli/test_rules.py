"""``ordergate rules``: a change of the rules takes effect without code, and is tried before (REV-06)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def rulebook(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "rules.toml"
        path.write_text(text)
        return path

    return write


def test_the_defaults_are_shown_with_every_key(run: Run, home: Path) -> None:
    assert run("rules", "show", "--home", home, "--json").json["version"] == 1
    shown = run("rules", "show", "--home", home)
    assert shown.err == "version 1\n"
    assert ["promise.standard_days", "5"] in [line.split() for line in shown.out.splitlines()]
    assert "credit.factors.A" in shown.out
    assert run("rules", "history", "--home", home).err == "The defaults are in force; no other rules were loaded.\n"


def test_loaded_rules_are_in_force_with_a_version_and_a_reason(run: Run, home: Path, rulebook: Any) -> None:
    file = rulebook("[promise]\nstandard_days = 3\n")
    loaded = run("rules", "load", file, "--home", home, "--reason", "season", "--json")
    assert loaded.json == {
        "version": 2, "changed": True, "changes": [{"key": "promise.standard_days", "before": 5, "after": 3}],
    }  # fmt: skip
    again = run("rules", "load", file, "--home", home, "--reason", "once more")
    assert again.err == "These rules are in force already.\nversion 2 is in force\n"
    assert run("rules", "show", "--home", home, "--json").json["rules"]["promise"]["standard_days"] == 3
    assert (
        run("rules", "show", "--home", home, "--version", "1", "--json").json["rules"]["promise"]["standard_days"] == 5
    )
    (row,) = run("rules", "history", "--home", home, "--json").json["items"]
    assert (row["version"], row["reason"], row["actor"].partition(":")[0]) == (2, "season", "cli")


def test_orders_are_decided_again_under_other_rules_before_these_count(
    run: Run, home: Path, files: dict[str, Path], rulebook: Any
) -> None:
    (number,) = [one["number"] for one in run("ingest", files["clean"], "--home", home, "--json").json["orders"]]
    file = rulebook("[promise]\nlead_days = 60\n")
    answer = run("rules", "simulate", file, "--home", home, "--since", "2026-01-01", "--json")
    (difference,) = answer.json["differences"]
    assert (answer.json["orders"], difference["number"]) == (1, number)
    assert difference["before"]["touchless"]
    assert difference["after"]["holds"] == ["date.unmet"]
    told = run("rules", "simulate", file, "--home", home, "--since", "2026-01-01").out
    assert "held: date.unmet" in told
    assert "1 orders: 1 without a person now, 0 by the file; 1 decided differently" in told
    assert run("rules", "show", "--home", home, "--json").json["version"] == 1
    same = run("rules", "simulate", rulebook(""), "--home", home, "--since", "2026-01-01")
    assert same.err == "Every order is decided as before.\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[promise]\nlead_day = 1\n", "error[rules.invalid]: promise.lead_day: is no rule"),
        ("[promise\n", "is not TOML"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(run: Run, home: Path, rulebook: Any, text: str, told: str) -> None:
    answer = run("rules", "load", rulebook(text), "--home", home, "--reason", "x")
    assert answer.code == 2
    assert told in answer.err
    assert run("rules", "show", "--home", home, "--json").json["version"] == 1


def test_what_is_asked_wrongly_is_told(run: Run, home: Path, rulebook: Any, tmp_path: Path) -> None:
    file = rulebook("")
    assert "a reason is needed" in run("rules", "load", file, "--home", home, "--reason", " ").err
    assert "cannot read" in run("rules", "load", tmp_path / "none.toml", "--home", home, "--reason", "x").err
    assert "'soon' is no day" in run("rules", "simulate", file, "--home", home, "--since", "soon").err
    nothing = run("rules", "show", "--home", home, "--version", "9")
    assert (nothing.code, "no rules of version 9" in nothing.err) == (2, True)
