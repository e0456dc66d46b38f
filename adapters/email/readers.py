"""What the reader of a source is put together from: readers of pages by kind of file, and the extraction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adapters.email.claims import Claim
from adapters.email.kinds import Kind
from adapters.email.limits import Limits
from core.reading import Extracted, Page, Paper


class PageReader(Protocol):
    """Reads the words of one kind of file. Pure."""

    def __call__(self, content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
        """Return the pages of *content*, the first first.

        Raises:
            Unreadable: it is damaged, locked or too large.
        """
        ...


class PictureReader(PageReader, Protocol):
    """Reads the words of pictures, and those of a PDF whose own text is missing or cannot be trusted."""

    def improve(self, content: bytes, name: str, pages: tuple[Page, ...], limits: Limits) -> tuple[Page, ...]:
        """Return the pages of a PDF, those read anew whose own text is not to be trusted.

        Raises:
            Unreadable: as when called.
        """
        ...


class Looker(Protocol):
    """Compares a few numbers of a PDF with what its pages show."""

    def __call__(self, content: bytes, name: str, claims: Sequence[Claim], limits: Limits) -> frozenset[int]:
        """Return the pages that show something else than their text claims.

        Raises:
            Unreadable: as a :class:`PageReader`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers by kind, the reader of pictures where one is installed, and what understands a paper.

    ``look`` is for texts, also where pictures are left alone.
    """

    pages: Mapping[Kind, PageReader] = field(default_factory=dict)
    pictures: PictureReader | None = None
    look: Looker | None = None
    extract: Callable[[Paper], Extracted] | None = None
