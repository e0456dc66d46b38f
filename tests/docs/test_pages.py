"""What the pages name exists: links, commands, make targets, dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.cli.commands import command

REPOSITORY = Path(__file__).parents[2]
PAGES = sorted(
    path
    for folder in (REPOSITORY, REPOSITORY / "docs")
    for path in folder.glob("*.md" if folder == REPOSITORY else "**/*.md")
)
HANDWRITTEN = [page for page in PAGES if page.parent.name != "reference"]


def name(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def commands(group: object, words: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return every command of the command line as its words."""
    below: dict[str, object] = getattr(group, "commands", {})
    own = {words} if words else set()
    return own.union(*(commands(command, (*words, word)) for word, command in below.items()))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    missing = [target for target in targets if target and not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", HANDWRITTEN, ids=name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    known = {command[0] for command in commands(command())}
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\$ |bin/)ordergate ([a-z]+)", text))
    assert named - known == set()


@pytest.mark.parametrize("page", HANDWRITTEN, ids=name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", page.read_text(encoding="utf-8")))
    assert named - targets == set()


def test_the_rooms_of_the_architecture_are_those_of_the_tree() -> None:
    text = (REPOSITORY / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `((?:core|adapters|gateway)/\w+)/` \|", text, flags=re.MULTILINE))
    rooms = {
        f"{package}/{folder.name}"
        for package in ("core", "adapters", "gateway")
        for folder in (REPOSITORY / package).iterdir()
        if (folder / "__init__.py").is_file()
    }
    assert told == rooms


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    required = project["project"]["dependencies"] + [entry for entries in (*extras, *groups) for entry in entries]
    names = {re.split(r"[\[<>=]", entry)[0] for entry in required if isinstance(entry, str)}
    explained = (REPOSITORY / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    assert {"aiohttp", "ruff", "typst"} <= names
    assert {entry for entry in names if not re.search(rf"[|,] {re.escape(entry)}[ ,]", explained)} == set()


def test_no_file_names_a_package_index() -> None:
    named = re.compile(r"(?i)index-url|pypi\.org/simple|find-links")
    files = [REPOSITORY / "pyproject.toml", REPOSITORY / "Makefile", REPOSITORY / ".ci" / "run", *PAGES]
    assert [name(file) for file in files if named.search(file.read_text(encoding="utf-8"))] == []
