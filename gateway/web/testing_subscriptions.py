"""A desk of subscriptions in memory for tests of pages and clients; it keeps what it is given and sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.clock import iso
from core.errors import NotFound

Json = dict[str, Any]


class MemorySubscriptionDesk:
    """Keeps subscriptions; every delivery that is asked for was delivered at once."""

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}
        self.sent: dict[str, Json] = {}
        #: what the last replay was asked for
        self.asked: Json = {}

    def event_types(self) -> Json:
        """Return one event."""
        return {"items": [{"event": "order.confirmed", "tells": "it is accepted"}], "next": None}

    def subscribe(self, wanted: Json, *, partner: str | None, actor: str) -> Json:
        """Keep it."""
        made = {
            **wanted,
            "id": str(len(self.kept) + 1),
            "partner": partner,
            "state": "active",
            "state_reason": "",
            "heard_upto": 0,
            "deliveries": {},
            "previous_secret_until": None,
            "version": 1,
            "created_by": actor,
            "created_at": iso(datetime(2026, 3, 2, 8, tzinfo=UTC)),
        }
        self.kept[made["id"]] = made
        return {**made, "secret": "whsec_c2VjcmV0"}

    def subscriptions(
        self, *, partner: str | None = None, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return those of *partner*: always the whole, for *cursor* is never given out."""
        assert cursor is None
        found = [one for one in self.kept.values() if partner in (None, one["partner"])]
        return {"items": [one for one in found if state in (None, one["state"])][:limit], "next": None}

    def subscription(self, subscription_id: str, *, partner: str | None = None) -> Json:
        """Return one of *partner*."""
        found = self.kept.get(subscription_id)
        if found is None or partner not in (None, found["partner"]):
            raise NotFound(f"there is no subscription {subscription_id}")
        return found

    def change(
        self, subscription_id: str, changes: Json, *, partner: str | None, expect: Callable[[str], None]
    ) -> Json:
        """Set what is named."""
        found = self.subscription(subscription_id, partner=partner)
        expect(str(found["version"]))
        found.update(changes, version=found["version"] + 1)
        return found

    def end(self, subscription_id: str, *, partner: str | None, expect: Callable[[str], None]) -> None:
        """Forget it."""
        expect(str(self.subscription(subscription_id, partner=partner)["version"]))
        del self.kept[subscription_id]

    def rotate(self, subscription_id: str, *, partner: str | None, overlap_hours: int) -> Json:
        """Return it with a secret."""
        return {**self.subscription(subscription_id, partner=partner), "secret": f"whsec_{overlap_hours:04d}"}

    def test(self, subscription_id: str, *, partner: str | None) -> Json:
        """Deliver a test at once."""
        found = self.subscription(subscription_id, partner=partner)
        at = found["created_at"]
        sent = {
            "id": str(len(self.sent) + 1),
            "subscription": subscription_id,
            "position": 1,
            "event": "subscription.test",
            "stream_id": None,
            "state": "delivered",
            "attempts": 1,
            "due_at": None,
            "created_at": at,
            "delivered_at": at,
            "replayed_by": None,
            "last_status": 204,
            "last_error": None,
        }
        self.sent[sent["id"]] = sent
        return sent

    def replay(
        self, subscription_id: str, *, partner: str | None, actor: str, after: int | None, since: datetime | None
    ) -> Json:
        """Queue nothing: there is no stream."""
        self.subscription(subscription_id, partner=partner)
        self.asked = {"actor": actor, "after": after, "since": since}
        return {"queued": 0, "after": after or 0, "upto": 0}

    def deliveries(
        self, subscription_id: str, *, partner: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return what was sent to it: always the whole, for *cursor* is never given out."""
        assert cursor is None
        self.subscription(subscription_id, partner=partner)
        found = [one for one in self.sent.values() if one["subscription"] == subscription_id]
        return {"items": [one for one in found if state in (None, one["state"])][:limit], "next": None}

    def delivery(self, delivery_id: str, *, partner: str | None = None) -> Json:
        """Return one with its only try."""
        found = self.sent.get(delivery_id)
        if found is None:
            raise NotFound(f"there is no delivery {delivery_id}")
        self.subscription(found["subscription"], partner=partner)
        tried = {"delivery_id": delivery_id, "number": 1, "at": found["created_at"], "seconds": 0.01, "status": 204}
        return {**found, "tries": [{**tried, "error": None, "answer": ""}]}

    def retry(self, delivery_id: str, *, partner: str | None = None) -> Json:
        """Return it."""
        found = self.delivery(delivery_id, partner=partner)
        del found["tries"]
        return found
