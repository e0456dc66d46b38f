"""What the web needs of the desk of mail and fax, :class:`gateway.paper.desk.PaperDesk`; every method blocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from core.provenance import ENGLISH

Json = dict[str, Any]


class PaperDesk(Protocol):
    """Tells what came by mail and fax, what was read of it, and how it looks."""

    def papers(
        self,
        *,
        state: str | None = None,
        transport: str | None = None,
        became: str | None = None,
        partner: str | None = None,
        since: datetime | None = None,
        language: str = ENGLISH,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of sources, newest first, each with its parts; *became* and *partner* are those of any part.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def paper(self, paper_id: str, *, language: str = ENGLISH) -> Json:
        """Return one source with the verdict on every field of its parts, doubts in the words of *language*.

        Raises:
            NotFound: there is none of that id.
        """
        ...

    def picture(self, paper_id: str, part: int, page: int, *, field: str | None = None) -> bytes:
        """Return a page of a part as a PNG, or the place on it where *field* was read.

        Raises:
            NotFound: there is no such part or field, or the part was not opened.
            NoPicture: a sheet, a text and HTML have none, and neither has a page that is not there or damaged.
        """
        ...

    def ask(self, paper_id: str, *, actor: str, language: str = ENGLISH) -> Json:
        """Ask the sender of a mail what is open of its drafts; return it as :meth:`paper` does.

        Raises:
            NotFound: there is none of that id, or nothing of it is doubtful.
            Conflict: it was asked already, nothing is open, or there is nobody whom it may be put to.
        """
        ...

    def lessons(
        self,
        *,
        partner: str | None = None,
        state: str | None = None,
        language: str = ENGLISH,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of what the papers of customers taught, newest first.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def revoke(self, lesson: int, *, reason: str, actor: str, language: str = ENGLISH) -> Json:
        """Forget for good what was learned, and return it.

        Raises:
            NotFound: there is none of that id.
            Conflict: it is not in use.
        """
        ...
