"""Parts that every list query shares: chunks of ids, and what belongs to one partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, select

from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import partners

T = TypeVar("T")

#: names in one IN list; SQLite takes 32,766 parameters, PostgreSQL plans short lists better
_CHUNK = 500


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield *values* in parts that fit one IN list."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def partner_id_of(tx: Tx, code: str) -> int | None:
    """Return the id of the partner with this code, None when there is none."""
    return tx.execute(select(partners.c.id).where(partners.c.code == code)).scalar_one_or_none()


def partner_codes(tx: Tx, ids: set[Any]) -> dict[int, str]:
    """Return the codes of the partners with these ids; None among them is ignored."""
    rows = tx.execute(_codes(is_sqlite=tx.is_sqlite), {"ids": listed(tx, sorted(ids - {None}))})
    return {row.id: row.code for row in rows}


@cache
def _codes(*, is_sqlite: bool) -> Select[Any]:
    return select(partners.c.id, partners.c.code).where(among(partners.c.id, "ids", is_sqlite=is_sqlite))
