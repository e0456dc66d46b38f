"""Metrics: one registry a gateway, each metric explained, gauges that forget what healed."""

from __future__ import annotations

from core.store.backlog import Backlog, Waiting
from gateway.telemetry import Telemetry

NONE = Waiting({})
NOTHING = Backlog(0, 0, 0.0, {}, 0.0, {}, 0, NONE, NONE, NONE, NONE, {}, 0.0, 0, 1, 0)


def test_two_gateways_in_one_process_do_not_share_metrics() -> None:
    one, other = Telemetry(), Telemetry()
    one.documents.labels("accepted", "ED").inc(3)
    assert b'ordergate_documents_total{channel="ED",outcome="accepted"} 3.0' in one.render()
    assert b"accepted" not in other.render().replace(b"(accepted", b"")


def test_every_metric_has_our_name_and_says_what_it_means() -> None:
    metrics = [metric for metric in Telemetry().registry.collect() if not metric.name.startswith("process_")]
    assert len(metrics) > 12
    assert [metric.name for metric in metrics if not metric.name.startswith("ordergate_")] == []
    assert [metric.name for metric in metrics if len(metric.documentation) < 15] == []


def test_queues_of_shops_and_subscribers_are_shown_by_state_with_their_oldest() -> None:
    """Issue 5, part 3: what waits, what was given up, and for how long the first of it waits."""
    telemetry = Telemetry()
    waiting = Waiting({"queued": 3, "fetching": 0, "failed": 1}, 12.5)
    news = Waiting({"queued": 1, "attempting": 2, "dead": 4}, 60.0)
    telemetry.observe(NOTHING._replace(shop_deliveries=waiting, shop_news=news, event_deliveries=news))
    shown = telemetry.render()
    for line in (
        b'ordergate_shop_deliveries{state="queued"} 3.0',
        b'ordergate_shop_deliveries{state="failed"} 1.0',
        b"ordergate_shop_deliveries_oldest_seconds 12.5",
        b'ordergate_shop_news{state="dead"} 4.0',
        b"ordergate_shop_news_oldest_seconds 60.0",
        b'ordergate_event_deliveries{state="attempting"} 2.0',
        b"ordergate_event_deliveries_oldest_seconds 60.0",
    ):
        assert line in shown


def test_files_of_orders_are_shown_with_what_became_of_their_orders() -> None:
    """Issue 5, part 7."""
    telemetry = Telemetry()
    telemetry.count_import_orders(["placed", "refused", "placed"])
    telemetry.observe(NOTHING._replace(imports={"placing": 2}, import_still_seconds=7.5))
    shown = telemetry.render()
    for line in (
        b'ordergate_imports{state="placing"} 2.0',
        b'ordergate_imports{state="paused"} 0.0',
        b"ordergate_import_still_seconds 7.5",
        b'ordergate_import_orders_total{status="placed"} 2.0',
    ):
        assert line in shown


def test_gauges_show_the_backlog_and_forget_what_healed() -> None:
    telemetry = Telemetry()
    telemetry.observe(NOTHING._replace(outbox_rows=4, alerts={"partner.unknown": 2}, transmissions={"queued": 7}))
    shown = telemetry.render()
    assert b"ordergate_outbox_rows 4.0" in shown
    assert b'ordergate_alerts_open{kind="partner.unknown"} 2.0' in shown
    assert b'ordergate_transmissions{state="queued"} 7.0' in shown
    telemetry.observe(NOTHING)
    shown = telemetry.render()
    assert b"partner.unknown" not in shown
    assert b'ordergate_transmissions{state="queued"} 0.0' in shown
    assert b'ordergate_workers{life="alive"} 1.0' in shown
