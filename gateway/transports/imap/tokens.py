"""Access tokens for a mailbox (OAuth 2.0, RFC 6749): by a refresh token, or in the gateway's own name.

Only what the endpoint says of a refusal is told; no token and no secret gets into an error, a log or an alert.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from core.errors import DeliveryFailed, DeliveryRefused, SettingsInvalid
from gateway.settings import HttpOutSettings
from gateway.transports.http_out.client import HttpOut, Reply
from gateway.transports.imap.settings import OAuthSettings

#: a token that ends sooner is not used any more: to log in takes a while
_EARLY_SECONDS: Final = 60.0
#: what is assumed of a token that does not tell it (RFC 6749 section 5.1 only recommends it)
_USUAL_SECONDS: Final = 300.0
#: where an answer breaks the standard
_HINT: Final = "See [imap.oauth] token_url."
_WORDS: Final = 300


class AccessTokens:
    """The tokens of one mailbox: asked for when wanted, used until shortly before they end. For one thread.

    Args:
        settings: with a token endpoint.
        http_out: where may be called.
    """

    def __init__(self, settings: OAuthSettings, http_out: HttpOutSettings) -> None:
        self._settings = settings
        self._http_out = http_out
        #: the one that counts: where the provider gives a new one, the one before may end
        self._refresh_token = settings.refresh_token
        self._token = ""
        self._until = 0.0

    def current(self) -> str:
        """Return a token that counts for a while.

        Raises:
            SettingsInvalid: there is nothing to ask with; commands that call nobody do without it.
            DeliveryRefused: the endpoint gives none, or must not be called.
            DeliveryFailed: it cannot be reached, or does not answer as it should; it may work later.
        """
        if not self._token or time.monotonic() >= self._until:
            if not (self._settings.client_secret or self._refresh_token):
                raise SettingsInvalid(
                    "imap.oauth: neither client_secret nor refresh_token is set",
                    hint="Set ORDERGATE_IMAP__OAUTH__CLIENT_SECRET or ORDERGATE_IMAP__OAUTH__REFRESH_TOKEN.",
                )
            asked = time.monotonic()
            reply = asyncio.run(self._ask())
            answer = _answer_of(reply, self._settings.token_url)
            self._token = answer["access_token"]
            self._refresh_token = answer.get("refresh_token") or self._refresh_token
            self._until = asked + max(_seconds_of(answer) - _EARLY_SECONDS, 0.0)
        return self._token

    def forget(self) -> None:
        """Ask for another one next time: the mailbox does not take this one."""
        self._token = ""

    async def _ask(self) -> Reply:
        settings = self._settings
        form = {"client_id": settings.client_id}
        if settings.client_secret:
            form["client_secret"] = settings.client_secret
        if self._refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        else:
            form |= {"grant_type": "client_credentials"}
        if settings.scope:
            form["scope"] = settings.scope
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        out = self._http_out
        async with HttpOut(out.policy, timeout_seconds=out.timeout_seconds, ca_file=out.ca_file) as client:
            return await client.send("POST", settings.token_url, body=urlencode(form).encode("ascii"), headers=headers)


def _answer_of(reply: Reply, url: str) -> dict[str, Any]:
    """Return the answer of a token endpoint (RFC 6749 sections 5.1 and 5.2)."""
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        answer = None
    said = answer if isinstance(answer, dict) else {}
    if reply.accepted and isinstance(said.get("access_token"), str) and said["access_token"].isascii():
        return said
    if isinstance(said.get("error"), str) and reply.status < 500:
        words = " ".join(f"{said['error']} {said.get('error_description') or ''}".split())[:_WORDS]
        raise DeliveryRefused(f"{url} gives no token: {words}", hint="See [imap.oauth].")
    raise DeliveryFailed(f"{url} gives no token: it answers {reply.status}", hint=_HINT)


def _seconds_of(answer: dict[str, Any]) -> float:
    """Return how long a token counts; some providers write the number as a text."""
    try:
        return float(answer["expires_in"])
    except (KeyError, TypeError, ValueError):
        return _USUAL_SECONDS
