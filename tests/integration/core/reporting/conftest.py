from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import gateway.master_data
from adapters.edi.adapter import ADAPTER
from core.clock import SystemClock
from core.intake.plausibility import PlausibleDates
from core.intake.receive import Door
from core.store import master
from core.store.blobs import BlobStore
from core.store.engine import Store
from core.store.lookup import partner_id_by_code
from gateway import demo
from gateway.dispatcher import Dispatcher
from gateway.master_data.models import MasterData
from gateway.master_data.rows import rows_of
from gateway.pipeline import Pipeline, Taken
from gateway.rendering import Renderer
from gateway.transports.folder import FolderSender

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PARTNER = "ALPINA"


class Clock(SystemClock):
    """Stands still, so that what is written can be compared."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def store(prepared_url: str) -> Iterator[Store]:
    """A store with the demonstration's master data and a second partner, OTHER, who never orders."""
    store = Store(prepared_url)
    path = Path(gateway.master_data.__file__).with_name("demo.toml")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    other = {**content["partners"][0], "code": "OTHER", "name": "Other GmbH", "gln": "9009876000047"}
    other |= {"edi": [{**other["edi"][0], "id": "9009876000047"}], "addresses": []}
    content["partners"].append(other)
    rows = rows_of(MasterData.model_validate(content), content["company"]["gln"])
    store.write(lambda tx: master.load(tx, rows, NOW))
    yield store
    store.close()


@pytest.fixture
def pipeline(store: Store, tmp_path: Path) -> Pipeline:
    """Intake, judging, rendering and delivery into a folder, as the gateway composes them."""
    home = tmp_path / "home"
    (home / "folders" / PARTNER / "out").mkdir(parents=True)
    (home / "blobs").mkdir()
    clock = Clock()
    dispatcher = Dispatcher(
        store,
        renderer=Renderer(encoder=ADAPTER.encoder, association=ADAPTER.association, clock=clock),
        sender=FolderSender(home),
        clock=clock,
        worker_id=1,
    )
    return Pipeline(
        store,
        blobs=BlobStore(home / "blobs"),
        decoder=ADAPTER.decoder,
        clock=clock,
        dispatcher=dispatcher,
        dates=PlausibleDates(),
        worker_id=1,
    )


Take = Callable[[bytes], Taken]


@pytest.fixture
def take(store: Store, pipeline: Pipeline) -> Take:
    """Take bytes in through the partner's folder until their replies are delivered."""
    partner_id = store.read(lambda tx: partner_id_by_code(tx, PARTNER))
    return lambda content: pipeline.take(content, Door("ED", "folder", f"folders/{PARTNER}/in", partner_id))


@pytest.fixture
def demo_orders() -> dict[str, bytes]:
    """The three demonstration files: clean, price-off, truncated."""
    return {name.split("-", 3)[3].removesuffix(".edi"): content for name, content in demo.orders(NOW).items()}


@pytest.fixture
def clean(demo_orders: dict[str, bytes]) -> bytes:
    """An order that is confirmed at once."""
    return demo_orders["clean"]


@pytest.fixture
def price_off(demo_orders: dict[str, bytes]) -> bytes:
    """An order that is held: one price is off by 6 %."""
    return demo_orders["price-off"]


@pytest.fixture
def truncated(demo_orders: dict[str, bytes]) -> bytes:
    """A file that breaks off."""
    return demo_orders["truncated"]
