"""Drafts and templates: orders that are filled in as far as somebody got."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from core.entry.forms import Form, filled
from gateway.web.shapes.common import (
    DecimalOut,
    Paging,
    PartnerCode,
    Request,
    RequestViolation,
    Shape,
    ShortText,
    Text,
)
from gateway.web.shapes.order import HoldShape, OrderShape
from gateway.web.shapes.papers import FOUND_BY, FieldPath, QuestionShape

EntryId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


class DraftParty(Request):
    """A party as far as it is known."""

    code: Text = ""
    gln: Text = ""
    name: Text = ""
    street: Text = ""
    city: Text = ""
    region: Text = ""
    postal_code: Text = ""
    country: Text = ""
    tax_id: Text = ""
    contact: Text = ""
    phone: Text = ""
    email: Text = ""


class DraftLine(Request):
    """A line as far as it is known."""

    sku: Text = ""
    gtin: Text = ""
    buyer_code: Text = ""
    quantity: Text = ""
    unit: Text = ""
    price: Text = ""
    description: Text = ""


class DraftContent(Request):
    """Any part of what `POST /orders` takes, every value as text; its rules are checked on demand and on submission."""

    partner: PartnerCode | Literal[""] = ""
    buyer_reference: Text = ""
    currency: Text = ""
    requested_date: Text = ""
    buyer: DraftParty | None = None
    ship_to: DraftParty | None = None
    payment_method: Text = ""
    payment_terms: Text = ""
    transport_mode: Text = ""
    delivery_terms: Text = ""
    business_unit: Text = ""
    override_reason: Text = ""
    notes: list[Text] = Field(default=[], max_length=10)
    type: Text = ""
    lines: list[DraftLine] = Field(default=[], max_length=9999)

    def form(self) -> Form:
        """Return what is filled in."""
        return filled(self.model_dump(exclude_none=True))


class OriginShape(Shape):
    """Where a field came from: entered by somebody, filled in by a template, or read from a mail or fax.

    What was read names its document, the part of the mail, the page (from 1) and the box on it: points of a PDF, pixels
    of a picture or cells of a sheet. `evidence` speaks for it; `doubt` is why a person has to look, `candidates` are
    the ways to read it (`value`, `text`, `page`, `box`), `confirmed_by` is who did.
    """

    origin: Literal["entered", "template", "read"]
    by: str | None = None
    at: str | None = None
    partner: str | None = Field(None, description="the customer whose own key entered, confirmed or corrected it")
    template: str | None = None
    version: int | None = None
    document: str | None = None
    part: str | None = None
    page: int | None = None
    box: list[float] | None = None
    crop: str | None = Field(None, description="SHA-256 of the pixels in the box, where the page has a picture")
    text: str | None = None
    confidence: float | None = Field(None, description="what its reader says of itself, 0 to 1; no probability")
    found_by: str | None = Field(None, description=FOUND_BY)
    evidence: list[str] | None = None
    doubt: str | None = None
    candidates: list[dict[str, Any]] | None = None
    confirmed_by: str | None = Field(
        None,
        description="who left the field as it was read, or submitted the draft with it; null in an order that "
        "needed nobody",
    )
    confirmed_at: str | None = None
    corrected_by: str | None = Field(None, description="who gave the field another value than was read")
    corrected_at: str | None = None
    was: str | None = Field(None, description="what was read, where it was corrected")


class DraftShape(Shape):
    """A draft; `order` is the number of the order that it became."""

    id: str
    version: int
    state: Literal["open", "submitted"]
    partner: str | None
    entered_by: str
    created_at: str
    changed_at: str
    expires_at: str | None
    order: str | None
    content: dict[str, Any]
    origins: dict[str, OriginShape] = Field(description="by the path of each field: `ship_to.city`, `lines.2.quantity`")


class DraftDetail(DraftShape):
    """A draft, and where it is from."""

    paper: str | None = Field(description="the mail or fax that it was read from")
    question: QuestionShape | None = Field(description="what the sender of that mail is asked")


class ConfirmFieldsRequest(Request):
    """What somebody who looked at the page says of fields that were read."""

    fields: dict[FieldPath, Text | None] = Field(
        min_length=1,
        max_length=500,
        description="by path: null confirms what was read, a text corrects it",
        examples=[{"buyer_reference": None, "lines.2.quantity": "12"}],
    )


class OutlookLine(Shape):
    """A line as it would be: our price and its source, what is available now, and when the line could be delivered."""

    line: int
    sku: str | None
    description: str | None
    quantity: DecimalOut
    unit: str | None
    price: DecimalOut | None
    price_source: str | None
    amount: DecimalOut | None
    available: DecimalOut | None
    date: date | None


class OutlookShape(Shape):
    """What the draft would become if it were submitted now."""

    state: Literal["confirmed", "in_review", "duplicate", "parked"]
    currency: str | None
    total: DecimalOut | None
    lines: list[OutlookLine]
    holds: list[HoldShape]
    checks: list[dict[str, Any]]


class DraftChecksShape(Shape):
    """Everything that is wrong with a draft, and what it would become; no outlook where that cannot be told."""

    id: str
    version: int
    complete: bool
    partner: str | None
    violations: list[RequestViolation]
    outlook: OutlookShape | None


class TemplateRequest(Request):
    """A template: what stays the same from order to order."""

    name: ShortText
    partner: PartnerCode | None = Field(None, description="whose it is; the house's own serves every partner")
    content: DraftContent


class TemplateOfOrderRequest(Request):
    """How the template of an order is called."""

    name: ShortText


class TemplateShape(Shape):
    """A template."""

    id: str
    version: int
    name: str
    partner: str | None
    changed_by: str
    changed_at: str
    content: dict[str, Any]


class InstantiateRequest(Request):
    """What this order says instead of the template, and whether it is submitted at once."""

    overrides: DraftContent = DraftContent()
    submit: bool = False


class InstantiatedShape(Shape):
    """The draft that a template made, and its order where it was submitted."""

    draft: DraftDetail
    order: OrderShape | None


class EntryPath(Request):
    """Which draft or template."""

    id: EntryId


class DraftsQuery(Paging):
    """Which drafts."""

    partner: PartnerCode | None = None
    mine: bool = Field(False, description="only those that this key entered")
    state: Literal["open", "submitted"] = "open"


class TemplatesQuery(Paging):
    """Which templates."""

    partner: PartnerCode | None = None
