"""The process that checks messages for another one: it reads them from the file itself and tells faults alone.

What it is told and what it tells are pickles over one connection. It is told the guide once, and answers that it is
ready. Every job after that is a list of messages, every answer which of them have faults. It ends when the connection
does, so it does not outlive the process that started it, however that died.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread

from adapters.edi.dialect import Dialect
from adapters.edi.streams import Message, is_kept
from core.ports import MessageSpan, PartnerGuide
from core.provenance import Violation

#: messages of a file by their spans, those of one dialect after those of another
Job = Sequence[tuple[Dialect, Sequence[MessageSpan]]]
#: of the messages that have faults: the place in the job, all faults, and whether the message is rejected
Answer = list[tuple[int, tuple[Violation, ...], bool]]


def main(connection: int, file: int) -> None:
    """Serve until the connection ends. Both arguments are descriptors that the process was started with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it decides when to stop
    gc.freeze()
    with Connection(connection) as opened:
        serve(opened, file)


def serve(connection: Connection, file: int) -> None:
    """Answer the jobs that come over *connection* on messages of the open *file*, until it ends.

    Raises:
        OSError: the file cannot be read, or ends before a message does.
    """
    try:
        guide: PartnerGuide | None = connection.recv()
        connection.send(None)
    except (EOFError, OSError):  # the other process has gone, or wants no more; so below
        return
    # Jobs are taken while answers are given: neither process ever waits for the other one to take something.
    jobs: SimpleQueue[Job | None] = SimpleQueue()
    Thread(target=_receive, args=(connection, jobs), daemon=True).start()
    while (job := jobs.get()) is not None:
        answer = _answer(job, file, guide)
        try:
            connection.send(answer)
        except OSError:
            return


def _receive(connection: Connection, jobs: SimpleQueue[Job | None]) -> None:
    with suppress(EOFError, OSError):
        while True:
            jobs.put(connection.recv())
    jobs.put(None)


def _answer(job: Job, file: int, guide: PartnerGuide | None) -> Answer:
    answer: Answer = []
    place = 0
    for dialect, spans in job:
        for span in spans:
            message = Message(span, _content(file, span), dialect, guide)
            if message.failed or message.violations:
                answer.append((place, message.violations, message.failed))
            place += 1
    return answer


def _content(file: int, span: MessageSpan) -> bytes:
    if not is_kept(span):
        return b""
    content = os.pread(file, span.length, span.offset)
    if len(content) < span.length:
        raise OSError(f"the file ends inside the message at byte {span.offset}; it was longer before")
    return content
