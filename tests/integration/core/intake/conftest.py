from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from core.intake.handlers import Judged
from core.intake.judge import Bench, judge_batch
from core.intake.receive import Door, Entered, Scanned, enter
from core.ports import Decoded, Interchange
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import MONDAY, Trade

Received = tuple[Interchange, Sequence[Decoded]]


class Desk:
    """Takes interchanges in without bytes: enters them, judges what is left, as the pipeline does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = MONDAY

    def bench(self, at: datetime | None = None) -> Bench:
        return Bench(MasterCache(), at or self.now)

    def enter(self, *received: Received, content: str = "", **door: Any) -> Entered:
        """Enter one source; *content* stands for its bytes, by default what the interchanges say."""
        scanned = [
            Scanned(one, hashlib.sha256((content or repr((one, batch))).encode()).hexdigest())
            for one, batch in received
        ]
        way = Door(**({"channel": "ED", "transport": "cli", "origin": "orders.edi"} | door))
        return self.store.write(
            lambda tx: enter(
                tx,
                MasterCache(),
                way,
                scanned,
                sha256=hashlib.sha256(repr(scanned).encode()).hexdigest(),
                size=100,
                decoder="edifact",
                worker_id=1,
                now=self.now,
            )
        )

    def judge(self, entered: Entered, received: Received, place: int = 0, before: int = 0) -> list[Judged] | None:
        """Judge the messages of the interchange at *place* of what is left to judge."""
        interchange_id, scanned = entered.to_judge[place]

        def work(tx: Tx) -> list[Judged] | None:
            return judge_batch(
                tx,
                self.bench(),
                interchange_id=interchange_id,
                interchange=scanned.interchange,
                batch=list(received[1])[before:],
                judged_before=before,
            )

        return self.store.write(work)

    def take(self, received: Received, **door: Any) -> tuple[Entered, list[Judged]]:
        """Enter and judge one interchange."""
        entered = self.enter(received, **door)
        judged = self.judge(entered, received) if entered.to_judge else []
        return entered, judged or []


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk with the default master data on SQLite."""
    store.write(Trade().load)
    return Desk(store)


@pytest.fixture
def each_desk(each_store: Store) -> Desk:
    """A desk with the default master data, once per engine."""
    each_store.write(Trade().load)
    return Desk(each_store)


@pytest.fixture
def open_desk() -> Callable[[Store], Desk]:
    return Desk
