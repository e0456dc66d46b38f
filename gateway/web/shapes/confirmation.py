"""The confirmation of an order as people and programs read it, and what is added to it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.notices.enclosures import MOST_SIGNS
from gateway.web.shapes.common import OrderNumber, Request, Shape

MediaType = Literal["application/pdf", "image/png", "image/jpeg", "text/plain", "text/csv"]


class ConfirmationQuery(Request):
    """Which confirmation is meant."""

    preview: bool = Field(False, description="also of an order that is not confirmed: as it would be")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = Field(
        None, description="default: the partner's"
    )


class AcceptHeader(Request):
    """In which form it is wanted."""

    accept: str = Field(
        "application/json",
        alias="Accept",
        description="`application/json`, or first of all `application/pdf` or `text/html` for the document or the page",
    )

    @property
    def form(self) -> Literal["json", "pdf", "html"]:
        """The form that is named first; JSON where none of them is."""
        for part in self.accept.split(","):
            kind = part.partition(";")[0].strip().lower()
            if kind == "application/pdf":
                return "pdf"
            if kind == "text/html":
                return "html"
            if kind in ("application/json", "*/*", "application/*"):
                break
        return "json"


class SentFile(Shape):
    """A file that goes with the confirmation; the first is the document itself."""

    name: str
    media_type: str
    size: int


class ConfirmationShape(Shape):
    """A confirmation in words; ``rule`` says what chose its template, ``version`` is the SHA-256 of that."""

    number: str
    revision: int
    planned: bool = Field(description="the order is not confirmed: this is what it would get")
    holds: list[str] = Field(description="codes of the holds that keep it back")
    notice: Literal["order.confirmed", "order.changed"]
    language: str
    template: str
    version: str
    rule: str
    subject: str
    text: str
    html: str
    notes: list[str]
    attachments: list[SentFile]
    remarks: list[str] = Field(description="what is left out and why, such as a PDF that no font here can show")


class NoteBody(Request):
    """A note for the buyer; empty takes it away."""

    text: Annotated[str, StringConstraints(max_length=MOST_SIGNS)]


class AttachQuery(Request):
    """What the file is."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    media_type: MediaType


class AttachmentPath(Request):
    """An attached file of an order."""

    number: OrderNumber
    attachment: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]


class EnclosedFile(SentFile):
    """A file that a person attached."""

    id: str
    sha256: str


class EnclosedShape(Shape):
    """What goes with the confirmation of the present revision; ``open`` while it has not left."""

    number: str
    revision: int
    open: bool
    note: str
    attachments: list[EnclosedFile]
