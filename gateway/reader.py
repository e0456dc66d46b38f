"""Decodes large interchanges ahead, in a second process, while this one judges what was decoded before.

Measured for 1,000 orders of ten lines on two quiet cores: a whole run takes 0.87 of its time (3,000 orders: 0.95), as
decoding costs 0.2 ms an order and taking it over 0.03 ms; a thread gains nothing, because it shares the interpreter.
Whatever goes wrong with the other process, the rest is decoded here: it holds no state, and each message is yielded
once.
"""

from __future__ import annotations

import fcntl
import marshal
import os
import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, Final

import structlog

from core.ports import Decoded, Decoder, Interchange, MessageSpan, PartnerGuide
from core.provenance import FieldSource, UnmappedValue
from gateway.reader_child import BATCH, LENGTH_BYTES
from gateway.reader_parcels import SHAPE, unpack

_log = structlog.get_logger(__name__)

#: the decoder that the other process imports
EDIFACT: Final = "adapters.edi.adapter:ADAPTER.decoder"
#: A job costs 3 ms and, once, 170 ms on another core; so few messages are decoded here in 60 ms.
WORTH: Final = 300
#: what the other process may be ahead beside the batch in its hands: some three batches of ten lines an order
_PIPE_BYTES: Final = 1 << 19
#: without one byte for so long the other process is given up; it says something every megabyte of source
_PATIENCE_SECONDS: Final = 60.0
#: path first: the reader must import this very installation, whatever lies in the working directory
_BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; from gateway.reader_child import main; main(sys.argv[1])"


class ReaderFailed(Exception):
    """The reader process cannot go on; the caller decodes the rest itself."""


class ReaderProcess:
    """One child that decodes, started when first wanted. One job at a time; not for several threads at once."""

    def __init__(self, decoder: str = EDIFACT, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._decoder = decoder
        self._patience = patience_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._greeted = False

    @property
    def pid(self) -> int | None:
        """The process's id, None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """See that the process runs or is starting; returns at once. Where that fails, ``ready`` says so."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                [sys.executable, "-P", "-c", _BOOT, self._decoder, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                process_group=0,  # Ctrl-C at the terminal is for the gateway alone
            )
        except OSError as error:
            _log.warning("no reader process can be started", reason=str(error))
            return
        os.set_blocking(self._pipe(0).fileno(), False)
        with suppress(OSError):  # the user's share of pipe memory is used up: it is less far ahead then
            fcntl.fcntl(self._pipe(1), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def ready(self) -> bool:
        """Tell whether it takes a job at once; never waits.

        Raises:
            ReaderFailed: it does not run, or it is of another version of the gateway.
        """
        if not self._greeted and _is_open(self._pipe(1), select.POLLIN, 0):
            self._greeted = marshal.loads(self._receive()) == SHAPE  # noqa: S302 - our own process wrote it
            if not self._greeted:
                raise ReaderFailed("it is of another version")
        return self._greeted

    def give(
        self, source: bytes, interchange: Interchange, messages: Sequence[MessageSpan], guide: PartnerGuide | None
    ) -> None:
        """Hand a job over; the process must be ready, and :meth:`parcels` must follow.

        Raises:
            ReaderFailed: it does not take it.
        """
        for frame in (source, pickle.dumps((interchange, messages, guide), pickle.HIGHEST_PROTOCOL)):
            self._send(len(frame).to_bytes(LENGTH_BYTES))
            self._send(frame)

    def parcels(self) -> Iterator[bytearray]:
        """Yield what it makes of the job; who breaks off must close it, because it would go on.

        Raises:
            ReaderFailed: it ended or says nothing any more.
        """
        while parcel := self._receive():
            yield parcel

    def close(self) -> None:
        """End the process; it holds nothing that could be lost."""
        process, self._process, self._greeted = self._process, None, False
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _pipe(self, number: int) -> IO[bytes]:
        pipe = self._process and (self._process.stdin, self._process.stdout)[number]
        if not pipe:
            raise ReaderFailed("it does not run")
        return pipe

    def _send(self, frame: bytes) -> None:
        pipe = self._pipe(0)
        view = memoryview(frame)
        try:
            while view:
                if not _is_open(pipe, select.POLLOUT, self._patience):
                    raise ReaderFailed(f"it took nothing for {self._patience} s")
                view = view[pipe.write(view) or 0 :]
        except (OSError, ValueError) as error:  # broken, or closed by another thread
            raise ReaderFailed(f"it takes no job: {error}") from error

    def _receive(self) -> bytearray:
        return self._read(int.from_bytes(self._read(LENGTH_BYTES)))

    def _read(self, length: int) -> bytearray:
        pipe = self._pipe(1)
        frame = bytearray()
        try:
            while len(frame) < length:
                if not _is_open(pipe, select.POLLIN, self._patience):
                    raise ReaderFailed(f"it said nothing for {self._patience} s")
                part = pipe.read(length - len(frame))
                if not part:
                    raise ReaderFailed("it ended")
                frame += part
        except (OSError, ValueError) as error:  # closed by another thread
            raise ReaderFailed(f"it cannot be read: {error}") from error
        return frame


def _is_open(pipe: IO[bytes], event: int, seconds: float) -> bool:
    """Wait until *pipe* can be read (``POLLIN``) or written (``POLLOUT``), or is broken."""
    poll = select.poll()  # not select(): a busy server has descriptors above 1,023
    poll.register(pipe, event)
    return bool(poll.poll(seconds * 1000))


def has_idle_core() -> bool:
    """Tell whether a core is likely to be free: where all are busy, a second process made runs 1.15-1.8 x longer."""
    cores = len(os.sched_getaffinity(0))
    return cores > 1 and os.getloadavg()[0] < cores


class AheadDecoder:
    """The ``core.ports.Decoder`` *decoder*, whose large interchanges a reader process decodes ahead.

    Any thread may call it; while one interchange is read ahead, others are decoded where they are.
    """

    def __init__(
        self, decoder: Decoder, reader: ReaderProcess, *, worth: int = WORTH, wanted: Callable[[], bool] = has_idle_core
    ) -> None:
        self.id = decoder.id
        self._decoder = decoder
        self._reader = reader
        self._worth = worth
        self._wanted = wanted
        self._turn = threading.Lock()

    def sniff(self, source: bytes) -> bool:
        """Ask the decoder."""
        return self._decoder.sniff(source)

    def scan(self, source: bytes) -> tuple[Interchange, ...]:
        """Ask the decoder."""
        return self._decoder.scan(source)

    def locate(
        self,
        source: bytes,
        interchange: Interchange,
        message: MessageSpan,
        field: str,
        guide: PartnerGuide | None = None,
    ) -> FieldSource | None:
        """Ask the decoder."""
        return self._decoder.locate(source, interchange, message, field, guide)

    def unmapped(
        self, source: bytes, interchange: Interchange, message: MessageSpan, guide: PartnerGuide | None = None
    ) -> Sequence[UnmappedValue]:
        """Ask the decoder."""
        return self._decoder.unmapped(source, interchange, message, guide)

    def decode(
        self,
        source: bytes,
        interchange: Interchange,
        messages: Sequence[MessageSpan],
        guide: PartnerGuide | None = None,
    ) -> Iterator[Decoded]:
        """Yield exactly what the decoder would, in order."""
        done = 0
        if len(messages) > self._worth and self._wanted() and self._turn.acquire(blocking=False):
            clean = False
            try:
                for decoded in self._ahead(source, interchange, messages, guide):
                    yield decoded
                    done += 1
                clean = True
            except ReaderFailed as failure:
                left = len(messages) - done
                _log.warning("the reader process failed; the rest is decoded here", reason=str(failure), left=left)
            finally:
                if not clean:  # also when the caller breaks off: it would go on with a job that nobody wants
                    self._reader.close()
                self._turn.release()
        yield from self._decoder.decode(source, interchange, messages[done:], guide)

    def _ahead(
        self, source: bytes, interchange: Interchange, messages: Sequence[MessageSpan], guide: PartnerGuide | None
    ) -> Iterator[Decoded]:
        """Yield the first messages as decoded here, and the rest from the reader once it is ready."""
        self._reader.start()
        done = 0
        while len(messages) - done > self._worth:
            ready = self._reader.ready()
            if ready:
                self._reader.give(source, interchange, messages[done + BATCH :], guide)
            # Meanwhile, so that nobody waits: the batch that is wanted now.
            yield from self._decoder.decode(source, interchange, messages[done : done + BATCH], guide)
            done += BATCH
            if ready:
                yield from self._taken_over(source, interchange, messages[done:], guide)
                return

    def _taken_over(
        self, source: bytes, interchange: Interchange, messages: Sequence[MessageSpan], guide: PartnerGuide | None
    ) -> Iterator[Decoded]:
        done = 0
        for parcel in self._reader.parcels():
            try:
                batch = unpack(parcel, messages[done : done + BATCH])
            except (ValueError, TypeError, EOFError, ArithmeticError) as error:
                raise ReaderFailed(f"it says: {error}") from error
            for span, decoded in zip(messages[done : done + len(batch)], batch, strict=True):
                if decoded is None:
                    yield from self._decoder.decode(source, interchange, [span], guide)
                else:
                    yield decoded
            done += len(batch)
        if done != len(messages):
            raise ReaderFailed(f"it left {len(messages) - done} messages out")
