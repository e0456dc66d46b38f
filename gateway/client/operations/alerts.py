# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject alerts."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import AlertShape, AlertSinkShape, CloseAlertRequest, SinkTestShape
from gateway.client.values import segment


class AlertsCalls(Caller):
    """The operations of the subject alerts."""

    def alerts(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["open", "closed"] | None = None,
        kind: str | None = None,
        partner: str | None = None,
    ) -> Page[AlertShape]:
        """Alerts, the latest opened first: one a cause while it lasts.

        ``GET /api/v1/alerts``, scope ``read``.
        """
        return self._page(
            AlertShape,
            "/api/v1/alerts",
            query={"cursor": cursor, "limit": limit, "state": state, "kind": kind, "partner": partner},
        )

    def close_alert(self, alert: str, body: CloseAlertRequest, *, idempotency_key: str | None = None) -> AlertShape:
        """Close one that a person has seen to, such as a file that was refused.

        Most close by themselves when their cause is gone; where it lasts, the next look opens another.

        ``POST /api/v1/alerts/{alert}/close``, scope ``operate``.
        """
        return self._one(
            AlertShape,
            "POST",
            segment("/api/v1/alerts/{}/close", alert),
            body=body,
            idempotency_key=idempotency_key,
        )

    def alert_sinks(self) -> Page[AlertSinkShape]:
        """Who is told of alerts, as the settings say.

        ``GET /api/v1/alert-sinks``, scope ``operate``.
        """
        return self._page(AlertSinkShape, "/api/v1/alert-sinks")

    def test_alert_sink(self, name: str, *, idempotency_key: str | None = None) -> SinkTestShape:
        """Send a message that tells of nothing, also in quiet hours.

        ``POST /api/v1/alert-sinks/{name}/test``, scope ``operate``.
        """
        return self._one(
            SinkTestShape,
            "POST",
            segment("/api/v1/alert-sinks/{}/test", name),
            idempotency_key=idempotency_key,
        )
