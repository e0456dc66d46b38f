"""The rules' parameters as versioned data: every threshold and flow, with the defaults of the requirements' register.

A rulebook is one document of sections. Those that were ever in force are kept with their versions, so that a decision
can be explained, and made again, by the rules that it was made under (REV-05, REV-06).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from core.billing.rules import BillingRules
from core.entry.rules import EntryRules
from core.errors import ValueRefused
from core.notices.rules import NoticeRules
from core.paper.rules import PaperRules
from core.review.approvals import ApprovalRules
from core.review.credit import CreditRules
from core.review.fields import FieldRules
from core.review.flow import FlowRules
from core.review.grading import GradingRules
from core.review.phases import PhaseRules
from core.review.price import PriceRules
from core.review.priority import PriorityRules
from core.review.promising import PromiseRules
from core.review.returning import ReturnRules
from core.review.routing import RoutingRules
from core.review.satisfaction import FeedbackRules
from core.review.targets import TargetRules
from core.roles.matrix import TEAMS, RoleRules

Section = TypeVar("Section")

#: the version of the defaults; what is loaded counts on from here
FIRST_VERSION: Final = 1


class RulebookRefused(ValueRefused):
    """A rulebook has an unknown key, or a value that its rule cannot take; ``path`` says where."""

    code = "rules.invalid"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}", hint="`ordergate rules show` prints every key with its value.")
        self.path = path


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of all rules."""

    promise: PromiseRules = field(default_factory=PromiseRules)
    credit: CreditRules = field(default_factory=CreditRules)
    flow: FlowRules = field(default_factory=FlowRules)
    fields: FieldRules = field(default_factory=FieldRules)
    phases: PhaseRules = field(default_factory=PhaseRules)
    priority: PriorityRules = field(default_factory=PriorityRules)
    price: PriceRules = field(default_factory=PriceRules)
    routing: RoutingRules = field(default_factory=RoutingRules)
    entry: EntryRules = field(default_factory=EntryRules)
    grading: GradingRules = field(default_factory=GradingRules)
    feedback: FeedbackRules = field(default_factory=FeedbackRules)
    returns: ReturnRules = field(default_factory=ReturnRules)
    targets: TargetRules = field(default_factory=TargetRules)
    roles: RoleRules = field(default_factory=RoleRules)
    notices: NoticeRules = field(default_factory=NoticeRules)
    approvals: ApprovalRules = field(default_factory=ApprovalRules)
    billing: BillingRules = field(default_factory=BillingRules)
    papers: PaperRules = field(default_factory=PaperRules)

    def __post_init__(self) -> None:
        """Refuse approvals, and looks at papers, by roles that there are not."""
        self.approvals.check(self.roles)
        self.papers.check({*self.roles.roles, *TEAMS})

    def document(self) -> dict[str, Any]:
        """Return the whole as JSON-ready data: decimals as text."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain

    def flat(self) -> dict[str, Any]:
        """Return every value under its whole key, such as ``credit.factors.A``."""
        return _flat(self.document())


@dataclass(frozen=True, slots=True)
class Rules:
    """The rulebook in force and its version."""

    version: int = FIRST_VERSION
    book: Rulebook = field(default_factory=Rulebook)


def read_rulebook(document: Mapping[str, Any]) -> Rulebook:
    """Return the rulebook of *document*, which says what differs from the defaults.

    Raises:
        RulebookRefused: an unknown key, a value of the wrong kind, or one out of its range.
    """
    return _read(Rulebook, document, "")


def changes_between(before: Rulebook, after: Rulebook) -> dict[str, tuple[Any, Any]]:
    """Return the keys whose values differ, with both: None where there is none."""
    old, new = before.flat(), after.flat()
    return {key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)}


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {path: ", ".join(map(str, value)) if isinstance(value, list) else value}
    found: dict[str, Any] = {}
    for key, part in value.items():
        found |= _flat(part, f"{path}.{key}" if path else key)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value


def _read(kind: type[Section], document: Any, path: str) -> Section:
    if not isinstance(document, Mapping):
        raise RulebookRefused(path, "is a table of keys and values")
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in document.items():
        place = f"{path}.{key}" if path else str(key)
        if key not in hints:
            raise RulebookRefused(place, f"is no rule; known: {', '.join(hints)}")
        values[key] = _value(hints[key], value, place)
    try:
        return kind(**values)
    except ValueError as error:  # what the section says of its own values
        raise RulebookRefused(path, str(error)) from error
    except TypeError as error:
        raise RulebookRefused(path, f"lacks a key: {error}") from error


def _value(kind: Any, value: Any, path: str) -> Any:
    """Return *value*, from TOML or JSON, as its *kind*: a section, a number, a text, or a table or list of these."""
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return _read(kind, value, path)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        if not isinstance(value, list):
            raise RulebookRefused(path, "is a list")
        return tuple(_value(parts[0], one, f"{path}.{place}") for place, one in enumerate(value, 1))
    if origin is Mapping:
        if not isinstance(value, Mapping):
            raise RulebookRefused(path, "is a table of keys and values")
        return {key: _value(parts[1], one, f"{path}.{key}") for key, one in value.items()}
    if type(None) in parts:
        return None if value is None else _value(parts[0], value, path)
    if kind is Decimal:
        return _decimal(value, path)
    if type(value) is not kind:
        raise RulebookRefused(path, f"is of the kind {kind.__name__}, not {value!r}")
    return value


def _decimal(value: Any, path: str) -> Decimal:
    """Return an exact number: text or a whole number, for a float would not be what was written."""
    try:
        number = Decimal(value) if isinstance(value, str) or type(value) is int else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise RulebookRefused(path, f'is a decimal in quotes ("12.50"), not {value!r}')
    return number
