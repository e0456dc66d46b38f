"""``[smtp_in]``: what cannot work is refused before a mail is lost to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.errors import SettingsInvalid
from gateway.transports.smtp_in.settings import SmtpInSettings, tls_context

GOOD: dict[str, Any] = {"port": 2525, "mail_to": "Orders@us.example"}


def test_an_empty_section_takes_no_mail() -> None:
    assert SmtpInSettings().port is None


def test_the_password_is_not_shown() -> None:
    assert "brings-mail-every-day" not in repr(SmtpInSettings(password="brings-mail-every-day"))


def test_addresses_are_told_without_regard_to_capitals() -> None:
    assert SmtpInSettings(**GOOD).mail_to == ["orders@us.example"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"mail_to": []}, "nobody would get a mail"),
        ({"fax_to": ["orders@us.example"]}, "mail or fax, not both"),
        ({"mail_to": ["orders"]}, "neither a mail address nor @domain"),
        ({"mail_to": ["@"]}, "neither a mail address nor @domain"),
        ({"senders": ["everybody"]}, "neither a mail address nor @domain"),
        ({"networks": ["10.0.0.1/8"]}, "is no network"),
        ({"networks": []}, "at least 1 item"),
        ({"tls": "starttls"}, "needs `cert_file`"),
        ({"name": "us\r\n220 x"}, "should match pattern"),
        ({"user": "fax"}, "never taken in the open"),
        ({"user": "fax", "tls": "tls", "cert_file": "x.pem", "password": "short"}, "less than 12 signs"),
    ],
)
def test_a_mistake_is_told(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        SmtpInSettings(**(GOOD | wrong))


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    missing = SmtpInSettings(**GOOD, tls="tls", cert_file=str(tmp_path / "none.pem"))
    with pytest.raises(SettingsInvalid, match="No such file"):
        tls_context(missing)
    (tmp_path / "empty.pem").write_bytes(b"")
    with pytest.raises(SettingsInvalid, match=r"smtp_in\.cert_file"):
        tls_context(SmtpInSettings(**GOOD, tls="tls", cert_file=str(tmp_path / "empty.pem")))
