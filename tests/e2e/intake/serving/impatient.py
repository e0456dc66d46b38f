"""`ordergate` as it is, but for how long it waits for a locked database: a lock in a test need not last ten seconds."""

from __future__ import annotations

import sys

from core.store import engine
from gateway.cli import main

if __name__ == "__main__":
    engine._BUSY_SECONDS = 0.4
    sys.exit(main())
