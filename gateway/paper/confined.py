"""What is asked of a process before it opens what strangers sent: bounded memory, walls, and no life of its own."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Final

from gateway.paper.walls import wall_in

#: the process ended because its memory was used up
OUT_OF_MEMORY: Final = 5
#: ``PR_SET_PDEATHSIG`` (prctl(2)): the signal that a process gets when the thread that started it ends
_SET_PARENT_DEATH_SIGNAL: Final = 1


def environment() -> dict[str, str]:
    """Return the environment of such a process: ours without the settings, which hold passwords.

    Threads of number libraries want stacks and memory of their own, and there is one page at a time.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERGATE_")}
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def confine(most_bytes: int) -> None:
    """Hold this process to *most_bytes* of memory, wall it in, and have it end with who started it.

    On Linux the walls are those of :mod:`gateway.paper.walls`. Elsewhere it can write no file, and that is all; and
    a process that is at work when the gateway is killed ends with its work, or at its limit of processor time.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway decides when to stop
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write
    if sys.platform == "linux":
        with suppress(AttributeError):  # a library of C without prctl
            ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    wall_in()


def end_out_of_memory() -> None:
    """End at once: what is left of this process cannot be trusted to answer."""
    os._exit(OUT_OF_MEMORY)
