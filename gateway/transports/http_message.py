"""Text messages and pushes by an HTTP gateway: one signed JSON request each (Standard Webhooks signature)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Final

from yarl import URL

from core.errors import DeliveryFailed, DeliveryRefused, OutcomeUnknown, SettingsInvalid
from gateway.transports.http_out.client import HttpOut, Reply
from gateway.transports.http_out.policy import TargetPolicy

_PREFIX: Final = "whsec_"
#: statuses after which the same request may be taken: timeout, early, throttled
_LATER: Final = frozenset({408, 425, 429})
_SERVER_ERROR: Final = 500


class HttpMessageSender:
    """A :class:`core.ports.Sender` that posts stored JSON bodies to one gateway.

    Args:
        url: the gateway; its host is the operator's own choice and may be in our own network.
        secret: the signing key, base64, with or without ``whsec_``.
        timeout_seconds: of a whole request.
        seconds: of a clock, for the timestamp that is signed.

    Raises:
        SettingsInvalid: the secret is not base64.
    """

    def __init__(
        self, url: str, secret: str, *, timeout_seconds: float = 30, seconds: Callable[[], float] = time.time
    ) -> None:
        self._url = url
        self._key = key_of(secret)
        self._timeout_seconds = timeout_seconds
        self._seconds = seconds

    def send(self, endpoint: str, name: str, content: bytes) -> None:  # noqa: ARG002 - the body says whom it goes to
        """Post *content* under the id *name*; a repeat carries the same id, by which the gateway tells it.

        Raises:
            DeliveryFailed: not reached, no answer, 408, 425, 429 or 5xx; try again later.
            DeliveryRefused: any other answer, a redirect included.
        """
        try:
            reply = asyncio.run(self._post(name, content))
        except OutcomeUnknown as error:  # the id makes a repeat harmless, so it need not be asked for first
            raise DeliveryFailed(error.message) from error
        if reply.accepted:
            return
        words = f"{self._url} answers {reply.status}: {reply.body[:200].decode('utf-8', 'replace')}"
        if reply.status in _LATER or reply.status >= _SERVER_ERROR:
            raise DeliveryFailed(words)
        raise DeliveryRefused(words)

    async def _post(self, name: str, content: bytes) -> Reply:
        async with HttpOut(TargetPolicy.of([_host(self._url)]), timeout_seconds=self._timeout_seconds) as client:
            headers = signed(name, int(self._seconds()), content, self._key)
            return await client.send("POST", self._url, body=content, headers=headers)


def signed(message_id: str, timestamp: int, body: bytes, key: bytes) -> Mapping[str, str]:
    """Return the headers of a signed message (Standard Webhooks 1.0, symmetric signature ``v1``)."""
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": message_id,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode('ascii')}",
    }


def key_of(secret: str) -> bytes:
    """Return the bytes of a signing secret.

    Raises:
        SettingsInvalid: it is not base64.
    """
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise SettingsInvalid("the secret of a message gateway is base64, `whsec_...`") from None


def _host(url: str) -> str:
    return URL(url).host or ""
