"""The carrier's file keeps one booking a reference."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.carriers.sandbox.ledger import Ledger

NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)


def test_a_reference_is_taken_once_and_keeps_its_first_content(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "carrier.db")
    first, new = ledger.take("B-1", "one", NOW)
    again, new_again = ledger.take("B-1", "two", NOW + timedelta(hours=1))
    assert (new, new_again) == (True, False)
    assert again == first == (1, "B-1", "one", NOW)
    ledger.close()


def test_entries_outlive_the_ledger_and_are_found_both_ways(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "carrier.db")
    entry, _ = ledger.take("B-1", "one", NOW)
    ledger.close()
    reopened = Ledger(tmp_path / "carrier.db")
    assert reopened.by_reference("B-1") == reopened.by_serial(entry.serial) == entry
    assert reopened.by_reference("B-2") is None
    assert reopened.by_serial(99) is None
    reopened.close()


def test_two_ledgers_on_one_file_agree(tmp_path: Path) -> None:
    one, other = Ledger(tmp_path / "carrier.db"), Ledger(tmp_path / "carrier.db")
    entry, new = one.take("B-1", "one", NOW)
    same, taken_again = other.take("B-1", "one", NOW)
    assert (new, taken_again) == (True, False)
    assert same == entry
    one.close()
    other.close()


def test_a_booking_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "carrier.db")
    (mode,) = ledger._connection.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = ledger._connection.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 2)
    ledger.close()


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "carrier.db").write_bytes(b"not a database at all" * 99)
    with pytest.raises(sqlite3.DatabaseError):
        Ledger(tmp_path / "carrier.db")
