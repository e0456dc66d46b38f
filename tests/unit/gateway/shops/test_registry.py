"""What `shops check` says of a store before the first delivery could."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.shops.registry import StoreRow, faults_of

URL = "https://shop.example"
AMAZON = {"marketplace_id": "A1PA6795UKMFR9"}
SECRET = {"SECRET": "a secret of 16 characters or more"}


def store(platform: str, **changes: Any) -> StoreRow:
    return StoreRow(platform, "main", 1, "SECRET", "", "TOKEN", "", {}, True)._replace(**changes)


@pytest.mark.parametrize(
    ("row", "environment", "said"),
    [
        (store("shopify"), {}, "SECRET is not set"),
        (store("etsy"), SECRET, "there is no platform etsy"),
        (store("amazon", options=AMAZON), SECRET, "base_url: its webhooks name orders alone"),
        (store("bigcommerce"), SECRET, "base_url: its webhooks name orders alone"),
        (store("generic", options={"fetch": "/orders/{shop_id}"}), SECRET, "base_url: its webhooks name orders alone"),
        (store("shopify", base_url=URL), SECRET, "TOKEN: the API token of the store is missing"),
        (store("shopify", base_url=URL, token_env=""), SECRET, "token_env: the API token of the store is missing"),
        (store("woocommerce", base_url=URL), SECRET | {"TOKEN": "ck_one"}, "TOKEN: the API token of the store lacks"),
        (store("amazon", base_url=URL, options=AMAZON), SECRET | {"TOKEN": "a:b"}, "TOKEN: the API token of the store"),
    ],
)
def test_what_keeps_a_store_from_being_served_is_named(row: StoreRow, environment: dict[str, str], said: str) -> None:
    (fault,) = faults_of(row, environment)
    assert fault.startswith(said)
    assert all(value not in fault for value in environment.values())


@pytest.mark.parametrize(
    ("row", "token"),
    [
        (store("shopify"), ""),
        (store("shopify", base_url=URL), "shpat_1"),
        (store("generic", base_url=URL), ""),
        (store("amazon", base_url=URL, options=AMAZON), "client:secret:refresh"),
    ],
)
def test_a_store_that_can_be_served_has_no_fault(row: StoreRow, token: str) -> None:
    assert faults_of(row, SECRET | {"TOKEN": token}) == []
