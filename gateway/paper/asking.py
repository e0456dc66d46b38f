"""Whom the settings let be asked about doubtful mails."""

from __future__ import annotations

from core.paper.asking import AskRules
from gateway.settings import Settings


def ask_rules(settings: Settings) -> AskRules:
    """Return the rules; our own addresses are those that mails go out from and come in to."""
    own = {settings.mail.sender, settings.mail.reply_to, settings.imap.user, *settings.smtp_in.mail_to}
    own |= set(settings.smtp_in.fax_to)
    return AskRules(
        ask=settings.papers.ask,
        after_minutes=settings.papers.ask_after_minutes,
        own=frozenset(one.lower() for one in own if "@" in one),
    )
