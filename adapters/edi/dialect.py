"""How one interchange is written: its separators (UNA) and its character set (UNB S001).

All character sets of ISO 9735 that are read here keep ASCII at its place, so separators are found in the bytes
and every offset is a byte offset, also in UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

#: what may stand before, between and after interchanges without a word: blanks, line ends, NUL, the old end-of-file
PADDING: Final = b" \t\r\n\x00\x1a\x0b\x0c"
BOM: Final = b"\xef\xbb\xbf"

#: syntax identifier (UN data element 0001) -> codec
CODECS: Final = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
#: the repertoire of each level as a class of bytes (ISO 9735 annex A); line ends are layout, never data
_REPERTOIRE: Final = {
    "UNOA": rb"A-Z0-9 .,()/=!\"%&*;<>\r\n-",
    "UNOB": rb"A-Za-z0-9 .,()/=!\"%&*;<>\r\n-",
}


@dataclass(frozen=True, slots=True)
class Separators:
    """The service characters as one-character strings; ``release`` and ``repetition`` are "" where not in use."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    terminator: str = "'"

    @property
    def released(self) -> str:
        """All characters that the release character frees."""
        return self.release + self.element + self.component + self.terminator + self.repetition


#: level B of syntax 1 to 3 without UNA may use the non-printing separators IS4, IS3 and IS1
NON_PRINTING: Final = Separators(component="\x1f", element="\x1d", release="", terminator="\x1c")


class Dialect(NamedTuple):
    """Separators and character set of one interchange.

    ``codec`` is "" when the syntax identifier names no character set that is read here. ``wrapped`` says that line
    ends cut the text at a fixed column (80-column files) and are not faults.
    """

    separators: Separators
    syntax_id: str
    codec: str
    wrapped: bool = False

    @property
    def newline_is_layout(self) -> bool:
        """Tell whether CR and LF carry no meaning (they do when one of them ends the segments)."""
        return self.separators.terminator not in "\r\n"


class Reading(NamedTuple):
    """Bytes read as text. ``fault`` is "", "charset.mismatch" or "charset.level"; ``at`` its first byte."""

    text: str
    codec: str
    fault: str = ""
    at: int = 0


def read_una(source: bytes, offset: int) -> Separators | None:
    """Return the separators of the service string advice at *offset*, None where two roles share one character."""
    component, element, decimal, release, repetition, terminator = (
        chr(byte) for byte in source[offset + 3 : offset + 9].ljust(6, b" ")
    )
    release, repetition = release.strip(), repetition.strip()
    found = Separators(component, element, decimal, release, repetition, terminator)
    roles = [role for role in (component, element, release, terminator) if role]
    if len(set(roles)) != len(roles) or any(role.isalnum() or role > "\x7e" for role in roles):
        return None
    return found


def with_syntax(separators: Separators, syntax_version: str, *, advised: bool) -> Separators:
    """Return *separators* as the syntax version of UNB reads them.

    Repetition exists from syntax 4 on (``*`` when UNA is absent); before, that place of UNA is reserved.
    """
    if syntax_version < "4" or not syntax_version.isdigit():
        repetition = ""
    else:
        repetition = separators.repetition if advised else "*"
    if repetition in {separators.component, separators.element, separators.release, separators.terminator}:
        repetition = ""
    return Separators(
        separators.component,
        separators.element,
        separators.decimal,
        separators.release,
        repetition,
        separators.terminator,
    )


def is_wrapped(sample: bytes) -> bool:
    """Tell whether line ends cut *sample* at one column: three or more lines and all but the last are equally long."""
    lines = sample.rstrip(PADDING).splitlines()
    return len(lines) > 2 and len(lines[0]) >= 40 and len({len(line) for line in lines[:-1]}) == 1


_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")


@lru_cache(maxsize=64)
def _outside(syntax_id: str, separators: Separators) -> re.Pattern[bytes] | None:
    repertoire = _REPERTOIRE.get(syntax_id)
    if repertoire is None:
        return None
    service = re.escape(separators.released + separators.decimal).encode("ascii")
    return re.compile(rb"[^" + service + repertoire + rb"]")


def read_text(content: bytes, dialect: Dialect) -> Reading:
    """Read one message's bytes under the character set that UNB names.

    Where the bytes contradict it they are still read: as UTF-8 when they are well-formed UTF-8, else as ISO 8859-1.
    """
    fault, codec = "", dialect.codec or "iso8859-1"
    if content.isascii():
        text = content.decode("ascii")
    else:
        text, codec, fault = _read_beyond_ascii(content, codec)
    if fault:
        first = _NOT_ASCII.search(content)
        return Reading(text, codec, fault, first.start() if first else 0)
    outside = _outside(dialect.syntax_id, dialect.separators)
    if outside is not None and (found := outside.search(content)):
        return Reading(text, codec, "charset.level", found.start())
    return Reading(text, codec)


def _read_beyond_ascii(content: bytes, codec: str) -> tuple[str, str, str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        if codec not in {"ascii", "utf-8"}:
            try:
                return content.decode(codec), codec, ""
            except UnicodeDecodeError:
                return content.decode("iso8859-1"), "iso8859-1", "charset.mismatch"
        return content.decode("iso8859-1"), "iso8859-1", "charset.mismatch"
    # Well-formed multi-byte UTF-8 is never an accident: a sender that declares another set lies.
    return text, "utf-8", "" if codec == "utf-8" else "charset.mismatch"
