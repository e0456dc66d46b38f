"""Alerts of what goes stale or does not add up: one a cause, logged when opened and when healed (issue 2, part 4)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from structlog.testing import capture_logs

from core.store.alerts import open_alerts
from core.store.tables.intake import sources
from gateway.service.watch import STALE_SECONDS, Watch
from gateway.wiring import Gateway, open_gateway


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    gateway = open_gateway(home, "serve")
    yield gateway
    gateway.close()


def put_source(gateway: Gateway, *, seconds_ago: float, settled: bool, documents: int = 1) -> None:
    gateway.store.write(
        lambda tx: tx.execute(
            insert(sources).values(
                id=7, sha256="0" * 64, size=1, channel="ED", transport="folder", origin="a.edi",
                received_at=gateway.clock.now() - timedelta(seconds=seconds_ago), decoder="edifact",
                documents=documents, settled=settled,
            )
        )
    )  # fmt: skip


def kinds(gateway: Gateway) -> list[str]:
    return [row["kind"] for row in gateway.store.read(open_alerts)]


def test_a_source_that_nobody_judges_is_an_alert_until_it_is_judged(gateway: Gateway) -> None:
    watch = Watch(gateway)
    put_source(gateway, seconds_ago=STALE_SECONDS + 1, settled=False)
    watch.look_for_stale()
    watch.look_for_stale()
    assert kinds(gateway) == ["intake.stale"]
    with capture_logs() as told:
        watch.tell()
        watch.tell()
    assert [(entry["event"], entry["kind"]) for entry in told] == [("alert", "intake.stale")]
    gateway.store.write(lambda tx: tx.execute(update(sources).values(settled=True)))
    watch.look_for_stale()
    assert kinds(gateway) == []
    with capture_logs() as told:
        watch.tell()
    assert [(entry["event"], entry["kind"]) for entry in told] == [("alert closed", "intake.stale")]


def test_a_source_within_its_time_is_no_alert(gateway: Gateway) -> None:
    put_source(gateway, seconds_ago=STALE_SECONDS - 60, settled=False)
    Watch(gateway).look_for_stale()
    assert kinds(gateway) == []


def test_documents_that_do_not_add_up_are_an_alert_until_they_do(gateway: Gateway) -> None:
    watch = Watch(gateway)
    watch.reconcile()
    assert kinds(gateway) == []
    put_source(gateway, seconds_ago=1, settled=True, documents=2)
    watch.reconcile()
    assert kinds(gateway) == ["reconciliation.unexplained"]
    gateway.store.write(lambda tx: tx.execute(update(sources).values(documents=0)))
    watch.reconcile()
    assert kinds(gateway) == []
