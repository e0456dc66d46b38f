"""Which template a notice is written by: the rule that fits most closely (CNF-05)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

#: what a rule says that is for every notice
EVERY: Final = "*"
#: the weight of each condition: a rule for one partner goes before one for its group, that before one for a type
_WEIGHTS: Final = {"partner": 8, "group": 4, "order_type": 2, "notice": 1}


class TemplateRule(NamedTuple):
    """One rule: ``name`` is the template of what the conditions fit; "" (for ``notice``: ``*``) fits everything."""

    name: str
    notice: str = EVERY
    partner: str = ""
    group: str = ""
    order_type: str = ""

    @property
    def weight(self) -> int:
        """How closely it fits, 0 to 15: no two rules of equal weight with other conditions fit one notice."""
        conditions = {**self._asdict(), "notice": "" if self.notice == EVERY else self.notice}
        return sum(weight for name, weight in _WEIGHTS.items() if conditions[name])

    @property
    def words(self) -> str:
        """The conditions as people read them: ``notice=order.confirmed partner=ACME``."""
        named = {"notice": self.notice, "partner": self.partner, "group": self.group, "order_type": self.order_type}
        return " ".join(f"{name}={value}" for name, value in named.items() if value)


class Choice(NamedTuple):
    """A template's name ("" the default) and, in words, what chose it."""

    name: str
    rule: str


#: what chose a template that no rule named
BY_PREFERENCE: Final = "preference of the partner"
BY_DEFAULT: Final = "default"


def choose(
    rules: Iterable[TemplateRule], *, notice: str, partner: str, group: str, order_type: str, preferred: str = ""
) -> Choice:
    """Return the template of a notice: the one *preferred* for it, else that of the rule which fits most closely.

    Args:
        rules: all rules.
        notice: one of ``core.ports.NOTICES``.
        partner: the partner's code, "" where our own people are told.
        group: the partner's group, "" for none.
        order_type: of the order, "" where it is about none.
        preferred: what the partner's preference for this notice names, "" for nothing.
    """
    if preferred:
        return Choice(preferred, BY_PREFERENCE)
    wanted = {"partner": partner, "group": group, "order_type": order_type}
    fitting = [
        rule
        for rule in rules
        if rule.notice in (EVERY, notice) and all(getattr(rule, name) in ("", value) for name, value in wanted.items())
    ]
    if not fitting:
        return Choice("", BY_DEFAULT)
    best = max(fitting, key=lambda rule: rule.weight)
    return Choice(best.name, best.words)
