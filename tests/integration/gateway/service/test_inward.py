"""Files of the drop folders become sources; troubles of folders become alerts that heal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreUnavailable
from core.reporting import views
from core.store import papers
from core.store.alerts import open_alerts
from gateway import demo
from gateway.service.inward import Inward
from gateway.telemetry import Telemetry
from gateway.transports.folder import FolderTrouble
from gateway.wiring import Gateway


def until(condition: Callable[[], bool], seconds: float = 15) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return True
        pause.wait(0.02)
    return condition()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest.fixture
def inward(gateway: Gateway, telemetry: Telemetry, woken: list[str]) -> Iterator[Inward]:
    inward = Inward(gateway, telemetry, lambda: woken.append("woken"))
    inward.start()
    yield inward
    inward.stop()


def trouble(code: str = "folder.vanished") -> FolderTrouble:
    return FolderTrouble(code, "ALPINA", "in", "the folder is gone")


def test_a_dropped_file_is_taken_answered_and_put_away(
    gateway: Gateway, inward: Inward, telemetry: Telemetry, woken: list[str], home: Path
) -> None:
    folder = home / "folders" / "ALPINA"
    made = {name.rpartition("-")[2]: content for name, content in demo.orders(gateway.clock.now()).items()}
    (folder / "in" / "good.edi").write_bytes(made["clean.edi"])
    (folder / "in" / "bad.edi").write_bytes(made["off.edi"].replace(b"QTY+21:100", b"QTY+21:0"))
    assert until(lambda: [path.name for path in (folder / "done").iterdir()] == ["good.edi"])
    assert until(
        lambda: sorted(path.name for path in (folder / "error").iterdir()) == ["bad.edi", "bad.edi.reason.json"]
    )
    sent = sorted(path.name.partition("_")[0] for path in (folder / "out").iterdir())
    assert sent == ["CONTRL", "CONTRL", "ORDRSP"]
    told = telemetry.render().decode()
    assert 'ordergate_documents_total{channel="ED",outcome="accepted"} 1.0' in told
    assert 'ordergate_documents_total{channel="ED",outcome="rejected"} 1.0' in told
    assert woken
    assert gateway.reconcile()["unexplained"] == 0


def test_folders_are_watched_once(inward: Inward, home: Path) -> None:
    inward.add_partners()
    assert (home / "folders" / "ALPINA" / "in").is_dir()


def test_a_trouble_is_an_alert_until_it_heals(gateway: Gateway, inward: Inward, woken: list[str]) -> None:
    inward._alarm(trouble())
    ((kind, subject, partner),) = [
        (row["kind"], row["subject"], row["partner"]) for row in gateway.store.read(open_alerts)
    ]
    assert (kind, subject, partner) == ("folder.vanished", "ALPINA/in", "ALPINA")
    inward._heal(trouble())
    assert gateway.store.read(open_alerts) == []
    assert len(woken) >= 2


def test_an_alert_that_cannot_be_kept_is_logged_and_stops_nothing(
    gateway: Gateway, inward: Inward, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_work: Any) -> Any:
        raise StoreUnavailable

    monkeypatch.setattr(gateway.store, "write", locked)
    inward._alarm(trouble())
    monkeypatch.undo()
    assert "an alert could not be kept" in [entry["event"] for entry in logs]


def test_what_lies_in_the_inboxes_of_mail_and_fax_is_kept_and_put_away(
    gateway: Gateway, inward: Inward, woken: list[str], home: Path
) -> None:
    """Issue 6, part 1: the same code as for partners; each waits to be read by its own transport."""
    assert inward.transport.troubles() == []
    (home / "mail" / "in" / "a.eml").write_bytes(b"From: a@b.example\r\n\r\nHello")
    (home / "fax" / "in" / "b.pdf").write_bytes(b"%PDF-1.7")
    assert until(lambda: [path.name for path in (home / "mail" / "done").iterdir()] == ["a.eml"])
    assert until(lambda: [path.name for path in (home / "fax" / "done").iterdir()] == ["b.pdf"])
    claims = [gateway.store.write(lambda tx: papers.claim_due(tx, gateway.clock.now(), 1)) for _ in range(2)]
    assert sorted((one.transport, one.name, one.origin) for one in claims if one) == [
        ("fax", "b.pdf", "fax/in/b.pdf"), ("mail", "a.eml", "mail/in/a.eml"),
    ]  # fmt: skip
    assert gateway.store.read(views.reconciliation)["waiting"] == 2
    assert not woken, "it is read before there is anything to tell"
