"""Mail at a gateway that serves: kept as a source that waits to be read, counted, and one alert while it is not."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import StorageFull
from core.store import intake, papers
from core.store.alerts import open_alerts, raise_alert
from core.store.tables.papers import paper_sources
from gateway.paper.door import PaperDoor
from gateway.service.mail_doors import MAIL_STOPPED, MailDoors
from gateway.telemetry import Telemetry
from gateway.wiring import Gateway, open_gateway

ORDERS = "orders@us.example"
MAIL = b"From: ada@alpina.example\r\nMessage-ID: <7@alpina.example>\r\nSubject: order\r\n\r\nten of A-1\r\n"
DIES = Path(__file__).parents[1] / "transports" / "smtp_in" / "dies_before_answering.py"


def send(port: int, content: bytes = MAIL) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail("ada@alpina.example", [ORDERS], content)


@pytest.fixture
def smtp_home(home: Path) -> Path:
    settings = home / "ordergate.toml"
    settings.write_text(f'{settings.read_text("utf-8")}\n[smtp_in]\nport = 0\nmail_to = "{ORDERS}"\n', "utf-8")
    return home


@contextmanager
def serving(home: Path, telemetry: Telemetry) -> Iterator[tuple[Gateway, int]]:
    gateway = open_gateway(home, "serve")
    doors = MailDoors(gateway, telemetry, wake=lambda: None)
    (address,) = doors.open()
    try:
        yield gateway, int(address.rpartition(":")[2])
    finally:
        doors.close()
        gateway.close()


def states(gateway: Gateway) -> dict[str, int]:
    return dict(Counter(gateway.store.read(lambda tx: list(tx.execute(select(paper_sources.c.state)).scalars()))))


def alerts(gateway: Gateway) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["subject"], row["message"]) for row in gateway.store.read(open_alerts)]


def test_a_home_without_the_section_opens_no_door(gateway: Gateway) -> None:
    doors = MailDoors(gateway, Telemetry(), wake=lambda: None)
    assert doors.open() == []
    doors.close()


def test_a_mail_is_a_source_of_mf_and_the_same_one_again_is_that_source(smtp_home: Path) -> None:
    telemetry = Telemetry()
    with serving(smtp_home, telemetry) as (gateway, port):
        gateway.store.write(lambda tx: raise_alert(tx, MAIL_STOPPED, "smtp_in", "of before", at=gateway.clock.now()))
        send(port)
        send(port)
        assert states(gateway) == {"received": 1}
        row = gateway.store.write(lambda tx: papers.claim_due(tx, gateway.clock.now(), gateway.worker_id))
        assert row is not None
        assert (row.transport, row.name) == ("mail", "7@alpina.example.eml")
        assert gateway.blobs.get(row.sha256).endswith(MAIL)
        source = gateway.store.read(lambda tx: intake.source(tx, row.id))
        assert source["channel"] == "MF"
        assert alerts(gateway) == [], "what was left open by the process before is closed by the first mail"
        send(port, MAIL.replace(b"ten", b"six"))
        assert states(gateway) == {"received": 1, "reading": 1}
    assert b'ordergate_mails_total{door="smtp_in",result="kept"} 3.0' in telemetry.render()


def test_while_nothing_can_be_kept_there_is_one_alert(smtp_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_words: object) -> int:
        raise StorageFull("the disk is full")

    telemetry = Telemetry()
    with monkeypatch.context() as patched:
        patched.setattr(PaperDoor, "keep", full)
        broken = serving(smtp_home, telemetry)
        gateway, port = broken.__enter__()
        for _ in range(2):
            with pytest.raises(smtplib.SMTPDataError, match="452"):
                send(port)
        assert alerts(gateway) == [(MAIL_STOPPED, "smtp_in", "mail is not taken by smtp_in: the disk is full")]
        broken.__exit__(None, None, None)
    with serving(smtp_home, telemetry) as (gateway, port):
        send(port)
        assert alerts(gateway) == []
    assert b'ordergate_mails_total{door="smtp_in",result="452"} 2.0' in telemetry.render()


def test_a_sender_that_got_no_answer_sends_again_and_there_is_one_source(smtp_home: Path) -> None:
    """Issue 6, part 1: SIGKILL after the commit, before the 250."""
    with subprocess.Popen([sys.executable, str(DIES), str(smtp_home)], stdout=subprocess.PIPE, text=True) as dying:
        assert dying.stdout is not None
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(int(dying.stdout.readline().rpartition(":")[2]))
        assert dying.wait(20) == -9
    with serving(smtp_home, Telemetry()) as (gateway, port):
        assert states(gateway) == {"received": 1}
        send(port)
        assert states(gateway) == {"received": 1}


def test_a_mailbox_that_does_not_answer_is_one_alert_and_stops_nothing_else(smtp_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = smtp_home / "ordergate.toml"
    more = f'[imap]\nhost = "127.0.0.1"\nport = {port}\nuser = "orders"\ntls = "none"\n'
    settings.write_text(f"{settings.read_text('utf-8')}\n{more}", "utf-8")
    with serving(smtp_home, Telemetry()) as (gateway, smtp_port):
        send(smtp_port)
        pause = threading.Event()
        while not (told := alerts(gateway)):
            pause.wait(0.02)
        assert [(kind, subject) for kind, subject, _ in told] == [(MAIL_STOPPED, "imap")]
        assert f"127.0.0.1:{port} broke off" in told[0][2]
        assert states(gateway) == {"received": 1}
