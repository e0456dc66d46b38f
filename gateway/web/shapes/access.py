"""Shapes of keys and refused calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.web.shapes.common import Request, Shape


class KeyPath(Request):
    """A key by its public part."""

    prefix: Annotated[str, StringConstraints(pattern=r"^[a-km-z2-9]{10}$")] = Field(
        description="the part of the key between its underscores"
    )


class KeyShape(Shape):
    """An API key; what it opens with is kept nowhere."""

    prefix: str
    name: str
    scopes: list[str]
    partner: str | None = Field(description="the one partner that it may see; null for the house")
    user: str | None
    roles: list[str] | None
    units: list[str] | None
    rate: int | None = Field(description="calls a second for long; null for the rate of the settings")
    state: Literal["active", "expired", "revoked"]
    created_at: str
    expires_at: str | None
    last_used_at: str | None = Field(description="to five minutes")


class RefusedCallsShape(Shape):
    """How often one caller was refused one thing for one reason in one hour."""

    hour: str
    code: str = Field(description="of the problem document")
    key: str = Field(description="prefix of the key; empty without one that is known")
    name: str
    address: str
    method: str
    path: str = Field(description="as this document has it; empty where there is none, or where an hour saw too many")
    reason: str = Field(
        description="why a token of the identity provider did not count, such as `token.expired`; else empty"
    )
    calls: int
    first_at: str
    last_at: str
