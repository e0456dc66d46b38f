"""Writes docs/reference from the code, so that the reference cannot tell anything else than the program does.

``python tools/make_reference.py`` writes every page, and with them the typed client (``make_client``); ``--check``
writes none and exits 1 naming the stale ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Final

import make_client

from reference.cli import commands
from reference.codes import codes
from reference.events import events
from reference.guides import guides
from reference.http import http, openapi_json
from reference.markdown import ROOT
from reference.metrics import metrics
from reference.requirements import requirements
from reference.roles import roles
from reference.settings import settings

REFERENCE: Final = ROOT / "docs" / "reference"
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "settings.md": settings,
    "cli.md": commands,
    "codes.md": codes,
    "events.md": events,
    "guides.md": guides,
    "metrics.md": metrics,
    "http.md": http,
    "openapi.json": openapi_json,
    "requirements.md": requirements,
    "roles.md": roles,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that differ. Page names select some."""
    check = "--check" in arguments
    chosen = [name for name in arguments if not name.startswith("-")] or list(PAGES)
    stale = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        path = REFERENCE / name
        text = PAGES[name]()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    client = 0 if chosen != list(PAGES) else make_client.main(arguments)
    if stale:
        print(("stale, run `make reference`: " if check else "written: ") + ", ".join(stale))
    return 1 if check and (stale or client) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
