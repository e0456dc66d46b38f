# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject order templates."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from gateway.client.shapes.common import OrderShape
from gateway.client.shapes.draft_content import DraftContent, DraftDetail
from gateway.client.values import Answer, Body

__all__ = ["InstantiateRequest", "InstantiatedShape", "TemplateOfOrderRequest", "TemplateRequest", "TemplateShape"]


class InstantiateRequest(Body):
    """What this order says instead of the template, and whether it is submitted at once."""

    overrides: DraftContent = Field(default_factory=DraftContent)
    submit: bool = False


class InstantiatedShape(Answer):
    """The draft that a template made, and its order where it was submitted."""

    draft: DraftDetail
    order: OrderShape | None


class TemplateOfOrderRequest(Body):
    """How the template of an order is called."""

    name: str


class TemplateRequest(Body):
    """A template: what stays the same from order to order."""

    name: str
    content: DraftContent
    #: whose it is; the house's own serves every partner
    partner: str | None = None


class TemplateShape(Answer):
    """A template."""

    id: str
    version: int
    name: str
    partner: str | None
    changed_by: str
    changed_at: str
    content: dict[str, Any]
