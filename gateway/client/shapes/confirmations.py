# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject confirmations."""

from __future__ import annotations

from gateway.client.values import Answer, Body

__all__ = ["ConfirmationShape", "EnclosedFile", "EnclosedShape", "NoteBody", "SentFile"]


class SentFile(Answer):
    """A file that goes with the confirmation; the first is the document itself."""

    name: str
    media_type: str
    size: int


class ConfirmationShape(Answer):
    """A confirmation in words; ``rule`` says what chose its template, ``version`` is the SHA-256 of that."""

    number: str
    revision: int
    #: the order is not confirmed: this is what it would get
    planned: bool
    #: codes of the holds that keep it back
    holds: list[str]
    notice: str
    language: str
    template: str
    version: str
    rule: str
    subject: str
    text: str
    html: str
    notes: list[str]
    attachments: list[SentFile]
    #: what is left out and why, such as a PDF that no font here can show
    remarks: list[str]


class EnclosedFile(Answer):
    """A file that a person attached."""

    name: str
    media_type: str
    size: int
    id: str
    sha256: str


class EnclosedShape(Answer):
    """What goes with the confirmation of the present revision; ``open`` while it has not left."""

    number: str
    revision: int
    open: bool
    note: str
    attachments: list[EnclosedFile]


class NoteBody(Body):
    """A note for the buyer; empty takes it away."""

    text: str
