"""The process that reads mails and faxes: it may be killed at any moment, and never opens the store.

A job is two frames: a JSON object, whose ``do`` says what is wanted, and the content; the answer is one frame, pickled.
``read`` takes the bytes of a source (and ``name``, ``our_server``, ``pictures``) and gives a
:class:`core.reading.ReadSource`; ``again`` takes a part's bytes, its paper, the manner of its customer and hints,
pickled, and gives a :class:`core.reading.Extracted`; ``study`` takes a pickled :class:`core.manner.Study` and gives its
findings. A frame is its length in :data:`LENGTH_BYTES` (big-endian) and as many bytes. It ends when its input ends, and
with the gateway, however that died.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

from gateway.paper.confined import confine, end_out_of_memory

if TYPE_CHECKING:
    from adapters.email.adapter import MailAdapter
    from core.manner import Finding
    from core.reading import Extracted, ReadSource

LENGTH_BYTES: Final = 8


def main(memory: str, seconds: str) -> None:
    """Serve until the input ends, with so many bytes of memory, and so much processor time for each job."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not print among the answers
    confine(int(memory))
    try:
        with suppress(BrokenPipeError):  # the gateway has gone
            _serve(sys.stdin.buffer, answers, int(seconds))
    except MemoryError:
        end_out_of_memory()
    os._exit(0)


def _serve(jobs: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    from adapters.email.adapter import ADAPTER  # noqa: PLC0415 - within the limits already

    while (job := _frame(jobs)) is not None and (content := _frame(jobs)) is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        answer = pickle.dumps(_done(ADAPTER, orjson.loads(job), content), pickle.HIGHEST_PROTOCOL)
        answers.write(len(answer).to_bytes(LENGTH_BYTES))
        answers.write(answer)
        answers.flush()


def _done(adapter: MailAdapter, asked: dict[str, Any], content: bytes) -> ReadSource | Extracted | tuple[Finding, ...]:
    match asked["do"]:
        case "again":
            return adapter.again(*pickle.loads(content))  # noqa: S301 - of the gateway, which checked what it is made of
        case "study":
            return adapter.study(pickle.loads(content))  # noqa: S301 - as above
        case _:
            return adapter.read(content, asked["name"], our_server=asked["our_server"], pictures=asked["pictures"])


def _frame(jobs: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end of the input."""
    head = jobs.read(LENGTH_BYTES)
    length = int.from_bytes(head)
    frame = jobs.read(length)
    return frame if len(head) == LENGTH_BYTES and len(frame) == length else None
