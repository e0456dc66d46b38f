"""Sends requests and gives back answers: the key, deadlines, repeats and refusals of every call in one place."""

from __future__ import annotations

import re
import ssl
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import orjson
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
    SSLError,
)

from gateway import __version__
from gateway.client.address import checked_address, checked_key
from gateway.client.errors import AddressRefused, AnswerUnreadable, ClientError, ConnectionFailed, problem_of
from gateway.client.retries import AGAIN, UNFINISHED, Retries, read_retry_after
from gateway.client.values import REQUEST_ID

_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_PART: Final = re.compile(r"^<?HTTPS?Connection(Pool)?\([^)]*\)( at 0x\w+>)?: ")
_NEVER_SENT: Final = (NewConnectionError, ConnectTimeoutError, SSLError)


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``key`` is the Idempotency-Key, of a POST alone; ``content`` is its body with the media type."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: tuple[str, bytes] | None = None
    key: str | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when nobody knows whether it arrived.

        Reading may, and a POST with a key is done once however often it comes. With If-Match the second would be told
        that somebody, which is the first, changed it meanwhile.
        """
        return self.method == "GET" or self.key is not None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back of a request that succeeded."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Return the body.

        Raises:
            AnswerUnreadable: it is not JSON.
        """
        if self.headers.get("Content-Type", "").partition(";")[0].strip() != _JSON:
            raise AnswerUnreadable(self.status, "something else than the gateway answered: no JSON")
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError as error:
            raise AnswerUnreadable(self.status, f"the answer is no JSON: {error}") from error


class Connection:
    """A pool of connections to one gateway, for several threads. The key is in no text of it and in no log."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        seconds: float,
        connect_seconds: float,
        retries: Retries,
        language: str | None,
        ca_file: str | None,
        insecure: bool,
        pause: Callable[[float], None],
    ) -> None:
        self.address = checked_address(url, insecure=insecure)
        self.retries = retries
        self.pause = pause
        self._timeout = urllib3.Timeout(connect=connect_seconds, read=seconds)
        self._headers = {
            "Authorization": f"Bearer {checked_key(key)}",
            "User-Agent": f"ordergate-client/{__version__}",
            **({"Accept-Language": language} if language else {}),
        }
        try:
            context = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise AddressRefused(f"{ca_file}: {error.strerror or error}") from error
        self._pool = urllib3.PoolManager(ssl_context=context, maxsize=10)

    def close(self) -> None:
        """Close every connection."""
        self._pool.clear()

    def send(self, request: Request) -> Reply:
        """Send *request*, again where that is safe and may help, and return what came back.

        Raises:
            Problem: the gateway refused it.
            ConnectionFailed: no answer came.
            AnswerUnreadable: something else than the gateway answered.
        """
        attempt = 1
        while True:
            retry_after: float | None = None
            try:
                return self._once(request)
            except ConnectionFailed as failed:
                if failed.maybe_done and not request.repeatable:
                    raise
                told: ClientError = failed
            except ClientError as refused:
                if not _may_repeat(request, refused):
                    raise
                retry_after = getattr(refused, "retry_after", None)
                told = refused
            seconds = self.retries.pause(attempt, retry_after)
            if seconds is None:
                raise told
            self.pause(seconds)
            attempt += 1

    def open(self, request: Request) -> urllib3.BaseHTTPResponse:
        """Send *request* once and return the open answer; whoever reads it closes it.

        Raises:
            Problem, ConnectionFailed, AnswerUnreadable: as :meth:`send`.
        """
        response = self._exchange(request, preload=False)
        if response.status != 200:
            try:
                _refuse(request, response.status, response.headers, response.read())
            finally:
                response.close()
        return response

    def _once(self, request: Request) -> Reply:
        response = self._exchange(request, preload=True)
        if not 200 <= response.status < 300:
            _refuse(request, response.status, response.headers, response.data)
        return Reply(response.status, response.headers, response.data)

    def _exchange(self, request: Request, *, preload: bool) -> urllib3.BaseHTTPResponse:
        headers = {**self._headers, "Accept": _JSON, **request.headers}
        body = None
        if request.content is not None:
            headers["Content-Type"], body = request.content
        if request.key is not None:
            headers["Idempotency-Key"] = request.key
        query = f"?{urlencode(request.query)}" if request.query else ""
        try:
            return self._pool.request(
                request.method,
                f"{self.address}{request.path}{query}",
                body=body,
                headers=headers,
                timeout=self._timeout,
                redirect=False,  # another place must not get the key
                retries=False,
                preload_content=preload,
            )
        except LocationParseError as error:
            raise AddressRefused(f"the address of the gateway cannot be read: {error}") from error
        except HTTPError as error:
            sent = not isinstance(error, _NEVER_SENT)
            raise ConnectionFailed(f"{self.address} does not answer: {_told(error)}", sent, request.key) from error


def new_key() -> str:
    """Return an Idempotency-Key that no other call has."""
    return uuid.uuid4().hex


def _may_repeat(request: Request, error: ClientError) -> bool:
    status = getattr(error, "status", None)
    if status == 429:  # it was turned away before anything was done
        return True
    return request.repeatable and (status in AGAIN or getattr(error, "code", None) == UNFINISHED)


def _refuse(request: Request, status: int, headers: Mapping[str, str], content: bytes) -> None:
    """Raise what an answer that is no success tells."""
    retry_after = read_retry_after(headers.get("Retry-After"), time.time())
    document: Any = None
    if headers.get("Content-Type", "").partition(";")[0].strip() == _PROBLEM:
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError:
            document = None
    if document is None and status in AGAIN:  # what stands before the gateway says that it is not there
        document = {"detail": "what stands before the gateway cannot reach it"}
    if isinstance(document, dict):
        raise problem_of(
            status,
            document,
            retry_after=retry_after,
            idempotency_key=request.key,
            request_id=headers.get(REQUEST_ID),
        )
    if 300 <= status < 400:
        raise AnswerUnreadable(status, "the gateway is somewhere else; the key is not sent on to there")
    raise AnswerUnreadable(status, "something else than the gateway answered: no problem document")


def _told(error: HTTPError) -> str:
    """Return why, without the name of the library's part that says so."""
    return _PART.sub("", str(error))
