"""From the bytes of a mail or a fax to what each of its parts says. Pure; runs in a process that may be killed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import Final

from adapters.email.claims import claims_of
from adapters.email.crops import crops, with_crops
from adapters.email.kinds import MEDIA_TYPES, PICTURES
from adapters.email.limits import Limits, Unreadable, unreadable
from adapters.email.pieces import Piece
from adapters.email.plain import file_name
from adapters.email.readers import PictureReader, Readers
from adapters.email.unpack import unpack
from core.provenance import Violation
from core.reading import Extracted, Fate, Page, Paper, PartRead, ReadSource

#: a page that can be read worse is worth a look at its picture
TRUSTED: Final = 0.9


def read(content: bytes, name: str, readers: Readers, limits: Limits, *, our_server: str = "") -> ReadSource:
    """Return every part of *content* with what became of it. What fails is told by its violation.

    *name* is what the file was called, for people; *our_server* is the authserv-id of our own mail server, whose
    results about the sender are taken down.

    Raises:
        MemoryError: there is too little memory; the file is not to blame, or not surely.
    """
    called = file_name(name)
    try:
        basket = unpack(content, called, limits, our_server=our_server)
    except Exception as error:  # noqa: BLE001 - bytes of strangers: whatever a library says, the source is kept and told
        return ReadSource(None, (), unreadable(called, error).violation)
    whole = len(basket.pieces) == 1 and basket.pieces[0].content == content
    return ReadSource(basket.letter, tuple(_part(piece, readers, limits, whole=whole) for piece in basket.pieces))


def _part(piece: Piece, readers: Readers, limits: Limits, *, whole: bool) -> PartRead:
    paper, violation = None, piece.violation
    fate = piece.fate
    if fate is None:
        fate, paper, violation = _paper(piece, readers, limits)
    extracted = None
    if paper is not None and readers.extract is not None:
        try:
            extracted = readers.extract(paper)
            if doubted := _contradicted(piece, paper, extracted, readers, limits):
                if readers.pictures is None:
                    doubtful = Unreadable("paper.text_doubtful", {"name": piece.name})
                    return _read(piece, "picture", None, None, doubtful.violation, whole=whole)
                paper = _as_seen(piece, paper, doubted, readers.pictures, limits)
                extracted = readers.extract(paper)
            extracted = with_crops(extracted, partial(crops, piece.content, limits=limits))
        except Exception as error:  # noqa: BLE001 - as in `read`: a person looks at the part
            fate, violation = "unreadable", unreadable(piece.name, error).violation
    return _read(piece, fate, paper, extracted, violation, whole=whole)


def _read(
    piece: Piece, fate: Fate, paper: Paper | None, extracted: Extracted | None, violation: Violation | None,
    *, whole: bool,
) -> PartRead:  # fmt: skip
    return PartRead(
        place=piece.place,
        name=piece.name,
        media_type=MEDIA_TYPES.get(piece.kind, "application/octet-stream"),
        sha256=hashlib.sha256(piece.content).hexdigest(),
        size=len(piece.content),
        fate=fate,
        content=None if whole else piece.content,
        paper=paper,
        extracted=extracted,
        violation=violation,
    )


def _paper(piece: Piece, readers: Readers, limits: Limits) -> tuple[Fate, Paper | None, Violation | None]:
    """Return the fate of a piece that may be read, its pages, and what is wrong with it."""
    try:
        pages = _pages(piece, readers, limits)
    except Exception as error:  # noqa: BLE001 - as in `read`
        dangerous = isinstance(error, Unreadable) and error.dangerous
        return ("quarantined" if dangerous else "unreadable"), None, unreadable(piece.name, error).violation
    if isinstance(pages, Unreadable):
        return "picture", None, pages.violation
    digest = hashlib.sha256(piece.content).hexdigest()
    media_type = MEDIA_TYPES.get(piece.kind, "application/octet-stream")
    return "paper", Paper(piece.place, piece.name, media_type, digest, pages), None


def _pages(piece: Piece, readers: Readers, limits: Limits) -> tuple[Page, ...] | Unreadable:
    """Return the pages of a piece; where only a reader of pictures could tell, and there is none, why."""
    if piece.kind in PICTURES:
        if readers.pictures is None:
            return Unreadable("paper.picture_unread", {"name": piece.name})
        return readers.pictures(piece.content, piece.name, limits)
    reader = readers.pages.get(piece.kind)
    if reader is None:
        raise Unreadable("paper.kind_unknown", {"name": piece.name})
    pages = reader(piece.content, piece.name, limits)
    doubted = [page for page in pages if page.quality < TRUSTED]
    if piece.kind != "pdf" or not doubted:
        return pages
    if readers.pictures is None:
        if any(page.words for page in doubted):
            return Unreadable("paper.text_doubtful", {"name": piece.name})
        return Unreadable("paper.picture_unread", {"name": piece.name})
    return readers.pictures.improve(piece.content, piece.name, pages, limits)


def _contradicted(piece: Piece, paper: Paper, extracted: Extracted, readers: Readers, limits: Limits) -> frozenset[int]:
    """Return the pages of a PDF that show other numbers than their text has."""
    if piece.kind != "pdf" or readers.look is None:
        return frozenset()
    return readers.look(piece.content, piece.name, claims_of(extracted, paper.pages), limits)


def _as_seen(piece: Piece, paper: Paper, doubted: frozenset[int], pictures: PictureReader, limits: Limits) -> Paper:
    """Return a paper, its *doubted* pages read from what they show."""
    pages = tuple(replace(page, quality=0.0) if page.number in doubted else page for page in paper.pages)
    return replace(paper, pages=pictures.improve(piece.content, piece.name, pages, limits))
