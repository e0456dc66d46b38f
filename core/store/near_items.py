"""Finds items whose SKU is nearly written like a code: what was meant by one that a reader of pictures misread."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, select

from core.paper.signs import looks, looks_near
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import items

#: codes of one query: some 500 looks each
_CODES: Final = 20


def skus_near(tx: Tx, codes: Collection[str]) -> set[str]:
    """Return the SKUs that look like one of *codes*, or differ from that by one sign.

    Every look is one step in an index, so the time grows with the codes and not with the catalogue.
    """
    seen = sorted({look for code in codes if (look := looks(code))})
    found: set[str] = set()
    for start in range(0, len(seen), _CODES):
        near = set().union(*map(looks_near, seen[start : start + _CODES]))
        found.update(tx.execute(_near(is_sqlite=tx.is_sqlite), {"looks": listed(tx, sorted(near))}).scalars())
    return found


@cache
def _near(*, is_sqlite: bool) -> Select[Any]:
    return select(items.c.sku).where(among(items.c.looks, "looks", is_sqlite=is_sqlite))
