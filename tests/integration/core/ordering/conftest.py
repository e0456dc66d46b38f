from __future__ import annotations

import pytest

from core.store.engine import Store
from core.testing.trade import Trade


@pytest.fixture
def each_traded(each_store: Store) -> Store:
    """A store with the default master data, once per engine."""
    each_store.write(Trade().load)
    return each_store


@pytest.fixture
def traded(store: Store) -> Store:
    """A store with the default master data on SQLite."""
    store.write(Trade().load)
    return store
