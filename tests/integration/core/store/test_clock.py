"""The sandbox clock's offset survives a restart."""

from __future__ import annotations

from datetime import timedelta

from core.store.clock import clock_offset, keep_clock_offset
from core.store.engine import Store


def test_the_last_offset_is_kept(each_store: Store) -> None:
    assert each_store.read(clock_offset) == timedelta(0)
    for offset in (timedelta(days=7), timedelta(days=7, microseconds=1)):
        each_store.write(lambda tx, offset=offset: keep_clock_offset(tx, offset))
        assert each_store.read(clock_offset) == offset
