# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject returns."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from gateway.client.values import Answer, Body, Exact

__all__ = ["ReturnBody", "ReturnLine", "RmaLineShape", "RmaShape"]


class ReturnLine(Body):
    """How much of a line is to come back."""

    line: int
    quantity: Exact


class ReturnBody(Body):
    """What is to come back, and why."""

    order: str
    lines: list[ReturnLine]
    reason: Literal["damaged", "defective", "wrong_item", "not_wanted", "late", "other"]
    #: what the customer says
    words: str = ""


class RmaLineShape(Answer):
    """How much of a line."""

    line: int
    quantity: Exact


class RmaShape(Answer):
    """A return: what was asked, and what was decided by whom and why."""

    number: str
    order: str
    partner: str
    state: str
    reason: str
    words: str
    lines: list[RmaLineShape]
    requested_by: str
    requested_at: AwareDatetime
    decided_by: str
    because: str
    rule_version: str
