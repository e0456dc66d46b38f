"""What the web needs of :class:`gateway.idempotency.IdempotencyDesk`; every method but ``claiming`` blocks."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol


class First(Protocol):
    """What the first request got."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def answer(self) -> Any:
        """The JSON body."""
        ...


class RequestKey(NamedTuple):
    """Who asks under which key for what: ``request_hash`` is over method, path, query and body."""

    owner: str
    key: str
    request_hash: bytes


class IdempotencyDesk(Protocol):
    """Gives the first answer again to whoever sends the same request again."""

    def first(self, owner: str, key: str, request_hash: bytes) -> First | None:
        """Return the first answer, None when this is the first request.

        Raises:
            IdempotencyMismatch: the key was used with another request.
            IdempotencyUnfinished: the first is under way, or its answer was lost; what it did is done.
        """
        ...

    def claiming(self, owner: str, key: str, request_hash: bytes) -> AbstractContextManager[Any]:
        """Have the key claimed in the same transaction as whatever is done inside; gives the claim."""
        ...

    def keep(self, claim: Any, status: int, answer: Any) -> None:
        """Keep the answer to what was done under *claim*."""
        ...
