"""Partner guides as they judged documents, so that evidence stays explainable when their files change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.intake import guides

_KEPT = select(guides.c.name, guides.c.content).where(guides.c.fingerprint == bindparam("fingerprint"))
_IS_KEPT = select(guides.c.fingerprint).where(guides.c.fingerprint == bindparam("fingerprint"))


class KeptGuide(NamedTuple):
    """A guide that judged something: what it was called, and what its file held."""

    name: str
    content: bytes


def keep(tx: Tx, fingerprint: str, name: str, content: bytes, at: datetime) -> None:
    """Keep a guide that is about to judge a document; nothing changes where it is kept already."""
    if tx.execute(_IS_KEPT, {"fingerprint": fingerprint}).first() is not None:
        return
    make = sqlite.insert if tx.is_sqlite else postgresql.insert
    row = {"fingerprint": fingerprint, "name": name, "content": content, "kept_at": at}
    tx.execute(make(guides).values(row).on_conflict_do_nothing())


def kept(tx: Tx, fingerprint: str) -> KeptGuide:
    """Return the guide with this fingerprint.

    Raises:
        NotFound: none such judged anything.
    """
    row = tx.execute(_KEPT, {"fingerprint": fingerprint}).first()
    if row is None:
        raise NotFound(f"no guide {fingerprint[:12]} judged anything")
    return KeptGuide(row.name, row.content)


def names_of(tx: Tx, fingerprints: Collection[str]) -> dict[str, str]:
    """Return what kept guides are called, by fingerprint."""
    if not fingerprints:
        return {}
    statement = select(guides.c.fingerprint, guides.c.name).where(guides.c.fingerprint.in_(sorted(fingerprints)))
    return {row.fingerprint: row.name for row in tx.execute(statement)}
