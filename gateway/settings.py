"""The typed settings: HOME/ordergate.toml, which ``ORDERGATE_*`` environment variables override.

A key that is not known is refused with its path. The reference in the documentation is made from the descriptions.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.errors import SettingsInvalid
from core.partners.notices import is_mail_address
from core.texts.catalogue import Language
from gateway.alert_settings import AlertSinkSettings
from gateway.oidc.settings import OidcSettings
from gateway.transports.imap.settings import ImapSettings
from gateway.transports.smtp_in.settings import SmtpInSettings

if TYPE_CHECKING:
    from gateway.transports.http_out.policy import TargetPolicy

SETTINGS_FILE: Final = "ordergate.toml"
ENV_PREFIX: Final = "ORDERGATE_"
_DELIMITER: Final = "__"

ModelT = TypeVar("ModelT", bound=BaseModel)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, defer_build=True)


class DatabaseSettings(_Section):
    """Where orders, documents and evidence are kept."""

    url: str = Field(
        default="",
        repr=False,  # may hold a password
        description="SQLAlchemy address: `sqlite:///file` (relative to the home) or `postgresql+psycopg://...`. "
        "Empty: `ordergate.db` in the home",
    )


class ServerSettings(_Section):
    """The HTTP door: API, webhooks, console."""

    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="TCP port; 0 picks a free one")
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="the address that customers reach us by, such as `https://orders.example.com`: the links of "
        "notices start with it. Empty: notices carry no links",
    )
    rate: float = Field(
        default=100,
        gt=0,
        le=1_000_000,
        description="calls a second that one key, or all keys of a partner, may make for long",
    )
    burst: int = Field(default=500, ge=1, le=1_000_000, description="calls that it may make at once")
    head_seconds: float = Field(
        default=10, gt=0, le=3600, description="a request whose head takes longer to arrive is given up"
    )
    connections_per_address: int = Field(
        default=500, ge=0, description="connections that one address, such as a proxy, may have open; 0 for any number"
    )


class FolderSettings(_Section):
    """How drop folders are watched (ARCHITECTURE decision 7)."""

    settle_seconds: float = Field(
        default=2, ge=0, le=3600, description="a file that was never closed is ready when unchanged for so long"
    )
    incomplete_seconds: float = Field(
        default=60,
        ge=0,
        le=86400,
        description="the same for a file without an end mark (EDIFACT without UNZ, empty): it may still be arriving",
    )
    scan_seconds: float = Field(default=5, gt=0, le=3600, description="every folder is looked through this often")
    watch: Literal["auto", "inotify", "poll"] = Field(
        default="auto",
        description="what wakes the scanner: kernel events, or polling for network shares; `auto` tells them apart",
    )
    max_file_bytes: int = Field(
        default=64 * 1024 * 1024, ge=1024, description="a larger file goes to `error/` with its reason"
    )
    quiet_hours: float | None = Field(
        default=None, gt=0, description="alert when a partner's folder received nothing for so many hours; unset: never"
    )


class SandboxSettings(_Section):
    """What only demonstrations and tests may have: the sandbox carrier, the movable clock, the open console."""

    enabled: bool = Field(
        default=False, description="run the sandbox carrier, allow its clock, open the console on loopback"
    )


class CarrierSettings(_Section):
    """Settings of each carrier under its code; the carrier's own model checks them."""

    sandbox: dict[str, JsonValue] = Field(
        default_factory=dict, description="the sandbox carrier: `token`, `port`, `timeout_seconds`"
    )


class MailSettings(_Section):
    """How mails leave. Without a host they are written as files into `mail/out` of the home."""

    host: str = Field(default="", description="the SMTP server. Empty: mails are kept in `mail/out`")
    port: int = Field(default=587, ge=1, le=65535, description="its TCP port")
    tls: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="`tls` from the first byte, `starttls` refuses to go on without it, or `none`"
    )
    user: str = Field(default="", description="the login. Empty: none")
    password: str = Field(default="", repr=False, description="its password; best as `ORDERGATE_MAIL__PASSWORD`")
    sender: str = Field(default="ordergate@localhost.localdomain", description="the address that mails come from")
    reply_to: str = Field(default="", description="the address that answers go to. Empty: the sender")
    timeout_seconds: float = Field(default=30, gt=0, le=600, description="of each step of a conversation")
    ca_file: str = Field(default="", description="certificates to trust. Empty: those of the machine")

    @model_validator(mode="after")
    def _addresses(self) -> Self:
        for key in ("sender", "reply_to"):
            address = getattr(self, key)
            if (address or key == "sender") and not is_mail_address(address):
                raise ValueError(f"{key} is no mail address")
        return self


class PaperSettings(_Section):
    """How orders by mail and fax are read: each source by a process of its own, which is ended at its limits."""

    memory_mib: int = Field(default=1024, ge=256, le=65536, description="memory that each reading process may have")
    cpu_seconds: int = Field(default=60, ge=1, le=3600, description="processor time that one source may take")
    wall_seconds: float = Field(default=120, gt=0, le=7200, description="time that one source may take in all")
    picture_cpu_seconds: int = Field(
        default=450, ge=1, le=36000, description="processor time that one source with pictures may take: 50 pages"
    )
    picture_wall_seconds: float = Field(
        default=900, gt=0, le=72000, description="time that one source with pictures may take in all"
    )
    idle_seconds: float = Field(
        default=120,
        ge=0,
        le=86400,
        description="the process that reads pictures (0.7 GB) ends after so long without one; the next one starts it",
    )
    attempts: int = Field(
        default=3, ge=1, le=20, description="so often a source that ends its reader is tried before a person is called"
    )
    ask: Literal["known", "never"] = Field(
        default="known",
        description="who is asked what is doubtful in a mail: `known` senders, whose address is their customer's, or "
        "`never` anybody",
    )
    ask_after_minutes: int = Field(
        default=15,
        ge=0,
        le=10080,
        description="so long a person may settle it first; whatever is changed by then is not asked",
    )
    our_server: str = Field(
        default="",
        max_length=255,
        description="the name of your own mail server in `Authentication-Results`; only its word on a sender is "
        "believed. Empty: nobody's",
    )


class MessageSettings(_Section):
    """An HTTP gateway of short messages. Without one they are written as files into the home."""

    url: str = Field(
        default="", pattern=r"^(https?://\S+)?$", description="where messages are posted. Empty: they are kept as files"
    )
    secret: str = Field(
        default="", repr=False, description="signs each request (Standard Webhooks): base64, with or without `whsec_`"
    )
    timeout_seconds: float = Field(default=30, gt=0, le=600, description="of a whole request")

    @model_validator(mode="after")
    def _signs(self) -> Self:
        if self.url and not self.secret:
            raise ValueError("a gateway needs a secret, so that it knows us")
        return self


class IntakeSettings(_Section):
    """What the door refuses at once (fault table of ARCHITECTURE section 2)."""

    max_document_age_days: int = Field(default=400, ge=1, description="an older document date is rejected")
    max_ahead_days: int = Field(default=2, ge=0, description="a document date further ahead is rejected")
    max_requested_years: int = Field(default=5, ge=1, le=100, description="a requested date further ahead is rejected")


class TextSettings(_Section):
    """In which words people are told things."""

    language: Language = Field(
        default="en",
        description="what is wrong with a document is told in it, in reason files and on the command line: "
        "`en`, `de` or `zh`",
    )


class DocumentSettings(_Section):
    """How notices and confirmations are written; the templates lie in `templates/` of the home."""

    fonts: str = Field(
        default="",
        description="folder with fonts for PDFs (relative to the home), such as one with Chinese signs; empty: none. "
        "Fonts of the system are looked at after those",
    )


class LoggingSettings(_Section):
    """Logs go to standard error only."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="the least that is logged")
    format: Literal["auto", "json", "console"] = Field(
        default="auto", description="`auto`: readable lines on a terminal, JSON elsewhere"
    )


class HttpOutSettings(_Section):
    """Where event hooks and shops may be called: public addresses over https, and what is allowed here."""

    allow: list[str] = Field(
        default_factory=list,
        description="hosts (`hooks.example.com`, `*.lan.example`), addresses and ranges (`10.1.0.0/16`) that may be "
        "called though they are not public, also over plain http",
    )
    timeout_seconds: float = Field(default=10, gt=0, le=60, description="an answer that takes longer is given up")
    ca_file: str = Field(default="", description="certificates to trust instead of the system's (PEM)")

    @property
    def policy(self) -> TargetPolicy:
        """What may be called."""
        from gateway.transports.http_out.policy import TargetPolicy  # noqa: PLC0415 - most commands call nobody

        return TargetPolicy.of(self.allow)

    @field_validator("allow")
    @classmethod
    def _only_targets(cls, allow: list[str]) -> list[str]:
        if allow:
            from gateway.transports.http_out.policy import TargetPolicy  # noqa: PLC0415 - as below

            TargetPolicy.of(allow)
        return allow


class EventSettings(_Section):
    """How events are told by HTTP."""

    signing_key: str = Field(
        default="",
        pattern=r"^([0-9a-fA-F]{64})?$",
        repr=False,
        description="64 hexadecimal digits from which the secrets of subscriptions are made; gateways that share a "
        "database need the same, best as `ORDERGATE_EVENTS__SIGNING_KEY`. Empty: a file of the home, made at first use",
    )


class Settings(BaseSettings):
    """All settings, by section of the file."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENV_PREFIX, env_nested_delimiter=_DELIMITER, validate_default=True
    )

    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)
    folders: FolderSettings = Field(default_factory=FolderSettings)
    sandbox: SandboxSettings = Field(default_factory=SandboxSettings)
    carrier: CarrierSettings = Field(default_factory=CarrierSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    papers: PaperSettings = Field(default_factory=PaperSettings)
    smtp_in: SmtpInSettings = Field(default_factory=SmtpInSettings)
    imap: ImapSettings = Field(default_factory=ImapSettings)
    sms: MessageSettings = Field(default_factory=MessageSettings)
    push: MessageSettings = Field(default_factory=MessageSettings)
    intake: IntakeSettings = Field(default_factory=IntakeSettings)
    texts: TextSettings = Field(default_factory=TextSettings)
    documents: DocumentSettings = Field(default_factory=DocumentSettings)
    logging: LoggingSettings = Field(default_factory=LoggingSettings)
    http_out: HttpOutSettings = Field(default_factory=HttpOutSettings)
    events: EventSettings = Field(default_factory=EventSettings)
    oidc: OidcSettings = Field(default_factory=OidcSettings)
    alert_sinks: list[AlertSinkSettings] = Field(default_factory=list, max_length=50)

    @field_validator("alert_sinks")
    @classmethod
    def _named_once(cls, sinks: list[AlertSinkSettings]) -> list[AlertSinkSettings]:
        names = [one.name for one in sinks]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two are called {twice}")
        return sinks

    @field_validator("oidc")
    @classmethod
    def _issuer_may_be_called(cls, oidc: OidcSettings, info: ValidationInfo) -> OidcSettings:
        http_out = info.data.get("http_out")  # absent where it has faults of its own
        for key, url in (("issuer", oidc.issuer), ("jwks_url", oidc.jwks_url)):
            if url and http_out is not None:
                from gateway.transports.http_out.policy import check_target  # noqa: PLC0415 - most homes have none

                try:
                    check_target(url, http_out.policy)
                except ValueError as error:
                    raise ValueError(f"{key}: {error}") from error
        return oidc

    @model_validator(mode="after")
    def _token_endpoint_may_be_called(self) -> Self:
        if url := self.imap.oauth.token_url:
            from gateway.transports.http_out.policy import check_target  # noqa: PLC0415 - as above

            try:
                check_target(url, self.http_out.policy)
            except ValueError as error:
                raise ValueError(f"imap.oauth.token_url: {error}") from error
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings' signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, whose content comes as init values."""
        return env_settings, init_settings


def load_settings(home: Path) -> Settings:
    """Return the settings of *home*, with the database's address made whole.

    Raises:
        SettingsInvalid: the file cannot be read, holds an unknown key or a value out of its range; or an
            ``ORDERGATE_*`` variable does.
    """
    path = home / SETTINGS_FILE
    _check_environment(os.environ)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise SettingsInvalid(f"{path} is not TOML: {error}") from error
    try:
        settings = Settings(**content)
    except ValidationError as error:
        raise _refusal(error, f"{path} or the environment") from None
    except ValueError as error:  # a variable that should hold JSON
        raise SettingsInvalid(f"{path} or the environment: {error}") from error
    url = _whole_url(settings.database.url, home)
    return settings.model_copy(update={"database": settings.database.model_copy(update={"url": url})})


def checked(model: type[ModelT], values: Mapping[str, JsonValue], path: str) -> ModelT:
    """Return *values* of the section *path* (``carrier.sandbox``) as the adapter's own *model*.

    Raises:
        SettingsInvalid: a key or value that the model refuses.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refusal(error, "settings", prefix=(path,)) from None


def _whole_url(url: str, home: Path) -> str:
    if not url:
        return f"sqlite:///{home.resolve() / 'ordergate.db'}"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsInvalid(
            "database.url is not an address", hint="Write sqlite:///file or postgresql+psycopg://..."
        ) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise SettingsInvalid("database.url: SQLite needs a file, memory would lose every order at exit")
        return f"sqlite:///{(home / parsed.database).resolve()}"
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise SettingsInvalid(f"database.url: {backend} is not supported", hint="Use sqlite or postgresql+psycopg.")


def _check_environment(environment: Mapping[str, str]) -> None:
    """Refuse variables that address a setting which does not exist; pydantic-settings would overlook them."""
    for name in environment:
        if not name.upper().startswith(ENV_PREFIX):
            continue
        rest = name[len(ENV_PREFIX) :].lower()
        section, nested, _ = rest.partition(_DELIMITER)
        if nested and section not in Settings.model_fields:
            raise SettingsInvalid(f"environment: {name} is not a setting", hint=_known(Settings.model_fields))
        meant = next((known for known in Settings.model_fields if rest.startswith(known + "_")), None)
        if not nested and meant is not None:
            right = f"{ENV_PREFIX}{meant.upper()}{_DELIMITER}{rest[len(meant) + 1 :].upper()}"
            raise SettingsInvalid(f"environment: {name} is not a setting", hint=f"Did you mean {right}?")


def _refusal(error: ValidationError, where: str, prefix: tuple[str, ...] = ()) -> SettingsInvalid:
    problems = []
    hint = ""
    for fault in error.errors(include_url=False):
        path = ".".join((*prefix, *(str(part) for part in fault["loc"])))
        if fault["type"] == "extra_forbidden":
            problems.append(f"{path}: unknown key")
            if not prefix:
                hint = hint or _known(_fields_at(fault["loc"][:-1]))
        else:
            problems.append(f"{path}: {fault['msg']}")
    return SettingsInvalid(f"{where}: {'; '.join(problems)}", hint=hint, inputs={"problems": problems})


def _fields_at(path: tuple[int | str, ...]) -> Mapping[str, Any]:
    model: Any = Settings
    for part in path:
        model = get_args(model)[0] if isinstance(part, int) else model.model_fields[part].annotation
    return dict(model.model_fields)


def _known(fields: Mapping[str, Any]) -> str:
    return f"Known: {', '.join(sorted(fields))}."
