"""Mail outwards: the message of a notice, and SMTP; without a server the messages wait in ``HOME/mail/out``."""

from gateway.transports.mail.message import Letter, compose, recipients
from gateway.transports.mail.smtp import SmtpSender

__all__ = ["Letter", "SmtpSender", "compose", "recipients"]
