"""Writes the typed parts of ``gateway.client`` from the OpenAPI document, so that the client knows what the API has.

``python tools/make_client.py`` writes them; ``--check`` writes none and exits 1 naming the stale ones.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from reference.http import openapi
from reference.markdown import ROOT
from typed_client.methods import methods
from typed_client.shapes import shapes

_CLIENT: Final = ROOT / "gateway" / "client"


def files() -> dict[Path, str]:
    """Return what the files should say."""
    document = openapi()
    made = {
        **{_CLIENT / "shapes" / name: text for name, text in shapes(document).items()},
        **{_CLIENT / "operations" / name: text for name, text in methods(document).items()},
    }
    return {path: _laid_out(text) for path, text in made.items()}


def _laid_out(text: str) -> str:
    """Return *text* as the formatter has it: annotations that are too long for a line are laid out by it alone."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(_CLIENT / "x.py"), "-"]
    return subprocess.run(command, input=text, capture_output=True, check=True, text=True, cwd=ROOT).stdout  # noqa: S603 - our own formatter


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` name those that differ; what no subject needs any more is removed."""
    check = "--check" in arguments
    wanted = files()
    folders = {path.parent for path in wanted}
    there = {path for folder in folders for path in folder.glob("*.py")}
    stale = [path for path, text in wanted.items() if path not in there or path.read_text(encoding="utf-8") != text]
    gone = sorted(there - wanted.keys())
    if not check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        for path in gone:
            path.unlink()
    if stale or gone:
        told = ", ".join(str(path.relative_to(ROOT)) for path in [*stale, *gone])
        print(("stale, run `make reference`: " if check else "written: ") + told)
    return 1 if check and (stale or gone) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
