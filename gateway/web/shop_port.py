"""What the web needs of the stores: the door of their webhooks, :class:`gateway.shops.door.HookDoor`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

#: what became of a webhook: kept to be worked on, known already, or nothing but a greeting
Taken = Literal["kept", "repeated", "ping"]


class HookDoor(Protocol):
    """Takes webhooks."""

    async def take(self, platform: str, store: str, headers: Mapping[str, str], body: bytes) -> Taken:
        """Keep a delivery whose signature holds, durably, and say what it is; *headers* in lower case.

        Raises:
            SignatureRefused: no such store, or no secret of its own has signed this.
            ShopNotReady: the secret of the store is not set.
            ValueRefused: signed, but no delivery.
            StoreUnavailable, StorageFull: it could not be kept; the platform tries again.
        """
        ...
