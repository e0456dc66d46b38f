"""The HTTP client: no redirects, no proxies, no cookies, bounded time and bounded answers, judged addresses only."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Final, NamedTuple, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from core.errors import DeliveryFailed, OutcomeUnknown
from gateway.transports.http_out.policy import TargetPolicy, TargetRefused, check_target, judge_addresses

#: of an answer, what is kept
ANSWER_LIMIT: Final = 64 * 1024
_CONNECTIONS: Final = 100
_CONNECTIONS_A_HOST: Final = 8


class Reply(NamedTuple):
    """What came back. ``body`` has at most the bytes that were asked for; ``cut`` tells that there were more."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    cut: bool = False

    @property
    def accepted(self) -> bool:
        """Tell whether the other side took it: any 2xx."""
        return 200 <= self.status < 300


class _JudgedResolver(AbstractResolver):
    """Resolves a name and refuses it when any of its addresses may not be called.

    The connection goes to the addresses returned here: a name that changes its mind after the check (DNS rebinding)
    is judged by what is connected to.
    """

    def __init__(self, policy: TargetPolicy, resolver: AbstractResolver) -> None:
        self._policy = policy
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        judge_addresses(host, [one["host"] for one in found], self._policy)
        return found

    async def close(self) -> None:
        await self._resolver.close()


class HttpOut:
    """One client of the process; made and used inside a running loop, as an async context manager."""

    def __init__(
        self,
        policy: TargetPolicy,
        *,
        timeout_seconds: float,
        ca_file: str = "",
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._policy = policy
        self._timeout_seconds = timeout_seconds
        tls = ssl.create_default_context(cafile=ca_file or None)
        connector = aiohttp.TCPConnector(
            resolver=_JudgedResolver(policy, resolver or ThreadedResolver()),
            use_dns_cache=False,
            limit=_CONNECTIONS,
            limit_per_host=_CONNECTIONS_A_HOST,
            ssl=tls,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": "Ordergate", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        limit: int = ANSWER_LIMIT,
    ) -> Reply:
        """Send one request and return the answer, whatever its status; a redirect is an answer like any other.

        Raises:
            TargetRefused: the address must not be called.
            DeliveryFailed: nothing was sent (no connection, no such name).
            OutcomeUnknown: it was sent, and no whole answer came in time.
        """
        target = check_target(url, self._policy)
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._session.request(
                    method, target, data=body or None, headers=dict(headers or {}), allow_redirects=False
                ) as answer,
            ):
                content = await _first(answer.content, limit + 1)
                seconds = time.monotonic() - began
                return Reply(answer.status, dict(answer.headers), content[:limit], seconds, len(content) > limit)
        except TargetRefused:
            raise
        except aiohttp.ClientConnectorError as error:
            raise DeliveryFailed(f"{target.host} cannot be reached: {_words(error)}") from error
        except TimeoutError as error:
            raise OutcomeUnknown(f"{target.host} gave no answer in {self._timeout_seconds:g} s") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise OutcomeUnknown(f"{target.host} broke off: {_words(error)}") from error


async def _first(stream: aiohttp.StreamReader, most: int) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_any():
        content += chunk
        if len(content) >= most:
            break
    return bytes(content[:most])


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]
