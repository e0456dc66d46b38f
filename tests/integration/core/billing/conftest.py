from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.store.engine import Store
from core.testing.confirmed import load_masters

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(prepared_url: str) -> Iterator[Store]:
    """A store of its own with the masters of ACME, an ``auto`` partner."""
    store = Store(prepared_url)
    store.write(lambda tx: load_masters(tx, NOW))
    yield store
    store.close()


@pytest.fixture
def now() -> datetime:
    return NOW
