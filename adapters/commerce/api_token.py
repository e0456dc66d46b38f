"""Tokens of platforms' APIs as they stand in the environment; no word of one is ever told."""

from __future__ import annotations

import base64

from core.errors import SettingsInvalid


def one_word(token: str) -> str:
    """Return *token*, which goes into a header as it stands.

    Raises:
        SettingsInvalid: it is empty, or has a blank, a control character or one beyond ASCII.
    """
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsInvalid(
            "the API token of the store is missing or is no token", hint="It is one word of ASCII characters."
        )
    return token


def parts_of(token: str, *names: str) -> tuple[str, ...]:
    """Return the parts of a *token* that is written as "part:part"; the last one may have colons.

    Raises:
        SettingsInvalid: it has not as many parts as there are *names*.
    """
    parts = tuple(one_word(token).split(":", len(names) - 1))
    if len(parts) != len(names) or not all(parts):
        raise SettingsInvalid("the API token of the store lacks a part", hint=f"Write {':'.join(names)}.")
    return parts


def basic(user: str, password: str) -> tuple[str, str]:
    """Return the header of HTTP Basic authentication (RFC 7617, section 2)."""
    return "Authorization", f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
