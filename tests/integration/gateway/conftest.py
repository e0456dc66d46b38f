from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog.testing
from sqlalchemy import insert, select

from adapters.edi.adapter import ADAPTER
from core.clock import Clock
from core.intake.plausibility import PlausibleDates
from core.intake.receive import Door
from core.ports import Decoder, Encoder
from core.store import alerts, workers
from core.store import intake as rows
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.tables.messaging import transmissions
from core.store.tables.messaging import workers as worker_rows
from core.testing.carrier import SteppedClock
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage
from core.testing.sender import MemorySender
from core.testing.stores import prepared_store
from core.testing.trade import BUYER_GLN, CUP, GTINS, MONDAY, OUR_GLN, STORE_GLN, Trade
from gateway.dispatcher import Dispatcher
from gateway.pipeline import Pipeline, Taken
from gateway.rendering import Renderer
from gateway.wiring import Gateway, open_gateway

OUT = "folders/ACME/out"
DATES = PlausibleDates()


class Works:
    """A gateway's middle, from bytes to replies, with a mailbox in memory and a clock that a test moves."""

    def __init__(self, store: Store, root: Path, trade: Trade | None = None) -> None:
        self.store = store
        self.clock = SteppedClock(MONDAY)
        self.sender = MemorySender(OUT)
        self.blobs = BlobStore(root / "blobs")
        self.blobs.root.mkdir()
        store.write((trade or Trade()).load)
        self.worker_id = self.register()
        self.dispatcher = self.another_dispatcher(worker_id=self.worker_id)
        self.pipeline = self.another_pipeline(self.dispatcher)

    def register(self) -> int:
        """Enter one more worker of this process and return its number."""
        return self.store.write(lambda tx: workers.register(tx, "serve", 0))

    def dead_worker(self) -> int:
        """Enter a worker whose process is gone and return its number."""
        row = {
            "id": 1000, "host": socket.gethostname(), "pid": os.getpid(), "started": "long ago", "role": "serve",
            "heartbeat_at": 0,
        }  # fmt: skip
        self.store.write(lambda tx: tx.execute(insert(worker_rows).values(**row)))
        return 1000

    def another_dispatcher(
        self, *, worker_id: int | None = None, sender: Any = None, encoder: Encoder = ADAPTER.encoder,
        clock: Clock | None = None,
    ) -> Dispatcher:  # fmt: skip
        return Dispatcher(
            self.store,
            renderer=Renderer(encoder=encoder, association=ADAPTER.association, clock=clock or self.clock),
            sender=sender or self.sender,
            clock=clock or self.clock,
            worker_id=worker_id or self.register(),
        )

    def another_pipeline(self, dispatcher: Dispatcher, decoder: Decoder = ADAPTER.decoder, **changes: Any) -> Pipeline:
        return Pipeline(
            self.store,
            blobs=self.blobs,
            decoder=decoder,
            clock=self.clock,
            dispatcher=dispatcher,
            dates=DATES,
            worker_id=changes.get("worker_id", self.worker_id),
        )

    def take(self, content: bytes, **door: Any) -> Taken:
        return self.pipeline.take(content, Door(**({"channel": "ED", "transport": "cli", "origin": "x.edi"} | door)))

    def names(self) -> list[str]:
        """Return the names of what was delivered, in the sequence of its arrival."""
        return self.sender.names(OUT)

    def content(self, kind: str) -> list[str]:
        return [content.decode() for name, content in self.sender.received[OUT].items() if name.startswith(kind)]

    def states(self) -> list[str]:
        statement = select(transmissions.c.state).order_by(transmissions.c.id)
        return self.store.read(lambda tx: list(tx.execute(statement).scalars()))

    def alerts(self) -> list[tuple[str, str, int]]:
        return [(row["kind"], row["subject"], row["count"]) for row in self.store.read(alerts.open_alerts)]

    def outcomes(self, source_id: int) -> list[tuple[str, str | None]]:
        def work(tx: Tx) -> list[tuple[str, str | None]]:
            return [(row["outcome"], row["reason"]) for row in rows.documents_of_source(tx, source_id)]

        return self.store.read(work)

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))


def orders_message(number: str, *lines: OrdersLine, **changes: Any) -> OrdersMessage:
    """Return an ORDERS of ACME; by default ten cups."""
    fields: dict[str, Any] = {
        "buyer": BUYER_GLN, "supplier": OUR_GLN, "ship_to": STORE_GLN, "document_date": MONDAY,
        "requested_date": MONDAY.date() + timedelta(days=7), "lines": lines or (OrdersLine(GTINS[CUP]),),
    }  # fmt: skip
    return OrdersMessage(number, **(fields | changes))


def orders_file(reference: str, *messages: OrdersMessage, **changes: Any) -> bytes:
    """Return an interchange of ACME; messages are numbered in their sequence."""
    fields: dict[str, Any] = {"sender": BUYER_GLN, "recipient": OUR_GLN, "prepared_at": MONDAY}
    numbered = [replace(message, reference=str(number)) for number, message in enumerate(messages, 1)]
    return InterchangeFile(numbered, **({"control_reference": reference} | fields | changes)).encode()


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """What is logged, not written."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    yield opened
    opened.close()


@pytest.fixture
def works(store: Store, tmp_path: Path, logs: list[Any]) -> Works:
    """The works on SQLite with the default master data."""
    return Works(store, tmp_path)


@pytest.fixture
def each_works(prepared_url: str, tmp_path: Path, logs: list[Any]) -> Iterator[Works]:
    """The works on a database of each engine."""
    opened = Store(prepared_url)
    yield Works(opened, tmp_path)
    opened.close()


@pytest.fixture
def works_with(store: Store, tmp_path: Path, logs: list[Any]) -> Callable[[Trade], Works]:
    """The works on SQLite with other master data."""
    return lambda trade: Works(store, tmp_path, trade)


@pytest.fixture
def message() -> Callable[..., OrdersMessage]:
    return orders_message


@pytest.fixture
def file() -> Callable[..., bytes]:
    return orders_file


@pytest.fixture
def gateway(home: Path, logs: list[Any]) -> Iterator[Gateway]:
    """The gateway of that home, built as ``serve`` builds it, nothing running."""
    opened = open_gateway(home, "serve")
    yield opened
    opened.close()
