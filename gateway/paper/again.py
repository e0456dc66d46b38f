"""Has papers read a second time, by what is known of the customers that they name (``core.paper.again``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import structlog

from core.hints import Hints
from core.manner import Manner
from core.reading import Extracted, PartRead, ReadSource
from gateway.paper.reader import PaperReader, ReaderBrokenOff, ReaderStopped

_log = structlog.get_logger(__name__)


class ReadAgain(NamedTuple):
    """What parts say at the second reading, by their ordinal, and how many could not be read again."""

    found: Mapping[int, Extracted]
    failed: int = 0


def read_again(
    reader: PaperReader, read: ReadSource, manners: Mapping[int, Manner], hints: Mapping[int, Hints],
    content_of: Callable[[PartRead], bytes],
) -> ReadAgain:  # fmt: skip
    """Return what the parts of *read* say that there are *hints* for, each in the manner of its customer.

    A first reading is there in any case: the first that fails ends it, so that a source is never given up, or read for
    longer and longer, because of what was to improve it.

    Raises:
        ReaderBrokenOff: the gateway stops.
    """
    found: dict[int, Extracted] = {}
    for ordinal, told in hints.items():
        part = read.parts[ordinal]
        assert part.paper is not None
        try:
            found[ordinal] = reader.again(content_of(part), part.paper, manners.get(ordinal, Manner()), told)
        except ReaderBrokenOff:
            raise
        except ReaderStopped as stopped:
            _log.warning("a paper could not be read again", name=part.name, sha256=part.sha256, detail=str(stopped))
            return ReadAgain(found, len(hints) - len(found))
    return ReadAgain(found)
