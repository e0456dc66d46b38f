"""A mail that a server gives back because it could not deliver it (RFC 3464; RFC 6522)."""

from __future__ import annotations

from email.message import Message
from email.parser import HeaderParser
from typing import Final

from adapters.email.mime.letter import MailHead, letter_of

_REPORT: Final = "multipart/report"
_STATUS: Final = "message/delivery-status"
#: the mail that is given back, whole or its head alone (RFC 6522, sections 3 and 4)
_GIVEN_BACK: Final = ("message/rfc822", "text/rfc822-headers")
#: a head is shorter than this
_LONGEST: Final = 64 * 1024


def returned_by(message: Message) -> str:
    """Return the Message-ID of the mail that *message* reports as not delivered, "" where it reports none.

    A mail that is only late, or has arrived, is none: it needs nobody yet.
    """
    if message.get_content_type() != _REPORT:
        return ""
    parts = _messages_in(message)
    if not any(_has_failed(part) for part in parts if part.get_content_type() == _STATUS):
        return ""
    heads = (_head(part) for part in parts if part.get_content_type() in _GIVEN_BACK)
    return next((said for head in heads if head is not None and (said := letter_of(MailHead(head)).message_id)), "")


def _has_failed(status: Message) -> bool:
    """Tell whether any recipient did not get it (RFC 3464, section 2.3.3)."""
    said = [str(group.get("Action", "")) for group in _messages_in(status)]
    return any(action.strip().lower() == "failed" for action in said)


def _messages_in(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _head(part: Message) -> Message | None:
    if part.get_content_type() == "message/rfc822":
        return next(iter(_messages_in(part)), None)
    content = part.get_payload(decode=True)
    return HeaderParser().parsestr(content[:_LONGEST].decode("latin-1")) if isinstance(content, bytes) else None
