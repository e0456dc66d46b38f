"""The reference is what the program says of itself; a stale page fails (style: docs cannot rot)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_every_page_is_what_the_code_says() -> None:
    """One process for all pages and the typed client: most of what it costs is to load the program."""
    command = [sys.executable, "tools/make_reference.py", "--check"]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr  # names the stale ones
