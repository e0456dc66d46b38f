"""What items are called in other languages."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import items


def descriptions_of(tx: Tx, skus: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the descriptions of items by language, for those of *skus* that have any."""
    rows = tx.execute(_descriptions(is_sqlite=tx.is_sqlite), {"skus": listed(tx, sorted(skus))})
    return {row.sku: row.descriptions for row in rows if row.descriptions}


@cache
def _descriptions(*, is_sqlite: bool) -> Select[Any]:
    return select(items.c.sku, items.c.descriptions).where(among(items.c.sku, "skus", is_sqlite=is_sqlite))
