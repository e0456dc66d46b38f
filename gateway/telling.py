"""Builds what notices need of an installation: who writes them, who signs them, by which transport they leave."""

from __future__ import annotations

import ssl
from pathlib import Path

from core.clock import Clock
from core.errors import SettingsInvalid
from core.ports import Sender
from gateway.alert_settings import AlertSinkSettings
from gateway.notice_rendering import NoticeRenderer, Sending
from gateway.paths import Home
from gateway.settings import MailSettings, MessageSettings, Settings
from gateway.templates import TemplateDesk
from gateway.transports.folder import FolderSender
from gateway.transports.mail import SmtpSender
from gateway.transports.routing import LaneSender, RoutingSender, ShelfSender


def notice_renderer(templates: TemplateDesk, settings: Settings, clock: Clock) -> NoticeRenderer:
    """Return what renders notices by *templates*."""
    sending = Sending(settings.mail.sender, settings.mail.reply_to, settings.server.public_url)
    return NoticeRenderer(templates, clock=clock, sending=sending)


def sender_of(home: Home, settings: Settings) -> RoutingSender:
    """Return the sender of everything that leaves *home*.

    Raises:
        SettingsInvalid: a certificate file cannot be read, or a secret is none.
    """
    routes: dict[str, Sender] = {
        "folders": FolderSender(home.root),
        "mail": smtp_sender(settings.mail) if settings.mail.host else ShelfSender(home.root, "mail/out"),
        "sms": _messages(settings.sms, home.root, "sms/out"),
        "push": _messages(settings.push, home.root, "push/out"),
    }
    if hooks := {one.sink.lane: _hook(one) for one in settings.alert_sinks if one.kind == "webhook"}:
        routes["alerts"] = LaneSender(hooks)
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


def _hook(sink: AlertSinkSettings) -> Sender:
    from gateway.transports.http_message import HttpMessageSender  # noqa: PLC0415 - 100 ms that few starts need

    return HttpMessageSender(sink.url, sink.secret, timeout_seconds=sink.timeout_seconds)
