"""One row that a caller names, or the refusal that there is none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from core.errors import NotFound
from core.store.engine import Tx


def named_row(tx: Tx, statement: Select[Any], words: str) -> dict[str, Any]:
    """Return the first row of *statement*.

    Raises:
        NotFound: there is none; *words* say what was looked for, such as "task 7".
    """
    row = tx.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"there is no {words}")
    return dict(row)
