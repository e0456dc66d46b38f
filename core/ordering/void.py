"""Says of a serial that no order carries why that is so, so that the proof of numbers can account for it (NUM-09)."""

from __future__ import annotations

from datetime import datetime

from core.errors import Conflict, NotFound, UsageError
from core.store import counters
from core.store.engine import Tx
from core.store.views import numbering


def void_serial(tx: Tx, year: int, channel: str, serial: int, *, reason: str, actor: str, at: datetime) -> str:
    """Mark a serial of *year* and *channel* as void for *reason* and return its number.

    The service itself never leaves a gap: a serial is lost only with the order's row, such as by a restore from an
    older backup.

    Raises:
        UsageError: there is no reason.
        NotFound: the counter never gave the serial.
        Conflict: an order carries it, or it is void already.
    """
    if not reason.strip():
        raise UsageError("a void serial needs a reason")
    number = counters.order_number(year, channel, serial)
    if not 0 < serial < counters.peek_serial(tx, year, channel):
        raise NotFound(f"the number {number} was never given")
    if numbering.is_carried(tx, number):
        raise Conflict(f"{number} is an order", hint="Cancel the order: its number stays with it.")
    if any(void.serial == serial for void in numbering.voids_in(tx, year, channel)):
        raise Conflict(f"{number} is void already")
    counters.void(tx, year, channel, serial, reason=reason[:500], actor=actor[:100], at=at)
    return number
