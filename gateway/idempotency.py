"""Answers of acts by their Idempotency-Key: kept beside what was done, given again to whoever asks again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from core.clock import Clock
from core.store import idempotency
from core.store.engine import Store
from core.store.idempotency import Claim, FirstAnswer

#: what an answer shows once and no database may hold
_SHOWN_ONCE: Final = frozenset({"secret"})


class IdempotencyDesk:
    """See ``gateway.web.idempotency_port.IdempotencyDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def first(self, owner: str, key: str, request_hash: bytes) -> FirstAnswer | None:
        """Return the answer that the first request got, None when this is the first."""
        return self._store.read(lambda tx: idempotency.first_answer(tx, owner, key, request_hash))

    @contextmanager
    def claiming(self, owner: str, key: str, request_hash: bytes) -> Iterator[Claim]:
        """Have the key claimed in the same transaction as whatever is done inside."""
        claim = Claim(owner, key, request_hash, self._clock.now())
        with idempotency.claiming(claim):
            yield claim

    def keep(self, claim: Claim, status: int, answer: Any) -> None:
        """Keep the answer, without what is shown once; nothing where nothing was done."""
        if claim.taken:
            kept = {**answer, **dict.fromkeys(_SHOWN_ONCE & answer.keys(), "")} if isinstance(answer, dict) else answer
            self._store.write(lambda tx: idempotency.finish(tx, claim.owner, claim.key, status, kept))
