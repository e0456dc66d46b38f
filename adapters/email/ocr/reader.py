"""The reader of pictures (INT-05): started on first use, as it takes seconds and hundreds of megabytes to start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from adapters.email.claims import Claim
from adapters.email.limits import Limits
from core.reading import Page

if TYPE_CHECKING:
    from adapters.email.ocr.engine import Engine

#: what the extra ``ocr`` brings; the reader needs all of it
_NEEDED: Final = ("rapidocr", "onnxruntime", "pypdfium2")
#: a page of a PDF whose own text is trusted less is read from its picture
_TRUSTED: Final = 0.9


@dataclass(slots=True)
class Pictures:
    """Reads pictures, and pages of a PDF as pictures. Not for two threads at once.

    Memory: 650 MB at its peak for A4 at 200 dpi; it holds its models until its process ends.
    """

    _started: Engine | None = field(default=None, repr=False)

    def __call__(self, content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        """Return the pages of a picture; raises as :class:`adapters.email.readers.PictureReader` says."""
        from adapters.email.ocr import pages, pictures  # noqa: PLC0415 - of the extra, and slow

        frames = pictures.frames_of(content, name, limits)
        return tuple(pages.page_of(frame, number, self._engine()) for number, frame in enumerate(frames, 1))

    def improve(self, content: bytes, name: str, pages: tuple[Page, ...], limits: Limits) -> tuple[Page, ...]:
        """Return the pages of a PDF, those without trusted text read from their pictures; raises as when called."""
        from adapters.email.ocr.pages import page_of  # noqa: PLC0415 - as above
        from adapters.email.ocr.pictures import drawn  # noqa: PLC0415 - as above

        doubted = frozenset(page.number for page in pages if page.quality < _TRUSTED)
        anew = {
            number: page_of(picture, number, self._engine())
            for number, picture in drawn(content, name, doubted, limits)
        }
        return tuple(anew.get(page.number, page) for page in pages)

    def look(self, content: bytes, name: str, claims: Sequence[Claim], limits: Limits) -> frozenset[int]:
        """Return the pages of a PDF that show something else than one of *claims*; raises as when called.

        It takes 0.2 s, and 150 MB as long as the process lives: pages are not searched for text.
        """
        if not claims:
            return frozenset()
        from adapters.email.ocr.sample import contradicted  # noqa: PLC0415 - as above

        return contradicted(content, name, claims, self._engine(), limits)

    def _engine(self) -> Engine:
        if self._started is None:
            from adapters.email.ocr.engine import Engine  # noqa: PLC0415 - as above

            self._started = Engine()
        return self._started


def installed() -> Pictures | None:
    """Return the reader of pictures; None where the extra ``ocr`` is not installed."""
    return Pictures() if all(find_spec(name) is not None for name in _NEEDED) else None
