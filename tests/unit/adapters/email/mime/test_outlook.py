"""Who sent a mail that Outlook kept without a head (part 1): an address that mails can go to, or nobody."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from adapters.email.mime.outlook import head_of


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ('"Petra Huber" <Petra@Acme.example>', "petra@acme.example"),
        ("Petra <p\x00etra@acme.example>", ""),
        ("Petra <petra@acme.example, thief@evil.example>", ""),
        ("Petra <péter@acme.example>", ""),
        ("Petra <@>", ""),
        ("Petra", ""),
    ],
)
def test_a_sender_without_a_head_is_one_plain_address(sender: str, address: str) -> None:
    """PostgreSQL keeps no NUL, and an answer goes to no address of other signs."""
    message = SimpleNamespace(message_headers={}, sender=sender, subject="Order", body="")
    assert head_of(message, "").sender == address
