"""Builds EDIFACT interchanges as partners send them, right ones and wrong ones.

Every fault is a knob that is left alone by default: an :class:`OrdersMessage` in an :class:`InterchangeFile` is clean.
The segments stay visible, so that a test names the place of a fault by :func:`place_of` instead of counting bytes.
Nothing here reads EDIFACT, and nothing is shared with the adapter that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

#: UNB 0001 -> the codec that its bytes are really in, unless ``InterchangeFile.codec`` says otherwise
_CODECS = {"UNOA": "ascii", "UNOB": "ascii", "UNOC": "latin-1", "UNOD": "iso8859-2", "UNOY": "utf-8", "UNOW": "utf-8"}


class OrdersLine(NamedTuple):
    """One ordered item; values are sent as they are given, so that a quantity may be ``ABC``."""

    gtin: str = ""
    quantity: str = "10"
    price: str = ""
    buyer_code: str = ""
    supplier_code: str = ""
    description: str = ""
    unit: str = "PCE"
    requested_date: date | None = None
    number: str = ""

    def segments(self, position: int) -> list[str]:
        """Return LIN and what follows it; *position* is the line number where none is given."""
        item = f"+{self.gtin}:EN" if self.gtin else ""
        found = [f"LIN+{self.number or position}+{item}"]
        codes = [f"{code}:{kind}" for code, kind in ((self.buyer_code, "IN"), (self.supplier_code, "SA")) if code]
        if codes:
            found.append("PIA+1+" + "+".join(codes))
        if self.description:
            found.append(f"IMD+F++:::{self.description}")
        found.append(f"QTY+21:{self.quantity}:{self.unit}")
        if self.requested_date is not None:
            found.append(f"DTM+2:{self.requested_date:%Y%m%d}:102")
        if self.price:
            found.append(f"PRI+AAA:{self.price}")
        return found


@dataclass(frozen=True, slots=True)
class Faults:
    """What a message lies about or lacks.

    ``without`` drops every segment that starts with one of its prefixes (``QTY+21``), ``instead`` replaces the first
    segment that starts with a prefix, ``added`` puts segments after the first that starts with a prefix; ``segments``,
    ``reference`` and ``lines`` are what UNT and CNT claim. UNT counts what is really sent otherwise.
    """

    without: tuple[str, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    segments: int | None = None
    reference: str | None = None
    lines: str | None = None
    unclosed: bool = False


CLEAN = Faults()


@dataclass(frozen=True, slots=True)
class OrdersMessage:
    """One ORDERS, an EANCOM purchase order by default."""

    order_number: str
    document_date: datetime | date
    lines: tuple[OrdersLine, ...] = (OrdersLine(),)
    reference: str = "1"
    buyer: str = "5790000000005"
    supplier: str = "4012345000009"
    ship_to: str = ""
    #: a whole NAD+DP segment where the delivery party is more than its GLN
    ship_to_segment: str = ""
    requested_date: date | None = None
    currency: str = "EUR"
    code: str = "220"
    type: str = "ORDERS"
    version: str = "D"
    release: str = "96A"
    agency: str = "UN"
    association: str = "EAN008"
    notes: tuple[str, ...] = ()
    faults: Faults = CLEAN

    def segments(self) -> list[str]:
        """Return the segments from UNH to UNT without terminators."""
        identifier = f"{self.type}:{self.version}:{self.release}:{self.agency}:{self.association}".rstrip(":")
        found = [f"UNH+{self.reference}+{identifier}", *self._header()]
        for position, line in enumerate(self.lines, 1):
            found += line.segments(position)
        found += ["UNS+S", f"CNT+2:{self.faults.lines or len(self.lines)}"]
        found = _with_faults(found, self.faults)
        if not self.faults.unclosed:
            count = len(found) + 1 if self.faults.segments is None else self.faults.segments
            found.append(f"UNT+{count}+{self.reference if self.faults.reference is None else self.faults.reference}")
        return found

    def _header(self) -> list[str]:
        timed = isinstance(self.document_date, datetime)
        stamp = f"{self.document_date:%Y%m%d%H%M}:203" if timed else f"{self.document_date:%Y%m%d}:102"
        found = [f"BGM+{self.code}+{self.order_number}+9", f"DTM+137:{stamp}"]
        if self.requested_date is not None:
            found.append(f"DTM+2:{self.requested_date:%Y%m%d}:102")
        found += [f"FTX+PUR+++{note}" for note in self.notes]
        found += [f"NAD+BY+{self.buyer}::9", f"NAD+SU+{self.supplier}::9"]
        if self.ship_to_segment or self.ship_to:
            found.append(self.ship_to_segment or f"NAD+DP+{self.ship_to}::9")
        if self.currency:
            found.append(f"CUX+2:{self.currency}:9")
        return found


@dataclass(frozen=True, slots=True)
class ContrlMessage:
    """A partner's CONTRL on an interchange of ours; *answered* is its control reference.

    ``messages`` are (reference, type, action, 0085 code) of each message that is told of; ``places`` are the UCS and
    UCD under the last of them, as they are sent.
    """

    answered: str
    sender: str = "4012345000009"
    recipient: str = "5790000000005"
    action: str = "7"
    code: str = ""
    messages: tuple[tuple[str, str, str, str], ...] = ()
    places: tuple[str, ...] = ()
    reference: str = "1"

    def segments(self) -> list[str]:
        """Return the segments from UNH to UNT without terminators; sender and recipient are those it answers."""
        uci = f"UCI+{self.answered}+{self.sender}:14+{self.recipient}:14+{self.action}+{self.code}".rstrip("+")
        found = [f"UNH+{self.reference}+CONTRL:D:3:UN", uci]
        for reference, kind, action, code in self.messages:
            found.append(f"UCM+{reference}+{kind}:D:96A:UN+{action}+{code}".rstrip("+"))
        found += self.places
        return [*found, f"UNT+{len(found) + 1}+{self.reference}"]


@dataclass(frozen=True, slots=True)
class AperakMessage:
    """A partner's APERAK on a document of ours; ``number`` is the document's, of the kind ``qualifier`` (1153)."""

    number: str
    qualifier: str = "POR"
    accepted: bool = True
    faults: tuple[tuple[str, str], ...] = ()
    reference: str = "1"

    def segments(self) -> list[str]:
        """Return the segments from UNH to UNT without terminators; ``faults`` are (code, text) each."""
        found = [
            f"UNH+{self.reference}+APERAK:D:96A:UN",
            f"BGM+{'312' if self.accepted else '313'}+REPORT1+{'29' if self.accepted else '27'}",
            f"RFF+{self.qualifier}:{self.number}",
        ]
        for code, text in self.faults:
            found += [f"ERC+{code}::ZZZ", f"FTX+AAO+++{text}"]
        return [*found, f"UNT+{len(found) + 1}+{self.reference}"]


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group around messages."""

    content: Sequence[OrdersMessage | ContrlMessage | AperakMessage]
    reference: str
    type: str = "ORDERS"
    sender: str = "SHOP"
    recipient: str = "DESK"

    def segments(self) -> list[str]:
        """Return the segments from UNG to UNE without terminators."""
        header = f"UNG+{self.type}+{self.sender}+{self.recipient}+260105:0931+{self.reference}+UN+D:96A"
        body = [segment for message in self.content for segment in message.segments()]
        return [header, *body, f"UNE+{len(self.content)}+{self.reference}"]


@dataclass(frozen=True, slots=True)
class InterchangeFile:
    """One interchange as bytes; several make a file by adding their bytes.

    ``messages`` and ``closing_reference`` are what UNZ claims; ``closed`` False leaves UNZ out, as a broken
    connection does; ``codec`` writes the bytes in another character set than UNB names.
    """

    content: Sequence[OrdersMessage | ContrlMessage | AperakMessage | Group]
    control_reference: str
    sender: str = "5790000000005"
    sender_qualifier: str = "14"
    recipient: str = "4012345000009"
    recipient_qualifier: str = "14"
    prepared_at: datetime = field(default=datetime(2026, 1, 5, 9, 31, tzinfo=UTC))
    charset: str = "UNOC"
    syntax_version: str = "3"
    acknowledgement_request: str = ""
    test: bool = False
    una: str = "UNA:+.? '"
    line_end: str = "\n"
    messages: int | None = None
    closing_reference: str | None = None
    closed: bool = True
    codec: str = ""

    def segments(self) -> list[str]:
        """Return the segments from UNB to UNZ without terminators."""
        day = f"{self.prepared_at:%Y%m%d}" if self.syntax_version == "4" else f"{self.prepared_at:%y%m%d}"
        parties = f"{self.sender}:{self.sender_qualifier}+{self.recipient}:{self.recipient_qualifier}"
        unb = f"UNB+{self.charset}:{self.syntax_version}+{parties}+{day}:{self.prepared_at:%H%M}"
        unb += f"+{self.control_reference}++++{self.acknowledgement_request}++{'1' if self.test else ''}"
        found = [unb.rstrip("+"), *(segment for message in self.content for segment in message.segments())]
        if self.closed:
            count = len(self.content) if self.messages is None else self.messages
            reference = self.control_reference if self.closing_reference is None else self.closing_reference
            found.append(f"UNZ+{count}+{reference}")
        return found

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        body = "".join(f"{segment}'{self.line_end}" for segment in self.segments())
        una = self.una + self.line_end if self.una else ""
        return (una + body).encode(self.codec or _CODECS.get(self.charset, "latin-1"))


class Place(NamedTuple):
    """Where a segment stands: counted from UNH = 1 in its message, and its first byte in the file."""

    segment: int
    offset: int


def place_of(file: bytes, prefix: str, occurrence: int = 1) -> Place:
    """Return where the *occurrence*-th segment that starts with *prefix* stands in *file* (line ends after each).

    Raises:
        LookupError: there are not so many.
    """
    position = offset = 0
    for line in file.splitlines(keepends=True):
        if line.startswith(b"UNH"):
            position = 0
        position += 1
        if line.startswith(prefix.encode()):
            occurrence -= 1
            if not occurrence:
                return Place(position, offset)
        offset += len(line)
    raise LookupError(f"there is no such segment: {prefix}")


def _with_faults(segments: list[str], faults: Faults) -> list[str]:
    kept = [segment for segment in segments if not segment.startswith(faults.without)] if faults.without else segments
    for prefix, replacement in faults.instead:
        kept[_first(kept, prefix)] = replacement
    for prefix, addition in faults.added:
        kept.insert(_first(kept, prefix) + 1, addition)
    return kept


def _first(segments: Sequence[str], prefix: str) -> int:
    for place, segment in enumerate(segments):
        if segment.startswith(prefix):
            return place
    raise LookupError(f"no segment starts with {prefix}")
