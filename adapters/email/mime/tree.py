"""Walks the tree of a mail (RFC 2046): every leaf is an order perhaps, a text, a picture of a signature, or refused.

The standard library's ``iter_attachments`` misses orders inside the text and gives odd texts as attachments
(ocr-intake, section 6), so the tree is walked here.
"""

from __future__ import annotations

import io
import re
import warnings
from email import policy
from email.errors import InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect
from email.message import Message
from email.parser import BytesParser
from typing import Final
from urllib.parse import unquote

from PIL import Image

from adapters.email.charsets import text_of
from adapters.email.kinds import PICTURES, PILLOW_FORMATS, kind_of
from adapters.email.limits import Unreadable
from adapters.email.mime.body import said_now
from adapters.email.mime.letter import MailHead, decoded, is_forward, letter_of, quoted_sender
from adapters.email.mime.returned import returned_by
from adapters.email.pieces import Basket, Found, OpenFile, Piece
from adapters.email.plain import file_name
from core.reading import Fate, Letter

_BROKEN: Final = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
#: parts that say something of the mail, not of an order
_ENVELOPES: Final = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "message/delivery-status", "text/calendar", "text/rfc822-headers",
})  # fmt: skip
#: a picture in a text that is smaller, in pixels, is a logo or a signature: a page of 5 x 5 inches has more at 150 dpi
_LOGO: Final = (700, 500)
#: multiparts that lie in one another: mail programs make four of them; a text is decoded once for each around it
_NESTED: Final = 20
#: of a field that describes a part so many signs are read: the standard library takes their square in time for it
_LONGEST: Final = 8_000
#: where HTML shows a part of its mail
_SHOWN: Final = re.compile(r"cid:([^\s\"'<>()]+)", re.IGNORECASE)


class _Bounded(policy.Compat32):
    """Reads mails as old and broken ones are read, and no more of what describes a part than is sensible."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return name and value of a field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST] if name.lower().startswith("content-") else value


def parse(content: bytes) -> Message:
    """Return the mail; anything that breaks the standard is noted in its ``defects``."""
    return BytesParser(policy=_Bounded()).parsebytes(content)


def head_of(message: Message, our_server: str) -> Letter:
    """Return what the head of a mail claims, who wrote what it hands on, and which mail it gives back."""
    letter = letter_of(MailHead(message), our_server=our_server)._replace(returned=returned_by(message))
    inner = [part for part in message.walk() if part.get_content_type() == "message/rfc822"]
    if len(inner) == 1 and (carried := _carried(inner[0])) is not None:
        return letter._replace(forwarded_from=letter_of(MailHead(carried)).sender)
    if is_forward(letter.subject):
        texts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
        return letter._replace(forwarded_from=quoted_sender("\n".join(_text(part) for part in texts)))
    return letter


def walk(message: Message, place: str, basket: Basket, open_file: OpenFile, *, depth: int, forwarded: bool) -> None:
    """Put every leaf of *message* into *basket*; files are handed to *open_file*, which may find more in them."""
    shown = _shown_pictures(message)
    for steps, leaf, passed_over in _leaves(message):
        here = ".".join(part for part in (place, steps) if part)
        if leaf.get_content_type() == "message/rfc822":
            carried = _carried(leaf)
            if carried is None:
                basket.put(Piece(here, _name(leaf), b"", "empty", "ignored"))
            elif depth >= basket.limits.depth:
                error = Unreadable("paper.too_deep", {"name": _name(leaf), "most": basket.limits.depth}, dangerous=True)
                basket.refuse(here, _name(leaf), carried.as_bytes(), "mail", error)
            else:
                walk(carried, here, basket, open_file, depth=depth + 1, forwarded=forwarded)
        elif _is_body(leaf):
            basket.put(_body(leaf, here, forwarded=forwarded, passed_over=passed_over))
        else:
            _put_file(leaf, Found(_content(leaf), _name(leaf), here, depth), basket, open_file, shown)


def _carried(leaf: Message) -> Message | None:
    """Return the mail that a part of type message/rfc822 carries."""
    payload = leaf.get_payload()
    carried = payload[0] if isinstance(payload, list) and payload else None
    return carried if isinstance(carried, Message) else None


def _body(leaf: Message, place: str, *, forwarded: bool, passed_over: bool) -> Piece:
    """Return the text of a mail as a piece."""
    html = leaf.get_content_type() == "text/html"
    text = text_of(_content(leaf), leaf.get_content_charset())
    if not html:
        text = said_now(text, forwarded=forwarded)
    fate: Fate | None = "ignored" if passed_over or not text.strip() else None
    return Piece(place, "", text.encode(), "html" if html else "text", fate, charset="utf-8", is_body=True)


def _put_file(leaf: Message, found: Found, basket: Basket, open_file: OpenFile, shown: frozenset[str]) -> None:
    """Put an attached file into the basket, or what is in it."""
    kind = kind_of(found.content)
    if any(isinstance(defect, _BROKEN) for defect in leaf.defects):
        broken = Unreadable("paper.broken", {"name": found.name, "detail": "base64"})
        basket.refuse(found.place, found.name, found.content, kind, broken)
    elif (
        kind == "empty"
        or leaf.get_content_type() in _ENVELOPES
        or (kind in PICTURES and _is_decoration(leaf, found.content, shown))
    ):
        basket.put(Piece(found.place, found.name, found.content, kind, "ignored"))
    else:
        open_file(found, basket)


def _leaves(message: Message, level: int = 0) -> list[tuple[str, Message, bool]]:
    """Return the leaves with the way to each, and whether another one says the same (RFC 2046, 5.1.4).

    Of alternatives the HTML is read where it has a table, and else the plain text.

    Raises:
        Unreadable: more multiparts than :data:`_NESTED` lie in one another.
    """
    if level > _NESTED:
        raise Unreadable("paper.too_deep", {"name": message.get_content_type(), "most": _NESTED}, dangerous=True)
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        return [("", message, False)]
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    chosen = _chosen(parts) if message.get_content_type() == "multipart/alternative" else None
    found = []
    for number, part in enumerate(parts, 1):
        left = chosen is not None and part is not chosen
        for steps, leaf, passed_over in _leaves(part, level + 1):
            found.append((f"{number}.{steps}".rstrip("."), leaf, passed_over or (left and _is_text(leaf))))
    return found


def _chosen(parts: list[Message]) -> Message | None:
    """Return the alternative to read."""

    def has(part: Message, kind: str, said: bytes = b"") -> bool:
        return any(leaf.get_content_type() == kind and said in _content(leaf).lower() for leaf in part.walk())

    tables = [part for part in parts if has(part, "text/html", b"<table")]
    plain = [part for part in parts if has(part, "text/plain") and any(_text(leaf).strip() for leaf in part.walk())]
    return next(iter([*tables, *plain]), parts[-1] if parts else None)


def _is_text(leaf: Message) -> bool:
    return leaf.get_content_maintype() == "text"


def _is_body(leaf: Message) -> bool:
    attached = leaf.get_content_disposition() == "attachment" or _name(leaf) != ""
    return leaf.get_content_type() in ("text/plain", "text/html") and not attached


def _is_decoration(leaf: Message, content: bytes, shown: frozenset[str]) -> bool:
    """Tell whether a picture is a logo or a signature: it is part of the text, and too small for a page."""
    inside = leaf.get_content_disposition() == "inline" or _content_id(leaf) in shown
    if not inside or leaf.get_content_disposition() == "attachment":
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # only the head is read
        try:
            with Image.open(io.BytesIO(content), formats=PILLOW_FORMATS) as picture:
                long, short = max(picture.size), min(picture.size)
        except Exception:  # noqa: BLE001 - a picture that cannot be opened is for its reader to refuse, in words
            return False
    return long < _LOGO[0] or short < _LOGO[1]


def _shown_pictures(message: Message) -> frozenset[str]:
    """Return the content ids that the HTML of a mail shows (RFC 2392)."""
    texts = (_text(leaf) for leaf in message.walk() if leaf.get_content_type() == "text/html")
    return frozenset(unquote(found) for text in texts for found in _SHOWN.findall(text))


def _content_id(leaf: Message) -> str:
    return str(leaf.get("Content-ID", "")).strip().strip("<>")


def _content(leaf: Message) -> bytes:
    payload = leaf.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(leaf: Message) -> str:
    return text_of(_content(leaf), leaf.get_content_charset()) if _is_text(leaf) else ""


def _name(leaf: Message) -> str:
    try:
        given = leaf.get_filename()
    except (LookupError, ValueError, UnicodeError):  # RFC 2231 with a charset that does not exist
        given = None
    return file_name(decoded(given) if given else None)
