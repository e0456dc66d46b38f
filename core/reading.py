"""What a reader of mail and fax gives: pages of words, and what they say (INT-05). The border of ``adapters/email``.

A page of words is the one shape in which every reader gives a document, be it a PDF, a scan, a sheet or a mail, so that
the same extraction reads them all. Extraction gives for each field every way to read it, with its place and its reason.
Fields are named by their path as in a draft (``core.entry.forms``): ``buyer_reference``, ``ship_to.name``,
``lines.2.quantity``, lines counted from 1. Beside those of a draft there are the ones that only prove others:
``document_date``, ``account``, ``lines.2.number``, ``lines.2.amount``, ``net_total``, ``tax_total``, ``total``.

The reader runs in a process of its own, which may be killed; a :class:`ReadSource` is what it hands back. Nothing in it
is believed yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from core.provenance import Violation

#: what the numbers of a box count: points of a PDF (1/72 inch), pixels of a picture, columns and rows of a table
Unit = Literal["pt", "px", "cell"]
#: what the words were read from
Medium = Literal["text", "ocr", "sheet", "html", "body"]
#: the word that stands in a cell for a result that its formula has not got: no number, day, code or name
UNCALCULATED: Final = "=?"


class Box(NamedTuple):
    """A rectangle on a page as it was received, in the page's unit, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How far it reaches to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How far it reaches down."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Its size; 0 where it has none."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlap(self, other: Box) -> float:
        """Return the share of the two that both cover, 0 to 1 (intersection over union)."""
        shared = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        if shared.width <= 0 or shared.height <= 0:
            return 0.0
        return shared.area / (self.area + other.area - shared.area)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around *boxes*.

    Raises:
        ValueError: there are none.
    """
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


class Word(NamedTuple):
    """What a reader gives as one piece: a word of a text, a stretch of one line of a picture, or a cell.

    ``confidence`` is what its reader says of it, 0 to 1, as it says it; 1 where nothing was guessed. It is not a
    probability: what it is worth is for the acceptance to know (``core.paper``).
    """

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page, with its words in the order of reading.

    ``number`` counts from 1 within its document; ``name`` is that of a sheet. ``skew`` is by how many degrees the text
    runs askew, clockwise, and ``turned`` by how many the page has to be turned clockwise to be read; the boxes are
    those on the page as received. ``quality`` is how well it can be read, 0 to 1. ``reader`` names what read the page,
    with its version.
    """

    number: int
    width: float
    height: float
    unit: Unit
    medium: Medium
    words: tuple[Word, ...]
    reader: str
    name: str = ""
    dpi: tuple[float, float] | None = None
    skew: float = 0.0
    turned: Literal[0, 90, 180, 270] = 0
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class Paper:
    """One candidate for an order: a part of what was received, as pages.

    ``place`` says which part, as the ways of a tree ("2.1"; "" for the whole source), ``name`` what its sender called
    it, ``sha256`` is that of its own bytes.
    """

    place: str
    name: str
    media_type: str
    sha256: str
    pages: tuple[Page, ...]


Kind = Literal["order", "other", "unsure"]


class Spot(NamedTuple):
    """Where a value stands: the page, counted from 1, and the box on it.

    ``crop`` is the SHA-256 of the pixels there (``adapters.email.crops``), "" where there is no picture.
    """

    page: int
    box: Box
    crop: str = ""


class Candidate(NamedTuple):
    """One way to read a field.

    ``value`` is what a form takes (a number with a point, a date as ISO 8601, a unit as UN/ECE Rec 20), ``text`` what
    stands there. ``confidence`` is the least of the words it was read from. ``reason`` says how it was found:
    ``label``, ``column``, ``position``, ``sentence``, ``computed`` (from other fields; then it may have no spot),
    ``taught`` (by what confirmed orders of the customer taught of its forms), or ``known`` (by what is known of the
    customer, in a second reading: ``core.hints``).
    """

    value: str
    text: str
    spot: Spot | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document says.

    ``fields`` has the candidates of each field, the best first; a field that was not found is not there. ``layout`` is
    the fingerprint of the form (its labels and how they lie), the same for two documents of one form. ``quality`` is
    that of the worst page that a field was read from, ``guessed`` whether any page was read from a picture.
    ``faults`` say what could not be understood, in the words of the catalogue. ``unread`` are the paths of fields whose
    label or column stands there without a value that could be read; a row that seems to be of goods is a line after
    the last (``lines.4.sku`` of three).
    """

    kind: Kind
    language: str
    fields: Mapping[str, tuple[Candidate, ...]]
    layout: str = ""
    quality: float = 1.0
    guessed: bool = False
    faults: tuple[Violation, ...] = field(default=())
    unread: frozenset[str] = frozenset()

    def best(self, path: str) -> str:
        """Return the value that is thought most likely of a field, "" where it was not found."""
        found = self.fields.get(path)
        return found[0].value if found else ""

    @property
    def lines(self) -> int:
        """How many lines of goods there are."""
        return max((int(path.split(".")[1]) for path in self.fields if path.startswith("lines.")), default=0)


#: what became of a part: ``paper`` was read as pages of words; ``format`` is for a decoder of its own (EDIFACT);
#: ``picture`` waits for a reader of pictures that is not installed; ``ignored`` is a signature, a logo or an envelope;
#: ``quarantined`` may be dangerous and was not opened; ``unreadable`` is broken
Fate = Literal["paper", "format", "picture", "ignored", "quarantined", "unreadable"]


class Letter(NamedTuple):
    """What the head of a mail claims. None of it is proof of who sent it.

    ``authentication`` are the results that our own mail server wrote (RFC 8601); ``forwarded_from`` is the sender in
    the quoted head of a forwarded mail. ``references`` are the Message-IDs of the mails that
    it follows (RFC 5322, 3.6.4). ``automatic`` says that a machine sent it (RFC 3834): it gets no answer. ``returned``
    is the Message-ID of the mail that it says could not be delivered (RFC 3464).
    """

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    sent_at: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()
    forwarded_from: str = ""
    automatic: bool = False
    returned: str = ""


@dataclass(frozen=True, slots=True)
class PartRead:
    """One part of a source and what became of it; ``place`` and ``name`` as in :class:`Paper`.

    ``content`` are its bytes where they are no plain copy of the source's, so that they can be kept as evidence.
    ``violation`` says why it was not read.
    """

    place: str
    name: str
    media_type: str
    sha256: str
    size: int
    fate: Fate
    content: bytes | None = None
    paper: Paper | None = None
    extracted: Extracted | None = None
    violation: Violation | None = None


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source as it was read: its letter (None where it is no mail), its parts, and why it failed as a whole."""

    letter: Letter | None
    parts: tuple[PartRead, ...]
    violation: Violation | None = None
    #: parts are pictures that were left alone as it was asked for; their reader is installed, and can be asked
    pictures_wait: bool = False
