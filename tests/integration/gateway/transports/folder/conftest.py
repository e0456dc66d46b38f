"""A partner folder on a real disk, and a desk that takes what the transport brings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.transports.folder import ClaimedFile, Disposition, FolderSettings, FolderTransport, FolderTrouble

ORDER = b"UNB+UNOC:3+4000001000005:14+4000002000003:14+261122:1200+%d'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+%d'"


@dataclass
class Taken:
    folder: str
    name: str
    claim_id: str
    content: bytes
    at: float


@dataclass
class Desk:
    """Takes files as the gateway's intake would, and writes down what it was told."""

    taken: list[Taken] = field(default_factory=list)
    alarms: list[FolderTrouble] = field(default_factory=list)
    healed: list[FolderTrouble] = field(default_factory=list)
    before: Callable[[ClaimedFile], object] = lambda _file: None
    answer: Callable[[ClaimedFile], Disposition] = lambda _file: Disposition("done")
    lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Look again and again until *condition* holds; fail after *seconds*."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "the condition never came true"
            time.sleep(0.002)

    @staticmethod
    def interchange(reference: int = 1) -> bytes:
        """Return a file that ends as a complete interchange does."""
        return ORDER % (reference, reference)

    def take(self, file: ClaimedFile) -> Disposition:
        at = time.monotonic()
        self.before(file)
        content = file.read()
        with self.lock:
            self.taken.append(Taken(file.folder, file.name, file.claim_id, content, at))
        return self.answer(file)

    @property
    def names(self) -> list[str]:
        return [taken.name for taken in self.taken]

    @property
    def codes(self) -> list[str]:
        return [alarm.code for alarm in self.alarms]

    @property
    def healed_codes(self) -> list[str]:
        return [alarm.code for alarm in self.healed]


class Partner(FolderSettings):
    """A partner's folder with short ways to put files there and look at them."""

    def put(self, name: str, content: bytes) -> Path:
        """Write beside the folder and rename in: the polite way."""
        outside = self.root.parent / "staging"
        outside.mkdir(exist_ok=True)
        (outside / name).write_bytes(content)
        return (outside / name).rename(self.inbox / name)

    def names(self, place: str) -> list[str]:
        folder = self.root / place
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def partner(tmp_path: Path) -> Callable[..., Partner]:
    def make(code: str = "ACME", **settings: object) -> Partner:
        made = Partner(
            code=code, root=tmp_path / code, **{"settle_seconds": 0.15, "incomplete_seconds": 1.0, **settings}
        )
        for place in ("in", "work", "done", "error"):
            (made.root / place).mkdir(parents=True, exist_ok=True)
        return made

    return make


@pytest.fixture
def serve(desk: Desk) -> Iterator[Callable[..., FolderTransport]]:
    running: list[FolderTransport] = []

    def start(*folders: FolderSettings, started: bool = True, **settings: object) -> FolderTransport:
        told = {
            "owner": "test-1",
            "alive": lambda _owner: False,
            "alarm": desk.alarms.append,
            "heal": desk.healed.append,
            **settings,
        }
        transport = FolderTransport(folders, desk.take, **told)
        running.append(transport)
        if started:
            transport.start()
        return transport

    yield start
    for transport in running:
        transport.stop()
