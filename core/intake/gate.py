"""What the agreement says of a message before anybody looks at what it orders.

Messages that are not agreed on, that use a reference again, that stand in a group which is refused, or that another
message of their interchange holds up, are stopped here; what is left goes to the handler of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from core.intake.handlers import Judged
from core.partners.exchange import ExchangeTerms
from core.partners.model import Partner
from core.ports import Decoded, GroupSpan, Interchange, MessageSpan
from core.provenance import Level, Violation, fault
from core.store import references
from core.store.engine import Tx

SUSPENDED: Final = "interchange.suspended"
#: the warnings of a message and of a group whose reference stands twice in one interchange
_MESSAGE_TWICE, _GROUP_TWICE = "envelope.message_reference_repeated", "envelope.group_reference_repeated"
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: what took a reference: a rejected message may come again under the same one
_TAKEN: Final = frozenset({"accepted", "changed", "parked", "waiting"})


def used_since(terms: ExchangeTerms, now: datetime) -> datetime:
    """Return since when a reference counts as used."""
    return now - timedelta(days=terms.duplicate_days) if terms.duplicate_days else _EVER


@dataclass(frozen=True, slots=True)
class Gate:
    """What is asked of the messages of one batch; ``suspended`` where their interchange is held up."""

    terms: ExchangeTerms
    interchange: Interchange
    suspended: bool = False
    used_messages: frozenset[str] = frozenset()
    used_groups: frozenset[str] = frozenset()

    def stop(self, decoded: Decoded) -> Judged | None:
        """Return the outcome of a message that goes no further, None for one that does."""
        span = decoded.span
        group = self.interchange.group_of(span.ordinal) if self.interchange.groups else None
        if group is not None and (errors := group.errors(self.interchange.violations)):
            return Judged(decoded, "rejected", errors[0].code, violations=(*decoded.violations, *errors))
        if group is not None and self._is_repeated_group(group):
            return _stopped(decoded, "duplicate", _group_reused(group))
        if self.terms.messages and span.type not in (*self.terms.messages, "CONTRL", "APERAK"):
            return _stopped(decoded, "rejected", _not_agreed(span))
        if self._is_repeated_message(span):
            return _stopped(decoded, "duplicate", _message_reused(span))
        if self.suspended and not decoded.failed:
            return Judged(decoded, "parked", SUSPENDED, violations=decoded.violations)
        return None

    def _is_repeated_group(self, group: GroupSpan) -> bool:
        if "group" not in self.terms.unique:
            return False
        twice = any(
            found.code == _GROUP_TWICE and found.offset == group.offset for found in self.interchange.violations
        )
        return twice or _group_key(self.interchange, group) in self.used_groups

    def _is_repeated_message(self, span: MessageSpan) -> bool:
        if "message" not in self.terms.unique:
            return False
        return stands_twice(span) or _message_key(self.interchange, span) in self.used_messages


def open_gate(
    tx: Tx,
    partner: Partner,
    terms: ExchangeTerms,
    interchange: Interchange,
    batch: Sequence[Decoded],
    *,
    interchange_id: int,
    now: datetime,
    suspended: bool,
) -> Gate:
    """Return the gate of a batch; reads what was used before, and only where the agreement asks for it."""
    since = used_since(terms, now)

    def used(level: str, keys: Iterable[str]) -> frozenset[str]:
        if level not in terms.unique:
            return frozenset()
        found = references.used(tx, partner.id, level, set(keys), since=since, interchange_id=interchange_id)
        return frozenset(found)

    return Gate(
        terms,
        interchange,
        suspended,
        used("message", (_message_key(interchange, one.span) for one in batch)),
        used("group", (_group_key(interchange, group) for group in interchange.groups)),
    )


def remember(
    tx: Tx,
    partner: Partner,
    terms: ExchangeTerms,
    interchange: Interchange,
    judged: Sequence[Judged],
    *,
    interchange_id: int,
    now: datetime,
) -> None:
    """Note the references of the messages that were taken, and of their groups, where the agreement asks for it."""
    spans = [one.decoded.span for one in judged if one.outcome in _TAKEN]
    if "message" in terms.unique:
        keys = [_message_key(interchange, span) for span in spans]
        references.remember(tx, partner.id, "message", keys, interchange_id=interchange_id, at=now)
    if "group" in terms.unique:
        groups = {interchange.group_of(span.ordinal) for span in spans} - {None}
        found = [_group_key(interchange, group) for group in groups if group is not None]
        references.remember(tx, partner.id, "group", found, interchange_id=interchange_id, at=now)


def stands_twice(span: MessageSpan) -> bool:
    """Tell whether an earlier message of the interchange has the same reference."""
    return any(found.code == _MESSAGE_TWICE for found in span.violations)


def repeated(decoded: Decoded) -> Violation:
    """Return the fault of a message that repeats both the reference and the content of an earlier one."""
    span = decoded.span
    return fault(
        "message.repeated",
        {"reference": span.reference[:20]},
        level=Level.ELEMENT,
        segment=1,
        tag="UNH",
        element=1,
        offset=span.offset,
        value=span.reference[:80],
        syntax_code="26",
    )


def _stopped(decoded: Decoded, outcome: str, found: Violation) -> Judged:
    return Judged(decoded, outcome, found.code, violations=(*decoded.violations, found))


def _message_key(interchange: Interchange, span: MessageSpan) -> str:
    return "/".join([_parties(interchange), span.reference[:35]])


def _group_key(interchange: Interchange, group: GroupSpan) -> str:
    return "/".join([_parties(interchange), group.sender[:35], group.recipient[:35], group.reference[:35]])


def _parties(interchange: Interchange) -> str:
    """Return what a reference is unique under: a test may use those of production."""
    return f"{interchange.recipient[:35]}{'!test' if interchange.test else ''}"


def _message_reused(span: MessageSpan) -> Violation:
    return fault(
        "message.reference_reused",
        {"reference": span.reference[:20]},
        level=Level.ELEMENT,
        segment=1,
        tag="UNH",
        element=1,
        offset=span.offset,
        value=span.reference[:80],
        syntax_code="26",
    )


def _group_reused(group: GroupSpan) -> Violation:
    return fault(
        "group.reference_reused",
        {"reference": group.reference[:20]},
        level=Level.GROUP,
        tag="UNG",
        element=5,
        offset=group.offset,
        value=group.reference[:80],
        syntax_code="26",
    )


def _not_agreed(span: MessageSpan) -> Violation:
    return fault(
        "message.not_agreed",
        {"type": span.type[:10]},
        level=Level.COMPONENT,
        segment=1,
        tag="UNH",
        element=2,
        component=1,
        offset=span.offset,
        value=span.type[:80],
        syntax_code="17",
    )
