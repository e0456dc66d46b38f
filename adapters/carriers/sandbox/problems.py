"""How the sandbox carrier says no: problem documents after RFC 9457 with a stable ``code``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson
from aiohttp import web

MEDIA_TYPE: Final = "application/problem+json"
#: the one code by which a caller may conclude that a reference was never booked
UNKNOWN: Final = "consignment.unknown"


class Refusal(Exception):
    """The request is answered with a problem document."""

    def __init__(self, status: int, code: str, detail: str, violations: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.violations = tuple(violations)

    def as_response(self) -> web.Response:
        """Return the problem document."""
        body = {
            "type": "about:blank",
            "title": self.code,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "violations": self.violations,
        }
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return web.Response(status=self.status, body=orjson.dumps(body), content_type=MEDIA_TYPE, headers=headers)
