# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject health."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.shapes import Alive, Ready


class HealthCalls(Caller):
    """The operations of the subject health."""

    def live(self) -> Alive:
        """The process runs and its loop answers. Says nothing of the store: a restart would not heal it.

        ``GET /health/live``, open to everyone.
        """
        return self._one(Alive, "GET", "/health/live")

    def ready(self) -> Ready:
        """Store, folders and dispatcher can take work; 503 names the part that cannot.

        ``GET /health/ready``, open to everyone.
        """
        return self._one(Ready, "GET", "/health/ready")

    def start(self) -> Ready:
        """Start-up is over: migrations ran and interrupted work was found again.

        ``GET /health/start``, open to everyone.
        """
        return self._one(Ready, "GET", "/health/start")
