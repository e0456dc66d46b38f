"""The public face of the family: what a source by mail or fax says, read within limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from adapters.email.crops import crops, with_crops
from adapters.email.drawing import draw
from adapters.email.extraction.extract import extract
from adapters.email.extraction.study import study
from adapters.email.limits import Limits, Unreadable
from adapters.email.ocr.reader import installed
from adapters.email.reader import read
from adapters.email.readers import Readers
from adapters.email.words.html import read_html
from adapters.email.words.pdf import read_pdf
from adapters.email.words.text import read_text
from adapters.email.words.workbook import read_workbook
from core.hints import Hints
from core.manner import Finding, Manner, Study
from core.reading import Box, Extracted, Paper, ReadSource, Spot

__all__ = ["ADAPTER", "MailAdapter", "Unreadable"]


def _readers() -> Readers:
    pictures = installed()
    return Readers(
        pages={"pdf": read_pdf, "workbook": read_workbook, "text": read_text, "html": read_html},
        pictures=pictures,
        look=pictures.look if pictures else None,
        extract=extract,
    )


@dataclass(frozen=True, slots=True)
class MailAdapter:
    """Reads mails and files as orders; pure, and the same bytes always give the same answer.

    Pictures are read where the extra ``ocr`` is installed; elsewhere their fate is ``picture``.
    """

    id: str = "email"
    readers: Readers = field(default_factory=_readers)

    def read(
        self, content: bytes, name: str, *, limits: Limits | None = None, our_server: str = "", pictures: bool = True
    ) -> ReadSource:
        """Return every part of *content* with what became of it; see :func:`adapters.email.reader.read`.

        Without *pictures* these are left alone, which takes no time: ``pictures_wait`` tells whether it is worth
        asking again with them. Numbers of a text PDF are looked at in any case.
        """
        readers = self.readers if pictures else replace(self.readers, pictures=None)
        found = read(content, name, readers, limits or Limits(), our_server=our_server)
        waiting = readers is not self.readers and self.readers.pictures is not None
        return replace(found, pictures_wait=waiting and any(part.fate == "picture" for part in found.parts))

    def again(self, content: bytes, paper: Paper, manner: Manner, hints: Hints) -> Extracted:
        """Return what a paper says of whose customer more is known by now; its pages need not be read again.

        *content* are its bytes, for the look of its fields.
        """
        return with_crops(extract(paper, manner, hints), partial(crops, content, limits=Limits()))

    def crops(self, content: bytes, spots: Iterable[Spot]) -> dict[Spot, str]:
        """Return how places of a part look now, as hashes; see :mod:`adapters.email.crops`."""
        return crops(content, spots, Limits())

    def study(self, job: Study) -> tuple[Finding, ...]:
        """Return what a paper beside its order teaches; see :func:`adapters.email.extraction.study.study`."""
        return study(job)

    def draw(self, content: bytes, page: int, box: Box | None = None, *, limits: Limits | None = None) -> bytes | None:
        """Return a page of a part, or the piece of it in *box*, as a PNG; see :func:`adapters.email.drawing.draw`."""
        return draw(content, page, box, limits or Limits())


ADAPTER = MailAdapter()
