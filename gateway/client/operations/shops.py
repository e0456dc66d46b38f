# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject shops."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import RetellRequest, RetryRequest, ShopDeliveryShape, ShopNewsShape
from gateway.client.values import segment


class ShopsCalls(Caller):
    """The operations of the subject shops."""

    def shop_news(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["queued", "attempting", "told", "nothing", "dead"] | None = None,
        order: str | None = None,
    ) -> Page[ShopNewsShape]:
        """What shops were told and are still to be told, the latest first; dead ones were given up.

        ``GET /api/v1/shops/news``, scope ``operate``.
        """
        return self._page(
            ShopNewsShape,
            "/api/v1/shops/news",
            query={"cursor": cursor, "limit": limit, "state": state, "order": order},
        )

    def retry_shop_news(self, news: str, body: RetellRequest, *, idempotency_key: str | None = None) -> ShopNewsShape:
        """Tell a shop again what was given up; it is asked first what it has, so nothing is told twice.

        ``POST /api/v1/shops/news/{news}/retry``, scope ``operate``.
        """
        return self._one(
            ShopNewsShape,
            "POST",
            segment("/api/v1/shops/news/{}/retry", news),
            body=body,
            idempotency_key=idempotency_key,
        )

    def shop_deliveries(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["queued", "fetching", "done", "ignored", "failed"] | None = None,
        store: str | None = None,
    ) -> Page[ShopDeliveryShape]:
        """Webhooks that were taken, the latest first, each with what it did.

        `failed` ones wait for a person: `problem` says why. Their bodies are those of their documents.

        ``GET /api/v1/shops/deliveries``, scope ``operate``.
        """
        return self._page(
            ShopDeliveryShape,
            "/api/v1/shops/deliveries",
            query={"cursor": cursor, "limit": limit, "state": state, "store": store},
        )

    def shop_delivery(self, delivery: str) -> ShopDeliveryShape:
        """One webhook that was taken.

        ``GET /api/v1/shops/deliveries/{delivery}``, scope ``operate``.
        """
        return self._one(ShopDeliveryShape, "GET", segment("/api/v1/shops/deliveries/{}", delivery))

    def retry_shop_delivery(
        self,
        delivery: str,
        body: RetryRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ShopDeliveryShape:
        """Work on one again that failed or was passed over, once its cause is gone.

        ``POST /api/v1/shops/deliveries/{delivery}/retry``, scope ``operate``.
        """
        return self._one(
            ShopDeliveryShape,
            "POST",
            segment("/api/v1/shops/deliveries/{}/retry", delivery),
            body=body,
            idempotency_key=idempotency_key,
        )
