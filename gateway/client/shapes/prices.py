# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from pydantic import AwareDatetime

from gateway.client.values import Answer, Body, Exact

__all__ = [
    "AgreedPrice",
    "CandidateShape",
    "ContractVerdict",
    "DecisionBody",
    "DecisionShape",
    "LineMargin",
    "OffContract",
    "OrderMargin",
    "PriceApproval",
    "PriceExplanation",
    "PriceRequestBody",
    "PriceRequestShape",
    "PriceShape",
    "VerifyBody",
]


class AgreedPrice(Body):
    """The granted request whose price the line gets: no special price without one."""

    request: str


class CandidateShape(Answer):
    """A price that names this buyer; ``refused`` says why it does not apply, null where it does."""

    level: str
    price: Exact
    currency: str
    min_quantity: Exact
    valid_from: str | None
    valid_to: str | None
    source: str
    contract: str | None
    #: a promotion's code, or the number of the price request
    reference: str | None
    #: who applied, why, who approved
    basis: dict[str, Any] | None
    chosen: bool
    refused: str | None


class OffContract(Answer):
    """A line whose price is not the contract's; ``contract_price`` is null where it has none for the item."""

    number: str
    line: int
    sku: str
    price: Exact
    contract_price: Exact | None
    difference_percent: str | None


class ContractVerdict(Answer):
    """What was compared, and which lines are off the contract."""

    contract: str
    partners: list[str]
    orders: int
    lines: int
    off: list[OffContract]


class DecisionBody(Body):
    """Why a price request is granted or declined."""

    reason: str


class DecisionShape(Answer):
    """A decision on a price: ``price`` and ``level`` are null where none applies; ``why`` is one sentence."""

    quantity: Exact
    currency: str
    date: str
    contract: str | None
    price: Exact | None
    level: str | None
    why: str
    rule: str
    candidates: list[CandidateShape]


class LineMargin(Answer):
    """The margin of a line and where its cost comes from."""

    revenue: Exact | None
    margin: Exact | None
    margin_percent: Exact | None
    floor_percent: Exact | None
    line: int
    sku: str | None
    quantity: Exact
    price: Exact | None
    cost: Exact | None
    cost_source: str | None


class OrderMargin(Answer):
    """The margin of an order, of the lines whose cost is known."""

    revenue: Exact | None
    margin: Exact | None
    margin_percent: Exact | None
    floor_percent: Exact | None
    number: str
    currency: str
    reviewed_at: str
    rule_version: str
    lines_without_cost: int
    lines: list[LineMargin]


class PriceApproval(Answer):
    """A hold on a price and who lifted it."""

    code: str
    stage: str
    line: int | None
    reason: str
    inputs: dict[str, Any]
    rule: str
    rule_version: str
    release_role: str
    release_when: str | None
    released_by: str | None
    released_at: str | None
    release_reason: str | None


class PriceExplanation(Answer):
    """The composition of a price as of its review.

    ``verified`` when the rule still chooses the same among what was.
    """

    number: str
    line: int
    sku: str | None
    reviewed_at: str
    rule_version: str
    master_version: int
    price: Exact | None
    buyer_price: Exact | None
    expected_price: Exact | None
    difference_percent: str | None
    #: the price stands; only a change of the order changes it
    locked: bool
    approvals: list[PriceApproval]
    decision: DecisionShape | None
    verified: bool


class PriceRequestBody(Body):
    """A special price that sales asks for; reason, competition, expected volume and approver are always told."""

    partner: str
    sku: str
    amount: Exact
    valid_from: dt.date
    valid_to: dt.date
    reason: str
    #: what others ask for it
    competition: str
    expected_volume: Exact
    approver: str
    #: default: the partner's
    currency: str | None = None
    min_quantity: Exact = Decimal(0)


class PriceRequestShape(Answer):
    """A request for a special price; ``release_role`` follows from how far it is below ``standard``."""

    number: str
    partner: str
    sku: str
    currency: str
    amount: Exact
    min_quantity: Exact
    valid_from: str
    valid_to: str
    reason: str
    competition: str
    expected_volume: Exact
    approver: str
    standard: Exact
    deviation_percent: Exact
    release_role: str
    rule_version: str
    state: str
    requested_by: str
    requested_at: str
    decided_by: str | None
    decided_at: str | None
    decision: str | None


class PriceShape(Answer):
    """The price of an item for a buyer."""

    quantity: Exact
    currency: str
    date: str
    contract: str | None
    price: Exact | None
    level: str | None
    why: str
    rule: str
    candidates: list[CandidateShape]
    partner: str
    sku: str


class VerifyBody(Body):
    """Since when orders are compared."""

    #: received at or after
    since: AwareDatetime | dt.date
