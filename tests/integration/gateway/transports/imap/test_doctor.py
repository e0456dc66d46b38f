"""``doctor`` logs in to the mailbox and leaves what lies there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dovecot import PASSWORD, USER, Dovecot, dovecot

from core.clock import SystemClock
from gateway.doctor import examine


@pytest.fixture
def imap_server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def test_the_mailbox_is_looked_into(imap_server: Dovecot, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imap_server.put(b"Subject: order\r\n\r\nten of A-1\r\n")
    settings = home / "ordergate.toml"
    port, trusted = imap_server.tls_port, imap_server.certificate
    more = f'[imap]\nhost = "127.0.0.1"\nport = {port}\nuser = "{USER}"\nca_file = "{trusted}"\n'
    settings.write_text(f"{settings.read_text('utf-8')}\n{more}", "utf-8")
    monkeypatch.setenv("ORDERGATE_IMAP__PASSWORD", PASSWORD)
    found = {finding.check: finding for finding in examine(home, SystemClock())}["imap"]
    assert found.state == "ok"
    assert found.detail == f"127.0.0.1:{port} tells of mails at once; 1 mails wait in INBOX"
    assert imap_server.count("INBOX") == 1
    monkeypatch.setenv("ORDERGATE_IMAP__PASSWORD", "wrong")
    found = {finding.check: finding for finding in examine(home, SystemClock())}["imap"]
    assert (found.state, found.advice) == ("fail", "See [imap] user and password.")
    assert "wrong" not in found.detail
