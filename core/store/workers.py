"""Processes that hold claims: registered by number, alive while their process or heartbeat is (decision 2)."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.tables.messaging import workers

#: numbers wrap at the ten bits that ids keep for them
_NUMBERS = 1024
#: a worker on another host counts as dead after this many seconds without a heartbeat
LEASE_SECONDS = 60


def register(tx: Tx, role: str, now_micros: int) -> int:
    """Enter this process and return its worker number, 1..1023, which no live process shares."""
    while True:
        number = next_in_sequence(tx, "worker") % (_NUMBERS - 1) + 1
        row = tx.execute(select(workers).where(workers.c.id == number)).mappings().one_or_none()
        values = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started": process_start(os.getpid()),
            "role": role,
            "heartbeat_at": now_micros,
        }
        if row is None:
            tx.execute(insert(workers).values(id=number, **values))
            return number
        if not _alive(row, now_micros):
            tx.execute(update(workers).where(workers.c.id == number).values(**values))
            return number


def leave(tx: Tx, number: int) -> None:
    """Strike this process off; what it may still have claimed is free."""
    tx.execute(delete(workers).where(workers.c.id == number))


def beat(tx: Tx, number: int, now_micros: int) -> None:
    """Say that worker *number* is alive."""
    tx.execute(update(workers).where(workers.c.id == number).values(heartbeat_at=now_micros))


def is_alive(tx: Tx, number: int, now_micros: int, started: str | None = None) -> bool:
    """Tell whether worker *number* may still be at work; an unknown one is not.

    Numbers are used again: *started* tells a process from the one that had its number before.
    """
    row = tx.execute(select(workers).where(workers.c.id == number)).mappings().one_or_none()
    return row is not None and (started is None or row["started"] == started) and _alive(row, now_micros)


def dead(tx: Tx, now_micros: int) -> list[int]:
    """Return the numbers of all workers whose claims are free."""
    return [row["id"] for row in tx.execute(select(workers)).mappings() if not _alive(row, now_micros)]


def process_start(pid: int) -> str:
    """Return a text that changes when a process number is used again; "" when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "" if _gone(pid) else "unknown"
    # Field 22 counts from after the command, which stands in parentheses and may hold blanks; Z and X are dead.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _alive(row: Any, now_micros: int) -> bool:
    if row["host"] == socket.gethostname():
        return bool(row["started"]) and process_start(row["pid"]) == row["started"]
    return bool(now_micros - row["heartbeat_at"] < LEASE_SECONDS * 1_000_000)
