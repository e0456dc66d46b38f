"""The command line, ``ordergate``. Standard output carries the result alone; everything else goes to standard error."""

from __future__ import annotations

import gc
from collections.abc import Sequence

__all__ = ["main"]

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``ordergate`` with *arguments* (those of the process if None) and return its exit code."""
    # What is loaded stays: a seventh of the start went into looking through it for what has died.
    gc.set_threshold(50_000, 20, 100)
    try:  # an interrupt while the program is still being read is as quiet as any later one
        from gateway.cli import failures  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        return _INTERRUPTED
    return failures.main(arguments)
