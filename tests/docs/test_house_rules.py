"""The house rules of CONTRIBUTING that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PRODUCT = [path for folder in ("core", "adapters", "gateway", "tools") for path in (REPOSITORY / folder).rglob("*.py")]
MIGRATIONS = list((REPOSITORY / "migrations").rglob("*.py"))
TESTS = list((REPOSITORY / "tests").rglob("*.py"))
EVERYTHING = [*PRODUCT, *MIGRATIONS, *TESTS]
LONGEST = 500


def offenders(pattern: str, files: list[Path]) -> list[str]:
    """Return ``file:line`` of every line of *files* that *pattern* matches, this file aside."""
    rule = re.compile(pattern)
    return [
        f"{file.relative_to(REPOSITORY)}:{number}: {line.strip()}"
        for file in files
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if rule.search(line)
    ]


def test_there_is_something_to_judge() -> None:
    assert len(PRODUCT) > 50
    assert len(TESTS) > 10


def test_no_module_eats_the_product() -> None:
    lengths = {
        str(file.relative_to(REPOSITORY)): len(file.read_text(encoding="utf-8").splitlines())
        for file in [*PRODUCT, *TESTS]
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize(
    "vague", ["data", "info", "manager", "utils", "util", "helpers", "helper", "common_utils", "misc"]
)
def test_no_module_has_a_vague_name(vague: str) -> None:
    assert [str(file) for file in PRODUCT if vague in (file.stem, file.parent.name)] == []


def test_every_exception_from_a_tool_names_its_rule_and_its_reason() -> None:
    bare = r"#\s*(noqa(?!: [A-Z]+\d+)|type: ignore(?!\[))"
    assert offenders(bare, EVERYTHING) == []
    # The reason follows on the line, or stands as a comment on the line above.
    silent = re.compile(r"(?<!#)\n[^#\n]*#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])[ \t]*(?=\n)")
    found = [
        f"{file.relative_to(REPOSITORY)}: {match.group().strip()}"
        for file in [*PRODUCT, *MIGRATIONS]
        for match in silent.finditer(re.sub(r"(?m)^\s*#.*$", "#", file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_nothing_is_left_for_later_or_swallowed() -> None:
    assert offenders(r"\b(TODO|FIXME|XXX|HACK)\b", EVERYTHING) == []
    assert offenders(r"pytest\.(skip|xfail|mark\.(skip|skipif|xfail))", TESTS) == []
    swallowed = re.compile(r"except[^\n]*:\n\s+pass\b")
    assert [str(file) for file in PRODUCT if swallowed.search(file.read_text(encoding="utf-8"))] == []


def test_no_test_waits_for_a_time() -> None:
    """A test polls a condition with a deadline; the pause between two looks is below a second."""
    assert offenders(r"\bsleep\([1-9]", TESTS) == []


def test_the_test_tree_holds_no_package() -> None:
    """An ``__init__.py`` under tests/unit/core would shadow the product's own ``core``."""
    assert list((REPOSITORY / "tests").rglob("__init__.py")) == []


def test_ci_runs_what_a_developer_runs() -> None:
    script = REPOSITORY / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make check test"
