"""Finds the items that texts name: by SKU, GTIN, or the code that a customer gave them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Select, bindparam, select

from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import item_codes, items
from core.values import is_gtin

_SKUS: Final = select(items.c.sku)
_GTINS: Final = select(items.c.gtin, items.c.sku).order_by(items.c.sku.desc())  # of several the first SKU stands
_CODES: Final = select(item_codes.c.code, item_codes.c.sku).where(item_codes.c.partner_id == bindparam("partner_id"))


class NamedItems(NamedTuple):
    """The texts that are a SKU, and from GTINs and codes of the customer to SKUs."""

    skus: frozenset[str]
    by_gtin: dict[str, str]
    by_code: dict[str, str]

    @property
    def all_skus(self) -> set[str]:
        """The SKUs of all of them."""
        return {*self.skus, *self.by_gtin.values(), *self.by_code.values()}


def named_items(tx: Tx, partner_id: int, texts: Collection[str]) -> NamedItems:
    """Return the items that any of *texts* names exactly: three queries, each a step in an index for every text.

    Nothing is kept of what names none: these are words of strangers, and there are many.
    """
    gtins = [text for text in texts if is_gtin(text)]
    return NamedItems(
        frozenset(sku for (sku,) in _found(tx, _SKUS, items.c.sku, texts)),
        dict(_found(tx, _GTINS, items.c.gtin, gtins)),
        dict(_found(tx, _CODES, item_codes.c.code, texts, partner_id=partner_id)),
    )


def _found(tx: Tx, statement: Select[Any], column: Column[Any], texts: Collection[str], **more: Any) -> Any:
    prepared = _where(statement, column, is_sqlite=tx.is_sqlite)
    return tx.execute(prepared, {"texts": listed(tx, texts), **more}).all() if texts else ()


@cache
def _where(statement: Select[Any], column: Column[Any], *, is_sqlite: bool) -> Select[Any]:
    return statement.where(among(column, "texts", is_sqlite=is_sqlite))
