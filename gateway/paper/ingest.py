"""`ordergate ingest --channel MF`: keeps mails and faxes and reads them at once (safe beside a running server)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from core.store import papers
from core.store.engine import Store
from core.store.papers import OPEN
from gateway.ingest import result_of, told
from gateway.paper.door import PaperDoor
from gateway.paper.lanes import PaperLanes
from gateway.pipeline import Progress

#: between two looks at a source that another process reads, or that is tried again in a while
_LOOK_SECONDS: Final = 0.2


def ingest_papers(
    store: Store,
    door: PaperDoor,
    lanes: PaperLanes,
    files: Sequence[tuple[str, bytes]],
    *,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], int]:
    """Take *files* (name, content) in until each is decided; return JSON and exit code as any ingest."""
    started = time.perf_counter()
    kept = [door.keep(content, transport="mail", name=name, origin=name) for name, content in files]
    outcomes: Counter[str] = Counter()
    orders: list[dict[str, Any]] = []
    exit_code = 0
    for number, source_id in enumerate(kept, 1):
        while _waits(store, source_id):
            if not lanes.run_due():
                time.sleep(_LOOK_SECONDS)
        judged, found, code = store.read(partial(result_of, source_id=source_id))
        outcomes.update(judged)
        orders += found
        exit_code = max(exit_code, code)
        if progress is not None:
            progress(number, len(kept))
    return told(len(files), outcomes, orders, started), exit_code


def _waits(store: Store, source_id: int) -> bool:
    row = store.read(lambda tx: papers.source(tx, source_id))
    return row is not None and row["state"] in OPEN
