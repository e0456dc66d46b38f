# Made by `make reference` from the OpenAPI document. Do not edit.
"""Bodies and answers of the subject access."""

from __future__ import annotations

from gateway.client.values import Answer

__all__ = ["KeyShape", "RefusedCallsShape"]


class KeyShape(Answer):
    """An API key; what it opens with is kept nowhere."""

    prefix: str
    name: str
    scopes: list[str]
    #: the one partner that it may see; null for the house
    partner: str | None
    user: str | None
    roles: list[str] | None
    units: list[str] | None
    #: calls a second for long; null for the rate of the settings
    rate: int | None
    state: str
    created_at: str
    expires_at: str | None
    #: to five minutes
    last_used_at: str | None


class RefusedCallsShape(Answer):
    """How often one caller was refused one thing for one reason in one hour."""

    hour: str
    #: of the problem document
    code: str
    #: prefix of the key; empty without one that is known
    key: str
    name: str
    address: str
    method: str
    #: as this document has it; empty where there is none, or where an hour saw too many
    path: str
    #: why a token of the identity provider did not count, such as `token.expired`; else empty
    reason: str
    calls: int
    first_at: str
    last_at: str
