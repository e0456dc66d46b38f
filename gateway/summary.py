"""`ordergate check --summary` without a home: how a file of any size would be judged, in counts, in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol

from core.intake.message_types import ACTED_ON, UNHANDLED
from core.ports import Interchange, MessageSpan
from core.provenance import Violation

#: progress is told once in so many bytes
_STEP: Final = 1 << 20


class StreamedMessage(Protocol):
    """One message of a stream."""

    span: MessageSpan

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All its faults."""
        ...

    @property
    def failed(self) -> bool:
        """Tell whether it is rejected."""
        ...


class StreamedInterchange(Protocol):
    """One interchange of a stream; ``envelope`` is complete when its messages were iterated."""

    envelope: Interchange

    def __iter__(self) -> Iterator[StreamedMessage]:
        """Iterate its messages."""
        ...


class _Counts:
    """Verdicts by name, violations by code, and the worst exit code."""

    def __init__(self) -> None:
        self.verdicts, self.codes = Counter[str](), Counter[str]()
        self.exit_code = 0

    def take(self, message: StreamedMessage) -> None:
        """Count one message; what nobody handles is parked, as intake parks it."""
        parked = not message.failed and message.span.type not in ACTED_ON
        verdict = "parked" if parked else verdict_of(message.violations, failed=message.failed)
        self.verdicts[verdict] += 1
        self.codes.update(violation.code for violation in message.violations)
        if parked:
            self.codes[UNHANDLED] += 1
        self.exit_code = max(self.exit_code, int(message.failed or parked))

    def add(self, other: _Counts) -> None:
        """Count what another one has counted."""
        self.verdicts.update(other.verdicts)
        self.codes.update(other.codes)
        self.exit_code = max(self.exit_code, other.exit_code)


def verdict_of(violations: tuple[Violation, ...], *, failed: bool) -> str:
    """Return the verdict on a message that only its directory and its guide judge."""
    return "rejected" if failed else "accepted_with_warnings" if violations else "accepted"


def summarise(
    interchanges: Iterable[StreamedInterchange], progress: Callable[[int], None] | None = None
) -> tuple[dict[str, Any], int]:
    """Return the counts of ``check --summary`` and the exit code of the fault table.

    An interchange that fails is one rejected document whatever its messages say, which is known at its end only.
    *progress* is told the offset that was reached.
    """
    total, count, told = _Counts(), 0, 0
    for count, interchange in enumerate(interchanges, 1):  # noqa: B007 - how many there were
        own = _Counts()
        refused = interchange.envelope.failed
        for message in interchange:
            if not refused:
                own.take(message)
            if progress is not None and message.span.offset - told >= _STEP:
                told = message.span.offset
                progress(told)
        if interchange.envelope.failed:
            own = _Counts()
            own.verdicts["rejected"] += 1
            own.exit_code = 2
        own.codes.update(violation.code for violation in interchange.envelope.violations)
        total.add(own)
    return {
        "interchanges": count,
        "messages": total.verdicts.total(),
        "verdicts": dict(sorted(total.verdicts.items())),
        "violations": dict(sorted(total.codes.items())),
    }, total.exit_code
