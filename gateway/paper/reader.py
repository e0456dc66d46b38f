"""Reads mails and faxes in a process of its own, which is killed where it exceeds its limits (issue 6, part 7)."""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO, Any, Final, TypeVar

import orjson

from core.hints import Hints
from core.manner import Finding, Manner, Study
from core.reading import Extracted, Paper, ReadSource
from core.store.papers import Lane
from gateway.paper.answers import made_of
from gateway.paper.child import LENGTH_BYTES
from gateway.paper.confined import OUT_OF_MEMORY, environment
from gateway.settings import PaperSettings

#: path first: it must import this very installation, whatever lies in the working directory
_BOOT: Final = "import sys; sys.path[:] = sys.argv[3:]; from gateway.paper.child import main; main(*sys.argv[1:3])"
_MEBIBYTE: Final = 1024 * 1024

Answer = TypeVar("Answer")


class ReaderStopped(Exception):
    """The process ended without an answer, or was ended at its limits; its words say which."""


class ReaderBrokenOff(ReaderStopped):
    """The process was ended because the gateway stops: nothing is said of what it read."""


class PaperReader:
    """One child that reads, started when first wanted; for one thread, beside which any may break it off.

    That of the lane ``text`` leaves pictures alone, as ``ReadSource.pictures_wait`` tells. Its memory is small, so it
    stays; that of ``pictures`` ends when it has had nothing to do for long.
    """

    def __init__(self, settings: PaperSettings, lane: Lane = "text") -> None:
        self._settings = settings
        self._lane = lane
        pictures = lane == "pictures"
        self._cpu_seconds = settings.picture_cpu_seconds if pictures else settings.cpu_seconds
        self._wall_seconds = settings.picture_wall_seconds if pictures else settings.wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._used = time.monotonic()
        #: between the start of a process and its being broken off
        self._lock = threading.Lock()
        self._broken_off = False

    @property
    def pid(self) -> int | None:
        """The process's id, None while there is none."""
        return None if self._process is None else self._process.pid

    def read(self, content: bytes, name: str) -> ReadSource:
        """Return what *content* says; *name* is what it was called.

        Raises:
            ReaderStopped: it was too much for the limits, or broke its reader.
            ReaderBrokenOff: the gateway stops.
        """
        pictures = self._lane == "pictures"
        job = {"do": "read", "name": name, "our_server": self._settings.our_server, "pictures": pictures}
        return self._asked(job, content, ReadSource)

    def again(self, content: bytes, paper: Paper, manner: Manner, hints: Hints | None = None) -> Extracted:
        """Return what a paper that was read says, by what is known of its customer; *content* are its bytes.

        Raises:
            ReaderStopped, ReaderBrokenOff: as :meth:`read`.
        """
        return self._asked({"do": "again"}, pickle.dumps((content, paper, manner, hints or Hints())), Extracted)

    def study(self, job: Study) -> tuple[Finding, ...]:
        """Return what a paper beside its order teaches.

        Raises:
            ReaderStopped, ReaderBrokenOff: as :meth:`read`.
        """
        return self._asked({"do": "study"}, pickle.dumps(job), tuple)

    def _asked(self, job: Mapping[str, Any], content: bytes, wanted: type[Answer]) -> Answer:
        """Have a job done and return its answer, which is *wanted*."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        until = time.monotonic() + self._wall_seconds
        try:
            for frame in (orjson.dumps(job), content):
                self._send(len(frame).to_bytes(LENGTH_BYTES) + frame, until)
            found = made_of(self._receive(self._length(until), until))
        except (OSError, ValueError, pickle.UnpicklingError) as error:
            words = self._end(error)
            raise (ReaderBrokenOff if self._broken_off else ReaderStopped)(words) from error
        finally:
            self._used = time.monotonic()
        if not isinstance(found, wanted):
            raise ReaderStopped(self._end(TypeError("it gave no reading")))
        return found

    def rest(self) -> None:
        """Say that there is nothing to read: a process that holds much memory ends after a while, one that died too."""
        process = self._process
        if process is None:
            return
        idle = self._lane == "pictures" and time.monotonic() - self._used >= self._settings.idle_seconds
        if idle or process.poll() is not None:
            self.close()

    def break_off(self) -> None:
        """End the process in the middle of its work, and start none any more; called from another thread."""
        with self._lock:
            self._broken_off = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process; it holds nothing that could be lost."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _start(self) -> None:
        self.close()
        limits = (str(self._settings.memory_mib * _MEBIBYTE), str(self._cpu_seconds))
        with self._lock:
            if self._broken_off:
                raise ReaderBrokenOff("the gateway stops")
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                [sys.executable, "-P", "-B", "-c", _BOOT, *limits, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                process_group=0,  # Ctrl-C at the terminal is for the gateway alone
                env=environment(),
            )
        for number in (0, 1):
            os.set_blocking(self._pipe(number).fileno(), False)

    def _end(self, error: Exception) -> str:
        """Kill the process and return in a few words how it ended."""
        process = self._process
        code = None if process is None else process.poll()
        if code is None and process is not None and not isinstance(error, TimeoutError):
            try:
                code = process.wait(1)  # its pipe was closed by its end, which may take a moment to be seen
            except subprocess.TimeoutExpired:
                code = None
        self.close()
        if isinstance(error, TimeoutError):
            return f"it took longer than {self._wall_seconds:g} s"
        if code is not None and -code == signal.SIGXCPU:
            return f"it took more than {self._cpu_seconds} s of processor time"
        if code in (OUT_OF_MEMORY, -signal.SIGABRT):  # libraries of C and Rust abort where they get no more
            return f"it took more than {self._settings.memory_mib} MiB of memory"
        if code is None:
            return f"its reader ended ({error})"
        return f"its reader ended with {signal.Signals(-code).name if code < 0 else code}"

    def _send(self, frame: bytes, until: float) -> None:
        pipe, view = self._pipe(0), memoryview(frame)
        while view:
            _wait(pipe, select.POLLOUT, until)
            view = view[pipe.write(view) or 0 :]

    def _length(self, until: float) -> int:
        length = int.from_bytes(self._receive(LENGTH_BYTES, until))
        if length > self._settings.memory_mib * _MEBIBYTE:
            raise ValueError("it says more than it can know")
        return length

    def _receive(self, length: int, until: float) -> bytearray:
        pipe, frame = self._pipe(1), bytearray()
        while len(frame) < length:
            _wait(pipe, select.POLLIN, until)
            part = pipe.read(length - len(frame))
            if not part:
                raise BrokenPipeError("it ended")
            frame += part
        return frame

    def _pipe(self, number: int) -> IO[bytes]:
        pipe = self._process and (self._process.stdin, self._process.stdout)[number]
        if not pipe:
            raise BrokenPipeError("it does not run")
        return pipe


def _wait(pipe: IO[bytes], event: int, until: float) -> None:
    poll = select.poll()  # not select(): a busy server has descriptors above 1,023
    poll.register(pipe, event)
    if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TimeoutError
