"""Short messages are signed as Standard Webhooks has it: its own library accepts them."""

from __future__ import annotations

import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from core.errors import SettingsInvalid
from gateway.transports.http_message import key_of, signed

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


def test_the_librarys_own_check_accepts_the_signature() -> None:
    """CNF-08."""
    body = b'{"id":"7","text":"Gr\xc3\xbc\xc3\x9fe"}'
    headers = signed("order.confirmed_7.json", int(time.time()), body, key_of(SECRET))  # the library looks at the clock
    assert Webhook(SECRET).verify(body, dict(headers))["id"] == "7"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", dict(headers))


def test_a_repeat_is_known_by_its_id() -> None:
    first, again = (signed("m-7", 1_772_438_400 + later, b"{}", b"key") for later in (0, 60))
    assert first["Idempotency-Key"] == again["Idempotency-Key"] == again["webhook-id"] == "m-7"
    assert first["webhook-signature"] != again["webhook-signature"]


def test_a_secret_is_base64_with_or_without_its_prefix() -> None:
    assert key_of(SECRET) == key_of(SECRET.removeprefix("whsec_")) == b"0123456789abcdef01234567"
    with pytest.raises(SettingsInvalid):
        key_of("whsec_not base64")
