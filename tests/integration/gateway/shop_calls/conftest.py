from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from shop_house import LOOPBACK, House

from core.store.engine import Store
from core.testing.stores import prepared_store
from gateway.transports.http_out.client import HttpOut


@pytest.fixture
def house_url(tmp_path: Path) -> str:
    """The address of the SQLite database of ``house``."""
    return f"sqlite:///{tmp_path / 'house.db'}"


@pytest.fixture
async def house(house_url: str) -> AsyncIterator[House]:
    """A house on SQLite, whose calls may take a second."""
    store = prepared_store(house_url)
    try:
        async with HttpOut(LOOPBACK, timeout_seconds=1) as out:
            yield House(store, out)
    finally:
        store.close()


@pytest.fixture
async def each_house(prepared_url: str) -> AsyncIterator[House]:
    """A house on a database of each engine."""
    store = Store(prepared_url)
    try:
        async with HttpOut(LOOPBACK, timeout_seconds=1) as out:
            yield House(store, out)
    finally:
        store.close()
