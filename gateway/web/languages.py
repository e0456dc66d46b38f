"""Which language a caller wants to be told in: ``Accept-Language`` (RFC 9110 section 12.5.4), LNG-01."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from core.provenance import ENGLISH
from core.texts.catalogue import LANGUAGES

#: one language range: its first subtag decides, and a weight of 0 refuses it
_RANGE: Final = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9]{1,8})*\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?", re.IGNORECASE)


def wanted_language(accepted: str) -> str:
    """Return the language that the header *accepted* weighs most, the first of equals; English where it has none."""
    chosen, most = ENGLISH, 0.0
    for part in accepted.split(","):
        found = _RANGE.fullmatch(part)
        if found is None or (language := found[1].lower()) not in LANGUAGES:
            continue
        weight = float(found[2] or 1)
        if weight > most:
            chosen, most = language, weight
    return chosen


def language_of(request: web.Request) -> str:
    """Return the language that *request* wants to be answered in."""
    return wanted_language(request.headers.get("Accept-Language", ""))
