"""Does a file end as a complete one does? Predicates over its last bytes, injected into the scanner.

They decide only how long a file is waited for, never whether it is good: judging is the decoder's work.
"""

from __future__ import annotations

import re

TAIL_BYTES = 512
"""How many of a file's last bytes a predicate is given (fewer when the file is shorter)."""

# Padding that mainframe and CP/M style writers put behind the last segment counts as whitespace.
_PADDING = b" \t\r\n\x00\x1a"


def edifact_complete(tail: bytes) -> bool:
    """Tell whether *tail* ends with a UNZ segment, its terminator, and nothing but whitespace (ISO 9735, UNZ).

    UNA may have changed the separators and lies far before the tail, so they are read from UNZ itself: the byte
    behind the tag separates elements, the byte that ended the segment before it ends segments.
    """
    start = tail.rfind(b"UNZ")
    if start < 0 or len(tail) < start + 5:
        return False
    separator = tail[start + 3 : start + 4]
    before = tail[:start].rstrip(b" \t\r\n")
    terminator = before[-1:] or b"'"
    if terminator.isalnum():
        # The segment before ends without a mark of its own: a line end is the terminator (UNA:+.? <newline>).
        terminator = tail[len(before) : len(before) + 1]
    if separator.isalnum() or not terminator or separator == terminator:
        return False
    element, end = re.escape(separator), re.escape(terminator)
    unz = rb"UNZ" + element + rb"\d{1,6}(?:" + element + rb"[^" + end + rb"]{0,40})?" + end + rb"[" + _PADDING + rb"]*"
    return re.fullmatch(unz, tail[start:]) is not None


def closed_is_complete(tail: bytes) -> bool:
    """For formats without an end mark (mail, scans): any file with bytes in it counts as complete."""
    return bool(tail)
