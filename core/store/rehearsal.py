"""Does something for its outcome alone: what it wrote is undone before anybody can see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from core.store.engine import Tx

T = TypeVar("T")


def rehearsed(tx: Tx, job: Callable[[Tx], T]) -> T:
    """Return what *job* returns, and undo what it wrote; what it locked stays locked until *tx* ends.

    It has a transaction object of its own, so that nothing runs after the commit because of it.
    """
    savepoint = tx.connection.begin_nested()
    try:
        return job(Tx(tx.connection, tx.ids))
    finally:
        savepoint.rollback()
