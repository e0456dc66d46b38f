"""Every e-commerce platform passes the one exerciser of the port."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shops import sample

import adapters.commerce
from adapters.commerce.shopify.adapter import Shopify
from core.errors import SignatureRefused
from core.storefront import HookDelivery, HookRequest, SettingFault, ShopRead, StoreAccess, Storefront
from core.testing.storefront import exercise_storefront

PLATFORMS = sorted(
    folder.parent.name for root in adapters.commerce.__path__ for folder in Path(root).glob("*/adapter.py")
)


def storefront(platform: str) -> Storefront:
    adapter: Storefront = importlib.import_module(f"adapters.commerce.{platform}.adapter").ADAPTER
    return adapter


def test_there_are_platforms() -> None:
    assert set(PLATFORMS) >= {"shopify", "woocommerce", "bigcommerce", "adobe_commerce", "amazon", "generic"}
    assert [storefront(platform).id for platform in PLATFORMS] == PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform(platform: str) -> None:
    exercise_storefront(storefront(platform), sample(platform))


class _Credulous(Shopify):
    """Takes what nobody signed."""

    def verify(self, request: HookRequest, access: StoreAccess, now: Any) -> HookDelivery:
        try:
            return super().verify(request, access, now)
        except SignatureRefused:
            return HookDelivery("d-1", "orders/create")


class _Particular(Shopify):
    """Knows its headers in one case alone."""

    def verify(self, request: HookRequest, access: StoreAccess, now: Any) -> HookDelivery:
        found = super().verify(request, access, now)
        return found if "x-shopify-topic" in request.headers else found._replace(topic="")


class _Careless(Shopify):
    """Takes any settings."""

    def check(self, access: StoreAccess) -> list[SettingFault]:
        return [] if access.secrets else [SettingFault("secrets", "none")]


class _Forgetful(Shopify):
    """Numbers the lines from 0."""

    def read(self, delivery: HookDelivery, body: bytes, access: StoreAccess) -> ShopRead:
        found = super().read(delivery, body, access)
        if found.event is None or (told := found.event.order) is None:
            return found
        ids = tuple((number - 1, line_id) for number, line_id in told.line_ids)
        return found._replace(event=found.event._replace(order=replace(told, line_ids=ids)))


class _Silent(Shopify):
    """Refuses without a word."""

    def read(self, delivery: HookDelivery, body: bytes, access: StoreAccess) -> ShopRead:
        return super().read(delivery, body, access)._replace(violations=())


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (_Credulous, "is taken"),
        (_Particular, "case of a header"),
        (_Careless, "an unknown setting passes"),
        (_Forgetful, "not numbered from 1"),
        (_Silent, "without a word"),
    ],
)
def test_the_exerciser_catches_a_broken_storefront(broken: type[Shopify], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        exercise_storefront(broken(), sample("shopify"))
