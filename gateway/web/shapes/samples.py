"""Samples of papers: what is asked of whoever reads them blindly, what differs, and who was wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Paging, Request, Shape, Text
from gateway.web.shapes.papers import FieldPath, PaperId

PaperClass = Literal["pdf", "table", "mail", "scan", "fax"]
SampleState = Literal["open", "differs", "done"]
Verdict = Literal["reader", "reviewer", "nobody"]
Typed = Annotated[Text, StringConstraints(min_length=1, max_length=200)]


class SamplePath(Request):
    """Which sample."""

    id: PaperId


class SamplePagePath(Request):
    """Which page of the paper of a sample."""

    id: PaperId
    page: Annotated[int, Field(ge=1, le=9999)]


class SamplesQuery(Paging):
    """Which samples."""

    state: SampleState | None = None
    paper_class: PaperClass | None = Field(None, alias="class")


class AnswerSampleRequest(Request):
    """What stands on the paper, in the words of somebody who did not see what was read."""

    fields: dict[FieldPath, Typed | None] = Field(
        min_length=1,
        max_length=5000,
        description="by path, every field of `head` and of every line; null where nothing stands there. Days are ISO "
        "8601, numbers have a point",
        examples=[{"buyer_reference": "PO-4711", "requested_date": None, "lines.1.quantity": "24"}],
    )


class SettleSampleRequest(Request):
    """Who was wrong in each field that differs."""

    verdicts: dict[FieldPath, Verdict] = Field(
        min_length=1,
        max_length=5000,
        description="nobody: the two are written otherwise and mean the same",
        examples=[{"lines.1.quantity": "reader"}],
    )
    reason: Text = ""


class SampleShape(Shape):
    """An order on paper that nobody looked at, and that was drawn to be read once more.

    `paper`, `order` and everything that follows are null until somebody typed what stands there.
    """

    id: str
    class_: PaperClass = Field(alias="class")
    drawn: Literal["share", "first"] = Field(
        description="by the share of its class, or as one of the first of its customer and class"
    )
    state: SampleState = Field(description="`differs` waits for the second look")
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
    compared: int | None = Field(description="fields")
    differ: int | None = Field(description="fields")
    wrong: int | None = Field(description="fields that were read wrong; null until it is done")


class FindingShape(Shape):
    """A field that two read otherwise."""

    field: str
    read: str | None = Field(description="what went into the order; null where nothing was read")
    text: str | None = Field(description="the words that it was read from")
    typed: str | None = Field(description="null: nothing stands there")
    verdict: Verdict | None = Field(description="who was wrong")


class SampleDetail(SampleShape):
    """A sample with what is asked, and once it is answered with what differs."""

    language: str
    media_type: str
    pages: list[int] = Field(description="those that can be drawn; none: read the file")
    head: list[str] = Field(description="the fields that are asked once")
    line: list[str] = Field(description="the fields that are asked of every line: `lines.1.sku`")
    answers: dict[str, str | None] | None
    findings: list[FindingShape]
    reason: str | None
