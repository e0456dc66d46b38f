"""A demonstration home, opened in the test's process as the command line opens it; files go in by ``ingest``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from postgres_databases import database_on

from core.clock import SystemClock
from core.reporting import views
from core.store import papers
from core.store.papers import Row
from gateway import home as homes
from gateway.paper.reader import PaperReader
from gateway.wiring import Gateway, open_gateway


class House:
    """The gateway, and what tests ask of it."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def take(self, name: str, content: bytes) -> dict[str, Any]:
        """Take one file in and return what `ordergate ingest --json` tells."""
        return self.gateway.ingest([(name, content)], channel="MF")[0]

    def newest(self) -> Row:
        """Return the newest document, with every violation."""
        found = self.gateway.store.read(lambda tx: views.documents(tx, direction="in", limit=1))["items"][0]
        return self.gateway.store.read(lambda tx: views.document(tx, found["id"]))

    def parts(self) -> list[Row]:
        """Return the parts of the source of the newest document."""
        source_id = int(self.newest()["source_id"])
        return self.gateway.store.read(lambda tx: papers.parts_of(tx, source_id))

    def tasks(self) -> list[dict[str, Any]]:
        """Return the open tasks to look at a paper, the newest first."""
        found = self.gateway.operations.task_desk.tasks(state="open", kind="paper.review")
        return list(found["items"])


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Read the same bytes once in a module, for whichever database: what they say does not depend on where it is kept.

    It is the reading process that reads them, and what it could not read is read again.
    """
    asked: Callable[..., Any] = PaperReader._asked
    answers: dict[tuple[bytes, bytes], Any] = {}

    def remembered(reader: PaperReader, job: Mapping[str, Any], content: bytes, wanted: type) -> Any:
        key = orjson.dumps(job), content
        if key not in answers:
            answers[key] = asked(reader, job, content, wanted)
        return answers[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PaperReader, "_asked", remembered)
        yield


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home of its own per module and database engine; ``checked`` believes its mail server, on SQLite."""
    root: Path = tmp_path_factory.mktemp("paper") / "home"
    with ExitStack() as stack:
        if request.param == "checked":
            root.mkdir()
            (root / "ordergate.toml").write_text(
                '[papers]\nour_server = "mx.seller.example"\n\n[sandbox]\nenabled = true\n'
            )
        if request.param == "postgresql":
            url = stack.enter_context(database_on(request.getfixturevalue("postgres_url")))
            root.mkdir()
            (root / "ordergate.toml").write_text(f'[database]\nurl = "{url}"\n\n[sandbox]\nenabled = true\n')
        homes.init(root, SystemClock(), demo=True)
        gateway = open_gateway(root, "cli")
        stack.callback(gateway.close)
        yield House(gateway)
