"""Every metric of the gateway, in one place and in a registry of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from core.paper.work import Taken
from core.store.backlog import Backlog
from core.store.papers import CHANNEL
from gateway import __version__

#: from "no wait" to "somebody should look": seconds
_INTAKE_BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_IMPORT_STATES: Final = ("queued", "reading", "placing", "paused")
_STATES: Final = ("queued", "attempting", "outcome_unknown", "failed")
_OF_STORE: Final = ("platform", "store")


class Telemetry:
    """The metrics of one running gateway; counters are touched where things happen, gauges by :meth:`observe`."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("ordergate_build", "Version of the gateway", registry=registry).info({"version": __version__})
        self.documents = Counter(
            "ordergate_documents",
            "Documents by outcome (accepted, changed, rejected, duplicate, parked, waiting)",
            ("outcome", "channel"),
            registry=registry,
        )
        self.intake_seconds = Histogram(
            "ordergate_intake_seconds",
            "From the claim of a source to the commit of its last document",
            ("transport",),
            buckets=_INTAKE_BUCKETS,
            registry=registry,
        )
        self.refused_calls = Counter(
            "ordergate_refused_calls", "Calls of the HTTP door that were refused, by code", ("code",), registry=registry
        )
        self.mails = Counter(
            "ordergate_mails",
            "Mails at each door (smtp_in, imap), by result: kept, too_large, or the SMTP code of the refusal",
            ("door", "result"),
            registry=registry,
        )
        self.sources_unsettled = Gauge(
            "ordergate_sources_unsettled", "Sources with documents that have no outcome yet", registry=registry
        )
        self.outbox_rows = Gauge("ordergate_outbox_rows", "Messages that wait to be rendered", registry=registry)
        self.outbox_oldest_seconds = Gauge(
            "ordergate_outbox_oldest_seconds", "Age of the oldest message that waits to be rendered", registry=registry
        )
        self.transmissions = Gauge(
            "ordergate_transmissions",
            "Documents that are not with the other side, by state (queued, attempting, outcome_unknown, failed)",
            ("state",),
            registry=registry,
        )
        self.transmission_oldest_seconds = Gauge(
            "ordergate_transmission_oldest_seconds", "How long the most overdue document waits to go", registry=registry
        )
        self.alerts_open = Gauge("ordergate_alerts_open", "Open alerts by kind", ("kind",), registry=registry)
        self.timers_due = Gauge("ordergate_timers_due", "Deadlines that are due and not handled", registry=registry)
        self.shop_webhooks = Counter(
            "ordergate_shop_webhooks",
            "Webhooks that came, by result (kept, repeated, ping, or the code of the refusal); no names: not our store",
            (*_OF_STORE, "result"),
            registry=registry,
        )
        self.shop_work = Counter(
            "ordergate_shop_work",
            "Webhooks that were worked on, by result (outcome of a document, or ignored, fetching, retried, failed)",
            (*_OF_STORE, "result"),
            registry=registry,
        )
        self.shop_calls = Counter(
            "ordergate_shop_calls",
            "Tries to reach stores, by kind (news, fetch) and result (done, nothing to do, retried, dead)",
            (*_OF_STORE, "kind", "result"),
            registry=registry,
        )
        self.shop_deliveries = Gauge(
            "ordergate_shop_deliveries",
            "Webhooks of stores that are not done, by state (queued, fetching, failed)",
            ("state",),
            registry=registry,
        )
        self.shop_deliveries_oldest_seconds = Gauge(
            "ordergate_shop_deliveries_oldest_seconds",
            "Age of the oldest webhook that is to be worked on, or whose order is to be fetched",
            registry=registry,
        )
        self.shop_news = Gauge(
            "ordergate_shop_news",
            "News of orders that stores were not told, by state (queued, attempting, dead)",
            ("state",),
            registry=registry,
        )
        self.shop_news_oldest_seconds = Gauge(
            "ordergate_shop_news_oldest_seconds", "Age of the oldest news that a store is to be told", registry=registry
        )
        self.event_deliveries = Gauge(
            "ordergate_event_deliveries",
            "Events that subscribers were not told, by state (queued, attempting, dead)",
            ("state",),
            registry=registry,
        )
        self.event_deliveries_oldest_seconds = Gauge(
            "ordergate_event_deliveries_oldest_seconds",
            "Age of the oldest event that a subscriber is to be told",
            registry=registry,
        )
        self.imports = Gauge(
            "ordergate_imports", "Files of orders that have not ended, by state", ("state",), registry=registry
        )
        self.import_still_seconds = Gauge(
            "ordergate_import_still_seconds", "How long nothing happened to an import at work", registry=registry
        )
        self.import_orders = Counter(
            "ordergate_import_orders", "Orders of files, by what became of them", ("status",), registry=registry
        )
        self.papers = Gauge(
            "ordergate_papers",
            "Mails and faxes that are not read, by state (received, reading, failed)",
            ("state",),
            registry=registry,
        )
        self.papers_read_again = Counter(
            "ordergate_papers_read_again",
            "Parts that were read a second time, by whether that was surer (taken), not (left), or failed",
            ("result",),
            registry=registry,
        )
        self.papers_oldest_seconds = Gauge(
            "ordergate_papers_oldest_seconds", "Age of the oldest mail or fax that waits to be read", registry=registry
        )
        self.events_unsealed = Gauge(
            "ordergate_events_unsealed", "Events that the audit chain does not cover yet", registry=registry
        )
        self.workers = Gauge(
            "ordergate_workers", "Registered processes by life (alive, dead)", ("life",), registry=registry
        )
        self.folder_waiting_seconds = Gauge(
            "ordergate_folder_waiting_seconds",
            "Age of the oldest file in a partner's in folder",
            ("partner",),
            registry=registry,
        )

    def count_import_orders(self, statuses: Iterable[str]) -> None:
        """Count what became of orders of files."""
        for status in statuses:
            self.import_orders.labels(status).inc()

    def count_paper(self, transport: str, taken: Taken, seconds: float) -> None:
        """Count what became of a source by mail or fax, and how long that took from its claim."""
        self.intake_seconds.labels(transport).observe(seconds)
        for outcome in taken.outcomes:
            self.documents.labels(outcome, CHANNEL).inc()
        for result, count in taken.read_again.items():
            self.papers_read_again.labels(result).inc(count)

    def observe(self, backlog: Backlog) -> None:
        """Set the gauges of what waits in the database."""
        self.sources_unsettled.set(backlog.sources_unsettled)
        self.outbox_rows.set(backlog.outbox_rows)
        self.outbox_oldest_seconds.set(backlog.outbox_oldest_seconds)
        for state in _STATES:
            self.transmissions.labels(state).set(backlog.transmissions.get(state, 0))
        self.transmission_oldest_seconds.set(backlog.transmission_oldest_seconds)
        self.alerts_open.clear()  # a kind that healed must not keep its last number
        for kind, count in backlog.alerts.items():
            self.alerts_open.labels(kind).set(count)
        self.timers_due.set(backlog.timers_due)
        for gauge, oldest, waiting in (
            (self.shop_deliveries, self.shop_deliveries_oldest_seconds, backlog.shop_deliveries),
            (self.shop_news, self.shop_news_oldest_seconds, backlog.shop_news),
            (self.event_deliveries, self.event_deliveries_oldest_seconds, backlog.event_deliveries),
            (self.papers, self.papers_oldest_seconds, backlog.papers),
        ):
            for state, count in waiting.states.items():
                gauge.labels(state).set(count)
            oldest.set(waiting.oldest_seconds)
        for state in _IMPORT_STATES:
            self.imports.labels(state).set(backlog.imports.get(state, 0))
        self.import_still_seconds.set(backlog.import_still_seconds)
        self.events_unsealed.set(backlog.events_unsealed)
        self.workers.labels("alive").set(backlog.workers_alive)
        self.workers.labels("dead").set(backlog.workers_dead)

    def render(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        return generate_latest(self.registry)
