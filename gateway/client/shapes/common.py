# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of several subjects."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from gateway.client.shapes.shop_order import ShopOrderShape
from gateway.client.values import Answer, Body, Exact

__all__ = [
    "AnswerShape",
    "AskedDoubt",
    "AskedDraft",
    "AskedField",
    "AssignmentShape",
    "CellFaultShape",
    "ChangeShape",
    "ChangesDifferenceShape",
    "ChargeShape",
    "DaysShape",
    "DocumentLink",
    "DocumentShape",
    "Empty",
    "GuideShape",
    "HoldShape",
    "ImpactShape",
    "InvoiceShape",
    "LineShape",
    "OrderShape",
    "OriginShape",
    "PapersQuestionShape",
    "RequestViolation",
    "ShipmentShape",
    "SourceShape",
    "TotalsShape",
    "ViolationShape",
]


class AnswerShape(Answer):
    """A mail that answers a question; its words fill in no field."""

    paper: str
    sender: str
    at: str
    words: str
    #: numbers of the orders that were attached
    orders: list[str]
    #: ids of those that became drafts
    drafts: list[str]


class AskedField(Answer):
    """A field that its sender is asked about: what stands there, and the ways to read it where there are several."""

    field: str
    said: str
    candidates: list[str]


class AskedDoubt(Answer):
    """One thing that is asked."""

    #: null for the head of the order
    line: int | None
    #: of the doubt: `paper.item_unknown`
    code: str
    fields: list[AskedField]


class AskedDraft(Answer):
    """What is asked about one of the orders in a mail."""

    draft: str
    reference: str
    questions: list[AskedDoubt]


class AssignmentShape(Answer):
    """From which warehouse an order is served and which team looks after it; the checks tell what was compared."""

    warehouse: str
    team: str | None
    #: the route that decided, or `sourcing.cost`: the cheapest way in time
    rule: str
    rule_version: str
    at: str


class CellFaultShape(Answer):
    """What is wrong in a file: the row as a person counts it, and the title of the column where there is one."""

    row: int
    column: str | None
    value: str | None
    code: str
    message: str
    #: `B7`, or `Orders!B7` in a workbook
    cell: str | None


class TotalsShape(Answer):
    """The order's total before and after."""

    before: Exact
    after: Exact


class DaysShape(Answer):
    """The promised day before and after."""

    before: str | None
    after: str | None


class ChangesDifferenceShape(Answer):
    """One value that a change altered; null is not there."""

    #: path in the order, such as `lines.3.quantity`
    field: str
    before: str | None
    after: str | None


class ImpactShape(Answer):
    """What a change altered."""

    total: TotalsShape
    promised_date: DaysShape
    #: the lines that it touched
    lines: list[int]
    differences: list[ChangesDifferenceShape]


class ChangeShape(Answer):
    """A change request that was decided."""

    id: str
    number: str
    #: the requester's number of the change
    reference: str | None
    function: str
    #: applied: its revision waits for a decision, or another overtook it; cancelled: it ended the order
    state: str
    #: the revision that it made; of one that made none the revision that it met
    revision: int
    #: the date that the change itself bears
    dated: str | None
    at: str
    actor: str
    #: why it was asked for, or why it was declined
    reason: str
    document_id: str
    #: null of a change that was declined
    impact: ImpactShape | None


class ChargeShape(Answer):
    """A charge or, with an amount below 0, an allowance on an order or on one of its lines.

    Amounts are without tax.
    """

    #: its name in `GET /orders/{number}/source`
    field: str
    #: `rounding` is what rounding leaves between the shop's total and our sum
    kind: str
    #: null: of the whole order
    line: int | None
    #: UN data element 7161: DI discount, FC freight, PC packing, HD handling
    code: str | None
    label: str
    #: the sender's own code: a coupon, a method of shipping
    reference: str | None
    amount: Exact
    #: per cent
    tax_rate: Exact | None
    #: UN data element 5305
    tax_category: str | None
    #: an invoice has it, of a line as much as is billed of the line
    billed: bool
    #: JSON pointer of where the shop told it
    source: str | None


class DocumentLink(Answer):
    """A document that belongs to an order."""

    id: str
    type: str | None
    direction: str
    control_reference: str | None


class GuideShape(Answer):
    """The partner guide that judged a document; the fingerprint is the SHA-256 of its file at that time."""

    name: str
    fingerprint: str


class DocumentShape(Answer):
    """One message in a source, or one of ours.

    Received ones have one of six outcomes, ours say how far they are.
    """

    id: str
    source_id: str | None
    direction: str
    type: str | None
    version: str | None
    partner: str | None
    control_reference: str | None
    outcome: str | None
    reason: str | None
    orders: list[str]
    received_at: str
    #: what judged it besides the directory; null where no guide did
    guide: GuideShape | None
    replies: list[DocumentLink]


class Empty(Body):
    """No keys."""


class HoldShape(Answer):
    """A named block of one stage of an order."""

    code: str
    stage: str
    line: int | None
    reason: str
    inputs: dict[str, Any]
    rule: str
    rule_version: str
    release_role: str
    release_when: str | None


class InvoiceShape(Answer):
    """An invoice."""

    number: str
    order: str
    total: Exact
    currency: str


class LineShape(Answer):
    """One line of an order as it stands."""

    line: int
    sku: str | None
    gtin: str | None
    buyer_code: str | None
    description: str | None
    quantity: Exact
    unit: str | None
    price: Exact | None
    amount: Exact | None
    state: str
    promised_date: dt.date | None
    reserved: Exact


class OrderShape(Answer):
    """An order."""

    number: str | None
    partner: str | None
    channel: str
    type: str
    buyer_reference: str
    state: str
    billing: str
    payment: str
    currency: str | None
    total: Exact | None
    revision: int
    lines: list[LineShape]
    holds: list[HoldShape]
    documents: list[DocumentLink]
    #: null where there was nothing to choose: no route fits, one warehouse has it
    assignment: AssignmentShape | None = None
    #: of an order that is asked for by itself
    charges: list[ChargeShape] = Field(default_factory=list)
    #: wishes for warehouse and carrier, of an order that the house asks for
    notes: list[str] = Field(default_factory=list)
    #: for whoever gets the goods, of an order asked for by itself
    gift_note: str | None = None
    #: of an order that came from a shop, asked for by itself
    shop: ShopOrderShape | None = None
    #: every check of the review; on a dry run alone
    checks: list[dict[str, Any]] = Field(default_factory=list)


class OriginShape(Answer):
    """Where a field came from: entered by somebody, filled in by a template, or read from a mail or fax.

    What was read names its document, the part of the mail, the page (from 1) and the box on it: points of a PDF, pixels
    of a picture or cells of a sheet. `evidence` speaks for it; `doubt` is why a person has to look, `candidates` are
    the ways to read it (`value`, `text`, `page`, `box`), `confirmed_by` is who did.
    """

    origin: str
    by: str | None = None
    at: str | None = None
    #: the customer whose own key entered, confirmed or corrected it
    partner: str | None = None
    template: str | None = None
    version: int | None = None
    document: str | None = None
    part: str | None = None
    page: int | None = None
    box: list[float] | None = None
    #: SHA-256 of the pixels in the box, where the page has a picture
    crop: str | None = None
    text: str | None = None
    #: what its reader says of itself, 0 to 1; no probability
    confidence: float | None = None
    #: how it was found: `label`, `column`, `position`, `sentence`, `computed`; `taught` by what orders of the customer
    #: taught, `known` by what is known of it, in a second reading
    found_by: str | None = None
    evidence: list[str] | None = None
    doubt: str | None = None
    candidates: list[dict[str, Any]] | None = None
    #: who left the field as it was read, or submitted the draft with it; null in an order that needed nobody
    confirmed_by: str | None = None
    confirmed_at: str | None = None
    #: who gave the field another value than was read
    corrected_by: str | None = None
    corrected_at: str | None = None
    #: what was read, where it was corrected
    was: str | None = None


class ViolationShape(Answer):
    """One fault and its place: in an interchange by segment and byte, in a JSON body by pointer."""

    code: str
    severity: str
    level: str
    #: UNH = 1; null on the envelope
    segment: int | None
    tag: str | None
    element: int | None
    component: int | None
    #: zero-based byte in the file
    offset: int | None
    value: str | None
    message: str
    hint: str


class PapersQuestionShape(Answer):
    """What the sender of a doubtful mail is asked.

    `planned` until `due_at`, then `asked`; `settled` where a person was faster, `unasked` for a `reason`.
    """

    state: str
    #: the address; null where there is nobody to ask
    to: str | None
    reason: ViolationShape | None
    due_at: str | None
    asked_at: str | None
    asked_by: str | None
    asked: list[AskedDraft]
    answers: list[AnswerShape]


class RequestViolation(Answer):
    """A violation in an answer to a request: where in the body or which parameter."""

    code: str
    severity: str
    level: str
    #: UNH = 1; null on the envelope
    segment: int | None
    tag: str | None
    element: int | None
    component: int | None
    #: zero-based byte in the file
    offset: int | None
    value: str | None
    message: str
    hint: str
    #: RFC 6901, into the JSON body
    pointer: str | None = None
    #: name of a path, query or header parameter
    parameter: str | None = None


class ShipmentShape(Answer):
    """Goods that leave together."""

    number: str
    order: str
    state: str


class SourceShape(Answer):
    """The bytes that a document came in, which never change, and the way they came."""

    sha256: str
    size: int
    channel: str
    transport: str
    #: the file's name, or who handed it in
    origin: str
