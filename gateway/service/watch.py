"""Watches what should not be: what goes stale or does not add up becomes an alert, and every alert a log line."""

from __future__ import annotations

from typing import Final

import structlog

from core.reporting import views
from core.store import alerts
from core.store import intake as rows
from core.store.backlog import look
from core.store.engine import Tx
from gateway.wiring import Gateway

_log = structlog.get_logger(__name__)

#: what waits for longer than this, to be judged or to leave, is stuck: both take milliseconds
STALE_SECONDS: Final = 300.0


class Watch:
    """The eyes of one process; alerts themselves are shared through the database, one a cause."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._open: dict[int, str] = {}

    def tell(self) -> None:
        """Log each alert that was opened, and each that was closed, since the last look."""
        found = {row["id"]: row for row in self._gateway.store.read(alerts.open_alerts)}
        for alert_id, row in found.items():
            if alert_id not in self._open:
                _log.warning(
                    "alert", kind=row["kind"], subject=row["subject"], partner=row["partner"], message=row["message"]
                )
        for alert_id, kind in self._open.items():
            if alert_id not in found:
                _log.info("alert closed", kind=kind)
        self._open = {alert_id: row["kind"] for alert_id, row in found.items()}

    def look_for_stale(self) -> None:
        """Raise or close the alerts of work that waits for too long."""
        store, now = self._gateway.store, self._gateway.clock.now()
        since, waiting = store.read(lambda tx: (rows.oldest_unsettled(tx), look(tx, now)))
        ages = (
            ("intake.stale", "a source is not judged to its end", (now - since).total_seconds() if since else 0.0),
            (
                "outbox.stale",
                "a reply does not leave",
                max(waiting.outbox_oldest_seconds, waiting.transmission_oldest_seconds),
            ),
            ("import.stale", "nothing happens to a file of orders", waiting.import_still_seconds),
        )
        for kind, words, age in ages:
            self._judge(kind, words if age > STALE_SECONDS else "", f"{words}; it waits for {age:.0f} s")

    def reconcile(self) -> None:
        """Raise or close the alert of documents that do not add up (invariant 1)."""
        unexplained = self._gateway.store.read(views.reconciliation)["unexplained"]
        words = f"{unexplained} documents are unexplained" if unexplained else ""
        self._judge("reconciliation.unexplained", words, f"{words}; `ordergate reconcile` counts them")

    def _judge(self, kind: str, wrong: str, message: str) -> None:
        subject = "ordergate"

        def is_open(tx: Tx) -> bool:
            return any(row["kind"] == kind for row in alerts.open_alerts(tx))

        store, now = self._gateway.store, self._gateway.clock.now()
        if wrong:
            store.write(lambda tx: alerts.raise_alert(tx, kind, subject, message, at=now))
        elif store.read(is_open):
            store.write(lambda tx: alerts.close_alert(tx, kind, subject, at=now))
