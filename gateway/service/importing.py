"""The thread that places the orders of files, step by step, beside all else that the service does."""

from __future__ import annotations

import threading

import structlog

from core.errors import OrdergateError
from gateway.wiring import Gateway

_log = structlog.get_logger(__name__)

#: how often imports are looked for without a wake-up: another process may have queued one
_POLL_SECONDS = 1.0


class Importing:
    """Works on imports until it is stopped; a wake-up is a hint, the poll is the truth."""

    def __init__(self, gateway: Gateway) -> None:
        self._worker = gateway.imports
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="importing", daemon=True)

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
        """Say that there may be an import to work on."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                done = self._worker.run_due()
            except OrdergateError as error:
                _log.error("imports failed and go on", code=error.code, error=error.message)
                self._stopping.wait(1)
                continue
            except Exception:  # noqa: BLE001 - nothing else would bring the imports back
                _log.exception("imports failed and go on")
                self._stopping.wait(1)
                continue
            if not done:
                self._woken.wait(_POLL_SECONDS)
