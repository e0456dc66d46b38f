"""Webhooks of stores, and what became of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Request, Shape

_Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class HookPath(Request):
    """Of which store a webhook is."""

    platform: _Name = Field(description="shopify, woocommerce, ... as `[[stores]]` has it")
    store: _Name


class HookShape(Shape):
    """What became of a webhook."""

    taken: Literal["kept", "repeated", "ping"]
