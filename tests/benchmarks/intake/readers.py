"""Readers as the gateway has them: processes of their own within its limits, each measured while it reads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar

from core.reading import ReadSource
from gateway.paper.reader import PaperReader, ReaderStopped
from gateway.settings import PaperSettings

_TICKS = os.sysconf("SC_CLK_TCK")
#: the 14th and 15th field of /proc/PID/stat, counted after its name, which may hold anything (proc(5))
_CPU_FIELDS = slice(11, 13)


class Document(Protocol):
    """What is read."""

    @property
    def content(self) -> bytes:
        """Its bytes."""
        ...

    @property
    def name(self) -> str:
        """What its file is called."""
        ...


One = TypeVar("One", bound=Document)


class Reading(NamedTuple, Generic[One]):
    """A document as it was read: None, and why, where its reader was ended; seconds, and the reader's peak memory."""

    document: One
    source: ReadSource | None
    reason: str
    seconds: float
    cpu_seconds: float
    peak_mb: int


class Readers:
    """So many readers at a time; each is started with its first document."""

    def __init__(self, count: int, again: Callable[[PaperReader, Any, ReadSource], ReadSource] | None = None) -> None:
        """Have so many; *again* is asked of each document that was read, with its reader."""
        self._again = again
        self._all = [PaperReader(PaperSettings(), "pictures") for _ in range(count)]
        self._free: SimpleQueue[PaperReader] = SimpleQueue()
        for reader in self._all:
            self._free.put(reader)
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for reader in self._all:
            reader.close()

    def read(self, documents: Iterable[One]) -> Iterator[Reading[One]]:
        """Yield every document read, in their order; no more of them are drawn ahead than there are readers."""
        waiting: list[Future[Reading[One]]] = []
        coming = iter(documents)
        while waiting or (waiting := self._started(coming, len(self._all))):
            yield waiting.pop(0).result()
            waiting += self._started(coming, 1)

    def _started(self, documents: Iterator[One], most: int) -> list[Future[Reading[One]]]:
        return [self._threads.submit(self._read, one) for one in islice(documents, most)]

    def _read(self, document: One) -> Reading[One]:
        reader = self._free.get()
        try:
            return _measured(reader, document, lambda: self._twice(reader, document))
        finally:
            self._free.put(reader)

    def _twice(self, reader: PaperReader, document: One) -> ReadSource:
        source = reader.read(document.content, document.name)
        return source if self._again is None else self._again(reader, document, source)


def _measured(reader: PaperReader, document: One, read: Callable[[], ReadSource]) -> Reading[One]:
    before, pid, began = _cpu_of(reader.pid), reader.pid, time.perf_counter()
    source, reason = None, ""
    try:
        source = read()
    except ReaderStopped as error:
        reason = str(error)
    seconds = time.perf_counter() - began
    used = _cpu_of(reader.pid) - (before if reader.pid == pid else 0.0)
    return Reading(document, source, reason, seconds, max(0.0, used), _peak_of(reader.pid))


def _cpu_of(pid: int | None) -> float:
    """Return how many seconds of a processor a process has taken; 0 where it is gone."""
    told = _told(pid, "stat").rpartition(")")[2].split()
    return sum(map(int, told[_CPU_FIELDS])) / _TICKS


def _peak_of(pid: int | None) -> int:
    """Return the most memory that a process has held, in MB (10^6 bytes); 0 where it is gone."""
    held = [line.split()[1] for line in _told(pid, "status").splitlines() if line.startswith("VmHWM:")]
    return int(held[0]) * 1024 // 1_000_000 if held else 0


def _told(pid: int | None, name: str) -> str:
    place = Path(f"/proc/{pid}/{name}")
    return place.read_text(encoding="utf-8") if pid is not None and place.exists() else ""
