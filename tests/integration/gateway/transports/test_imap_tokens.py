"""Access tokens by a real endpoint: asked for once while they count, and refusals told without a secret (RFC 6749)."""

from __future__ import annotations

import pytest
from token_endpoint import Answer, Endpoint, token_endpoint

from core.errors import DeliveryFailed, DeliveryRefused, SettingsInvalid
from gateway.settings import HttpOutSettings
from gateway.transports.http_out.policy import TargetRefused
from gateway.transports.imap.settings import OAuthSettings
from gateway.transports.imap.tokens import AccessTokens

LOCAL = HttpOutSettings(allow=["127.0.0.1"])
SECRETS = {"client_secret": "gateway-secret-9", "refresh_token": "owner-agreed-9"}


def tokens(endpoint: Endpoint, **more: str) -> AccessTokens:
    return AccessTokens(OAuthSettings(token_url=endpoint.url, client_id="ordergate", **more), LOCAL)


def test_a_token_is_asked_for_in_the_gateway_s_own_name_and_used_while_it_counts() -> None:
    first, second = ((200, {"access_token": one, "expires_in": 3600}) for one in ("one", "two"))
    with token_endpoint(first, second) as endpoint:
        mine = tokens(endpoint, client_secret="gateway-secret-9", scope="a b")
        assert (mine.current(), mine.current()) == ("one", "one")
        assert endpoint.asked == [
            {
                "client_id": "ordergate", "client_secret": "gateway-secret-9", "grant_type": "client_credentials",
                "scope": "a b",
            }
        ]  # fmt: skip
        mine.forget()
        assert mine.current() == "two"


def test_a_token_that_ends_soon_is_asked_for_anew_by_the_newest_refresh_token() -> None:
    first = (200, {"access_token": "one", "expires_in": "59", "refresh_token": "next"})
    with token_endpoint(first, (200, {"access_token": "two"})) as endpoint:
        mine = tokens(endpoint, refresh_token="owner-agreed-9")
        assert (mine.current(), mine.current(), mine.current()) == ("one", "two", "two")
    assert endpoint.asked == [
        {"client_id": "ordergate", "grant_type": "refresh_token", "refresh_token": token}
        for token in ("owner-agreed-9", "next")
    ]


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "it\nended"}),
            DeliveryRefused,
            "invalid_grant it ended",
        ),
        ((401, {"error": "invalid_client"}), DeliveryRefused, "invalid_client"),
        ((503, {"error": "temporarily_unavailable"}), DeliveryFailed, "answers 503"),
        ((200, b"<html>"), DeliveryFailed, "answers 200"),
        ((200, {"token_type": "Bearer"}), DeliveryFailed, "answers 200"),
        ((302, b""), DeliveryFailed, "answers 302"),
    ],
)
def test_why_there_is_no_token_is_told_without_a_secret(answer: Answer, kind: type[DeliveryFailed], told: str) -> None:
    with token_endpoint(answer) as endpoint, pytest.raises(kind, match=told) as raised:
        tokens(endpoint, **SECRETS).current()
    assert type(raised.value) is kind
    assert not any(secret in str(raised.value) for secret in SECRETS.values())


def test_a_gateway_without_a_secret_asks_nobody() -> None:
    with token_endpoint((200, {"access_token": "one"})) as endpoint:
        with pytest.raises(SettingsInvalid, match="neither client_secret nor refresh_token"):
            tokens(endpoint).current()
        assert endpoint.asked == []


def test_an_address_of_our_own_network_is_not_called() -> None:
    with token_endpoint((200, {"access_token": "one"})) as endpoint:
        settings = OAuthSettings(token_url=endpoint.url, client_id="ordergate", **SECRETS)
        with pytest.raises(TargetRefused):
            AccessTokens(settings, HttpOutSettings()).current()
        assert endpoint.asked == []
