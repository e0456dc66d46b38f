"""Answers by their key in memory, for tests of pages and clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from core.errors import IdempotencyMismatch


class MemoryAnswer(NamedTuple):
    """An answer and the request that it was given to."""

    status: int
    answer: Any
    request_hash: bytes


class MemoryIdempotencyDesk:
    """Takes every act for one that changed something."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], MemoryAnswer] = {}

    def first(self, owner: str, key: str, request_hash: bytes) -> MemoryAnswer | None:
        """Return the first answer."""
        found = self.answers.get((owner, key))
        if found is not None and found.request_hash != request_hash:
            raise IdempotencyMismatch
        return found

    @contextmanager
    def claiming(self, owner: str, key: str, request_hash: bytes) -> Iterator[tuple[str, str, bytes]]:
        """Give what :meth:`keep` needs."""
        yield owner, key, request_hash

    def keep(self, claim: tuple[str, str, bytes], status: int, answer: Any) -> None:
        """Keep the answer."""
        owner, key, request_hash = claim
        self.answers[owner, key] = MemoryAnswer(status, answer, request_hash)
