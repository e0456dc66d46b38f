from __future__ import annotations

import pytest

from core.store.engine import Store
from core.testing.trade import Trade


@pytest.fixture
def traded(store: Store) -> Store:
    """A store with the default master data, once per engine."""
    store.write(Trade().load)
    return store


@pytest.fixture
def lite(sqlite_store: Store) -> Store:
    """A store with the default master data on SQLite."""
    sqlite_store.write(Trade().load)
    return sqlite_store
