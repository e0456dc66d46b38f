"""`ordergate ingest`: takes files in and works until their replies lie in ``out/`` (safe beside a running server)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from core.intake.receive import Door
from core.reporting import views
from core.store import intake as rows
from core.store.engine import Store, Tx
from gateway.pipeline import Pipeline, Progress

_MADE = ("accepted", "changed")
OUTCOMES = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")


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
        taken = pipeline.take(content, door, progress)
        pipeline.see_off(taken)
        judged, found, code = store.read(partial(result_of, source_id=taken.source_id))
        outcomes.update(judged)
        orders += found
        exit_code = max(exit_code, code)
    return told(len(files), outcomes, orders, started), exit_code


def told(sources: int, outcomes: Mapping[str, int], orders: Sequence[dict[str, Any]], started: float) -> dict[str, Any]:
    """Return the JSON of the contracts; *started* is when the first file was taken, of ``time.perf_counter``."""
    return {
        "sources": sources,
        "documents": sum(outcomes.values()),
        **{name: outcomes.get(name, 0) for name in OUTCOMES},
        "orders": list(orders),
        "seconds": round(time.perf_counter() - started, 6),
    }


def result_of(tx: Tx, source_id: int) -> tuple[Counter[str], list[dict[str, Any]], int]:
    """Return outcomes, orders and the exit code of one source."""
    outcomes = rows.outcomes_of_source(tx, source_id)
    envelopes = rows.interchanges_of(tx, source_id)
    # an order stands once, also where the file changes what it ordered
    touched = {order_id: None for outcome, order_id in outcomes if outcome in _MADE and order_id is not None}
    counts = Counter(outcome for outcome, _ in outcomes)
    return counts, views.brief_orders(tx, list(touched)), exit_code(counts, envelopes)


def exit_code(outcomes: Mapping[str, int], envelopes: Sequence[Any]) -> int:
    """Return the exit code of the fault table: 2 for a broken envelope, 1 for what is rejected or parked, else 0."""
    if any(row["verdict"] == "rejected" for row in envelopes):
        return 2
    return int(any(outcomes.get(outcome) for outcome in ("rejected", "parked", "waiting")))
