"""docs/reference/corpus.md tells what becomes of each file of the corpus; none is without a verdict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from corpus_files import CORPUS

TOOLS = Path(__file__).parents[3] / "tools"
PAGE = TOOLS.parent / "docs" / "reference" / "corpus.md"


@pytest.fixture
def made(capsys: pytest.CaptureFixture[str]) -> str:
    if not (CORPUS / "MANIFEST.tsv").exists():
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no corpus in {CORPUS}; docs/reference/corpus.md was not held against it\n")
        return PAGE.read_text("utf-8")
    command = [
        sys.executable,
        "-c",
        "import sys, pathlib, make_corpus_page as m; print(m.page(pathlib.Path(sys.argv[1])), end='')",
    ]
    done = subprocess.run([*command, str(CORPUS.parent)], cwd=TOOLS, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_page_is_what_becomes_of_the_files(made: str) -> None:
    assert made == PAGE.read_text("utf-8"), "stale: run `python tools/make_corpus_page.py ../shared/corpus`"


def test_every_broken_file_names_its_fault_with_a_place(made: str) -> None:
    rows = [line.split(" | ") for line in made.splitlines() if line.endswith(" |") and " | broken | " in line]
    assert len(rows) > 50
    assert all("` at byte " in row[-1] for row in rows)
