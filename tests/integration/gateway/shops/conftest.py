from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shop_lives import OPTIONS
from shop_traffic import Shops

from core.store.engine import Store


@pytest.fixture
def shops(store: Store, tmp_path: Path, logs: list[Any]) -> Shops:
    """A store of each platform on SQLite."""
    return Shops(store, tmp_path, OPTIONS)


@pytest.fixture
def each_shops(prepared_url: str, tmp_path: Path, logs: list[Any]) -> Iterator[Shops]:
    """A store of each platform on a database of each engine."""
    opened = Store(prepared_url)
    yield Shops(opened, tmp_path, OPTIONS)
    opened.close()
