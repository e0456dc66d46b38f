# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject sandbox."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.shapes import ClockRequest, ClockShape


class SandboxCalls(Caller):
    """The operations of the subject sandbox."""

    def advance_clock(self, body: ClockRequest, *, idempotency_key: str | None = None) -> ClockShape:
        """Move the clock and run what became due, step by step; answers when all is idle again.

        ``POST /api/v1/sandbox/clock``, scope ``admin``.
        """
        return self._one(ClockShape, "POST", "/api/v1/sandbox/clock", body=body, idempotency_key=idempotency_key)
