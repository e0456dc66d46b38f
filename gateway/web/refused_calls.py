"""Calls that were refused, gathered in memory and handed on every second: a flood costs few rows."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

import structlog
from aiohttp import web

from core.errors import OrdergateError, TokenRefused
from gateway.web.access_port import AccessDesk, Refused
from gateway.web.ports import Principal

_log = structlog.get_logger(__name__)

#: who calls, as far as that is known when a call is refused
PRINCIPAL: Final = web.RequestKey("PRINCIPAL", Principal)
#: why a token did not count, for the log and not for the caller
TURNED_AWAY: Final = web.RequestKey("TURNED_AWAY", TokenRefused)
#: callers, codes and paths that are told apart between two hand-overs
_ROWS: Final = 500
_EVERY_SECONDS: Final = 1.0
#: statuses that somebody may have to answer for; 404 with a partner's key, which may have asked for another's
_KEPT: Final = frozenset({401, 403, 404, 429})
_COUNTED: Final = _KEPT | {422}


class RefusedCalls:
    """What was refused since the last hand-over."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[str, str, str, str, str, str, str, bool]] = Counter()

    def note(self, request: web.Request, status: int, code: str) -> None:
        """Count one refused call; what is nobody's business, such as a stranger's 404, is left out."""
        principal = request.get(PRINCIPAL)
        if status not in _COUNTED or (status == 404 and (principal is None or principal.partner is None)):
            return
        resource = request.match_info.route.resource
        key, name = ("", "") if principal is None else (principal.key, principal.name)
        path = "" if resource is None else resource.canonical
        reason = ""
        if (refusal := request.get(TURNED_AWAY)) is not None:
            reason, name = refusal.reason, refusal.holder
        row = (code, key, name, request.remote or "", request.method, path, reason, status in _KEPT)
        if row not in self._calls and len(self._calls) >= _ROWS:
            row = (code, "", "", "", "", "", "", status in _KEPT)
        self._calls[row] += 1

    def take(self) -> list[Refused]:
        """Return what was counted, and begin anew."""
        found = [Refused(*row, calls) for row, calls in self._calls.items()]
        self._calls.clear()
        return found


REFUSED: Final = web.AppKey("REFUSED", RefusedCalls)


@contextlib.asynccontextmanager
async def handing_on(refused: RefusedCalls, desk: AccessDesk) -> AsyncIterator[None]:
    """Hand what is *refused* on to *desk* from time to time, and once more in the end."""
    task = asyncio.create_task(_from_time_to_time(refused, desk), name="refused calls")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await hand_on(refused, desk)


async def _from_time_to_time(refused: RefusedCalls, desk: AccessDesk) -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        await hand_on(refused, desk)


async def hand_on(refused: RefusedCalls, desk: AccessDesk) -> None:
    """Hand on what was gathered until now; where no row can be written, the log has it all the same."""
    found = refused.take()
    if not found:
        return
    try:
        await asyncio.to_thread(desk.count, found)
    except OrdergateError as error:
        _log.warning("refused calls were not kept", code=error.code, rows=len(found))
    except Exception:  # noqa: BLE001 - nothing else would bring the task back that hands on
        _log.exception("refused calls were not kept", rows=len(found))
