"""The chain of a numbering proof, and which serials are missing or there twice (NUM-09)."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from core.audit.numbering import LISTED, Numbered, Serials, chained, count_serials, serial_of

VOID = {"reason": "lost", "actor": "ada", "at": "2026-03-02T08:00:00Z"}


def test_a_link_is_what_the_contract_says() -> None:
    """Anybody can recompute it: SHA-256 of the link before and the entry as a JSON array."""
    entries = [Numbered(1, "2026-ED-000001", "ab"), Numbered(2, "2026-ED-000002", None, VOID)]
    previous = bytes(32)
    for entry, made in zip(entries, chained(entries), strict=True):
        text = json.dumps(list(entry), separators=(",", ":"), sort_keys=True)
        previous = hashlib.sha256(previous + text.encode()).digest()
        assert made == {**entry._asdict(), "link": previous.hex()}


def test_a_serial_is_read_from_its_own_series_only() -> None:
    assert serial_of("2026-ED-000012", 2026, "ED") == 12
    assert serial_of("2026-ED-1000000", 2026, "ED") == 1_000_000
    for other in ("2025-ED-000012", "2026-EC-000012", "2026-ED-", "2026-ED-x", "2026-ED-\u0663", "2026-ED-" + "9" * 19):
        assert serial_of(other, 2026, "ED") == 0, other


def test_gaps_are_listed_up_to_a_thousand_and_counted_beyond() -> None:
    assert count_serials(LISTED, ()) == Serials(list(range(1, LISTED + 1)), LISTED, [])
    assert count_serials(LISTED + 1, ()) == Serials(list(range(1, LISTED + 1)), LISTED + 1, [])
    assert count_serials(2**62, (5,)).missing == 2**62 - 1


@given(st.integers(0, 30), st.lists(st.integers(-3, 33), max_size=40))
def test_every_serial_is_there_once_or_told(last: int, serials: list[int]) -> None:
    found = count_serials(last, serials)
    inside = [serial for serial in serials if 1 <= serial <= last]
    assert found.gaps == [serial for serial in range(1, last + 1) if serial not in inside]
    assert found.missing == len(found.gaps)
    assert sorted({*inside}) + found.doubles == sorted({*inside}) + sorted(
        serial for serial in {*inside} for _ in range(inside.count(serial) - 1)
    )
