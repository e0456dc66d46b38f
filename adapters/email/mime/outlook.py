"""Mails that Outlook saved (.msg, MS-OXMSG)."""

from __future__ import annotations

import io
import re
from typing import Any, Final

from oxmsg import Message

from adapters.email.kinds import kind_of
from adapters.email.limits import Unreadable
from adapters.email.mime.body import said_now
from adapters.email.mime.letter import ADDRESS, MappingHead, is_forward, letter_of, quoted_sender
from adapters.email.pieces import Basket, Found, OpenFile, Piece
from adapters.email.plain import file_name, plain
from core.reading import Fate, Letter

#: how a file is attached (MS-OXCMSG 2.2.2.9): 5 is a mail of its own
_ATTACH_METHOD: Final = 0x3705
_EMBEDDED: Final = 5


def parse(content: bytes, name: str) -> Message:
    """Return the mail.

    Raises:
        Unreadable: it is damaged.
    """
    try:
        message = Message.load(io.BytesIO(content))
        _ = message.subject, message.body
    except Exception as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error
    return message


def head_of(message: Any, our_server: str) -> Letter:
    """Return what the head of a mail claims; a mail that was never sent has none, and its sender is known by name."""
    letter = letter_of(MappingHead(message.message_headers), our_server=our_server)
    if not letter.sender and message.sender:
        found = re.fullmatch(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>\s]+)>\s*", message.sender)
        if found is not None and ADDRESS.fullmatch(found["address"]):
            letter = letter._replace(sender=found["address"].lower(), sender_name=plain(found["name"].strip('"'), 200))
    if not letter.subject:
        letter = letter._replace(subject=plain(message.subject or "", 250))
    if is_forward(letter.subject):
        letter = letter._replace(forwarded_from=quoted_sender(message.body or ""))
    return letter


def walk(message: Any, place: str, basket: Basket, open_file: OpenFile, *, depth: int, forwarded: bool) -> None:
    """Put the text and the attachments of *message* into *basket*; files are handed to *open_file*."""
    html, text = message.html_body or "", said_now(message.body or "", forwarded=forwarded)
    table = "<table" in html.lower()
    if html:
        passed_over: Fate | None = None if table or not text else "ignored"
        basket.put(Piece(_at(place, 1), "", html.encode(), "html", passed_over, charset="utf-8", is_body=True))
    if text:
        said_twice: Fate | None = "ignored" if table else None
        basket.put(Piece(_at(place, 2), "", text.encode(), "text", said_twice, charset="utf-8", is_body=True))
    for number, attachment in enumerate(message.attachments, 3):
        name, content = file_name(attachment.file_name), attachment.file_bytes or b""
        if attachment.properties.int_prop_value(_ATTACH_METHOD) == _EMBEDDED:
            basket.refuse(_at(place, number), name, b"", "outlook", Unreadable("paper.outlook_inner", {"name": name}))
        elif not content:
            basket.put(Piece(_at(place, number), name, b"", kind_of(b""), "ignored"))
        else:
            open_file(Found(content, name, _at(place, number), depth), basket)


def _at(place: str, number: int) -> str:
    return f"{place}.{number}" if place else str(number)
