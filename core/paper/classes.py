"""The classes of papers by which reading is measured: how much of one has to be guessed differs by class."""

from __future__ import annotations

from typing import Final, Literal, get_args

from core.reading import PartRead

#: a PDF with a text of its own; a sheet or HTML; the words of a mail; a picture; a picture by fax
PaperClass = Literal["pdf", "table", "mail", "scan", "fax"]

CLASSES: Final[tuple[PaperClass, ...]] = get_args(PaperClass)
#: what a fax server hands over
_FAX_KIND: Final = "image/tiff"


def class_of(part: PartRead, transport: str) -> PaperClass | Literal[""]:
    """Return the class of a part by what its pages were read from, the hardest counting; "" where it has none."""
    media = {page.medium for page in part.paper.pages} if part.paper is not None else set()
    if part.fate == "picture" or "ocr" in media:
        return "fax" if transport == "fax" or part.media_type == _FAX_KIND else "scan"
    if "text" in media:
        return "pdf"
    if media & {"sheet", "html"}:
        return "table"
    return "mail" if "body" in media else ""
