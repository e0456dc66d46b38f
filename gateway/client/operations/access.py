# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject access."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import KeyShape, RefusedCallsShape
from gateway.client.values import segment


class AccessCalls(Caller):
    """The operations of the subject access."""

    def keys(self, *, cursor: str | None = None, limit: int | None = None) -> Page[KeyShape]:
        """API keys, the oldest first: whose they are, what they may do, when they expire and were last used.

        ``GET /api/v1/keys``, scope ``admin``.
        """
        return self._page(KeyShape, "/api/v1/keys", query={"cursor": cursor, "limit": limit})

    def revoke_key(self, prefix: str, *, idempotency_key: str | None = None) -> KeyShape:
        """Close a key for good, at once and everywhere.

        ``POST /api/v1/keys/{prefix}/revoke``, scope ``admin``.
        """
        return self._one(KeyShape, "POST", segment("/api/v1/keys/{}/revoke", prefix), idempotency_key=idempotency_key)

    def refused_calls(self, *, cursor: str | None = None, limit: int | None = None) -> Page[RefusedCallsShape]:
        """Calls that were refused.

        Without a good key, beyond a key's rights, rate or partner; by the hour, newest first

        They are counted by code, key, address, method and path, kept for 90 days, and at most 1,000 rows an hour: what
        comes beyond is counted by its code alone. A count is there a second after the call.

        ``GET /api/v1/audit/refusals``, scope ``admin``.
        """
        return self._page(RefusedCallsShape, "/api/v1/audit/refusals", query={"cursor": cursor, "limit": limit})
