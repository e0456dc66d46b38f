"""Guides as they judged: each kept once, whatever becomes of its file."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from core.errors import NotFound
from core.store import guides
from core.store.engine import Store, Tx
from core.store.tables.intake import guides as table
from core.testing.trade import MONDAY

FIRST, SECOND = b'title = "1"', b'title = "2"'


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(tx: Tx, name: str, content: bytes) -> None:
    guides.keep(tx, fingerprint(content), name, content, MONDAY)


def count(store: Store) -> int:
    return store.read(lambda tx: int(tx.execute(select(func.count()).select_from(table)).scalar_one()))


def test_a_guide_is_kept_once_under_its_first_name(each_store: Store) -> None:
    for name, content in (("acme", FIRST), ("acme", FIRST), ("other", FIRST), ("acme", SECOND)):
        each_store.write(lambda tx, name=name, content=content: keep(tx, name, content))
    assert count(each_store) == 2
    assert each_store.read(lambda tx: guides.kept(tx, fingerprint(FIRST))) == ("acme", FIRST)
    wanted = {fingerprint(FIRST), fingerprint(SECOND), "unknown"}
    assert each_store.read(lambda tx: guides.names_of(tx, wanted)) == {
        fingerprint(FIRST): "acme", fingerprint(SECOND): "acme",
    }  # fmt: skip
    assert each_store.read(lambda tx: guides.names_of(tx, [])) == {}


def test_two_that_keep_the_same_guide_at_once_harm_neither(each_store: Store) -> None:
    together = threading.Barrier(2, timeout=30)

    def one(_: int) -> None:
        together.wait()
        each_store.write(lambda tx: keep(tx, "acme", FIRST))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(one, range(2)))
    assert count(each_store) == 1


def test_what_judged_nothing_is_not_there(each_store: Store) -> None:
    with pytest.raises(NotFound, match="no guide 0123456789ab judged anything"):
        each_store.read(lambda tx: guides.kept(tx, "0123456789abcdef"))
