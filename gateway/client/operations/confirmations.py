# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject confirmations."""

from __future__ import annotations

from typing import Literal

from gateway.client.caller import Caller
from gateway.client.shapes import ConfirmationShape, EnclosedShape, NoteBody
from gateway.client.values import segment


class ConfirmationsCalls(Caller):
    """The operations of the subject confirmations."""

    def order_confirmation(
        self,
        number: str,
        *,
        preview: bool | None = None,
        language: str | None = None,
    ) -> ConfirmationShape:
        """The confirmation of an order: subject, text, page, template and the rule that chose it.

        With `preview=1` also of an order under review: what it would get if its holds were lifted, written by the very
        functions that confirm it, and undone; a key of a partner sees what was confirmed only. `Accept:
        application/pdf` gives the document, `text/html` the page.

        ``GET /api/v1/orders/{number}/confirmation``, scope ``read``.
        """
        return self._one(
            ConfirmationShape,
            "GET",
            segment("/api/v1/orders/{}/confirmation", number),
            query={"preview": preview, "language": language},
        )

    def confirmation_enclosed(self, number: str) -> EnclosedShape:
        """The note and the files that go with the confirmation of the present revision.

        Its ETag is wanted by whoever sets the note.

        ``GET /api/v1/orders/{number}/confirmation/enclosed``, scope ``read``.
        """
        return self._one(EnclosedShape, "GET", segment("/api/v1/orders/{}/confirmation/enclosed", number))

    def note_confirmation(self, number: str, body: NoteBody, *, if_match: str) -> EnclosedShape:
        """Set the note for the buyer, in the document and in ORDRSP. 409 once the confirmation has left.

        If-Match has the ETag of what was enclosed so far.

        ``PUT /api/v1/orders/{number}/confirmation/notes``, scope ``operate``.
        """
        return self._one(
            EnclosedShape,
            "PUT",
            segment("/api/v1/orders/{}/confirmation/notes", number),
            body=body,
            if_match=if_match,
        )

    def attach_to_confirmation(
        self,
        number: str,
        body: bytes,
        *,
        name: str,
        media_type: Literal["application/pdf", "image/png", "image/jpeg", "text/plain", "text/csv"],
        idempotency_key: str | None = None,
    ) -> EnclosedShape:
        """Attach a file, its bytes as the body. 409 once the confirmation has left, or when one has its name.

        ``POST /api/v1/orders/{number}/confirmation/attachments``, scope ``operate``.
        """
        return self._one(
            EnclosedShape,
            "POST",
            segment("/api/v1/orders/{}/confirmation/attachments", number),
            query={"name": name, "media_type": media_type},
            body=body,
            idempotency_key=idempotency_key,
        )

    def detach_from_confirmation(self, number: str, attachment: str) -> EnclosedShape:
        """Take an attached file away. 409 once the confirmation has left.

        ``DELETE /api/v1/orders/{number}/confirmation/attachments/{attachment}``, scope ``operate``.
        """
        return self._one(
            EnclosedShape,
            "DELETE",
            segment("/api/v1/orders/{}/confirmation/attachments/{}", number, attachment),
        )
