"""The settings choose how notices leave; what cannot work is refused at the start, not at the first notice."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.errors import DeliveryFailed, SettingsInvalid
from gateway.paths import Home
from gateway.settings import MailSettings, MessageSettings, ServerSettings, Settings
from gateway.telling import sender_of, smtp_sender

KEY = base64.b64encode(b"k" * 24).decode()


@pytest.mark.parametrize("channel", ["mail", "sms", "push"])
def test_without_a_server_each_channel_keeps_its_messages(tmp_path: Path, channel: str) -> None:
    """CNF-08."""
    sender_of(Home(tmp_path), Settings()).send(f"{channel}/ACME", "x_1.msg", b"said")
    assert (tmp_path / channel / "out" / "x_1.msg").read_bytes() == b"said"


def test_a_named_server_is_used_and_its_absence_is_a_failure_to_try_again(tmp_path: Path) -> None:
    mail = MailSettings(host="127.0.0.1", port=1, tls="none", timeout_seconds=2)
    sender = sender_of(Home(tmp_path), Settings(mail=mail))
    with pytest.raises(DeliveryFailed) as failed:
        sender.send("mail/ACME", "x.eml", b"From: a@b.example\r\nTo: c@d.example\r\n\r\nx")
    assert failed.value.retryable
    assert not (tmp_path / "mail").exists()


def test_what_no_notice_could_be_sent_with_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="sender is no mail address"):
        MailSettings(sender="Orders <orders@us.example>")
    with pytest.raises(ValidationError, match="reply_to is no mail address"):
        MailSettings(reply_to="office")
    with pytest.raises(ValidationError, match="needs a secret"):
        MessageSettings(url="https://sms.example/send")
    with pytest.raises(ValidationError):
        ServerSettings(public_url="orders.example.com")
    with pytest.raises(SettingsInvalid, match="base64"):
        sender_of(Home(tmp_path), Settings(sms=MessageSettings(url="https://sms.example/send", secret="not base64")))
    with pytest.raises(SettingsInvalid, match=r"mail\.ca_file"):
        smtp_sender(MailSettings(host="x", ca_file=str(tmp_path / "gone.pem")))
    assert sender_of(Home(tmp_path), Settings(push=MessageSettings(url="https://push.example/", secret=KEY)))


def test_no_secret_is_shown() -> None:
    settings = Settings(mail=MailSettings(password="geheim"), sms=MessageSettings(url="https://x.example", secret=KEY))
    assert "geheim" not in repr(settings)
    assert KEY not in repr(settings)
