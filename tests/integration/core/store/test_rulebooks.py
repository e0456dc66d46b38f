"""Versions of the rules: the newest is in force, every one is kept (REV-05, REV-06)."""

from __future__ import annotations

from datetime import UTC, datetime

from core.review.rulebook import Rulebook, Rules, read_rulebook
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.orders import holds_of
from core.store.rulebooks import history, put_in_force, rules_in_force, rules_of_version
from core.testing.trade import CUP, Trade, a_line, an_order, place

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
QUICK = read_rulebook({"promise": {"standard_days": 1}})
SLOW = read_rulebook({"promise": {"standard_days": 9}})


def put(store: Store, book: Rulebook, reason: str = "season") -> tuple[int, bool]:
    return store.write(lambda tx: put_in_force(tx, book, at=NOW, actor="user:eve", reason=reason))


def test_the_defaults_are_in_force_before_any_other(each_store: Store) -> None:
    assert each_store.read(rules_in_force) == Rules(1, Rulebook())
    assert each_store.read(history) == []


def test_the_newest_is_in_force_and_the_others_are_kept(each_store: Store) -> None:
    assert put(each_store, QUICK) == (2, True)
    assert put(each_store, SLOW, "audit") == (3, True)
    assert each_store.read(rules_in_force) == Rules(3, SLOW)
    assert [each_store.read(lambda tx, v=v: rules_of_version(tx, v)) for v in (1, 2, 3, 4)] == [
        Rules(1, Rulebook()),
        Rules(2, QUICK),
        Rules(3, SLOW),
        None,
    ]
    told = each_store.read(history)
    assert [(row["version"], row["actor"], row["reason"], row["at"]) for row in told] == [
        (3, "user:eve", "audit", NOW),
        (2, "user:eve", "season", NOW),
    ]


def test_what_is_in_force_gets_no_new_version(each_store: Store) -> None:
    assert put(each_store, Rulebook()) == (1, False)
    put(each_store, QUICK)
    assert put(each_store, QUICK) == (2, False)


def test_who_remembers_the_rules_sees_new_ones_in_the_next_transaction(each_store: Store) -> None:
    cache = MasterCache()
    each_store.read(cache.refresh)
    assert cache.rules.version == 1
    put(each_store, QUICK)
    each_store.read(cache.refresh)
    assert cache.rules == Rules(2, QUICK)


def test_a_change_takes_effect_without_code_and_old_decisions_keep_their_version(store: Store) -> None:
    """REV-06."""
    store.write(Trade().load)
    many = a_line(CUP, quantity="500")
    (before,) = store.write(lambda tx: place(tx, [an_order("PO1", many, requested_date=None)]))
    put(store, QUICK)
    (after,) = store.write(lambda tx: place(tx, [an_order("PO2", many, requested_date=None)]))
    held = [store.read(lambda tx, one=one: holds_of(tx, one.order_id)) for one in (before, after)]
    assert [[(hold["code"], hold["rule_version"]) for hold in holds] for holds in held] == [
        [("stock.short", "1")],
        [("stock.short", "2")],
    ]
