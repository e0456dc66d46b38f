"""Finds customers by what a caller knows of them: code, account, GLN, tax number or name (INT-14)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from core.store.engine import Tx
from core.store.tables.master import partners

#: more are not told apart by telling them
_MOST: Final = 10
_SEPARATORS: Final = " .-/"


def codes_of(tx: Tx, field: str, value: str) -> list[str]:
    """Return the codes of the customers with *value* in *field*, ten at most: code, gln, tax_id or name.

    A code is ours or the customer's account; tax numbers are compared without separators, names without case.
    """
    wanted: dict[str, Any] = {
        "code": (partners.c.code == value) | (partners.c.account == value),
        "gln": partners.c.gln == value,
        "tax_id": _signs(partners.c.tax_id) == "".join(sign for sign in value.upper() if sign not in _SEPARATORS),
        "name": (partners.c.name == value) | (func.lower(partners.c.name) == value.lower()),
    }
    statement = select(partners.c.code).where(wanted[field]).order_by(partners.c.code).limit(_MOST)
    return list(tx.execute(statement).scalars())


def _signs(column: ColumnElement[str]) -> ColumnElement[str]:
    found: ColumnElement[str] = func.upper(column)
    for separator in _SEPARATORS:
        found = func.replace(found, separator, "")
    return found
