"""What a problem is called in every language, by its code (RFC 9457 section 3.1.3; LNG-01).

``problems/<language>.toml`` has the titles.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from core.texts.catalogue import LANGUAGES


@lru_cache(maxsize=len(LANGUAGES))
def problem_titles(language: str) -> Mapping[str, str]:
    """Return the titles by code in one of ``LANGUAGES``; they are read when they are first asked for."""
    with (Path(__file__).parent / "problems" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)
