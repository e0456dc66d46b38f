"""The lines that the last server writes above a mail: who sent it, and how it came (RFC 5321 section 4.4).

They keep the envelope with the mail, for good. Nothing of what the other side said can start a line of its own here.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Final, NamedTuple

_ENDS_A_WORD: Final = frozenset(" <>()[];\\,\"'")
_LONGEST: Final = 320


class Brought(NamedTuple):
    """Who brought a mail, and what they said of it before its first byte."""

    peer: str
    helo: str
    sender: str
    recipient: str
    #: ``ESMTP``, ``LMTP``, with an ``S`` for TLS (RFC 3848)
    protocol: str


def trace(brought: Brought, *, server: str, at: datetime) -> bytes:
    """Return the lines, each with CRLF; the sender of bounces is ``<>``."""
    sender = "" if brought.sender == "<>" else _word(brought.sender)
    lines = (
        f"Return-Path: <{sender}>",
        f"Received: from {_word(brought.helo)} ([{_word(brought.peer)}])",
        f"\tby {_word(server)} with {brought.protocol}",
        f"\tfor <{_word(brought.recipient)}>; {format_datetime(at)}",
        "",
    )
    return "\r\n".join(lines).encode("utf-8")


def _word(said: str) -> str:
    """Return what can stand inside a field as one word."""
    kept = "".join(one if one.isprintable() and one not in _ENDS_A_WORD else "_" for one in said[:_LONGEST])
    return kept or "unknown"
