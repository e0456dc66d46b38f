"""Tokens of our public pages: unguessable, kept as their SHA-256, good until they expire or are revoked (CNF-18)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from core.store.engine import Tx
from core.store.tables.notices import links, notices

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


class OpenLink(NamedTuple):
    """A link that opens its order: with which notice it was sent, and from when to when."""

    notice_id: int
    notice: str
    created_at: datetime
    expires_at: datetime


def open_links(tx: Tx, order_id: int, now: datetime) -> list[OpenLink]:
    """Return the links that open an order, oldest first; their tokens are kept nowhere."""
    statement = (
        select(links.c.notice_id, notices.c.notice, links.c.created_at, links.c.expires_at)
        .join(notices, notices.c.id == links.c.notice_id)
        .where(links.c.order_id == order_id, links.c.expires_at > now)
        .order_by(links.c.created_at, links.c.notice_id)
    )
    return [OpenLink._make(row) for row in tx.execute(statement)]


def revoke(tx: Tx, order_id: int, notice_id: int | None, now: datetime) -> int:
    """Delete the tokens of an order, or those of one notice alone; return how many of them had not expired."""
    ours = [links.c.order_id == order_id]
    if notice_id is not None:
        ours.append(links.c.notice_id == notice_id)
    return tx.execute(delete(links).where(*ours, links.c.expires_at > now)).rowcount


def forget_expired(tx: Tx, now: datetime) -> int:
    """Delete the tokens that have expired and return how many there were."""
    return tx.execute(delete(links).where(links.c.expires_at <= now)).rowcount


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
