"""A thread that works on a queue step by step, beside all else that the service does."""

from __future__ import annotations

import threading
from typing import Final, Protocol

import structlog

from core.errors import OrdergateError

_log = structlog.get_logger(__name__)

#: how often a queue is looked at without a wake-up: another process may have put something there
_POLL_SECONDS: Final = 1.0


class Worker(Protocol):
    """What works on a queue."""

    def run_due(self) -> int:
        """Go a step on and return how much was done, 0 when nothing is due."""
        ...

    def close(self) -> None:
        """Let go of what is held between steps."""
        ...


class Stepping:
    """Works on a queue until it is stopped; a wake-up is a hint, the poll is the truth."""

    def __init__(self, worker: Worker, name: str) -> None:
        self._worker = worker
        #: of the queue, in logs: ``imports``
        self._name = name
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the present step and end; what is left goes on after the next start."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()
        self._worker.close()

    def wake(self) -> None:
        """Say that there may be something to work on."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                done = self._worker.run_due()
            except OrdergateError as error:
                _log.error("the queue failed and goes on", queue=self._name, code=error.code, error=error.message)
                self._stopping.wait(1)
                continue
            except Exception:  # noqa: BLE001 - nothing else would bring the queue back
                _log.exception("the queue failed and goes on", queue=self._name)
                self._stopping.wait(1)
                continue
            if not done:
                self._woken.wait(_POLL_SECONDS)
