"""The reference is what the program says of itself; a stale page fails (style: docs cannot rot)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "page",
    [
        "settings.md",
        "cli.md",
        "codes.md",
        "guides.md",
        "metrics.md",
        "http.md",
        "openapi.json",
        "requirements.md",
        "roles.md",
    ],
)
def test_the_page_is_what_the_code_says(page: str) -> None:
    command = [sys.executable, "tools/make_reference.py", "--check", page]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert (REPOSITORY / "docs" / "reference" / page).is_file()
