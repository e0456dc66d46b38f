"""The sandbox carrier's own HTTP service on a loopback socket.

It is a party of its own: own application, own file, own rules. Ordergate starts it and from then on knows nothing of
it but its address and token.

    POST /v1/consignments                       book; Idempotency-Key = the sender's reference; 201 new, 200 known
    GET  /v1/consignments?reference=...         the same confirmation again
    GET  /v1/consignments/{tracking}/events     the scans whose time has come
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.carriers.sandbox import desk
from adapters.carriers.sandbox.faults import Fault
from adapters.carriers.sandbox.ledger import Ledger
from adapters.carriers.sandbox.problems import Refusal
from adapters.carriers.sandbox.scans import COURSE, Scan
from core.clock import Clock
from core.errors import StoreUnavailable, SystemFailed

_LOOPBACK: Final = "127.0.0.1"
_MAX_BODY: Final = 2**20
_STOP_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class SandboxService:
    """Serves the sandbox carrier from :meth:`start` to :meth:`stop`; also an async context manager.

    Args:
        path: the carrier's file, made where missing; it outlives the process.
        token: the bearer token that callers show.
        clock: says when bookings happen and which scans have happened.
        port: TCP port on the loopback address; 0 lets the system pick one.
        course: the scans of every consignment.
        faults: what goes wrong with the next bookings, one entry a booking, None for nothing; for tests. The deque
            stays the caller's and may be refilled while the service runs.
    """

    def __init__(
        self,
        path: Path,
        token: str,
        clock: Clock,
        *,
        port: int = 0,
        course: Sequence[Scan] = COURSE,
        faults: deque[Fault | None] | None = None,
    ) -> None:
        self._path = path
        self._token = token.encode()
        self._clock = clock
        self._port = port
        self._course = tuple(course)
        self._faults: deque[Fault | None] = deque() if faults is None else faults
        self._running: tuple[web.AppRunner, ThreadPoolExecutor, Ledger] | None = None
        self._stopping = asyncio.Event()

    @property
    def url(self) -> str:
        """Return the base address; with port 0 it is known once started."""
        return f"http://{_LOOPBACK}:{self._port}"

    async def start(self) -> None:
        """Open the file and listen.

        Raises:
            StoreUnavailable: the file cannot be opened.
            SystemFailed: the port is taken.
        """
        # one thread owns the file: bookings are serial and the loop never waits for the disk
        desk_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-carrier")
        try:
            ledger = await asyncio.get_running_loop().run_in_executor(desk_thread, Ledger, self._path)
        except sqlite3.Error as error:
            desk_thread.shutdown()
            raise StoreUnavailable(f"the sandbox carrier cannot open {self._path}: {error}") from error
        self._stopping = asyncio.Event()
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=_STOP_SECONDS)
        self._running = runner, desk_thread, ledger
        await runner.setup()
        site = web.TCPSite(runner, _LOOPBACK, self._port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            raise SystemFailed(f"the sandbox carrier cannot listen on {self.url}: {error}") from error
        self._port = runner.addresses[0][1]

    async def stop(self) -> None:
        """Answer what is being answered, stop listening, close the file. Harmless when not started."""
        if self._running is None or self._stopping.is_set():
            return
        runner, desk_thread, ledger = self._running
        self._stopping.set()
        await runner.cleanup()
        self._running = None
        await asyncio.get_running_loop().run_in_executor(desk_thread, ledger.close)
        desk_thread.shutdown()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard], client_max_size=_MAX_BODY)
        application.router.add_post("/v1/consignments", self._book)
        application.router.add_get("/v1/consignments", self._find)
        application.router.add_get("/v1/consignments/{tracking}/events", self._track)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the token and turn every refusal into a problem document."""
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, b"Bearer " + self._token):
            return Refusal(401, "token.invalid", "a valid bearer token is needed").as_response()
        try:
            return await handler(request)
        except Refusal as refusal:
            return refusal.as_response()
        except web.HTTPException as refusal:
            return Refusal(refusal.status, "request.refused", refusal.reason).as_response()
        except sqlite3.Error as error:
            _log.exception("the sandbox carrier's file %s fails", self._path)
            return Refusal(503, "ledger.unavailable", f"bookings cannot be kept now: {error}").as_response()

    async def _book(self, request: web.Request) -> web.Response:
        consignment = desk.read_consignment(await request.read())
        if request.headers.get("Idempotency-Key") != consignment.reference:
            raise Refusal(400, "idempotency_key.mismatch", "the Idempotency-Key is not the consignment's reference")
        fault = self._faults.popleft() if self._faults else None
        if fault is not None:
            _fail_before_taking(request, fault)
        now = self._clock.now()
        entry, new = await self._at_desk(lambda ledger: desk.book(ledger, consignment, now))
        if fault is not None:
            await self._fail_after_taking(request, fault)
        confirmation = await self._at_desk(lambda _: desk.confirmation(entry))
        return _json(confirmation, status=201 if new else 200)

    async def _find(self, request: web.Request) -> web.Response:
        reference = request.query.get("reference", "")
        if not reference:
            raise Refusal(400, "reference.missing", "name the reference: ?reference=...")
        return _json(await self._at_desk(lambda ledger: desk.confirmation(desk.find(ledger, reference))))

    async def _track(self, request: web.Request) -> web.Response:
        number, now = request.match_info["tracking"], self._clock.now()
        return _json(await self._at_desk(lambda ledger: desk.tracking(ledger, number, now, self._course)))

    async def _at_desk(self, work: Callable[[Ledger], _Answer]) -> _Answer:
        assert self._running is not None, "requests come only between start and stop"
        _, desk_thread, ledger = self._running
        return await asyncio.get_running_loop().run_in_executor(desk_thread, work, ledger)

    async def _fail_after_taking(self, request: web.Request, fault: Fault) -> None:
        if fault is Fault.HANG_AFTER_TAKING:
            await self._stopping.wait()
        if fault is Fault.DROP_AFTER_TAKING:
            _drop(request)
        raise Refusal(500, "fault.scripted", f"scripted fault: {fault}")


def _fail_before_taking(request: web.Request, fault: Fault) -> None:
    if fault is Fault.REFUSE:
        raise Refusal(422, "fault.scripted", "the booking is refused")
    if fault is Fault.UNAVAILABLE:
        raise Refusal(503, "fault.scripted", "no bookings now")
    if fault is Fault.DROP_BEFORE_TAKING:
        _drop(request)
        raise Refusal(500, "fault.scripted", "nobody reads this: the connection is gone")


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _json(answer: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(answer), content_type="application/json")
