# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of several subjects: draft content."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from gateway.client.shapes.common import OriginShape, PapersQuestionShape
from gateway.client.values import Answer, Body

__all__ = ["DraftContent", "DraftDetail", "DraftLine", "DraftParty"]


class DraftParty(Body):
    """A party as far as it is known."""

    code: str = ""
    gln: str = ""
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    tax_id: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


class DraftLine(Body):
    """A line as far as it is known."""

    sku: str = ""
    gtin: str = ""
    buyer_code: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    description: str = ""


class DraftContent(Body):
    """Any part of what `POST /orders` takes, every value as text.

    Its rules are checked on demand and on submission.
    """

    partner: str = ""
    buyer_reference: str = ""
    currency: str = ""
    requested_date: str = ""
    buyer: DraftParty | None = None
    ship_to: DraftParty | None = None
    payment_method: str = ""
    payment_terms: str = ""
    transport_mode: str = ""
    delivery_terms: str = ""
    business_unit: str = ""
    override_reason: str = ""
    notes: list[str] = Field(default_factory=list)
    type: str = ""
    lines: list[DraftLine] = Field(default_factory=list)


class DraftDetail(Answer):
    """A draft, and where it is from."""

    id: str
    version: int
    state: str
    partner: str | None
    entered_by: str
    created_at: str
    changed_at: str
    expires_at: str | None
    order: str | None
    content: dict[str, Any]
    #: by the path of each field: `ship_to.city`, `lines.2.quantity`
    origins: dict[str, OriginShape]
    #: the mail or fax that it was read from
    paper: str | None
    #: what the sender of that mail is asked
    question: PapersQuestionShape | None
