from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store.engine import Store
from core.testing.stores import prepared_store


@pytest.fixture
def each_store(prepared_url: str) -> Iterator[Store]:
    """A store of its own with empty tables, once per engine: for what the databases do differently."""
    opened = Store(prepared_url)
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own with empty tables on SQLite."""
    opened = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    yield opened
    opened.close()
