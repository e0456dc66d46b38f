"""What the web needs of :class:`gateway.access.AccessDesk`; every method blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

Json = dict[str, Any]


class Refused(NamedTuple):
    """How often one caller was refused one thing for one reason.

    ``code`` is that of the problem, ``key`` the public part of an API key and ``path`` the template of the document.
    ``reason`` is what a token of the identity provider was refused for, which its holder is not told. ``kept`` are
    those that a person should be able to look up later.
    """

    code: str
    key: str
    name: str
    address: str
    method: str
    path: str
    reason: str
    kept: bool
    calls: int


class AccessDesk(Protocol):
    """API keys, and calls that were refused."""

    def keys(self, *, cursor: str | None, limit: int) -> Json:
        """Return a page of the keys, the oldest first; never what opens anything."""
        ...

    def revoke(self, prefix: str, *, actor: str) -> Json:
        """Close a key for good and return it.

        Raises:
            NotFound: there is no such key.
        """
        ...

    def refused(self, *, cursor: str | None, limit: int) -> Json:
        """Return a page of refused calls, those of the newest hour first."""
        ...

    def count(self, refused: Sequence[Refused]) -> None:
        """Count, log and keep calls that were refused."""
        ...
