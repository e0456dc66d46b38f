"""EDIFACT for scripts: the messages of a file of any size, one at a time, in constant memory, without a home.

.. code-block:: python

    for interchange in read("orders.edi"):
        for message in interchange:
            print(message.type, message.reference, message.document or message.violations)
        print(interchange.control_reference, interchange.violations)

What this module offers is kept stable for users (``docs/how-to/read-edifact.md``), the rest of the package is not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from adapters.edi.decoder import SegmentView
from adapters.edi.envelope import envelopes
from adapters.edi.streams import InterchangeStream, Message, interchanges, with_messages
from adapters.edi.walk import Group
from adapters.edi.window import CHUNK, Window
from core.ports import PartnerGuide

__all__ = [
    "MESSAGE_LIMIT",
    "Group",
    "GuideOrFile",
    "InterchangeStream",
    "Message",
    "Readable",
    "SegmentView",
    "Source",
    "check",
    "messages",
    "read",
]

#: bytes of the largest message that is kept and decoded, unless the caller says otherwise
MESSAGE_LIMIT: Final = 16 * 1024 * 1024


class Readable(Protocol):
    """A file opened for reading bytes, as far as it is used; ``b""`` is its end."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes."""
        ...


Source = bytes | str | os.PathLike[str] | Readable
#: a partner guide, or the file that it stands in
GuideOrFile = PartnerGuide | str | os.PathLike[str]


def read(
    source: Source,
    *,
    guide: GuideOrFile | None = None,
    message_limit: int = MESSAGE_LIMIT,
    chunk_bytes: int = CHUNK,
) -> Iterator[InterchangeStream]:
    """Yield the interchanges of *source*: a path, bytes, or a file opened for reading bytes, which stays open.

    Messages are judged by the partner's *guide* where one is given. Never more than one message of up to
    *message_limit* bytes and some chunks of *chunk_bytes* are in memory; a larger message is passed over with the
    error ``message.too_large``. A source without any interchange gives one that failed and says why. Going on to the
    next interchange passes over the messages that were not iterated.

    Raises:
        OSError: the file cannot be read. Whatever its bytes are, they raise nothing.
        GuideInvalid: the guide cannot be read, or says what its directory cannot mean.
    """
    judge = _loaded(guide)
    with _window(source, chunk_bytes) as window:
        yield from interchanges(with_messages(envelopes(window, message_limit), window, judge), judge)


def messages(
    source: Source, *, guide: GuideOrFile | None = None, message_limit: int = MESSAGE_LIMIT
) -> Iterator[Message]:
    """Yield the messages of all interchanges of *source*; see :func:`read`. Faults of the envelopes are not told."""
    for interchange in read(source, guide=guide, message_limit=message_limit):
        yield from interchange


def check(
    source: Source,
    *,
    guide: GuideOrFile | None = None,
    message_limit: int = MESSAGE_LIMIT,
    processes: int | None = None,
) -> Iterator[InterchangeStream]:
    """Yield what :func:`read` yields, for who asks for faults: several processes check the messages of a large file.

    Interchanges, messages and faults are the same and in the same order. A document stays in the process that made
    it, so ``document`` reads the message again here. *processes* counts this one; without it they are as many as
    cores are idle, up to four, and one for a file below 4 MB. Bytes, and what is no regular file, are checked here
    alone. Each process takes some 30 MB, whatever the file has.

    Raises:
        OSError: the file cannot be read.
        GuideInvalid: the guide cannot be read, or says what its directory cannot mean.
    """
    if not isinstance(source, (str, os.PathLike)):
        yield from read(source, guide=guide, message_limit=message_limit)
        return
    from adapters.edi.ahead import checked_ahead, processes_for  # noqa: PLC0415 - 2 MB that `read` does not need
    from adapters.edi.check_process import crew  # noqa: PLC0415 - as above

    judge = _loaded(guide)
    with Path(source).open("rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        if processes is None:
            processes = processes_for(status.st_size)
        others = processes - 1 if stat.S_ISREG(status.st_mode) else 0
        window = Window(read=file.read, chunk=CHUNK)
        events = with_messages(envelopes(window, message_limit), window, judge)
        # One process goes ahead, too: many messages walked and then checked are faster than each in turn.
        with crew(others, file.fileno(), judge) as started:
            yield from interchanges(checked_ahead(events, started, judge), judge)


def _loaded(guide: GuideOrFile | None) -> PartnerGuide | None:
    if not isinstance(guide, (str, os.PathLike)):
        return guide
    from adapters.edi.guides.loading import load_guide  # noqa: PLC0415 - 10 MB that few scripts need

    return load_guide(Path(guide))


@contextmanager
def _window(source: Source, chunk: int) -> Iterator[Window]:
    if isinstance(source, bytes):
        yield Window(source)
    elif isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb", buffering=0) as file:
            yield Window(read=file.read, chunk=chunk)
    else:
        yield Window(read=source.read, chunk=chunk)
