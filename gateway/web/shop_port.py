"""What the web needs of the stores: the door of their webhooks, and what came through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

Json = dict[str, Any]

#: what became of a webhook: kept to be worked on, known already, or nothing but a greeting
Taken = Literal["kept", "repeated", "ping"]


class HookDoor(Protocol):
    """Takes webhooks, :class:`gateway.shops.door.HookDoor`."""

    async def take(self, platform: str, store: str, headers: Mapping[str, str], body: bytes) -> Taken:
        """Keep a delivery whose signature holds, durably, and say what it is; *headers* in lower case.

        Raises:
            SignatureRefused: no such store, or no secret of its own has signed this.
            ShopNotReady: the secret of the store is not set.
            ValueRefused: signed, but no delivery.
            StoreUnavailable, StorageFull: it could not be kept; the platform tries again.
        """
        ...


class DeliveryDesk(Protocol):
    """Tells what stores delivered, :class:`gateway.shops.deliveries.DeliveryDesk`; it blocks."""

    def deliveries(self, *, state: str | None, store: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of deliveries, the latest first."""
        ...

    def delivery(self, delivery_id: str) -> Json:
        """Return one.

        Raises:
            NotFound: there is none, here and below.
        """
        ...

    def retry(self, delivery_id: str, *, actor: str, reason: str) -> Json:
        """Work on one again that failed or was passed over, and return it.

        Raises:
            Conflict: it is under way, or done.
        """
        ...
