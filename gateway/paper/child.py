"""The process that reads mails and faxes: it may be killed at any moment, and never opens the store.

A job is two frames: a JSON object (``name``, ``our_server``) and the bytes; the answer is one frame, the pickled
:class:`core.reading.ReadSource`. A frame is its length in :data:`LENGTH_BYTES` (big-endian) and as many bytes. It ends
when its input ends, so it does not outlive the gateway, however that died.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import sys
from contextlib import suppress
from typing import BinaryIO, Final

import orjson

LENGTH_BYTES: Final = 8
#: a process without work for so long ends, and gives its memory back; the next source starts another
_IDLE_SECONDS: Final = 120.0


def main(memory: str, seconds: str) -> None:
    """Serve until the input ends, with so many bytes of memory, and so much processor time for each job."""
    most_bytes, cpu_seconds = int(memory), int(seconds)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway decides when to stop
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not print among the answers
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write
    with suppress(BrokenPipeError):  # the gateway has gone
        _serve(sys.stdin.buffer, answers, cpu_seconds)
    os._exit(0)


def _serve(jobs: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    from adapters.email.adapter import ADAPTER  # noqa: PLC0415 - within the limits already

    while select.select([jobs], [], [], _IDLE_SECONDS)[0]:
        job, content = _frame(jobs), _frame(jobs)
        if job is None or content is None:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        wanted = orjson.loads(job)
        answer = pickle.dumps(
            ADAPTER.read(content, wanted["name"], our_server=wanted["our_server"]), pickle.HIGHEST_PROTOCOL
        )
        answers.write(len(answer).to_bytes(LENGTH_BYTES))
        answers.write(answer)
        answers.flush()


def _frame(jobs: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end of the input."""
    head = jobs.read(LENGTH_BYTES)
    length = int.from_bytes(head)
    frame = jobs.read(length)
    return frame if len(head) == LENGTH_BYTES and len(frame) == length else None
