"""tools/reference/requirements.py: which tests show a requirement is read from their docstrings."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """The module as ``python tools/make_reference.py`` finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(REPOSITORY / "tools")
        yield importlib.import_module("reference.requirements")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("the key of tracking (AAA-04; table, row 9)", ["AAA-04"]),
        ("AAA-02 to AAA-04, AAA-03 and BBB-01", ["AAA-02", "AAA-03", "AAA-04", "BBB-01"]),
        ("AAA-09 to BBB-11", ["AAA-09"]),
        ("AAA-0001, AAA-2026-000001, XAAA-01 and AAA-01-02 are other things", []),
        ("", []),
    ],
)
def test_ids_and_ranges_are_read(tool: ModuleType, text: str, rows: list[str]) -> None:
    assert list(tool.quoted_rows(text)) == rows


def test_a_docstring_shows_for_its_file_class_or_test_and_nothing_else_does(tool: ModuleType, tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    (tests / "unit").mkdir(parents=True)
    (tests / "unit" / "test_one.py").write_text(
        '"""All of it (AAA-01)."""\n'
        'def test_two():\n    """AAA-02 and AAA-01."""\n'
        "def test_three():\n    number = 'AAA-03'  # AAA-03\n"
        'class TestFour:\n    """AAA-04."""\n    async def test_five(self):\n        """AAA-05."""\n'
    )
    (tests / "unit" / "conftest.py").write_text('"""AAA-06: no test."""\n')
    one = "tests/unit/test_one.py"
    assert tool.showing_tests(tests) == {
        "AAA-01": [one, f"{one}::test_two"],
        "AAA-02": [f"{one}::test_two"],
        "AAA-04": [f"{one}::TestFour"],
        "AAA-05": [f"{one}::test_five"],
    }


def test_an_id_that_is_no_requirement_is_refused(tool: ModuleType, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "test_one.py").write_text('"""NUM-99: there are nine."""\n')
    monkeypatch.setattr(tool, "TESTS", tmp_path)
    with pytest.raises(SystemExit, match="no such requirement: NUM-99"):
        tool.requirements()


def test_a_core_row_without_a_test_is_seen(tool: ModuleType, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "test_one.py").write_text('"""NUM-01, SYS-09."""\n')
    monkeypatch.setattr(tool, "TESTS", tmp_path)
    lines = tool.requirements().splitlines()
    assert "| NUM | Numbering | 9 | 9 | 1 |" in lines
    assert [line.endswith("| **no test** |") for line in lines if line.startswith("| NUM-0")] == [False, *[True] * 8]
    assert next(line for line in lines if line.startswith("| REV-10 | edge")).endswith("| - |")
    assert sum(line.startswith("| SYS-") for line in lines) == 1
