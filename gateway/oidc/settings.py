"""The settings of tokens: whose are taken, and what their claims mean here."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"
]  # fmt: skip
Scope = Literal["read", "submit", "operate", "admin"]
_Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Code = Annotated[str, StringConstraints(min_length=1, max_length=35)]


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


_Words = Annotated[list[_Word], BeforeValidator(_listed), Field(max_length=100)]
_Roles = Annotated[list[_Code], BeforeValidator(_listed), Field(min_length=1, max_length=100)]
_Scopes = Annotated[list[Scope], BeforeValidator(_listed), Field(min_length=1, max_length=4)]


class OidcSettings(BaseModel):
    """Bearer tokens of one identity provider (OpenID Connect); needs the extra `oidc`."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, defer_build=True)

    issuer: str = Field(
        default="",
        max_length=500,
        pattern=r"^(https?://[^\s/?#]+[^\s?#]*)?$",
        description="the provider, exactly as its tokens name it in `iss`. Empty: API keys alone are taken",
    )
    audience: _Words = Field(default_factory=list, description="a token has to be for one of these (`aud`)")
    required_scopes: _Words = Field(
        default_factory=list, description="values of `scope_claim` that every token has to hold"
    )
    algorithms: Annotated[list[Algorithm], BeforeValidator(_listed)] = Field(
        default=["RS256", "ES256"],
        min_length=1,
        description="signatures that are taken: RS, PS or ES with 256, 384 or 512, `EdDSA`, `Ed25519`",
    )
    leeway_seconds: int = Field(default=60, ge=0, le=300, description="how far the provider's clock may be off")
    jwks_url: str = Field(
        default="",
        max_length=500,
        pattern=r"^(https?://[^\s/?#]+\S*)?$",
        description="where its keys are. Empty: where `/.well-known/openid-configuration` of the issuer says",
    )
    cache_seconds: int = Field(default=3600, ge=10, le=86_400, description="keys are fetched again after so long")
    keep_seconds: int = Field(
        default=86_400,
        ge=10,
        le=604_800,
        description="the last keys count for so long after they were fetched while the provider cannot be reached",
    )
    refetch_seconds: int = Field(
        default=30, ge=1, le=3600, description="least time between two fetches, whatever keys tokens name"
    )
    scope_claim: _Word = Field(
        default="scope", description="claim with the scopes of a token, as list or divided by spaces"
    )
    scopes: dict[_Word, _Scopes] = Field(
        default_factory=dict,
        description="what a scope of the token allows: `read`, `submit`, `operate`, `admin`, one or a list",
    )
    roles_claim: _Word = Field(
        default="roles", description="claim with the groups or roles of a person; `a.b` is `b` inside `a`"
    )
    roles: dict[_Word, _Roles] = Field(
        default_factory=dict, description="what they are here: roles of the permission matrix, one or a list"
    )
    user_claim: str = Field(
        default="",
        max_length=200,
        description="claim that names a user of the master data (`[[users]]`), whose roles and units count then, and "
        "who is one person with their keys. Empty: people are told apart by subject and issuer",
    )
    partner_claim: str = Field(
        default="",
        max_length=200,
        description="claim that binds a token to a partner. Empty: every token is of the house. A token without it is "
        "of the house only with a role of `roles`, or a user",
    )
    partners: dict[_Word, _Code] = Field(
        default_factory=dict,
        description="the partner's code by value of that claim; other values bind to none. Empty: the value is the "
        "code",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.issuer:
            if self.model_fields_set:
                raise ValueError("`issuer` is missing")
            return self
        if find_spec("joserfc") is None:
            raise ValueError("tokens cannot be checked: install the extra, pip install 'ordergate[oidc]'")
        if not self.audience:
            raise ValueError("`audience` is missing: tokens for other services would be taken")
        if not self.scopes and not self.roles and not self.user_claim:
            raise ValueError("no token would be allowed anything: set `scopes`, `roles` or `user_claim`")
        if self.partners and not self.partner_claim:
            raise ValueError("`partners` needs `partner_claim`")
        if self.keep_seconds < self.cache_seconds:
            raise ValueError("`keep_seconds` is less than `cache_seconds`")
        return self
