"""What the web needs of the import desk, :class:`gateway.imports.desk.ImportDesk`; every method blocks.

*partner* is the code of the only partner whose imports the caller may see, None for the house: those that the partner's
own keys sent, for a file of the house may name several partners. The *owner* of a map is
the code of its partner, "" for the house.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

Json = dict[str, Any]


class FileWriter(Protocol):
    """Keeps the bytes of a file that arrive piece by piece."""

    size: int

    def write(self, piece: bytes) -> None:
        """Take the next bytes."""
        ...

    def keep(self) -> str:
        """Make all of it durable and return its SHA-256."""
        ...

    def discard(self) -> None:
        """Let go of what came; nothing where it is kept."""
        ...


class ImportDesk(Protocol):
    """Keeps files of orders, tells how far each is, pauses, cancels and resumes; keeps maps of columns."""

    def writer(self) -> FileWriter:
        """Return what takes the bytes of a file as they arrive."""
        ...

    def map_in_force(self, name: str, partner: str | None) -> Json:
        """Return the newest version of a map: the partner's own, or else the house's.

        Raises:
            NotFound: there is none.
        """
        ...

    def create(
        self,
        kept: tuple[str, int],
        filename: str,
        columns: Json,
        sender: Any,
        *,
        map_name: str | None = None,
        map_version: int | None = None,
        dry_run: bool = False,
        key: str | None = None,
    ) -> tuple[Json, bool]:
        """Queue the file *kept* (SHA-256 and size); return the import and whether *key* had queued it before.

        *sender* is a :class:`gateway.imports.desk.Sender`.

        Raises:
            MapInvalid: *columns* is no map.
            IdempotencyMismatch: *key* was used with another file, map, partner or purpose.
        """
        ...

    def get(self, import_id: int, *, partner: str | None) -> Json:
        """Return an import.

        Raises:
            NotFound: there is none that the caller may see.
        """
        ...

    def page(
        self, *, partner: str | None, own: bool = False, state: str | None = None, cursor: str | None = None,
        limit: int = 50,
    ) -> Json:  # fmt: skip
        """Return a page of imports, the newest first: those for *partner*, or alone what its *own* keys sent."""
        ...

    def rows(
        self,
        import_id: int,
        *,
        partner: str | None,
        status: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of rows with what became of each, in their sequence.

        Raises:
            NotFound: as :meth:`get`.
        """
        ...

    def results(self, import_id: int, *, partner: str | None) -> tuple[Json, list[str], Iterator[Json]]:
        """Return an import, the titles of its file and every row; the rows are read as they are asked for.

        Raises:
            NotFound: as :meth:`get`.
        """
        ...

    def cancel(self, import_id: int, *, partner: str | None) -> Json:
        """End an import and return it; what is placed stays.

        Raises:
            NotFound: as :meth:`get`.
            Conflict: it has come to its end.
        """
        ...

    def pause(self, import_id: int, *, partner: str | None) -> Json:
        """Let an import rest and return it.

        Raises:
            NotFound, Conflict: as :meth:`cancel`.
        """
        ...

    def resume(self, import_id: int, *, partner: str | None) -> Json:
        """Go on with an import that is paused or failed and return it.

        Raises:
            NotFound: as :meth:`get`.
            Conflict: it is cancelled, or done and nothing is left to try again.
        """
        ...

    def map(self, name: str, *, owner: str) -> Json:
        """Return the newest version of a map.

        Raises:
            NotFound: there is none.
        """
        ...

    def maps(self, *, partner: str | None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of maps by name: those of *partner* and of the house."""
        ...

    def put_map(self, name: str, columns: Json, *, owner: str, seen: int | None, actor: str) -> Json:
        """Keep a map as a new version and return it; *seen* is the version that is changed, None for a new map.

        Raises:
            MapInvalid: *columns* is no map.
            DraftChanged: it is not the version *seen*.
            Conflict: there is one, and nothing was *seen*.
        """
        ...

    def remove_map(self, name: str, *, owner: str, seen: int, actor: str) -> None:
        """Remove a map; imports keep what they were sent with.

        Raises:
            NotFound: there is none.
            DraftChanged: as :meth:`put_map`.
        """
        ...
