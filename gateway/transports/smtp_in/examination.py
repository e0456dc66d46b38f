"""Asks the own door whether it takes mail, as ``doctor`` does: hears its greeting, sends nothing."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import Final

from core.errors import DeliveryFailed
from gateway.transports.smtp_in.settings import SmtpInSettings, tls_context

#: how the door names its software in the greeting
IDENT: Final = "Ordergate"
_SECONDS: Final = 5.0
_LONGEST: Final = 512
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on


def greeting(settings: SmtpInSettings) -> str:
    """Return the first line that the door says.

    Raises:
        SettingsInvalid: its certificate cannot be used.
        DeliveryFailed: nobody is there, or another server.
    """
    assert settings.port is not None
    tls_context(settings)
    place = (_ANY.get(settings.host, settings.host), settings.port)
    try:
        with contextlib.ExitStack() as stack:
            line: socket.socket = stack.enter_context(socket.create_connection(place, _SECONDS))
            if settings.tls == "tls":
                line = stack.enter_context(_own_tls().wrap_socket(line))
            said = line.recv(_LONGEST).decode("utf-8", "replace").strip()
    except OSError as error:
        raise DeliveryFailed(
            f"nobody takes mail at {place[0]}:{place[1]}: {error.strerror or error}", hint="Start ordergate serve."
        ) from error
    if not said.startswith("220 ") or IDENT not in said:
        raise DeliveryFailed(
            f"another server is at {place[0]}:{place[1]}: {said or 'it says nothing'}", hint="See [smtp_in] port."
        )
    return said


def _own_tls() -> ssl.SSLContext:
    """Return a context for the own door: its certificate is for the names that others know it by."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
