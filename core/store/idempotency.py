"""Idempotency keys: the first answer is given again, another body under the same key is refused.

:func:`begin` and :func:`finish` belong into the transaction of the work itself: the answer is kept if and only if
the work is, and a second request at the same time waits for the first. Where the answer is made later, outside of it,
:func:`claiming` has the key claimed in that transaction all the same: the work is never done twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import IdempotencyMismatch, IdempotencyUnfinished
from core.store.engine import BESIDES, Tx
from core.store.tables.access import idempotency_keys

#: stands in ``status`` until :func:`finish`
_UNFINISHED = 0


class FirstAnswer(NamedTuple):
    """What the first request got: HTTP status and JSON body."""

    status: int
    answer: Any


def begin(tx: Tx, owner: str, key: str, request_hash: bytes, at: datetime) -> FirstAnswer | None:
    """Claim *key* of *owner* for a request; return the answer to repeat, or None when this is the first.

    Raises:
        IdempotencyMismatch: the key was used with another body.
    """
    make = sqlite.insert if tx.is_sqlite else postgresql.insert
    claimed = tx.execute(
        make(idempotency_keys)
        .values(owner=owner, key=key, request_hash=request_hash, status=_UNFINISHED, answer={}, at=at)
        .on_conflict_do_nothing()
        .returning(idempotency_keys.c.key)
    ).first()
    if claimed is not None:
        return None
    row = tx.execute(select(idempotency_keys).where(_is(owner, key))).one()
    if bytes(row.request_hash) != request_hash:
        raise IdempotencyMismatch(hint="Use a new Idempotency-Key for a new request.")
    return FirstAnswer(row.status, row.answer)


def finish(tx: Tx, owner: str, key: str, status: int, answer: Any) -> None:
    """Keep the answer to the request that :func:`begin` claimed *key* for."""
    tx.execute(update(idempotency_keys).where(_is(owner, key)).values(status=status, answer=answer))


@dataclass(slots=True)
class Claim:
    """A key that is claimed by the first transaction of a call; ``taken`` once that is durable."""

    owner: str
    key: str
    request_hash: bytes
    at: datetime
    taken: bool = False

    def take(self, tx: Tx) -> None:
        """Claim the key in *tx*, if no earlier transaction of this call did.

        Raises:
            IdempotencyMismatch, IdempotencyUnfinished: as :func:`first_answer`; a finished one has come in between.
        """
        if self.taken:
            return
        if begin(tx, self.owner, self.key, self.request_hash, self.at) is not None:
            raise IdempotencyUnfinished(hint="Send it again for the answer of the first request.")
        tx.after_commit(self._took)

    def _took(self) -> None:
        self.taken = True


@contextmanager
def claiming(claim: Claim) -> Iterator[None]:
    """Have the next transaction that is written in this context, also in threads started from it, take *claim*."""
    token = BESIDES.set(claim.take)
    try:
        yield
    finally:
        BESIDES.reset(token)


def first_answer(tx: Tx, owner: str, key: str, request_hash: bytes) -> FirstAnswer | None:
    """Return the answer to repeat, None when *key* was not used yet.

    Raises:
        IdempotencyMismatch: the key was used with another request.
        IdempotencyUnfinished: the first request did its work, and its answer is not there.
    """
    row = tx.execute(select(idempotency_keys).where(_is(owner, key))).one_or_none()
    if row is None:
        return None
    if bytes(row.request_hash) != request_hash:
        raise IdempotencyMismatch(hint="Use a new Idempotency-Key for a new request.")
    if row.status == _UNFINISHED:
        raise IdempotencyUnfinished(hint="Read what it was about; use a new Idempotency-Key for a new request.")
    return FirstAnswer(row.status, row.answer)


def forget(tx: Tx, before: datetime) -> int:
    """Drop keys that were used before *before*; return how many."""
    return int(tx.execute(delete(idempotency_keys).where(idempotency_keys.c.at < before)).rowcount)


def _is(owner: str, key: str) -> Any:
    return (idempotency_keys.c.owner == owner) & (idempotency_keys.c.key == key)
