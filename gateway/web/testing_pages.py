"""Pages of lists in memory."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from gateway.web.ports import Json


def page(items: Sequence[Json], cursor: str | None, limit: int) -> Json:
    """Return one page of *items*; the cursor is the place of the next item."""
    start = int(cursor or 0)
    following = start + limit
    return {"items": deepcopy(list(items[start:following])), "next": str(following) if following < len(items) else None}
