# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject imports."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import Empty, FileImportShape, ImportRowShape, MapRequest, MapShape
from gateway.client.values import segment


class ImportsCalls(Caller):
    """The operations of the subject imports."""

    def send_import(
        self,
        body: bytes,
        *,
        map_: str,
        partner: str | None = None,
        filename: str | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> FileImportShape:
        """Send a CSV file or a workbook (XLSX, XLS, ODS) whose orders are placed in the background.

        202 says that the file is kept: it is read and its orders are placed whatever happens to the service, each once.
        `Location` is the import, which tells how far it is. The same file under the same Idempotency-Key is the same
        import, however far that is by now.

        ``POST /api/v1/imports``, scope ``submit``.
        """
        return self._one(
            FileImportShape,
            "POST",
            "/api/v1/imports",
            query={"map": map_, "partner": partner, "filename": filename, "dry_run": dry_run},
            body=body,
            idempotency_key=idempotency_key,
        )

    def file_imports(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        partner: str | None = None,
        state: Literal["queued", "reading", "placing", "paused", "done", "cancelled", "failed"] | None = None,
    ) -> Page[FileImportShape]:
        """Imports, the newest first; they are kept for 30 days after their end.

        A partner's key sees what the keys of that partner sent; a file that the house sends may name several partners.

        ``GET /api/v1/imports``, scope ``read``.
        """
        return self._page(
            FileImportShape,
            "/api/v1/imports",
            query={"cursor": cursor, "limit": limit, "partner": partner, "state": state},
        )

    def file_import(self, id_: str) -> FileImportShape:
        """One import: its state, and how many rows and orders were read, placed, held and refused.

        ``GET /api/v1/imports/{id}``, scope ``read``.
        """
        return self._one(FileImportShape, "GET", segment("/api/v1/imports/{}", id_))

    def import_rows(
        self,
        id_: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        status: Literal["waiting", "placed", "held", "refused", "cancelled"] | None = None,
    ) -> Page[ImportRowShape]:
        """The rows of a file in their sequence, each with the number of its order or what is wrong, by cell.

        ``GET /api/v1/imports/{id}/rows``, scope ``read``.
        """
        return self._page(
            ImportRowShape,
            segment("/api/v1/imports/{}/rows", id_),
            query={"cursor": cursor, "limit": limit, "status": status},
        )

    def import_results(self, id_: str) -> bytes:
        """The file as CSV with what became of each row beside it: status, number, holds and faults by cell.

        What a spreadsheet would run as a formula gets an apostrophe before it.

        ``GET /api/v1/imports/{id}/results`` as text/csv, scope ``read``.
        """
        return self._file(segment("/api/v1/imports/{}/results", id_), "text/csv")

    def pause_import(
        self,
        id_: str,
        body: Empty | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> FileImportShape:
        """Let an import rest; what is placed stays, and it goes on when it is resumed.

        ``POST /api/v1/imports/{id}/pause``, scope ``submit``.
        """
        return self._one(
            FileImportShape,
            "POST",
            segment("/api/v1/imports/{}/pause", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def resume_import(
        self,
        id_: str,
        body: Empty | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> FileImportShape:
        """Go on with an import that is paused or failed; orders that the system itself failed on are tried again.

        ``POST /api/v1/imports/{id}/resume``, scope ``submit``.
        """
        return self._one(
            FileImportShape,
            "POST",
            segment("/api/v1/imports/{}/resume", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def cancel_import(
        self,
        id_: str,
        body: Empty | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> FileImportShape:
        """End an import: what is placed stays, as `placed` and `held` say, and nothing more is placed.

        ``POST /api/v1/imports/{id}/cancel``, scope ``submit``.
        """
        return self._one(
            FileImportShape,
            "POST",
            segment("/api/v1/imports/{}/cancel", id_),
            body=body,
            idempotency_key=idempotency_key,
        )

    def import_maps(
        self,
        *,
        partner: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[MapShape]:
        """Maps by their name; of a partner: its own and those of the house.

        ``GET /api/v1/import-maps``, scope ``read``.
        """
        return self._page(MapShape, "/api/v1/import-maps", query={"partner": partner, "cursor": cursor, "limit": limit})

    def import_map(self, name: str, *, partner: str | None = None) -> MapShape:
        """The map by which a file of that name is read: the partner's own, or else the house's.

        ``GET /api/v1/import-maps/{name}``, scope ``read``.
        """
        return self._one(MapShape, "GET", segment("/api/v1/import-maps/{}", name), query={"partner": partner})

    def keep_import_map(self, name: str, body: MapRequest, *, partner: str | None = None, if_match: str) -> MapShape:
        """Keep a map under a name, or say it anew as its next version.

        Where there is one, send its ETag in `If-Match`. A partner's key keeps that partner's own. Imports go on by the
        version that they were sent with.

        ``PUT /api/v1/import-maps/{name}``, scope ``submit``.
        """
        return self._one(
            MapShape,
            "PUT",
            segment("/api/v1/import-maps/{}", name),
            query={"partner": partner},
            body=body,
            if_match=if_match,
        )

    def remove_import_map(self, name: str, *, partner: str | None = None, if_match: str) -> None:
        """Remove a map; imports that were sent with it go on.

        ``DELETE /api/v1/import-maps/{name}``, scope ``submit``.
        """
        self._nothing("DELETE", segment("/api/v1/import-maps/{}", name), query={"partner": partner}, if_match=if_match)
