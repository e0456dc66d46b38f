"""The reader process: takes jobs from its standard input and hands decoded batches to its standard output.

It imports what decoding needs and nothing else, and never opens the store. It ends when its input ends, so it does
not outlive the gateway, however that died.

A frame is its length in :data:`LENGTH_BYTES` (big-endian) and as many bytes. A job is two frames: the source's bytes,
and the interchange with the messages to decode and the guide. The answer is one parcel a batch and an empty frame, or
a text that says why it ends early. The first frame ever is ``SHAPE``: ready.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import select
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import reduce
from importlib import import_module
from typing import BinaryIO, Final, cast

from core.ports import Decoded, Decoder, Interchange, MessageSpan, PartnerGuide
from gateway.reader_parcels import SHAPE, pack

LENGTH_BYTES: Final = 8
#: messages in one parcel; the pipeline judges as many in one transaction
BATCH: Final = 100
#: a parcel is also full with so many bytes of source, which bounds memory and the time until the next one
_FULL_BYTES: Final = 1_000_000
#: a reader without work for so long ends; the next large interchange starts another
_IDLE_SECONDS: Final = 300.0


def main(decoder: str) -> None:
    """Serve until the input ends. *decoder* is ``module:attribute.attribute``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the gateway decides when to stop
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not print among the parcels
    module, _, path = decoder.partition(":")
    found = cast("Decoder", reduce(getattr, path.split("."), import_module(module)))
    gc.freeze()
    with suppress(BrokenPipeError):  # the gateway has gone, or wants no more
        serve(sys.stdin.buffer, answers, found)
    os._exit(0)  # nothing is left to write, and a flush into a broken pipe would complain


def serve(jobs: BinaryIO, answers: BinaryIO, decoder: Decoder, *, idle_seconds: float = _IDLE_SECONDS) -> None:
    """Answer jobs until the input ends or nothing came for *idle_seconds*."""
    _send(answers, marshal.dumps(SHAPE))
    while select.select([jobs], [], [], idle_seconds)[0]:
        source = _frame(jobs)
        job = _frame(jobs)
        if source is None or job is None:
            return
        interchange, messages, guide = pickle.loads(job)  # noqa: S301 - the gateway that started us wrote it
        try:
            for batch in _batches(decoder, source, interchange, messages, guide):
                _send(answers, pack(batch))
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - told to the gateway, which decodes the rest itself
            _send(answers, marshal.dumps(f"{type(error).__name__}: {error}"))
        else:
            _send(answers, b"")


def _batches(
    decoder: Decoder,
    source: bytes,
    interchange: Interchange,
    messages: Sequence[MessageSpan],
    guide: PartnerGuide | None,
) -> Iterator[list[Decoded]]:
    batch: list[Decoded] = []
    size = 0
    for decoded in decoder.decode(source, interchange, messages, guide):
        batch.append(decoded)
        size += decoded.span.length
        if len(batch) == BATCH or size >= _FULL_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _frame(jobs: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end of the input."""
    head = jobs.read(LENGTH_BYTES)
    length = int.from_bytes(head)
    frame = jobs.read(length)
    return frame if len(head) == LENGTH_BYTES and len(frame) == length else None


def _send(answers: BinaryIO, frame: bytes) -> None:
    answers.write(len(frame).to_bytes(LENGTH_BYTES))
    answers.write(frame)
    answers.flush()
