# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject papers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from gateway.client.shapes.common import PapersQuestionShape, ViolationShape
from gateway.client.values import Answer, Body

__all__ = [
    "AnswerSampleRequest",
    "DoubtShape",
    "FieldVerdict",
    "FindingShape",
    "LessonShape",
    "LetterShape",
    "PaperDetail",
    "PaperPart",
    "PaperPartDetail",
    "PaperShape",
    "ReadPageShape",
    "ReadingOfField",
    "RevokeLessonRequest",
    "SampleDetail",
    "SampleShape",
    "SettleSampleRequest",
]


class AnswerSampleRequest(Body):
    """What stands on the paper, in the words of somebody who did not see what was read."""

    #: by path, every field of `head` and of every line; null where nothing stands there. Days are ISO 8601, numbers
    #: have a point
    fields: dict[str, Any]


class DoubtShape(Answer):
    """Why a person has to look, in the language that was asked for."""

    code: str
    message: str
    hint: str


class ReadingOfField(Answer):
    """One way to read a field."""

    value: str
    text: str
    page: int | None
    box: list[float] | None


class FieldVerdict(Answer):
    """What was read of a field: accepted with its evidence, or doubtful with every way to read it."""

    #: what went into the order; null where it is doubtful
    value: str | None
    #: what stands there
    text: str | None
    #: what its reader says of itself, 0 to 1; no probability
    confidence: float | None
    #: counted from 1
    page: int | None
    #: left, top, right, bottom on that page, in its unit
    box: list[float] | None
    #: SHA-256 of the pixels in the box; null where the page has no picture
    crop: str | None
    #: how it was found: `label`, `column`, `position`, `sentence`, `computed`; `taught` by what orders of the customer
    #: taught, `known` by what is known of it, in a second reading
    found_by: str | None
    evidence: list[str]
    doubt: DoubtShape | None
    candidates: list[ReadingOfField]


class FindingShape(Answer):
    """A field that two read otherwise."""

    field: str
    #: what went into the order; null where nothing was read
    read: str | None
    #: the words that it was read from
    text: str | None
    #: null: nothing stands there
    typed: str | None
    #: who was wrong
    verdict: str | None


class LessonShape(Answer):
    """What the papers of a customer taught; `version` counts what its papers taught."""

    id: str
    partner: str
    version: int
    #: form of order numbers, digits as 9; who sent a mail; the customer's code of an item; an address; words beside a
    #: value; the head of a column; how `days` or `numbers` are written; a bank detail
    kind: str
    #: as it stands on papers; of words, addresses and bank details their letters and digits
    value: str
    #: the `sku` of a code, the fields of an address; else what it `means`: a field, the first number of a day (`day`,
    #: `month`), the mark of a fraction
    meaning: dict[str, str] | None
    state: str
    paper: str
    order: str
    #: the draft by which a person taught it
    draft: str | None
    learned_by: str
    learned_at: str
    #: the stored paper that it would have read otherwise, or the later one that contradicted it
    refused: ViolationShape | None
    revoked_by: str | None
    revoked_at: str | None
    revoked_because: str | None


class LetterShape(Answer):
    """What the head of a mail claims; none of it proves who sent it."""

    message_id: str
    sender: str
    sender_name: str
    subject: str
    sent_at: str
    reply_to: str
    forwarded_from: str
    #: what our own mail server found (RFC 8601)
    authentication: list[str]
    automatic: bool
    #: Message-ID of the mail that it answers
    in_reply_to: str = ""
    #: Message-IDs of the mails of its thread before it, the last ones
    references: list[str] = Field(default_factory=list)
    #: Message-ID of the mail that it says could not be delivered (RFC 3464)
    returned: str = ""


class ReadPageShape(Answer):
    """A page that was read."""

    number: int
    #: of a sheet
    name: str
    width: float
    height: float
    unit: str
    medium: str
    reader: str


class PaperPartDetail(Answer):
    """A part with its pages and fields."""

    part: int
    #: the ways to it in the tree of the mail: `2.1`; empty for the whole source
    place: str
    name: str
    media_type: str
    sha256: str
    size: int
    fate: str
    became: str
    reason: str | None
    partner: str | None
    reference: str | None
    #: order, other or unsure; empty where it was not read
    kind: str
    language: str
    #: how well its worst page can be read, 0 to 1
    quality: float
    #: whether a page was read from a picture
    guessed: bool
    document: str | None
    order: str | None
    draft: str | None
    #: the source that a part with a decoder of its own became
    handed_on: str | None
    #: fields
    accepted: int
    #: fields
    doubtful: int
    violation: ViolationShape | None
    pages: list[ReadPageShape]
    #: by path: `buyer_reference`, `lines.2.quantity`
    fields: dict[str, FieldVerdict]


class PaperDetail(Answer):
    """A paper with all that was read of it, and what its sender is asked."""

    id: str
    #: as its sender called it
    name: str
    state: str
    transport: str
    origin: str
    sha256: str
    size: int
    attempts: int
    received_at: str
    ended_at: str | None
    letter: LetterShape | None
    #: why it could not be read as a whole
    problem: ViolationShape | None
    parts: list[PaperPartDetail]
    #: null where nothing of it was doubtful
    question: PapersQuestionShape | None
    #: the paper whose question this mail answers
    answers: str | None


class PaperPart(Answer):
    """A part of a paper and what became of it."""

    part: int
    #: the ways to it in the tree of the mail: `2.1`; empty for the whole source
    place: str
    name: str
    media_type: str
    sha256: str
    size: int
    fate: str
    became: str
    reason: str | None
    partner: str | None
    reference: str | None
    #: order, other or unsure; empty where it was not read
    kind: str
    language: str
    #: how well its worst page can be read, 0 to 1
    quality: float
    #: whether a page was read from a picture
    guessed: bool
    document: str | None
    order: str | None
    draft: str | None
    #: the source that a part with a decoder of its own became
    handed_on: str | None
    #: fields
    accepted: int
    #: fields
    doubtful: int
    violation: ViolationShape | None


class PaperShape(Answer):
    """What came at once: a mail, a fax, a file."""

    id: str
    #: as its sender called it
    name: str
    state: str
    transport: str
    origin: str
    sha256: str
    size: int
    attempts: int
    received_at: str
    ended_at: str | None
    letter: LetterShape | None
    #: why it could not be read as a whole
    problem: ViolationShape | None
    parts: list[PaperPart]


class RevokeLessonRequest(Body):
    """Why it is forgotten."""

    reason: str


class SampleDetail(Answer):
    """A sample with what is asked, and once it is answered with what differs."""

    id: str
    class_: str = Field(alias="class")
    #: by the share of its class, or as one of the first of its customer and class
    drawn: str
    #: `differs` waits for the second look
    state: str
    version: int
    drawn_at: str
    due_at: str
    answered_by: str | None
    answered_at: str | None
    settled_by: str | None
    settled_at: str | None
    paper: str | None
    order: str | None
    partner: str | None
    #: fields
    compared: int | None
    #: fields
    differ: int | None
    #: fields that were read wrong; null until it is done
    wrong: int | None
    language: str
    media_type: str
    #: those that can be drawn; none: read the file
    pages: list[int]
    #: the fields that are asked once
    head: list[str]
    #: the fields that are asked of every line: `lines.1.sku`
    line: list[str]
    answers: dict[str, str | None] | None
    findings: list[FindingShape]
    reason: str | None


class SampleShape(Answer):
    """An order on paper that nobody looked at, and that was drawn to be read once more.

    `paper`, `order` and everything that follows are null until somebody typed what stands there.
    """

    id: str
    class_: str = Field(alias="class")
    #: by the share of its class, or as one of the first of its customer and class
    drawn: str
    #: `differs` waits for the second look
    state: str
    version: int
    drawn_at: str
    due_at: str
    answered_by: str | None
    answered_at: str | None
    settled_by: str | None
    settled_at: str | None
    paper: str | None
    order: str | None
    partner: str | None
    #: fields
    compared: int | None
    #: fields
    differ: int | None
    #: fields that were read wrong; null until it is done
    wrong: int | None


class SettleSampleRequest(Body):
    """Who was wrong in each field that differs."""

    #: nobody: the two are written otherwise and mean the same
    verdicts: dict[str, Any]
    reason: str = ""
