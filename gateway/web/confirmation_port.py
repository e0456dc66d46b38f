"""What the web needs of the desk of confirmations, :class:`gateway.confirmation.ConfirmationDesk`; methods block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Json = dict[str, Any]


class ConfirmationDesk(Protocol):
    """Shows the confirmation of an order, and takes what a person adds to it before it leaves."""

    def confirmation(
        self, number: str, *, preview: bool = False, language: str | None = None, partner: str | None = None
    ) -> Json:
        """Return the confirmation of an order in words: as told, or with *preview* as it would be, to the house alone.

        Raises:
            NotFound: no such order that *partner* may see.
            Conflict: it is not confirmed and no preview is asked for, or it could not be confirmed at all.
            ValueRefused: its template cannot be rendered.
        """
        ...

    def document(
        self, number: str, *, preview: bool = False, language: str | None = None, partner: str | None = None
    ) -> tuple[str, bytes]:
        """Return name and bytes of the PDF.

        Raises:
            NotFound, ValueRefused: as :meth:`confirmation`.
            Conflict: as there, or there is no PDF; the message says why.
        """
        ...

    def enclosed(self, number: str, *, partner: str | None = None) -> Json:
        """Return the note and the files that go with the confirmation of the present revision.

        Raises:
            NotFound: no such order that *partner* may see.
        """
        ...

    def note(self, number: str, text: str, *, actor: str, expect: Callable[[Json], None]) -> Json:
        """Set the note of the confirmation to come ("" for none) and return what goes with it.

        *expect* is given what goes with it before, and refuses another than the one that was read.

        Raises:
            NotFound: no such order.
            Conflict: the confirmation has left.
            ValueRefused: the note is too long, or has signs that cannot be written.
        """
        ...

    def attach(self, number: str, name: str, media_type: str, content: bytes, *, actor: str) -> Json:
        """Attach a file to the confirmation to come and return what goes with it.

        Raises:
            NotFound: no such order.
            Conflict: the confirmation has left, or has a file of that name.
            ValueRefused: a file of that kind, name or size does not go with a confirmation.
        """
        ...

    def detach(self, number: str, attachment: str, *, actor: str) -> Json:
        """Take a file away from the confirmation to come and return what goes with it.

        Raises:
            NotFound: no such order, or no such file with it.
            Conflict: the confirmation has left.
        """
        ...
