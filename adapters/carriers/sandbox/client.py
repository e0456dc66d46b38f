"""The wire to the sandbox carrier: one session, a timeout on every call, and an honest word on what is unknown.

Booking is sent once and never resent from here (ARCHITECTURE decision 10). What a failure means:

    connection never made, 429                  DeliveryFailed    certainly not taken
    4xx                                         DeliveryRefused   certainly not taken, with the carrier's reason
    timeout, broken connection, 5xx, the rest   OutcomeUnknown    ask find() first
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple, Self
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.carriers.sandbox import codec
from core.errors import DeliveryFailed, DeliveryRefused, OutcomeUnknown, SettingsInvalid
from core.ports import Booking, BookingRequest, CarrierAnswer, TrackingEvent

#: what find() takes as "certainly none"; any other 404 may come from a wrong address
_NONE_BOOKED: Final = "consignment.unknown"
#: refusals of an enquiry that time may heal
_LATER: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_MAX_ANSWER: Final = 32 * 2**20
_CHUNK: Final = 2**16


class _Reply(NamedTuple):
    status: int
    media_type: str
    body: bytes


class SandboxCarrier:
    """The sandbox carrier (implements ``core.ports.Carrier``); also an async context manager.

    Args:
        base_url: scheme, host and port of the service.
        token: its bearer token.
        timeout_seconds: for one whole call, from connecting to the last byte.

    Raises:
        SettingsInvalid: *base_url* is no http address.
    """

    id = "sandbox"
    name = "Sandbox Carrier"

    def __init__(self, base_url: str, token: str, *, timeout_seconds: float = 5.0) -> None:
        address = URL(base_url)
        if address.scheme not in ("http", "https") or not address.host:
            raise SettingsInvalid(f"not the address of a carrier: {base_url!r}")
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def book(self, request: BookingRequest) -> CarrierAnswer:
        """Book a shipment once; see ``core.ports.Carrier.book`` for the errors."""
        body = codec.build_booking(request)
        headers = {"Idempotency-Key": request.reference, "Content-Type": "application/json"}
        try:
            reply = await self._call("POST", "/v1/consignments", body=body, headers=headers)
        except aiohttp.ClientConnectorError as error:
            raise DeliveryFailed(f"{self.name} cannot be reached: {error}") from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise OutcomeUnknown(f"{self.name} gave no answer to the booking: {_told(error)}") from error
        if reply.status in (HTTPStatus.OK, HTTPStatus.CREATED):
            return CarrierAnswer(reply.body, reply.media_type)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise DeliveryFailed(self._reason(reply, "cannot take the booking now"))
        if 400 <= reply.status < 500 and reply.status != HTTPStatus.REQUEST_TIMEOUT:
            raise DeliveryRefused(self._reason(reply, "refuses the booking"), inputs={"status": reply.status})
        raise OutcomeUnknown(self._reason(reply, "failed on the booking"))

    async def find(self, reference: str) -> CarrierAnswer | None:
        """Return the booking under our *reference*, None when the carrier says that it has none.

        Raises:
            DeliveryRefused: the carrier refuses to tell.
            DeliveryFailed: no answer; ask again later.
        """
        reply = await self._ask("/v1/consignments", {"reference": reference})
        if reply.status == HTTPStatus.NOT_FOUND and codec.read_problem(reply.body).code == _NONE_BOOKED:
            return None
        return self._answer(reply, "refuses the enquiry")

    async def track(self, tracking_number: str) -> CarrierAnswer:
        """Return the events of a consignment.

        Raises:
            DeliveryRefused: the carrier does not know the number (SHP-06) or refuses to tell.
            DeliveryFailed: no answer; ask again later.
        """
        reply = await self._ask(f"/v1/consignments/{quote(tracking_number, safe='')}/events")
        return self._answer(reply, "refuses to track")

    def read_booking(self, answer: bytes) -> Booking:
        """Read the bytes of :meth:`book` or :meth:`find`; raises ValueRefused."""
        return codec.read_booking(answer)

    def read_tracking(self, answer: bytes) -> tuple[TrackingEvent, ...]:
        """Read the bytes of :meth:`track`, oldest first; raises ValueRefused."""
        return codec.read_tracking(answer)

    async def aclose(self) -> None:
        """Close the connections; a later call opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _ask(self, path: str, query: Mapping[str, str] | None = None) -> _Reply:
        """Call for something that changes nothing: every failure may be tried again."""
        try:
            return await self._call("GET", path, query=query)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise DeliveryFailed(f"{self.name} gave no answer: {_told(error)}") from error

    def _answer(self, reply: _Reply, verb: str) -> CarrierAnswer:
        if reply.status == HTTPStatus.OK:
            return CarrierAnswer(reply.body, reply.media_type)
        if 400 <= reply.status < 500 and reply.status not in _LATER:
            raise DeliveryRefused(self._reason(reply, verb), inputs={"status": reply.status})
        raise DeliveryFailed(self._reason(reply, "failed"))

    def _reason(self, reply: _Reply, verb: str) -> str:
        problem = codec.read_problem(reply.body)
        status = f"{reply.status} {problem.code}".rstrip()
        return f"{self.name} {verb} ({status}): {problem.detail}"

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Reply:
        if self._session is None or self._session.closed:
            # made here and not in __init__: a session belongs to the loop that runs
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        url = URL(self._base_url + path, encoded=True).with_query(query)
        async with self._session.request(method, url, data=body, headers=headers, allow_redirects=False) as response:
            return _Reply(response.status, response.content_type, await _body(response))


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Return the whole body; a carrier that never ends must not fill our memory."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _MAX_ANSWER:
            raise aiohttp.ClientPayloadError(f"the answer is longer than {_MAX_ANSWER} bytes")
    return bytes(body)


def _told(error: Exception) -> str:
    return str(error) or ("timed out" if isinstance(error, TimeoutError) else type(error).__name__)
