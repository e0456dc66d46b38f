# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject lists."""

from __future__ import annotations

from typing import Any

from gateway.client.values import Answer

__all__ = ["ItemShape", "OpenHold", "PartnerShape"]


class ItemShape(Answer):
    """A catalogue item."""

    sku: str
    gtin: str | None
    description: str | None


class OpenHold(Answer):
    """An open hold with its order."""

    code: str
    stage: str
    line: int | None
    reason: str
    inputs: dict[str, Any]
    rule: str
    rule_version: str
    release_role: str
    release_when: str | None
    number: str
    partner: str | None


class PartnerShape(Answer):
    """A trading partner."""

    code: str
    name: str
