"""Which directory reads a message: the release that UNH names, or the one that stands in for it."""

from __future__ import annotations

from typing import Final

from adapters.edi.directory.facts import RELEASES
from adapters.edi.directory.tables import load

#: CONTRL has versions of its own (ISO 9735 part 4): D:3, 2 and 3 go with syntax 3
_CONTRL: Final = {"4": "S4"}


def directory_of(message_type: str, version: str, release: str) -> str | None:
    """Return the name of the directory that reads a message, None where there is no table for it."""
    if message_type == "CONTRL":
        return _CONTRL.get(version, "S3")
    name = version + release
    return name if name in RELEASES and message_type in load(name).messages else None
