"""How many examples a slow property is held to: few in every run, many where `make chaos` looks for new ones."""

from __future__ import annotations

from typing import Final

import hypothesis

#: examples of one property under the profile ``explore`` (tests/conftest.py)
EXPLORED: Final = 200


def few(steady: int) -> hypothesis.settings:
    """Return settings of so many examples in every run, of :data:`EXPLORED` under the profile ``explore``."""
    exploring = hypothesis.settings.get_current_profile_name() == "explore"
    return hypothesis.settings(max_examples=EXPLORED if exploring else steady)
