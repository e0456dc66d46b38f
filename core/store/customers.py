"""Finds customers by what a caller knows of them: code, account, GLN, tax number or name (INT-14)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Text, func, select, type_coerce

from core.store.engine import Tx
from core.store.tables.master import partners

#: more are not told apart by telling them
_MOST: Final = 10
_SEPARATORS: Final = " .-/"
#: providers whose domains anybody may have an address of: the whole address counts there
_PUBLIC: Final = frozenset(
    {
        "126.com", "139.com", "163.com", "aliyun.com", "aol.com", "bluewin.ch", "foxmail.com", "freenet.de",
        "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com",
        "live.com", "me.com", "msn.com", "outlook.com", "outlook.de", "proton.me", "protonmail.com", "qq.com",
        "sina.com", "sohu.com", "t-online.de", "web.de", "yahoo.com", "yahoo.de", "yeah.net",
    }
)  # fmt: skip


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


def codes_of_sender(tx: Tx, address: str) -> list[str]:
    """Return the codes of the customers that a mail *address* belongs to: it is their contact's, or of its domain.

    An address alone belongs to whom it is the contact's of; a domain of a public provider to nobody.
    """
    wanted = address.lower()
    domain = wanted.rpartition("@")[2]
    if not domain or "@" not in wanted:
        return []
    contact = func.lower(type_coerce(partners.c.contact, Text))
    statement = select(partners.c.code, partners.c.contact).where(contact.contains(f"@{domain}", autoescape=True))
    rows = [(row.code, str((row.contact or {}).get("email", "")).lower()) for row in tx.execute(statement)]
    exact = sorted(code for code, known in rows if known == wanted)
    if exact or domain in _PUBLIC:
        return exact
    return sorted(code for code, known in rows if known.rpartition("@")[2] == domain)


def _signs(column: ColumnElement[str]) -> ColumnElement[str]:
    found: ColumnElement[str] = func.upper(column)
    for separator in _SEPARATORS:
        found = func.replace(found, separator, "")
    return found
