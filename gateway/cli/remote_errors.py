"""Problems of a gateway elsewhere as errors of the core: the same line, the same code, the same exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydantic import ValidationError

from core import errors
from gateway.client import AddressRefused, AnswerUnreadable, ConnectionFailed, Problem

#: what a refusal is that has a code which is nobody's in the core, by its status; 5xx are the system's
_KINDS: Final[dict[int, type[errors.OrdergateError]]] = {
    400: errors.UsageError,
    404: errors.NotFound,
    413: errors.UsageError,
    415: errors.UsageError,
    422: errors.UsageError,
}
_VALIDATION: Final = errors.ValidationFailed.code


@contextmanager
def telling() -> Iterator[None]:
    """Raise what the client says as errors of the core."""
    try:
        yield
    except Problem as problem:
        raise error_of(problem) from problem
    except AddressRefused as refused:
        raise errors.UsageError(str(refused)) from refused
    except (ConnectionFailed, AnswerUnreadable) as failed:
        raise errors.GatewayUnreachable(str(failed), hint=_hint(failed)) from failed
    except ValidationError as refused:  # of a body, before it is sent
        first = refused.errors(include_url=False)[0]
        raise errors.UsageError(f"{'/'.join(map(str, first['loc']))}: {first['msg']}") from refused


def error_of(problem: Problem) -> errors.OrdergateError:
    """Return *problem* as the error that a home on this machine would have raised."""
    kind = _kind(problem)
    # The code is a fact of the class, so one that the gateway gave gets a class.
    refused: Any = type(kind.__name__, (kind,), {"code": problem.code})
    faults = [f"{fault.pointer or fault.parameter or ''} {fault.message}".strip() for fault in problem.violations]
    message = problem.detail or problem.title
    if len(faults) == 1:
        message = f"{message}: {faults[0]}"
    error: errors.OrdergateError = refused(message, hint=problem.hint, inputs={"problems": faults})
    return error


def _kind(problem: Problem) -> type[errors.OrdergateError]:
    if problem.code == _VALIDATION:
        about_values = all(fault.parameter is not None for fault in problem.violations)
        return errors.UsageError if problem.violations and about_values else errors.RequestRefused
    known = {kind.code: kind for kind in _tree(errors.OrdergateError) if kind is not errors.ValidationFailed}
    if problem.code in known:
        return known[problem.code]
    if problem.status >= 500 or problem.status == 429:
        return errors.SystemFailed
    return _KINDS.get(problem.status, errors.RequestRefused)


def _tree(kind: type[errors.OrdergateError]) -> Iterator[type[errors.OrdergateError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _tree(child)


def _hint(failed: ConnectionFailed | AnswerUnreadable) -> str:
    if isinstance(failed, ConnectionFailed) and failed.maybe_done and failed.idempotency_key:
        return "It may have been done: look before you do it again."
    return "Is the address right, and does `ordergate serve` run there?"
