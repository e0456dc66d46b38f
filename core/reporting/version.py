"""The version of what is read as a whole and set as a whole: what If-Match compares."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson


def version_of(told: dict[str, Any]) -> str:
    """Return the entity tag of *told*, which is JSON-ready: it differs whenever anything of it does."""
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
