"""The settings of the mailbox that orders are fetched from."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

#: what the mailbox holds counts as
Kind = Literal["mail", "fax"]


_ONE_LINE: Final = r"^[^\r\n\x00]*$"


class OAuthSettings(BaseModel):
    """Access tokens in place of a password (OAuth 2.0, RFC 6749), as Microsoft 365 and Google want them."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    token_url: str = Field(
        default="",
        max_length=500,
        pattern=r"^(https?://[^\s/?#]+\S*)?$",
        description="the token endpoint of the provider. Empty: `user` and `password` are used",
    )
    client_id: str = Field(default="", pattern=_ONE_LINE, description="the gateway, as the provider knows it")
    client_secret: str = Field(
        default="",
        repr=False,
        pattern=_ONE_LINE,
        description="its secret; best as `ORDERGATE_IMAP__OAUTH__CLIENT_SECRET`",
    )
    refresh_token: str = Field(
        default="",
        repr=False,
        pattern=_ONE_LINE,
        description="what the owner of the mailbox agreed to; best as `ORDERGATE_IMAP__OAUTH__REFRESH_TOKEN`. Empty: "
        "the gateway asks in its own name (client credentials)",
    )
    scope: str = Field(default="", pattern=_ONE_LINE, description="what is asked for, divided by spaces")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.token_url and not self.client_id:
            raise ValueError("`client_id` is missing")
        return self


class ImapSettings(BaseModel):
    """A mailbox that orders are fetched from. Without a host none is."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    host: str = Field(default="", description="the IMAP server. Empty: no mail is fetched")
    port: int = Field(default=993, ge=1, le=65535, description="its TCP port")
    tls: Literal["none", "starttls", "tls"] = Field(
        default="tls", description="`tls` from the first byte, `starttls` refuses to go on without it, or `none`"
    )
    user: str = Field(default="", pattern=r"^[^\r\n\x00\x01]*$", description="the login")
    password: str = Field(
        default="",
        repr=False,
        pattern=_ONE_LINE,
        description="its password; best as `ORDERGATE_IMAP__PASSWORD`",
    )
    oauth: OAuthSettings = Field(default_factory=OAuthSettings)
    folder: str = Field(default="INBOX", min_length=1, description="where mails are fetched from")
    done_folder: str = Field(
        default="Ordergate", min_length=1, description="where they lie once they are kept; made where it is missing"
    )
    too_large_folder: str = Field(
        default="Ordergate-too-large", min_length=1, description="where mails of more than `max_bytes` lie, unread"
    )
    kind: Kind = Field(default="mail", description="`fax` where a fax service delivers there")
    max_bytes: int = Field(default=32 * 1024 * 1024, ge=10_240, description="a larger mail is not fetched")
    look_seconds: float = Field(
        default=300, ge=1, le=1500, description="how often is looked at least; servers with IDLE tell of a mail at once"
    )
    timeout_seconds: float = Field(default=60, gt=0, le=600, description="an answer that takes longer is given up")
    ca_file: str = Field(default="", description="certificates to trust. Empty: those of the machine")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and not self.user:
            raise ValueError("`user` is missing")
        if self.password and self.oauth.token_url:
            raise ValueError("`password` and `oauth` are two ways to log in: set one")
        if self.oauth.token_url and self.tls == "none":
            raise ValueError("a token is never sent in the open: set `tls`")
        if len({self.folder, self.done_folder, self.too_large_folder}) < 3:
            raise ValueError("`folder`, `done_folder` and `too_large_folder` are three")
        return self
