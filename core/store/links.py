"""Tokens of our public pages: unguessable, kept as their SHA-256 alone, good until they expire (CNF-18)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from core.store.engine import Tx
from core.store.tables.notices import links

#: bytes of chance in a token: nobody guesses 256 bits
_BYTES: Final = 32
_FIND = select(links.c.order_id, links.c.notice_id).where(
    links.c.hash == bindparam("hash"), links.c.expires_at > bindparam("now")
)


class Link(NamedTuple):
    """What a token opens: one order, and the notice that it was sent in."""

    order_id: int
    notice_id: int


def make_link(tx: Tx, link: Link, *, at: datetime, expires_at: datetime) -> str:
    """Keep a new token for *link* and return it; nothing can tell it again."""
    token = secrets.token_urlsafe(_BYTES)
    row = {"hash": _hash(token), **link._asdict(), "created_at": at, "expires_at": expires_at}
    tx.execute(insert(links), row)
    return token


def find_link(tx: Tx, token: str, now: datetime) -> Link | None:
    """Return what *token* opens, None where it is unknown or has expired."""
    row = tx.execute(_FIND, {"hash": _hash(token), "now": now}).first()
    return None if row is None else Link(row.order_id, row.notice_id)


def forget_expired(tx: Tx, now: datetime) -> int:
    """Delete the tokens that have expired and return how many there were."""
    return tx.execute(delete(links).where(links.c.expires_at <= now)).rowcount


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
