"""``ordergate templates``: templates are chosen by rules in the master data and tried before anybody gets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

RULES = """
[[templates]]
name = "retail"
order_type = "urgent"

[[templates]]
name = "mine"
notice = "order.confirmed"
"""


@pytest.fixture
def add(home: Path) -> Callable[..., None]:
    def write(name: str, **files: str) -> None:
        folder = home / "templates" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")

    return write


def load(run: Run, home: Path, text: str) -> Any:
    file = home.parent / "rules.toml"
    file.write_text(text)
    return run("load", file, "--home", home)


def test_templates_and_the_rules_that_choose_among_them_are_listed(run: Run, home: Path, add: Any) -> None:
    """CNF-05: several templates, chosen by customer and order type."""
    add("mine", subject_de_txt="Bestätigt", text_de_txt="Gut")
    add("broken", letter_txt="x")
    assert load(run, home, RULES).code == 0
    told = run("templates", "list", "--home", home, "--json").json
    assert [(one["name"], one["languages"], bool(one["fault"])) for one in told["templates"]] == [
        ("default", ["en", "de", "zh"], False),
        ("broken", [], True),
        ("mine", ["de"], False),
    ]
    assert [(rule["notice"], rule["order_type"], rule["name"], rule["known"]) for rule in told["rules"]] == [
        ("*", "urgent", "retail", False),
        ("order.confirmed", "", "mine", True),
    ]
    shown = run("templates", "list", "--home", home).out
    assert "retail (there is none)" in shown
    assert "broken/letter.txt is no part of a template" in shown


def test_a_good_template_passes_and_the_defaults_do(run: Run, home: Path, add: Any) -> None:
    add("mine", subject_fr_txt="Confirmé {{ order.number }}", text_fr_txt="{{ greeting }}")
    assert run("templates", "check", "--home", home, "--json").json == {
        "ok": True,
        "tried": 3 * 12 + 4 * 12,
        "faults": [],
    }
    one = run("templates", "check", "mine", "--home", home)
    assert (one.code, one.out, one.err) == (0, "", "48 notices tried, 0 faults\n")


def test_every_fault_is_told_with_its_place(run: Run, home: Path, add: Any) -> None:
    """CNF-20: a template that would fail is found before a notice is due."""
    add("mine", subject_en_txt="{{ order.nr }}", text_en_txt="Hello\n{% if %}", document_en_typ="#let x = 1\n#y")
    load(run, home, RULES)
    told = run("templates", "check", "--home", home)
    assert told.code == 1
    lines = told.out.splitlines()
    assert any(line.startswith("mine/subject.en.txt:1:10: ") and "'nr'" in line for line in lines)
    assert any("the rule notice=* order_type=urgent names a template that there is not" in line for line in lines)
    (fault, *_) = run("templates", "check", "mine", "--home", home, "--json").json["faults"]
    assert (fault["notice"], fault["language"], fault["line"]) == ("order.confirmed", "en", 1)


@pytest.mark.parametrize("command", [("check", "none"), ("show", "none"), ("show", "--notice", "order.lost")])
def test_what_is_not_there_is_wrong_usage(run: Run, home: Path, command: tuple[str, ...]) -> None:
    answer = run("templates", *command, "--home", home)
    assert answer.code == 2
    assert "there is no" in answer.err


def test_the_text_of_each_part_is_shown(run: Run, home: Path, add: Any) -> None:
    add("mine", subject_de_txt="Bestätigt")
    told = run("templates", "show", "mine", "--language", "de", "--home", home)
    assert "--- subject  mine/subject.de.txt\nBestätigt\n" in told.out
    assert told.err.startswith("mine, order.confirmed, de, version ")
    assert run("templates", "show", "--home", home, "--json").json["parts"].keys() > {"subject", "page", "document"}
    assert run("templates", "show", "--home", home, "--version", "0" * 64).code == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('name = "No Name"', "templates.0.name"),
        ('name = "x"\nnotice = "order.lost"', "templates.0.notice"),
        ('name = "x"\npartner = "NOBODY"', "templates[0].partner: there is no partner 'NOBODY'"),
        ('name = "x"\norder_type = "big"', "templates.0.order_type"),
        ('name = "x"\nlanguage = "de"', "templates.0.language"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(run: Run, home: Path, row: str, told: str) -> None:
    answer = load(run, home, f"[[templates]]\n{row}\n")
    assert answer.code == 2
    assert told.replace("templates.0", "templates[0]") in answer.err.replace("templates.0", "templates[0]")
