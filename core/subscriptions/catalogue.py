"""Every fact that the stream tells, by name: what subscriptions may ask for, and what the reference lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

_FILE: Final = "events.toml"


@lru_cache(maxsize=1)
def event_types() -> Mapping[str, str]:
    """Return what each event tells, by its name; those of one subject stand together."""
    content = tomllib.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    return {f"{subject}.{name}": words for subject, names in content.items() for name, words in names.items()}
