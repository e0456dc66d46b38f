"""The head of a mail: what it claims, and whether a machine sent it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final, Protocol

from adapters.email.charsets import text_of
from adapters.email.plain import plain
from core.clock import iso
from core.reading import Letter

_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES: Final = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce[^@]*)@", re.IGNORECASE)
#: a mail address as we send to it (RFC 5321, ASCII)
ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: how a mail program begins what it forwards or answers (en, de, zh; Outlook, Apple, Gmail, Thunderbird, QQ)
QUOTED_HEAD: Final = re.compile(
    r"^[> \t\r\f\v\xa0\u3000]*+(-{2,}[^\S\n]*)?(original message|forwarded message|begin forwarded message"
    r"|weitergeleitete nachricht"
    r"|ursprüngliche nachricht|anfang der weitergeleiteten (nachricht|e-mail)"
    r"|原始邮件|转发的?邮件|转发邮件信息).*$",
    re.IGNORECASE | re.MULTILINE,
)
#: who wrote it, inside that head
_QUOTED_SENDER: Final = re.compile(
    r"^[>* \t\r\f\v\xa0\u3000]*+(from|von|发件人)[^\S\n]*[:：](?P<sender>.+)$", re.IGNORECASE | re.MULTILINE
)
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,248}>")
#: a long thread is told by its first mail and its last ones
_REFERENCES: Final = 20
_FORWARDED: Final = re.compile(r"^\s*(fwd?|wg|wtr|weitergeleitet|转发)\s*[:：]", re.IGNORECASE)


#: of a field as many signs are read; the standard allows 998 a line
_LONGEST: Final = 20_000


class Head(Protocol):
    """The fields of a head, by names of any case."""

    def get_all(self, name: str) -> list[str]:
        """Return the values of a field in their order, as they stand."""
        ...


class MailHead:
    """The head of a parsed mail; a field that breaks the standard is read as far as it goes."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def get_all(self, name: str) -> list[str]:
        """Return the values of a field."""
        return [str(value) for key, value in self._message.raw_items() if key.lower() == name.lower()]


class MappingHead:
    """A head that was kept as names and values."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = {name.lower(): value for name, value in fields.items()}

    def get_all(self, name: str) -> list[str]:
        """Return the values of a field."""
        value = self._fields.get(name.lower())
        return [] if value is None else [value]


def letter_of(head: Head, *, our_server: str = "") -> Letter:
    """Return what *head* claims; *our_server* is the authserv-id of results that are taken down (RFC 8601, 2.5)."""
    sender_name, sender = _sender(head.get_all("From"))
    return Letter(
        message_id=plain(_first(head, "Message-ID"), 250),
        sender=sender,
        sender_name=sender_name,
        subject=plain(_first(head, "Subject"), 250),
        sent_at=_sent_at(_first(head, "Date")),
        reply_to=_sender(head.get_all("Reply-To"))[1],
        in_reply_to=plain(_first(head, "In-Reply-To"), 250),
        references=_references(_first(head, "References")),
        authentication=_results(head.get_all("Authentication-Results"), our_server),
        automatic=_is_automatic(head, sender),
    )


def is_forward(subject: str) -> bool:
    """Tell whether a subject says that a mail is handed on: what it quotes is what it is about."""
    return _FORWARDED.match(subject) is not None


def quoted_sender(body: str) -> str:
    """Return the address in the quoted head of a forwarded mail, "" where there is none."""
    head = QUOTED_HEAD.search(body)
    after = body[head.end() :] if head else body
    found = _QUOTED_SENDER.search(after)
    address = ADDRESS.search(found["sender"]) if found else None
    return address[0].lower() if address else ""


def _first(head: Head, name: str) -> str:
    return decoded(next(iter(head.get_all(name)), "")[:_LONGEST])


def decoded(value: str) -> str:
    """Return a field without its encoded words (RFC 2047); raw 8-bit signs stay as well as they can be guessed."""
    raw = value.encode("ascii", "surrogateescape") if _has_surrogates(value) else None
    if raw is not None:
        return text_of(raw, None)
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, HeaderParseError):  # an unknown charset, or broken base64
        return value


def _has_surrogates(value: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in value)


def _sender(values: Iterable[str]) -> tuple[str, str]:
    """Return name and address of the one mailbox; the address in small letters, "" where there is none or are several.

    Addresses are told apart before encoded words are read: what those hide is a name (RFC 2047, section 5), and a mail
    server that checks the sender looks at the address outside of them. Of several senders it may have checked another.
    """
    written = list(values)
    if sum(len(value) for value in written) > _LONGEST:
        return "", ""
    boxes = [(name, address.strip()) for name, address in getaddresses(written) if address.strip()]
    if len({address.lower() for _, address in boxes}) != 1:
        return "", ""
    name, address = boxes[0]
    return plain(decoded(name), 200), address.lower() if ADDRESS.fullmatch(address) else ""


def _references(value: str) -> tuple[str, ...]:
    found = _MESSAGE_ID.findall(plain(value, _LONGEST))
    return tuple(found if len(found) <= _REFERENCES else [found[0], *found[1 - _REFERENCES :]])


def _sent_at(value: str) -> str:
    with suppress(ValueError, TypeError, OverflowError):
        sent = parsedate_to_datetime(value)
        return iso(sent) if sent.tzinfo else ""
    return ""


def _results(values: Iterable[str], our_server: str) -> tuple[str, ...]:
    """Return the results that our own server wrote; anybody can write those of others."""
    if not our_server:
        return ()
    told = (plain(value) for value in values)
    return tuple(value for value in told if value.split(";")[0].split()[:1] == [our_server])


def _is_automatic(head: Head, sender: str) -> bool:
    """Tell whether a machine sent it (RFC 3834, section 2; RFC 3464)."""
    submitted = _first(head, "Auto-Submitted").strip().lower()
    return (
        (submitted != "" and not submitted.startswith("no"))
        or _first(head, "Precedence").strip().lower() in _BULK
        or bool(head.get_all("X-Auto-Response-Suppress"))
        or bool(head.get_all("List-Id"))
        or _first(head, "Return-Path").strip() == "<>"
        or _first(head, "Content-Type").lower().startswith("multipart/report")
        or _MACHINES.match(sender) is not None
    )
