"""Numbers of despatch advices, invoices and packages: gap-free, taken in the transaction that uses them (NUM-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.values import make_sscc

DESPATCH_ADVICE: Final = "DA"
INVOICE: Final = "INV"
_DIGITS: Final = 6


def local_day(at: datetime, timezone: str) -> date:
    """Return the calendar day of *at* in the company's time zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def take_number(tx: Tx, prefix: str, year: int) -> str:
    """Take the next number of *prefix* and *year*, ``INV-2026-000001``; each year starts at 1."""
    return f"{prefix}-{year}-{next_in_sequence(tx, f'{prefix}-{year}'):0{_DIGITS}d}"


def take_ssccs(tx: Tx, gs1_prefix: str, count: int) -> list[str]:
    """Take *count* SSCC-18 of the company prefix, ascending.

    Raises:
        ValueOutOfRange: the prefix is no GS1 company prefix, or its serials are used up.
    """
    first = next_in_sequence(tx, "sscc", count)
    return [make_sscc(gs1_prefix, serial) for serial in range(first, first + count)]
