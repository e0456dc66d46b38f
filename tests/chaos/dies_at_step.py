"""`ordergate` that kills itself at its n-th durable step: before or after a commit, a rename, a booking.

Usage: ``dies_at_step.py STEP ARGUMENTS...``. Standard error tells the step at which it ended.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from adapters.carriers.sandbox.ledger import Ledger
from core.store.blobs import BlobStore
from core.store.engine import Store
from gateway.cli import main
from gateway.transports.folder import sender, worker

#: everything after which the world is another: what a restart must be able to start from
STEPS = [
    (Store, "write"),
    (BlobStore, "put"),
    (worker, "claim_file"),
    (worker, "put_away"),
    (sender, "rename_new"),
    (Ledger, "take"),
]


class Fuse:
    """Counts steps, from whatever thread they come, and kills the process at one of them."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._steps = count(1)
        self._lock = threading.Lock()

    def step(self, name: str) -> None:
        with self._lock:
            if next(self._steps) == self._at:
                os.write(2, f"died at step {self._at}: {name}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """Make *owner*'s function *name* two steps: before and after it."""
        function: Callable[..., Any] = getattr(owner, name)

        def stepping(*arguments: Any, **named: Any) -> Any:
            self.step(f"before {name}")
            value = function(*arguments, **named)
            self.step(f"after {name}")
            return value

        setattr(owner, name, stepping)


if __name__ == "__main__":
    fuse = Fuse(int(sys.argv[1]))
    for place in STEPS:
        fuse.around(*place)
    sys.exit(main(sys.argv[2:]))
