# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject subscriptions."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    DeliveryShape,
    DeliveryWithTriesShape,
    EventTypeShape,
    ReplayShape,
    RotateRequest,
    SecretShape,
    SubscriptionChange,
    SubscriptionReplayRequest,
    SubscriptionRequest,
    SubscriptionShape,
)
from gateway.client.values import segment


class SubscriptionsCalls(Caller):
    """The operations of the subject subscriptions."""

    def event_types(self) -> Page[EventTypeShape]:
        """Every event that the stream and subscriptions tell, with what it means.

        ``GET /api/v1/event-types``, scope ``read``.
        """
        return self._page(EventTypeShape, "/api/v1/event-types")

    def subscribe(self, body: SubscriptionRequest, *, idempotency_key: str | None = None) -> SecretShape:
        """Have events sent to an address, from now on.

        Each is a CloudEvent, signed as Standard Webhooks has it with the secret of this answer, which is shown this
        once. Facts of one order come in their order; what cannot be delivered is tried again for a day.

        ``POST /api/v1/subscriptions``, scope ``operate``.
        """
        return self._one(SecretShape, "POST", "/api/v1/subscriptions", body=body, idempotency_key=idempotency_key)

    def subscriptions(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        state: Literal["active", "paused", "disabled"] | None = None,
    ) -> Page[SubscriptionShape]:
        """Subscriptions, the oldest first, with how many deliveries are in which state.

        ``GET /api/v1/subscriptions``, scope ``operate``.
        """
        return self._page(
            SubscriptionShape,
            "/api/v1/subscriptions",
            query={"cursor": cursor, "limit": limit, "partner": partner, "state": state},
        )

    def subscription(self, subscription: str) -> SubscriptionShape:
        """One subscription; its ETag is wanted by whoever changes it.

        ``GET /api/v1/subscriptions/{subscription}``, scope ``operate``.
        """
        return self._one(SubscriptionShape, "GET", segment("/api/v1/subscriptions/{}", subscription))

    def change_subscription(self, subscription: str, body: SubscriptionChange, *, if_match: str) -> SubscriptionShape:
        """Set what is named; ``state`` pauses it, or has it go on where it stopped. Needs If-Match.

        ``PATCH /api/v1/subscriptions/{subscription}``, scope ``operate``.
        """
        return self._one(
            SubscriptionShape,
            "PATCH",
            segment("/api/v1/subscriptions/{}", subscription),
            body=body,
            if_match=if_match,
        )

    def end_subscription(self, subscription: str, *, if_match: str) -> None:
        """Tell it nothing any more. Needs If-Match.

        ``DELETE /api/v1/subscriptions/{subscription}``, scope ``operate``.
        """
        self._nothing("DELETE", segment("/api/v1/subscriptions/{}", subscription), if_match=if_match)

    def rotate_secret(
        self,
        subscription: str,
        body: RotateRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> SecretShape:
        """A new secret, shown this once; for the overlap each message carries a signature by both.

        ``POST /api/v1/subscriptions/{subscription}/rotate``, scope ``operate``.
        """
        return self._one(
            SecretShape,
            "POST",
            segment("/api/v1/subscriptions/{}/rotate", subscription),
            body=body,
            idempotency_key=idempotency_key,
        )

    def test_subscription(self, subscription: str, *, idempotency_key: str | None = None) -> DeliveryShape:
        """Send a test message; the delivery that is answered tells what came of it.

        ``POST /api/v1/subscriptions/{subscription}/test``, scope ``operate``.
        """
        return self._one(
            DeliveryShape,
            "POST",
            segment("/api/v1/subscriptions/{}/test", subscription),
            idempotency_key=idempotency_key,
        )

    def replay_events(
        self,
        subscription: str,
        body: SubscriptionReplayRequest | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> ReplayShape:
        """Send once more what the stream has after a position or since an instant, up to now.

        The messages have new ids and name the same events.

        ``POST /api/v1/subscriptions/{subscription}/replay``, scope ``operate``.
        """
        return self._one(
            ReplayShape,
            "POST",
            segment("/api/v1/subscriptions/{}/replay", subscription),
            body=body,
            idempotency_key=idempotency_key,
        )

    def deliveries(
        self,
        subscription: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["queued", "attempting", "delivered", "dead", "dropped"] | None = None,
    ) -> Page[DeliveryShape]:
        """What was sent and what waits, the latest first; dead ones were given up.

        ``GET /api/v1/subscriptions/{subscription}/deliveries``, scope ``operate``.
        """
        return self._page(
            DeliveryShape,
            segment("/api/v1/subscriptions/{}/deliveries", subscription),
            query={"cursor": cursor, "limit": limit, "state": state},
        )

    def delivery(self, delivery: str) -> DeliveryWithTriesShape:
        """One delivery with every try: when, how long, and what came back.

        ``GET /api/v1/deliveries/{delivery}``, scope ``operate``.
        """
        return self._one(DeliveryWithTriesShape, "GET", segment("/api/v1/deliveries/{}", delivery))

    def retry_delivery(self, delivery: str, *, idempotency_key: str | None = None) -> DeliveryShape:
        """Send one once more, under the same id.

        ``POST /api/v1/deliveries/{delivery}/retry``, scope ``operate``.
        """
        return self._one(
            DeliveryShape,
            "POST",
            segment("/api/v1/deliveries/{}/retry", delivery),
            idempotency_key=idempotency_key,
        )
