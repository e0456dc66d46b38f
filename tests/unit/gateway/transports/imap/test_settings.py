"""``[imap]``: what cannot work is refused, and the password shows nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gateway.transports.imap.settings import ImapSettings

GOOD: dict[str, Any] = {"host": "imap.example.com", "user": "orders", "password": "mailbox-password-7"}
OAUTH = {"token_url": "https://login.example.com/token", "client_id": "us", "client_secret": "gateway-secret-9"}


def test_an_empty_section_fetches_no_mail() -> None:
    assert ImapSettings().host == ""


def test_the_password_is_not_shown() -> None:
    assert "mailbox-password-7" not in repr(ImapSettings(**GOOD))
    assert "gateway-secret-9" not in repr(ImapSettings(**(GOOD | {"password": "", "oauth": OAUTH})))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"user": ""}, "`user` is missing"),
        ({"done_folder": "INBOX"}, "are three"),
        ({"user": "orders\r\nA1 LOGOUT"}, "should match pattern"),
        ({"look_seconds": 3600}, "less than or equal to 1500"),
        ({"oauth": OAUTH}, "two ways to log in"),
        ({"oauth": OAUTH, "password": "", "tls": "none"}, "never sent in the open"),
        ({"oauth": OAUTH | {"client_id": ""}, "password": ""}, "`client_id` is missing"),
    ],
)
def test_a_mistake_is_told(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        ImapSettings(**(GOOD | wrong))
