"""What goes wrong between a program and its gateway.

    ClientError
    ├── AddressRefused            the address, the key or an argument cannot be used; nothing was sent
    ├── ConnectionFailed          no answer came; ``maybe_done`` says whether the gateway may have acted
    ├── AnswerUnreadable          an answer came that the API does not give: a proxy's page, or a newer gateway
    └── Problem                   the gateway refused: an RFC 9457 problem document
        ├── Unauthenticated       401
        ├── Forbidden             403
        ├── NotFound              404
        ├── Conflict              409
        ├── VersionChanged        412: somebody changed it meanwhile
        ├── ValidationFailed      422: ``violations`` with pointers into the body
        ├── RateLimited           429
        └── Unavailable           502, 503, 504

What can be sent again was, before an error is raised (``retries``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class ClientError(Exception):
    """A request did not succeed."""


class AddressRefused(ClientError):
    """The address, the key or an argument cannot be used; nothing was sent."""


@dataclass(eq=False)
class ConnectionFailed(ClientError):
    """No answer came.

    ``maybe_done`` tells that the request was sent, so the gateway may have acted on it. A POST is found out by sending
    it again with the same ``idempotency_key``; for anything else, read what is there.
    """

    reason: str
    maybe_done: bool = False
    idempotency_key: str | None = None

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class AnswerUnreadable(ClientError):
    """An answer came that the API does not give, such as the page of a proxy, or a redirection."""

    status: int
    reason: str

    def __str__(self) -> str:
        return f"{self.reason} (HTTP {self.status})"


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault: ``pointer`` (RFC 6901) into the body, or the name of a ``parameter``, or neither."""

    code: str
    message: str
    hint: str = ""
    pointer: str | None = None
    parameter: str | None = None
    value: str | None = None
    severity: str = "error"


class Problem(ClientError):
    """The gateway refused a request and says why (RFC 9457).

    ``code`` is stable (docs/reference/codes.md); ``request_id`` is on every line of the gateway's log that the request
    caused; ``retry_after`` are the seconds that it asks to wait; ``document`` is everything that it said.
    """

    def __init__(
        self,
        status: int,
        document: Mapping[str, Any],
        *,
        retry_after: float | None = None,
        idempotency_key: str | None = None,
        request_id: str | None = None,
    ) -> None:
        self.status = status
        self.document = document
        self.retry_after = retry_after
        self.idempotency_key = idempotency_key
        self.code = str(document.get("code", f"http.{status}"))
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.hint = str(document.get("hint") or "")
        self.instance = str(document.get("instance", ""))
        self.request_id = request_id
        self.violations = tuple(_violations(document.get("violations")))
        self.holds: Sequence[Mapping[str, Any]] = document.get("holds") or ()
        super().__init__(f"{status} {self.code}: {self.detail or self.title}")

    @property
    def pointers(self) -> tuple[str, ...]:
        """Where in the body that was sent the faults are."""
        return tuple(fault.pointer for fault in self.violations if fault.pointer is not None)


class Unauthenticated(Problem):
    """The key is missing, unknown, expired or revoked."""


class Forbidden(Problem):
    """The key's scopes or roles do not allow it."""


class NotFound(Problem):
    """There is nothing of that name that the key may see."""


class Conflict(Problem):
    """The present state does not allow it; ``holds`` lists what blocks an order."""


class VersionChanged(Problem):
    """Somebody changed it since it was read."""


class ValidationFailed(Problem):
    """What was sent breaks rules; every fault is told at once."""


class RateLimited(Problem):
    """Too many calls."""


class Unavailable(Problem):
    """The gateway, or what stands before it, cannot answer now."""


_OF_STATUS: Mapping[int, type[Problem]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: VersionChanged,
    422: ValidationFailed,
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def problem_of(
    status: int,
    document: Mapping[str, Any],
    *,
    retry_after: float | None = None,
    idempotency_key: str | None = None,
    request_id: str | None = None,
) -> Problem:
    """Return the problem of an answer of *status* whose body is *document*."""
    kind = _OF_STATUS.get(status, Problem)
    return kind(status, document, retry_after=retry_after, idempotency_key=idempotency_key, request_id=request_id)


def _violations(told: object) -> list[Violation]:
    faults = told if isinstance(told, list) else []
    return [
        Violation(
            code=str(fault.get("code", "")),
            message=str(fault.get("message", "")),
            hint=str(fault.get("hint") or ""),
            pointer=fault.get("pointer"),
            parameter=fault.get("parameter"),
            value=fault.get("value"),
            severity=str(fault.get("severity", "error")),
        )
        for fault in faults
        if isinstance(fault, dict)
    ]
