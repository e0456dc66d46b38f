"""Stores of a file are held against their platforms, each fault with its key path."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.master_data.models import MasterData
from gateway.master_data.shops import broken_stores

GOOD = {"platform": "shopify", "store": "main", "partner": "ACME", "secret_env": "SECRET"}


def faults(environment: dict[str, str] | None = None, **changes: Any) -> list[str]:
    master = MasterData.model_validate({"stores": [GOOD, {**GOOD, "store": "other", **changes}]})
    return list(broken_stores(master, environment or {}))


def test_a_store_of_a_known_platform_passes_without_its_secret() -> None:
    """The gateway has the secret; who loads the file need not."""
    assert faults() == []
    assert faults({"SECRET": "a secret of 16 characters or more"}) == []
    assert list(broken_stores(MasterData(), {})) == []


def test_an_unknown_platform_is_refused_with_those_that_there_are() -> None:
    (told,) = faults(platform="shopfy")
    assert told.startswith("stores[1].platform: there is no platform 'shopfy'; platforms are adobe_commerce, amazon")


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"api_versio": "2025-10"}, "stores[1].options.api_versio: "),
        ({"api_version": "soon"}, "stores[1].options.api_version: "),
    ],
)
def test_a_setting_that_the_platform_does_not_take_is_refused_with_its_place(options: Any, place: str) -> None:
    (told,) = faults(options=options)
    assert told.startswith(place)


def test_a_secret_that_is_there_and_too_short_is_refused_by_its_key() -> None:
    environment = {"SECRET": "a secret of 16 characters or more", "OLD": "short"}
    assert faults(environment, previous_secret_env="OLD") == [
        "stores[1].previous_secret_env: shorter than 16 characters"
    ]
