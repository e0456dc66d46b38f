"""`ordergate ingest`: takes files in and works until their replies lie in ``out/`` (safe beside a running server)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.intake.receive import Door
from core.reporting import views
from core.store import intake as rows
from core.store.engine import Store, Tx
from gateway.pipeline import Pipeline

OUTCOMES = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")
Progress = Callable[[str, int, int], None]


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file that the user named.

    Raises:
        UsageError: it is not there, not a file, not readable or too large.
    """
    try:
        if not path.is_file():
            raise UsageError(f"{path} is not a file", hint="Name the files that you want to take in.")
        size = path.stat().st_size
        if size > max_bytes:
            raise UsageError(f"{path} has {size} bytes; {max_bytes} is the limit", hint="Raise folders.max_file_bytes.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def ingest(
    store: Store,
    pipeline: Pipeline,
    files: Sequence[tuple[str, bytes]],
    *,
    channel: str,
    partner_id: int | None,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], int]:
    """Take *files* (name, content) in; return the JSON of the contracts and the exit code of the fault table."""
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    orders: list[dict[str, Any]] = []
    exit_code = 0
    for name, content in files:
        door = Door(channel, "cli", name, partner_id)
        step = None if progress is None else (lambda done, total, name=name: progress(name, done, total))
        taken = pipeline.take(content, door, step)
        judged, found, code = store.read(lambda tx, source_id=taken.source_id: _result(tx, source_id))
        outcomes.update(judged)
        orders += found
        exit_code = max(exit_code, code)
    body = {
        "sources": len(files),
        "documents": sum(outcomes.values()),
        **{name: outcomes[name] for name in OUTCOMES},
        "orders": orders,
        "seconds": round(time.perf_counter() - started, 6),
    }
    return body, exit_code


def _result(tx: Tx, source_id: int) -> tuple[list[str], list[dict[str, Any]], int]:
    documents = rows.documents_of_source(tx, source_id)
    envelopes = rows.interchanges_of(tx, source_id)
    made = [row["order_id"] for row in documents if row["outcome"] == "accepted"]
    return [row["outcome"] for row in documents], views.brief_orders(tx, made), exit_code(documents, envelopes)


def exit_code(documents: Sequence[Any], envelopes: Sequence[Any]) -> int:
    """Return the exit code of the fault table: 2 for a broken envelope, 1 for what is rejected or parked, else 0."""
    if any(row["verdict"] == "rejected" for row in envelopes):
        return 2
    return int(any(row["outcome"] in ("rejected", "parked", "waiting") for row in documents))
