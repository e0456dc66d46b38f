"""The settings of mail that is brought: where it is taken, from whom, and for whom."""

from __future__ import annotations

import ipaddress
import ssl
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.errors import SettingsInvalid
from core.partners.notices import is_mail_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: a shorter password could be guessed
_PASSWORD: Final = 12
#: the sender of bounces, and of many a fax server (RFC 5321 section 4.5.5)
NOBODY = "<>"


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _is_recipient(text: str) -> str:
    """Return an address, or ``@domain`` for every address of it, in small letters."""
    if not is_mail_address(f"any{text}" if text.startswith("@") else text):
        raise ValueError(f"{text} is neither a mail address nor @domain")
    return text.lower()


def _is_sender(text: str) -> str:
    return text if text == NOBODY else _is_recipient(text)


def _is_network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text} is no network: {error}") from None
    return text


_Recipients = Annotated[
    list[Annotated[str, AfterValidator(_is_recipient)]], BeforeValidator(_listed), Field(max_length=200)
]
_Senders = Annotated[list[Annotated[str, AfterValidator(_is_sender)]], BeforeValidator(_listed), Field(max_length=5000)]
_Networks = Annotated[
    list[Annotated[str, AfterValidator(_is_network)]], BeforeValidator(_listed), Field(max_length=500)
]


class SmtpInSettings(BaseModel):
    """Orders that mail and fax servers bring by SMTP or LMTP. Without a port none are taken."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    port: int | None = Field(
        default=None, ge=0, le=65535, description="TCP port; 0 picks a free one. Unset: no mail is taken"
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen on")
    protocol: Literal["smtp", "lmtp"] = Field(
        default="smtp", description="`lmtp` where the own mail server delivers, as to a mailbox"
    )
    mail_to: _Recipients = Field(
        default_factory=list,
        description="addresses that take orders by mail; `@orders.example.com`: any of that domain",
    )
    fax_to: _Recipients = Field(
        default_factory=list, description="addresses that a fax server sends to; their orders count as fax"
    )
    senders: _Senders = Field(
        default_factory=list,
        description="senders that are taken: addresses, `@domain`, `<>` for none. Empty: any. Anybody can write any "
        "sender, so this keeps out stray mail, not an attacker",
    )
    networks: _Networks = Field(
        default=["127.0.0.0/8", "::1/128"],
        min_length=1,
        description="addresses and ranges that may connect: those of the own mail and fax servers",
    )
    user: str = Field(default="", max_length=200, description="who brings mail has to log in as this. Empty: nobody")
    password: str = Field(
        default="", repr=False, max_length=200, description="with this; best as `ORDERGATE_SMTP_IN__PASSWORD`"
    )
    max_bytes: int = Field(default=32 * 1024 * 1024, ge=10_240, description="a larger mail is refused")
    connections: int = Field(
        default=20, ge=1, le=1000, description="connections at once; another is told to come later"
    )
    timeout_seconds: float = Field(
        default=300, ge=1, le=3600, description="a command, or a whole mail, that takes longer is given up"
    )
    name: str = Field(
        default="",
        max_length=255,
        pattern=r"^[A-Za-z0-9.:\[\]-]*$",
        description="how this server calls itself. Empty: the name of the machine",
    )
    tls: Literal["none", "starttls", "tls"] = Field(
        default="none", description="`tls` from the first byte, `starttls` takes no mail without it, or `none`"
    )
    cert_file: str = Field(default="", description="certificate and those that lead to its root (PEM)")
    key_file: str = Field(default="", description="its private key (PEM). Empty: it stands in `cert_file`")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.port is None:
            return self
        if not self.mail_to and not self.fax_to:
            raise ValueError("nobody would get a mail: set `mail_to` or `fax_to`")
        both = next((one for one in self.mail_to if one in self.fax_to), None)
        if both is not None:
            raise ValueError(f"{both} takes mail or fax, not both")
        if self.tls != "none" and not self.cert_file:
            raise ValueError("TLS needs `cert_file`")
        if self.user and self.tls == "none":
            raise ValueError("a password is never taken in the open: set `tls`")
        if self.password and len(self.password) < _PASSWORD:
            raise ValueError(f"`password` has less than {_PASSWORD} signs")
        return self

    def allowed_networks(self) -> tuple[Network, ...]:
        """Return who may connect."""
        return tuple(ipaddress.ip_network(one) for one in self.networks)


def tls_context(settings: SmtpInSettings) -> ssl.SSLContext | None:
    """Return what the server shows, None where it speaks in the open.

    Raises:
        SettingsInvalid: certificate or key cannot be read, or do not belong together.
    """
    if settings.tls == "none":
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.cert_file, settings.key_file or None)
    except (OSError, ssl.SSLError) as error:
        words = error.strerror or str(error)
        raise SettingsInvalid(f"smtp_in.cert_file: {settings.cert_file}: {words}") from error
    return context
