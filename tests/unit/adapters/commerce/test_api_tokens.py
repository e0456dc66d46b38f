"""How each platform's API is told who calls, and that no word of a token is told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from shops import WHSEC, sample
from standardwebhooks import Webhook

from core.errors import SettingsInvalid, ValueRefused
from core.storefront import ShopCall, ShopNews, Storefront
from gateway.shops.registry import storefronts

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CALL = ShopCall("GET", "/orders/1")


def _platform(name: str) -> Storefront:
    return storefronts()[name]


@pytest.mark.parametrize(
    ("platform", "token", "header"),
    [
        ("shopify", "shpat_1", ("X-Shopify-Access-Token", "shpat_1")),
        ("woocommerce", "ck_1:cs_2", ("Authorization", "Basic " + base64.b64encode(b"ck_1:cs_2").decode())),
        ("bigcommerce", "bc_1", ("X-Auth-Token", "bc_1")),
        ("adobe_commerce", "ac_1", ("Authorization", "Bearer ac_1")),
        ("amazon", "Atza|1", ("x-amz-access-token", "Atza|1")),
        ("standard_webhooks", "sw_1", ("Authorization", "Bearer sw_1")),
        ("generic", "g_1", ("Authorization", "Bearer g_1")),
    ],
)
def test_each_platform_gets_its_token_where_it_looks_for_it(platform: str, token: str, header: tuple[str, str]) -> None:
    assert header in _platform(platform).authorise(CALL, token, sample(platform).access(), NOW)


@pytest.mark.parametrize("platform", sorted(storefronts()))
def test_no_token_is_refused_where_the_api_needs_one(platform: str) -> None:
    def headers() -> tuple[tuple[str, str], ...]:
        return _platform(platform).authorise(CALL, "", sample(platform).access(), NOW)

    if platform in {"generic", "standard_webhooks"}:  # who has an address in its own house may need none
        assert headers() == ()
        return
    with pytest.raises(SettingsInvalid, match="token"):
        headers()


@pytest.mark.parametrize("token", ["ck_only", ":cs", "ck:"])
def test_woocommerce_needs_key_and_secret(token: str) -> None:
    with pytest.raises(SettingsInvalid, match="lacks a part") as refused:
        _platform("woocommerce").authorise(CALL, token, sample("woocommerce").access(), NOW)
    assert refused.value.hint == "Write consumer_key:consumer_secret."


@pytest.mark.parametrize("platform", ["generic", "standard_webhooks"])
def test_a_secret_of_standard_webhooks_signs_what_is_told(platform: str) -> None:
    """Another library makes the same signature; the id is our reference, so that a repeat is known."""
    options: dict[str, Any] = {**sample(platform).options, "tell": "/orders/{shop_id}/news"}
    access = sample(platform).access()._replace(options=options)
    news = ShopNews("2026-EC-000001/3", "confirmed", "77", "2026-EC-000001", at=NOW)
    (call,) = _platform(platform).tell(news, access)
    headers = dict(_platform(platform).authorise(call, WHSEC[0], access, NOW))
    assert headers["webhook-id"] == news.reference
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == Webhook(WHSEC[0]).sign(news.reference, NOW, call.body.decode())


def test_amazon_exchanges_its_refresh_token_first() -> None:
    amazon, access = _platform("amazon"), sample("amazon").access()
    login = amazon.login("client:secret:Atzr|a:b", access)
    assert login is not None
    assert login.url == "https://api.amazon.com/auth/o2/token"
    assert parse_qs(login.body.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["Atzr|a:b"],
        "client_id": ["client"],
        "client_secret": ["secret"],
    }
    assert amazon.session(b'{"access_token": "Atza|1", "token_type": "bearer", "expires_in": 3600}') == ("Atza|1", 3600)


@pytest.mark.parametrize(
    "answer",
    [b"", b"{}", b'{"access_token": ""}', b'{"access_token": "a"}', b'{"access_token": "a", "expires_in": -1}'],
)
def test_a_login_without_a_token_is_refused(answer: bytes) -> None:
    with pytest.raises(ValueRefused):
        _platform("amazon").session(answer)


@pytest.mark.parametrize("platform", sorted(set(storefronts()) - {"amazon"}))
def test_only_amazon_has_a_login(platform: str) -> None:
    assert _platform(platform).login(sample(platform).token, sample(platform).access()) is None
    with pytest.raises(ValueRefused, match="no login"):
        _platform(platform).session(b"{}")
