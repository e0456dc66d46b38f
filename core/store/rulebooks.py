"""Keeps every rulebook that was ever in force; the newest version is the one that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select

from core.review.rulebook import FIRST_VERSION, Rulebook, Rules, read_rulebook
from core.store.engine import Tx
from core.store.master import next_version
from core.store.tables.master import rulebooks

_LATEST = select(rulebooks.c.version, rulebooks.c.document).order_by(rulebooks.c.version.desc()).limit(1)
_ONE = select(rulebooks.c.document).where(rulebooks.c.version == bindparam("wanted"))


def rules_in_force(tx: Tx) -> Rules:
    """Return the rules in force: the newest rulebook, the defaults where none was ever loaded."""
    row = tx.execute(_LATEST).first()
    return Rules() if row is None else Rules(row.version, _read(orjson.dumps(row.document)))


# Reading a rulebook costs fifty times as much as finding it, and one is in force for weeks.
@lru_cache(maxsize=4)
def _read(document: bytes) -> Rulebook:
    return read_rulebook(orjson.loads(document))


def rules_of_version(tx: Tx, version: int) -> Rules | None:
    """Return the rules of a version, None where there is none such."""
    if version == FIRST_VERSION:
        return Rules()
    document = tx.execute(_ONE, {"wanted": version}).scalar_one_or_none()
    return None if document is None else Rules(version, read_rulebook(document))


def put_in_force(tx: Tx, book: Rulebook, *, at: datetime, actor: str, reason: str) -> tuple[int, bool]:
    """Put *book* in force from now on; return its version, and whether it is another one than before.

    Whoever remembers master data sees it in the next transaction. What is in force already gets no new version.
    """
    next_version(tx)  # first: its lock makes two at the same time take turns
    present = rules_in_force(tx)
    if present.book == book:
        return present.version, False
    version = present.version + 1
    row = {"version": version, "at": at, "actor": actor, "reason": reason, "document": book.document()}
    tx.execute(insert(rulebooks), row)
    return version, True


def history(tx: Tx) -> Sequence[dict[str, Any]]:
    """Return the versions that were put in force, the newest first: version, at, actor, reason, document."""
    rows = tx.execute(select(rulebooks).order_by(rulebooks.c.version.desc()))
    return [
        {"version": row.version, "at": row.at, "actor": row.actor, "reason": row.reason, "document": row.document}
        for row in rows
    ]
