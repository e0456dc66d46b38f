"""``ordergate alerts``: listed, closed by a person, and a sink that is tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.store.alerts import raise_alert
from core.testing.trade import MONDAY
from gateway.cli.sessions import opened_desk

Run = Callable[..., Any]
SINKS = """
[[alert_sinks]]
name = "on-call"
kind = "mail"
to = ["ada@us.example"]

[[alert_sinks]]
name = "nobody"
kind = "webhook"
url = "http://127.0.0.1:1/alerts"
secret = "c2VjcmV0"
"""


@pytest.fixture
def told_home(home: Path) -> Path:
    settings = home / "ordergate.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SINKS, encoding="utf-8")
    with opened_desk(home) as desk:
        desk.store.write(lambda tx: raise_alert(tx, "file.refused", "a.edi", "too big", at=MONDAY))
    return home


def test_an_alert_is_listed_and_closed(run: Run, told_home: Path) -> None:
    at = ("--home", told_home)
    (alert,) = run("alerts", "list", *at, "--json").json["items"]
    assert "a.edi" in run("alerts", "list", "--kind", "file.", *at).out
    assert run("alerts", "close", alert["id"], "--reason", "a new file came", *at).err == "file.refused a.edi: closed\n"
    assert "No alert is open" in "".join(run("alerts", "list", *at)[1:])
    assert (
        run("alerts", "list", "--state", "closed", *at, "--json").json["items"][0]["close_reason"] == "a new file came"
    )
    assert "closed already" in run("alerts", "close", alert["id"], "--reason", "again", *at).err


def test_a_sink_is_tried_and_one_that_is_not_reached_is_told(run: Run, told_home: Path) -> None:
    at = ("--home", told_home)
    assert run("alerts", "test-sink", "on-call", *at).err == "on-call: sent\n"
    assert b"Subject: Test of this alert sink" in next((told_home / "mail" / "out").iterdir()).read_bytes()
    failed = run("alerts", "test-sink", "nobody", *at)
    assert failed.code != 0
    assert "nobody was not reached" in failed.err
    assert "there is no alert sink ops" in run("alerts", "test-sink", "ops", *at).err
