# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject validation."""

from __future__ import annotations

from typing import Literal

from gateway.client.values import Answer, Body

__all__ = ["DiscrepancyShape", "ProfileField", "ResolveRequest", "ValidationProfileShape"]


class DiscrepancyShape(Answer):
    """A field of an order that differs from the master data, and what was decided on it."""

    id: str
    number: str
    partner: str
    field: str
    line: int | None
    #: GLN of the address or SKU of the item in the master data
    key: str | None
    order_value: str
    master_value: str
    found_at: str
    #: overtaken: a change took back what differed
    decision: str | None
    decided_at: str | None
    decided_by: str | None
    reason: str | None


class ProfileField(Answer):
    """One of the 30 fields: its rule, and the codes that tell of its absence and of another format."""

    number: int
    field: str
    meaning: str
    scope: str
    required: bool
    format: str
    rule: str
    derived_from: str | None
    if_missing: str
    if_malformed: str


class ResolveRequest(Body):
    """What is decided."""

    decision: Literal["keep_order", "update_master"]
    reason: str = ""


class ValidationProfileShape(Answer):
    """What is asked of each field of an order, and under which version of the rules."""

    partner: str | None
    channel: str | None
    country: str | None
    rule_version: str
    required: int
    fields: list[ProfileField]
