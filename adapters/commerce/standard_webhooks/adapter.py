"""Standard Webhooks as the gateway takes it: ``ADAPTER``.

The body is what the specification recommends: ``type``, ``timestamp`` and ``data``, here an order in the default fields
of the generic channel. So an in-house shop needs a secret and no mapping; what differs can be mapped all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from adapters.commerce.generic.mapping import MappedOptions
from adapters.commerce.generic.storefront import MappedStorefront
from adapters.commerce.json_body import parse
from adapters.commerce.reading import Node
from adapters.commerce.signatures import PROFILES, SignatureProfile
from core.storefront import HookDelivery, SettingFault, StoreAccess


class StandardWebhooks(MappedStorefront):
    """A sender by Standard Webhooks (implements ``core.storefront.Storefront``)."""

    id: ClassVar[str] = "standard_webhooks"
    name: ClassVar[str] = "Standard Webhooks"

    def check(self, access: StoreAccess) -> Sequence[SettingFault]:
        """Return what is wrong with the settings: a signature of the store's own is, too."""
        chosen = (
            [SettingFault("signature", "Standard Webhooks leave no choice")] if "signature" in access.options else []
        )
        return [*chosen, *super().check(access)]

    def profile(self, options: MappedOptions) -> SignatureProfile:  # noqa: ARG002 - the specification leaves no choice
        """Return the signature of the specification."""
        return PROFILES[self.id]

    def delivered(self, delivery: HookDelivery, body: bytes, options: MappedOptions) -> HookDelivery:
        """Return the delivery with the type and the time that the body has."""
        at: datetime | None = Node(parse(body)[0], [])["timestamp"].instant()
        return super().delivered(delivery, body, options)._replace(at=at)


ADAPTER: Final = StandardWebhooks()
