"""The composition root: what is built for a process, and how processes know each other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import HomeInvalid, NotFound
from core.store.clock import keep_clock_offset
from core.store.tables.messaging import workers
from gateway import demo
from gateway.settings import Settings
from gateway.wiring import READER, Gateway, open_gateway, plausible_dates


def registered(gateway: Gateway) -> int:
    return gateway.store.read(lambda tx: tx.execute(select(func.count()).select_from(workers)).scalar_one())


def clean(gateway: Gateway) -> bytes:
    return next(content for name, content in demo.orders(gateway.clock.now()).items() if "clean" in name)


def test_every_process_has_a_number_of_its_own_and_its_ids_carry_it(gateway: Gateway, home: Path) -> None:
    other = open_gateway(home, "cli")
    try:
        assert 0 < gateway.worker_id != other.worker_id > 0
        assert other.store.ids.next() >> 12 & 1023 == other.worker_id
        assert gateway.alive(gateway.owner)
        assert gateway.alive(other.owner)
    finally:
        other.close()
    assert not gateway.alive(other.owner)  # it left
    assert registered(gateway) == 1


@pytest.mark.parametrize("owner", ["w999-123", "somebody", "", "w-1", "1"])
def test_an_owner_that_nobody_knows_is_not_alive(gateway: Gateway, owner: str) -> None:
    assert not gateway.alive(owner)


def test_a_process_number_is_not_enough_to_be_alive(gateway: Gateway) -> None:
    assert not gateway.alive(f"w{gateway.worker_id}-the one before")


def test_a_reader_writes_nothing(home: Path) -> None:
    with closing(sqlite3.connect(home / "ordergate.db")) as connection:
        before = connection.execute("SELECT count(*) FROM workers").fetchone()
    reader = open_gateway(home, READER)
    body, code = reader.check("a.edi", clean(reader))
    assert (code, body["interchanges"][0]["messages"][0]["verdict"]) == (0, "accepted")
    assert (reader.worker_id, registered(reader)) == (0, before[0])
    reader.close()


def test_the_clock_stands_where_the_sandbox_left_it(gateway: Gateway, home: Path) -> None:
    week = 7 * 86_400
    gateway.store.write(lambda tx: keep_clock_offset(tx, gateway.clock.offset.__class__(seconds=week)))
    other = open_gateway(home, "cli")
    assert (other.clock.now() - gateway.clock.now()).total_seconds() == pytest.approx(week, abs=60)
    other.close()


def test_partners_by_code(gateway: Gateway) -> None:
    assert gateway.partner_id(None) is None
    assert gateway.partner_id("ALPINA")
    with pytest.raises(NotFound, match="there is no partner NOBODY"):
        gateway.partner_id("NOBODY")


def test_from_file_to_folder_and_evidence(gateway: Gateway, home: Path) -> None:
    body, code = gateway.ingest([("a.edi", clean(gateway))])
    assert (code, body["accepted"]) == (0, 1)
    out = sorted(path.name for path in (home / "folders" / "ALPINA" / "out").iterdir())
    assert out == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]
    assert gateway.reconcile()["unexplained"] == 0
    verified = gateway.audit_verify()
    assert (verified["ok"], verified["unsealed"]) == (True, 4)
    gateway.beat()
    beats = gateway.store.read(lambda tx: tx.execute(select(workers.c.heartbeat_at)).scalar_one())
    assert beats > 0


def test_what_is_no_home_is_told(tmp_path: Path) -> None:
    with pytest.raises(HomeInvalid):
        open_gateway(tmp_path, "cli")


def test_the_settings_say_which_dates_are_meant() -> None:
    dates = plausible_dates(Settings.model_validate({"intake": {"max_ahead_days": 5}}))
    assert (dates.max_ahead_days, dates.max_age_days, dates.max_requested_years) == (5, 400, 5)
