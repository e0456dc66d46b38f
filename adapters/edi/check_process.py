"""Other processes that check messages of a file, as the process that started them sees them.

They are neither forked, which is not safe where threads run, nor started by ``multiprocessing``, which would run the
caller's script once more: each is a new interpreter with two descriptors of ours, the file and one end of a socket.
So they read the very file that is open here, whatever lies under its name by then.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Final

from adapters.edi.check_child import Answer, Job
from adapters.edi.guides.model import Guide
from adapters.edi.streams import Message
from core.ports import PartnerGuide

_log = logging.getLogger(__name__)

#: batches in the hands of one process: the one that it checks and the next one
_DEPTH: Final = 2
#: without any answer for so long a process is given up; a message of 16 MiB takes some five seconds
_PATIENCE_SECONDS: Final = 60.0
#: path first: the child must import this very installation, whatever lies in the working directory
_BOOT: Final = (
    "import sys; sys.path[:] = sys.argv[3:]; from adapters.edi.check_child import main; main(*map(int, sys.argv[1:3]))"
)


class Batch:
    """Messages that are checked together, here or in another process; ``checked`` tells that they were."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.checked = not messages

    def check(self) -> None:
        """Check them here."""
        for message in self.messages:
            message.judge()
        self.checked = True

    def settle(self, faulty: Answer) -> None:
        """Take what another process answered."""
        for message in self.messages:
            message.settle((), failed=False)
        for place, violations, failed in faulty:
            self.messages[place].settle(violations, failed=failed)
        self.checked = True


class CheckProcess:
    """One other process at the end of *connection*; ``batches`` are in its hands, in the order of its answers."""

    def __init__(self, connection: Connection, process: subprocess.Popen[bytes] | None = None) -> None:
        self.connection = connection
        self.batches: deque[Batch] = deque()
        self._process = process
        self._ready = False

    @property
    def has_room(self) -> bool:
        """Tell whether it has begun and takes another batch."""
        return self._ready and len(self.batches) < _DEPTH

    def give(self, batch: Batch) -> None:
        """Hand a batch over.

        Raises:
            OSError: it has died.
        """
        job: Job = [
            (dialect, [message.span for message in messages])
            for dialect, messages in groupby(batch.messages, key=lambda message: message.dialect)
        ]
        self.connection.send(job)
        self.batches.append(batch)

    def take(self) -> None:
        """Take its next answer.

        Raises:
            EOFError, OSError: it has died.
        """
        answer = self.connection.recv()
        if self._ready:
            self.batches.popleft().settle(answer)
        self._ready = True

    def close(self) -> None:
        """End it; it holds nothing that could be lost."""
        self.connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Crew:
    """Some processes that share the work. Whatever becomes of them, all batches are checked, if need be here."""

    def __init__(self, processes: Sequence[CheckProcess], *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._processes = list(processes)
        self._patience = patience_seconds

    def __len__(self) -> int:
        """Return how many processes are left."""
        return len(self._processes)

    def give(self, batch: Batch) -> bool:
        """Hand *batch* to the process with the fewest; tell whether there was one with room. Waits for none."""
        self._collect(0)
        for process in sorted(self._processes, key=lambda process: len(process.batches)):
            if not process.has_room:
                continue
            try:
                process.give(batch)
            except OSError as error:
                self._lose(process, str(error))
            else:
                return True
        return False

    def finish(self, batch: Batch) -> None:
        """See that *batch* is checked: wait for the process that has it, or check it here."""
        while not batch.checked:
            holder = next((process for process in self._processes if batch in process.batches), None)
            if holder is None:
                batch.check()
            elif not self._collect(self._patience):
                self._lose(holder, f"it said nothing for {self._patience} s")

    def _collect(self, seconds: float) -> bool:
        """Take what there is of answers, after waiting at most so long for one; tell whether there was anything."""
        by_connection = {process.connection: process for process in self._processes}
        found = wait(by_connection, seconds)
        for process in [by_connection[connection] for connection in by_connection if connection in found]:
            try:
                process.take()
            except (EOFError, OSError) as error:
                self._lose(process, str(error) or "it ended")
        return bool(found)

    def _lose(self, process: CheckProcess, reason: str) -> None:
        """Go on without a process; what it had is checked here when its turn comes."""
        _log.warning("a process that checks messages failed (%s); the others go on without it", reason)
        self._processes.remove(process)
        process.close()


@contextmanager
def crew(size: int, file: int, guide: PartnerGuide | None) -> Iterator[Crew]:
    """Start *size* processes on the open *file*, or fewer where that fails; end them when the block ends."""
    processes: list[CheckProcess] = []
    try:
        for _ in range(size):
            try:
                processes.append(_start(file, guide))
            except OSError as error:
                _log.warning("no process that checks messages can be started (%s)", error)
                break
        yield Crew(processes)
    finally:
        for process in processes:
            process.close()


def _start(file: int, guide: PartnerGuide | None) -> CheckProcess:
    ours, theirs = Pipe()
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                [sys.executable, "-P", "-c", _BOOT, str(theirs.fileno()), str(file), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), file),
                process_group=0,  # Ctrl-C at the terminal is for the caller alone
            )
        except OSError:
            ours.close()
            raise
    started = CheckProcess(ours, process)
    try:
        # other guides than ours judge envelopes only, which is done here
        ours.send(guide if isinstance(guide, Guide) else None)
    except OSError:
        started.close()
        raise
    return started
