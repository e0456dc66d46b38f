"""What is held of a source while it is read: a stretch of bytes that moves on, so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

#: bytes read at a time; much more leaves the processor's cache
CHUNK: Final = 131_072
#: no service segment, and no padding before one, is longer; what goes on is cut there
LONGEST: Final = 4096
#: Whether a byte begins a service segment or an interchange never depends on bytes further away than this.
REACH: Final = LONGEST + 64


class Window:
    """The bytes of a source from offset ``base`` on, as far as they were read.

    Bytes that are all there make a window, too: one that is complete from the start.
    """

    __slots__ = ("_chunk", "_read", "base", "complete", "held")

    def __init__(self, held: bytes = b"", read: Callable[[int], bytes] | None = None, chunk: int = CHUNK) -> None:
        self.held = held
        self.base = 0
        #: the source ends where the window ends
        self.complete = read is None
        self._read = read
        self._chunk = chunk

    @property
    def end(self) -> int:
        """The offset behind the last byte held."""
        return self.base + len(self.held)

    @property
    def decided(self) -> int:
        """The offset up to which whatever begins can be told for sure."""
        return self.end if self.complete else max(self.base, self.end - REACH)

    def move(self, keep: int) -> None:
        """Forget what lies before offset *keep* and read on. Where nothing more comes, the window is complete."""
        assert self._read is not None
        kept = self.held[max(0, keep - self.base) :]
        # what must be kept for long is read in longer and longer pieces, so that no byte is copied more than twice
        more = self._read(max(self._chunk, len(kept)))
        self.base = self.end - len(kept)
        self.held = kept + more
        self.complete = not more

    def reach(self, offset: int, keep: int) -> None:
        """Read on until all from *keep* to *offset* is held or the source ends."""
        while self.end < offset and not self.complete:
            self.move(keep)

    def cut(self, offset: int, length: int) -> bytes:
        """Return the bytes of the source at *offset*, which must be held."""
        assert offset >= self.base
        start = offset - self.base
        return self.held[start : start + length]
