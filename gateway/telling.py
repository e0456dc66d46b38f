"""Builds what notices need of an installation: who writes them, who signs them, by which transport they leave."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from core.clock import Clock
from core.errors import SettingsInvalid
from core.ports import NoticeWriter, Sender, WrittenNotice
from gateway.notice_rendering import NoticeRenderer, Sending
from gateway.paths import Home
from gateway.settings import MailSettings, MessageSettings, Settings
from gateway.transports.folder import FolderSender
from gateway.transports.mail import SmtpSender
from gateway.transports.routing import RoutingSender, ShelfSender


class _TemplateWriter:
    """The writer over a home's templates; its libraries are read with the first notice, not at every start (100 ms)."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates

    @cached_property
    def _writer(self) -> NoticeWriter:
        from adapters.documents.adapter import ADAPTER  # noqa: PLC0415 - see above

        return ADAPTER.writer(self._templates)

    def write(
        self, notice: str, facts: Mapping[str, Any], *, template: str = "", language: str = "en"
    ) -> WrittenNotice:
        """Return *notice* in words; see :class:`core.ports.NoticeWriter`."""
        return self._writer.write(notice, facts, template=template, language=language)


def notice_renderer(home: Home, settings: Settings, clock: Clock) -> NoticeRenderer:
    """Return what renders the notices of *home*, by its own templates where it has some."""
    sending = Sending(settings.mail.sender, settings.mail.reply_to, settings.server.public_url)
    return NoticeRenderer(_TemplateWriter(home.root / "templates"), clock=clock, sending=sending)


def sender_of(home: Home, settings: Settings) -> RoutingSender:
    """Return the sender of everything that leaves *home*.

    Raises:
        SettingsInvalid: a certificate file cannot be read, or a secret is none.
    """
    routes: Mapping[str, Sender] = {
        "folders": FolderSender(home.root),
        "mail": smtp_sender(settings.mail) if settings.mail.host else ShelfSender(home.root, "mail/out"),
        "sms": _messages(settings.sms, home.root, "sms/out"),
        "push": _messages(settings.push, home.root, "push/out"),
    }
    return RoutingSender(routes)


def smtp_sender(mail: MailSettings) -> SmtpSender:
    """Return the sender over the mail server of the settings.

    Raises:
        SettingsInvalid: the file of certificates cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=mail.ca_file or None)
    except OSError as error:
        raise SettingsInvalid(f"mail.ca_file: {mail.ca_file}: {error.strerror or error}") from error
    return SmtpSender(
        mail.host,
        mail.port,
        tls=mail.tls,
        user=mail.user,
        password=mail.password,
        timeout_seconds=mail.timeout_seconds,
        context=context,
    )


def _messages(settings: MessageSettings, root: Path, shelf: str) -> Sender:
    if not settings.url:
        return ShelfSender(root, shelf)
    from gateway.transports.http_message import HttpMessageSender  # noqa: PLC0415 - 100 ms that few starts need

    return HttpMessageSender(settings.url, settings.secret, timeout_seconds=settings.timeout_seconds)
