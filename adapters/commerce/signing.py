"""The choice of a signature where a platform, or whoever stands before it, leaves one."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Self

from pydantic import Field, model_validator

from adapters.commerce.platform import Options
from adapters.commerce.signatures import PROFILES, SignatureProfile

_HEADER = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]*$"


class Signing(Options):
    """How a store signs: by Standard Webhooks, by HMAC-SHA256 of the body in a header, or by a token in a header.

    A token vouches for the sender alone: use it only where the platform signs nothing.
    """

    scheme: Literal["standard_webhooks", "hmac", "token"] = "standard_webhooks"
    header: str = Field(default="", pattern=_HEADER, max_length=100)
    encoding: Literal["base64", "hex"] = "base64"
    prefix: str = Field(default="", max_length=40)
    id_header: str = Field(default="", pattern=_HEADER, max_length=100)
    topic_header: str = Field(default="", pattern=_HEADER, max_length=100)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.scheme != "standard_webhooks" and not self.header:
            raise ValueError("name the header that holds the signature or the token")
        if self.scheme == "standard_webhooks" and self.model_fields_set - {"scheme", "topic_header"}:
            raise ValueError("Standard Webhooks fix header and form; leave only topic_header, or choose another scheme")
        return self

    def profile(self) -> SignatureProfile:
        """Return the profile of this choice."""
        if self.scheme == "standard_webhooks":
            return replace(PROFILES["standard_webhooks"], topic_header=self.topic_header.lower())
        return SignatureProfile(
            self.scheme,
            self.header.lower(),
            self.encoding,
            self.prefix,
            id_header=self.id_header.lower(),
            topic_header=self.topic_header.lower(),
        )
