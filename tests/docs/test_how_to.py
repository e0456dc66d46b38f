"""The how-to pages for scripts do what they say: their examples are run and print what the page shows."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
PAGES = [FOLDER / "pydifact.md", FOLDER / "read-edifact.md", FOLDER / "shops.md"]
EXAMPLE = re.compile(r"^```(python|console)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def test_the_pages_have_examples() -> None:
    assert all(EXAMPLE.search(page.read_text(encoding="utf-8")) for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_examples_print_what_the_page_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    names: dict[str, object] = {}
    for kind, example, shown in EXAMPLE.findall(page.read_text(encoding="utf-8")):
        if kind == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(example, page.name, "exec"), names)
            assert printed.getvalue() == shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_print_what_the_page_shows(page: Path) -> None:
    for kind, example, _ in EXAMPLE.findall(page.read_text(encoding="utf-8")):
        if kind == "console":
            command, _, shown = example.partition("\n")
            words = [str(Path(sys.executable).with_name("ordergate")), *command.removeprefix("$ ordergate ").split()]
            done = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False)
            assert done.stdout == shown
