"""A list of values as one parameter: an IN list is a new statement for every length, which costs more than the query.

SQLite reads it from a JSON text, PostgreSQL from an array.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, Column, ColumnElement, Text, bindparam, func, select

from core.store.engine import Tx


def among(column: Column[Any], name: str, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that *column* is one of the values of the parameter *name* (:func:`listed`)."""
    if is_sqlite:
        given = func.json_each(bindparam(name)).table_valued("value")
        return column.in_(select(given.c.value))
    # Not the column's own type: a cast to a text of limited length would cut the values.
    kind = BigInteger if isinstance(column.type, BigInteger) else Text
    return column == func.any(bindparam(name, type_=ARRAY(kind)))


def listed(tx: Tx, values: Collection[Any]) -> Any:
    """Return integers or texts as the parameter of :func:`among`."""
    return orjson.dumps(list(values)).decode() if tx.is_sqlite else list(values)
