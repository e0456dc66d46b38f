"""What is the same mail: the name under which a door hands one over, however often it comes.

A mail is told by its Message-ID *and* its content: some programs give every mail the same id. The lines that servers on
the way put in (``Received``, ``Delivered-To``) do not count, so that a mail that is delivered again, or that lies in
a mailbox as well, is the same one. Pure, and bounded: nothing of a mail is decoded here.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal, Protocol

#: how the orders of a door are counted
Transport = Literal["mail", "fax"]

#: the fields that their sender wrote (RFC 5322 section 3.6), and those by which the text is another one (RFC 2045)
_SENT: Final = (b"from", b"date", b"subject", b"message-id", b"content-type", b"content-transfer-encoding")
#: a head is not looked at any further than this
_HEAD: Final = 256 * 1024
_FOLDED: Final = re.compile(rb"\r?\n[ \t]")
#: the first line that is no field and goes on with none: there its readers see the text begin, blank or not
_BODY: Final = re.compile(rb"^(?![!-9;-~]+[ \t]*:|[ \t]+\S)", re.MULTILINE)
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9@._+-]")
_NAME: Final = 120


class Keep(Protocol):
    """The door of mail and fax; when it returns, the source is on the disk."""

    def __call__(self, content: bytes, *, transport: Transport, name: str, origin: str, claim_id: str) -> int:
        """Keep *content* and return its source: the same one for the same *claim_id*.

        Raises:
            StorageFull, StoreUnavailable: nothing was kept; hand it over again later.
        """


def claim_of(content: bytes) -> str:
    """Return the claim of a mail, 69 signs: the same one for the same mail."""
    fields = _fields(content)
    if b"message-id" not in fields:
        return f"mail-{hashlib.sha256(content).hexdigest()}"
    _, body = _split(content)
    digest = hashlib.sha256()
    for name in _SENT:
        digest.update(b"%b:%b\n" % (name, fields.get(name, b"")))
    # Mailboxes keep lines as LF or CRLF.
    digest.update(body.replace(b"\r\n", b"\n").strip(b"\n"))
    return f"mail-{digest.hexdigest()}"


def name_of(content: bytes, claim_id: str) -> str:
    """Return what a mail is called on lists: its Message-ID, which mail logs tell too."""
    words = _fields(content).get(b"message-id", b"").decode("ascii", "replace").strip("<> ")
    return f"{_NOT_IN_NAMES.sub('_', words)[:_NAME] or claim_id[:21]}.eml"


def _split(content: bytes) -> tuple[bytes, bytes]:
    """Return head and text; what goes on beyond the bytes that are looked at is text."""
    found = _BODY.search(content, 0, _HEAD)
    begins = _HEAD if found is None else found.start()
    return content[:begins], content[begins:]


def _fields(content: bytes) -> dict[bytes, bytes]:
    """Return the fields of the head by their names in small letters, the first of each name."""
    head, _ = _split(content)
    fields: dict[bytes, bytes] = {}
    for line in _FOLDED.sub(b" ", head).splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().lower(), b" ".join(value.split()))
    return fields
