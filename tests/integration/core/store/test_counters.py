"""Serials without gap or double, whatever rolls back and whoever takes them at once (decision 4, invariant 2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from core.store.counters import (
    next_in_sequence,
    order_number,
    peek_sequence,
    peek_serial,
    take_serials,
)
from core.store.engine import Store, Tx


def test_serials_start_at_one_for_each_year_and_channel(each_store: Store) -> None:
    def work(tx: Tx) -> list[range]:
        return [take_serials(tx, *key) for key in ((2026, "ED", 3), (2026, "SR", 1), (2027, "ED", 1), (2026, "ED", 2))]

    assert each_store.write(work) == [range(1, 4), range(1, 2), range(1, 2), range(4, 6)]


def test_a_rollback_gives_them_back(each_store: Store) -> None:
    def fail(tx: Tx) -> None:
        take_serials(tx, 2026, "ED", 5)
        next_in_sequence(tx, "invoice", 5)
        raise LookupError

    with suppress(LookupError):
        each_store.write(fail)
    assert each_store.write(lambda tx: take_serials(tx, 2026, "ED", 1)) == range(1, 2)
    assert each_store.write(lambda tx: next_in_sequence(tx, "invoice")) == 1


def test_peeking_takes_nothing(store: Store) -> None:
    assert store.read(lambda tx: (peek_serial(tx, 2026, "ED"), peek_sequence(tx, "x"))) == (1, 1)
    store.write(lambda tx: (take_serials(tx, 2026, "ED", 7), next_in_sequence(tx, "x", 3)))
    assert store.read(lambda tx: (peek_serial(tx, 2026, "ED"), peek_sequence(tx, "x"))) == (8, 4)
    assert store.read(lambda tx: peek_serial(tx, 2027, "ED")) == 1


def test_takers_at_the_same_time_leave_no_gap_and_no_double(each_store: Store) -> None:
    def take(number: int) -> list[int]:
        def work(tx: Tx) -> list[int]:
            taken = list(take_serials(tx, 2026, "ED", 1 + number % 3))
            if number % 5 == 0:
                raise LookupError
            return taken

        with suppress(LookupError):
            return each_store.write(work)
        return []

    with ThreadPoolExecutor(6) as pool:
        serials = sorted(serial for batch in pool.map(take, range(40)) for serial in batch)
    assert serials == list(range(1, len(serials) + 1))


def test_a_sequence_gives_the_first_of_many(each_store: Store) -> None:
    assert each_store.write(lambda tx: [next_in_sequence(tx, "s", count) for count in (3, 1, 2)]) == [1, 4, 5]


@pytest.mark.parametrize(
    ("serial", "number"), [(1, "2026-ED-000001"), (999_999, "2026-ED-999999"), (1_000_000, "2026-ED-1000000")]
)
def test_a_number_has_at_least_six_digits(serial: int, number: str) -> None:
    assert order_number(2026, "ED", serial) == number
