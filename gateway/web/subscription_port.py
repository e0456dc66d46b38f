"""What the web needs of the desk of subscriptions, :class:`gateway.subscriptions.SubscriptionDesk`; it blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]


class SubscriptionDesk(Protocol):
    """Keeps who is told of events, and what was told. *partner* sees and makes its own only; None is the house."""

    def event_types(self) -> Json:
        """Return every event by name, with what it tells."""
        ...

    def subscribe(self, wanted: Json, *, partner: str | None, actor: str) -> Json:
        """Make a subscription; the answer has its secret, this once.

        Raises:
            ValueRefused: an event that there is not.
            TargetRefused: an address that must not be called.
        """
        ...

    def subscriptions(
        self, *, partner: str | None = None, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of the subscriptions that the caller may see, the oldest first.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def subscription(self, subscription_id: str, *, partner: str | None = None) -> Json:
        """Return one.

        Raises:
            NotFound: there is none for this caller, here and below.
        """
        ...

    def change(
        self, subscription_id: str, changes: Json, *, partner: str | None, expect: Callable[[str], None]
    ) -> Json:
        """Set the named parts, if *expect* takes the version that is there."""
        ...

    def end(self, subscription_id: str, *, partner: str | None, expect: Callable[[str], None]) -> None:
        """Delete it, if *expect* takes the version that is there."""
        ...

    def rotate(self, subscription_id: str, *, partner: str | None, overlap_hours: int) -> Json:
        """Return it with a new secret; the one before counts for *overlap_hours* more."""
        ...

    def test(self, subscription_id: str, *, partner: str | None) -> Json:
        """Queue a test delivery.

        Raises:
            Conflict: it is paused or disabled.
        """
        ...

    def replay(
        self, subscription_id: str, *, partner: str | None, actor: str, after: int | None, since: datetime | None
    ) -> Json:
        """Queue once more what the stream has after a position or since an instant."""
        ...

    def deliveries(
        self, subscription_id: str, *, partner: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of deliveries, the latest first."""
        ...

    def delivery(self, delivery_id: str, *, partner: str | None = None) -> Json:
        """Return one delivery with its tries."""
        ...

    def retry(self, delivery_id: str, *, partner: str | None = None) -> Json:
        """Queue one once more.

        Raises:
            Conflict: it is still under way.
        """
        ...
