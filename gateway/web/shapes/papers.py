"""Mail and fax: what came, what became of it, and what was read of every field."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Instant, Paging, PartnerCode, Request, Shape, Text, ViolationShape
from gateway.web.shapes.masters import GrowingShape

PaperId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
#: ``buyer_reference``, ``ship_to.name``, ``lines.2.quantity``
FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[0-9]{1,4})?(\.[a-z_]+)?$", max_length=60)]
FOUND_BY = (
    "how it was found: `label`, `column`, `position`, `sentence`, `computed`; `taught` by what orders of the customer "
    "taught, `known` by what is known of it, in a second reading"
)
PaperState = Literal["received", "reading", "read", "failed"]
LessonState = Literal["active", "refused", "contradicted", "revoked"]
Became = Literal["order", "draft", "repeat", "same", "other", "handed_on", "left", "ignored", "discarded"]


class PaperPath(Request):
    """Which paper."""

    id: PaperId


class PagePath(Request):
    """Which page of which part of a paper."""

    id: PaperId
    part: Annotated[int, Field(ge=0, le=9999)]
    page: Annotated[int, Field(ge=1, le=9999)]


class PageQuery(Request):
    """What of the page."""

    field: FieldPath | None = Field(None, description="the place where this field was read, with a margin")


class PapersQuery(Paging):
    """Which papers."""

    state: PaperState | None = None
    transport: Literal["mail", "fax"] | None = None
    became: Became | None = Field(None, description="those with a part that became this")
    partner: PartnerCode | None = Field(None, description="those with a part of this partner")
    since: Instant | None = Field(None, description="received at or after")


class LetterShape(GrowingShape):
    """What the head of a mail claims; none of it proves who sent it."""

    message_id: str
    sender: str
    sender_name: str
    subject: str
    sent_at: str
    reply_to: str
    in_reply_to: str = Field("", description="Message-ID of the mail that it answers")
    references: list[str] = Field([], description="Message-IDs of the mails of its thread before it, the last ones")
    forwarded_from: str
    authentication: list[str] = Field(description="what our own mail server found (RFC 8601)")
    automatic: bool
    returned: str = Field("", description="Message-ID of the mail that it says could not be delivered (RFC 3464)")


class PaperPart(Shape):
    """A part of a paper and what became of it."""

    part: int
    place: str = Field(description="the ways to it in the tree of the mail: `2.1`; empty for the whole source")
    name: str
    media_type: str
    sha256: str
    size: int
    fate: Literal["paper", "format", "picture", "ignored", "quarantined", "unreadable"]
    became: Became
    reason: str | None
    partner: str | None
    reference: str | None
    kind: str = Field(description="order, other or unsure; empty where it was not read")
    language: str
    quality: float = Field(description="how well its worst page can be read, 0 to 1")
    guessed: bool = Field(description="whether a page was read from a picture")
    document: str | None
    order: str | None
    draft: str | None
    handed_on: str | None = Field(description="the source that a part with a decoder of its own became")
    accepted: int = Field(description="fields")
    doubtful: int = Field(description="fields")
    violation: ViolationShape | None


class PaperShape(Shape):
    """What came at once: a mail, a fax, a file."""

    id: str
    name: str = Field(description="as its sender called it")
    state: PaperState
    transport: Literal["mail", "fax"]
    origin: str
    sha256: str
    size: int
    attempts: int
    received_at: str
    ended_at: str | None
    letter: LetterShape | None
    problem: ViolationShape | None = Field(description="why it could not be read as a whole")
    parts: list[PaperPart]


class ReadPageShape(GrowingShape):
    """A page that was read."""

    number: int
    name: str = Field(description="of a sheet")
    width: float
    height: float
    unit: Literal["pt", "px", "cell"]
    medium: Literal["text", "ocr", "sheet", "html", "body"]
    reader: str


class DoubtShape(Shape):
    """Why a person has to look, in the language that was asked for."""

    code: str
    message: str
    hint: str


class ReadingOfField(Shape):
    """One way to read a field."""

    value: str
    text: str
    page: int | None
    box: list[float] | None


class FieldVerdict(Shape):
    """What was read of a field: accepted with its evidence, or doubtful with every way to read it."""

    value: str | None = Field(description="what went into the order; null where it is doubtful")
    text: str | None = Field(description="what stands there")
    confidence: float | None = Field(description="what its reader says of itself, 0 to 1; no probability")
    page: int | None = Field(description="counted from 1")
    box: list[float] | None = Field(description="left, top, right, bottom on that page, in its unit")
    crop: str | None = Field(description="SHA-256 of the pixels in the box; null where the page has no picture")
    found_by: str | None = Field(description=FOUND_BY)
    evidence: list[str]
    doubt: DoubtShape | None
    candidates: list[ReadingOfField]


class PaperPartDetail(PaperPart):
    """A part with its pages and fields."""

    pages: list[ReadPageShape]
    fields: dict[str, FieldVerdict] = Field(description="by path: `buyer_reference`, `lines.2.quantity`")


class AskedField(Shape):
    """A field that its sender is asked about: what stands there, and the ways to read it where there are several."""

    field: str
    said: str
    candidates: list[str]


class AskedDoubt(Shape):
    """One thing that is asked."""

    line: int | None = Field(description="null for the head of the order")
    code: str = Field(description="of the doubt: `paper.item_unknown`")
    fields: list[AskedField]


class AskedDraft(Shape):
    """What is asked about one of the orders in a mail."""

    draft: str
    reference: str
    questions: list[AskedDoubt]


class AnswerShape(Shape):
    """A mail that answers a question; its words fill in no field."""

    paper: str
    sender: str
    at: str
    words: str
    orders: list[str] = Field(description="numbers of the orders that were attached")
    drafts: list[str] = Field(description="ids of those that became drafts")


class QuestionShape(Shape):
    """What the sender of a doubtful mail is asked.

    `planned` until `due_at`, then `asked`; `settled` where a person was faster, `unasked` for a `reason`.
    """

    state: Literal["planned", "asked", "settled", "unasked"]
    to: str | None = Field(description="the address; null where there is nobody to ask")
    reason: ViolationShape | None
    due_at: str | None
    asked_at: str | None
    asked_by: str | None
    asked: list[AskedDraft]
    answers: list[AnswerShape]


class PaperDetail(PaperShape):
    """A paper with all that was read of it, and what its sender is asked."""

    parts: list[PaperPartDetail]  # type: ignore[assignment] # of the narrower shape
    question: QuestionShape | None = Field(description="null where nothing of it was doubtful")
    answers: str | None = Field(description="the paper whose question this mail answers")


class LessonPath(Request):
    """Which thing that was learned."""

    id: PaperId


class LessonsQuery(Paging):
    """Which things that were learned."""

    partner: PartnerCode | None = None
    state: LessonState | None = None


class RevokeLessonRequest(Request):
    """Why it is forgotten."""

    reason: Annotated[Text, StringConstraints(min_length=1)]


class LessonShape(Shape):
    """What the papers of a customer taught; `version` counts what its papers taught."""

    id: str
    partner: str
    version: int
    kind: Literal["reference", "sender", "code", "ship_to", "label", "column", "locale", "bank"] = Field(
        description="form of order numbers, digits as 9; who sent a mail; the customer's code of an item; an address; "
        "words beside a value; the head of a column; how `days` or `numbers` are written; "
        "a bank detail"
    )
    value: str = Field(
        description="as it stands on papers; of words, addresses and bank details their letters and digits"
    )
    meaning: dict[str, str] | None = Field(
        description="the `sku` of a code, the fields of an address; else what it `means`: a field, the first number of "
        "a day (`day`, `month`), the mark of a fraction"
    )
    state: LessonState
    paper: str
    order: str
    draft: str | None = Field(description="the draft by which a person taught it")
    learned_by: str
    learned_at: str
    refused: ViolationShape | None = Field(
        description="the stored paper that it would have read otherwise, or the later one that contradicted it"
    )
    revoked_by: str | None
    revoked_at: str | None
    revoked_because: str | None
