"""The permission matrix: roles against operations, holds, types of order and what is hidden, all of it data (ROL-07).

The defaults are ``matrix.toml`` beside this file; ``[roles]`` of a rulebook replaces any key of them, from then on and
without code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Final

Table = Mapping[str, tuple[str, ...]]

#: may do everything
ADMIN: Final = "admin"
#: stands for every role in a list
EVERY_ROLE: Final = "*"
#: whom holds wait for and who is nobody's own role: any of its people may release them
TEAMS: Final = frozenset({"sales"})


@cache
def default_tables() -> Mapping[str, Table]:
    """Return the tables of ``matrix.toml`` by name."""
    content = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
    return {name: {key: tuple(roles) for key, roles in table.items()} for name, table in content.items()}


def _defaults(name: str) -> Table:
    return default_tables()[name]


@dataclass(frozen=True, slots=True)
class RoleRules:
    """Who may do what. A table that is given replaces the keys that it names; the others stay as they are by default.

    ``acts_for`` maps a role to those that it may decide for, ``operations`` an operation of the API to the roles that
    may call it, ``order_types`` a type of order to those that may enter it, ``sees`` a subject to those that see it.
    """

    acts_for: Table = field(default_factory=lambda: _defaults("acts_for"))
    operations: Table = field(default_factory=lambda: _defaults("operations"))
    order_types: Table = field(default_factory=lambda: _defaults("order_types"))
    sees: Table = field(default_factory=lambda: _defaults("sees"))

    def __post_init__(self) -> None:
        """Add the defaults of the keys that were not given; refuse roles and subjects that there are not."""
        for table in fields(self):
            object.__setattr__(self, table.name, {**_defaults(table.name), **getattr(self, table.name)})
        if unknown := {*self._named()} - {*self.acts_for, EVERY_ROLE, *TEAMS}:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        if unknown := {*self.sees} - {*_defaults("sees")}:
            raise ValueError(f"nothing is hidden as {', '.join(sorted(unknown))}")

    @property
    def roles(self) -> frozenset[str]:
        """Every role that a person or a key may have."""
        return frozenset(self.acts_for)

    def may_call(self, roles: Collection[str], operation: str, *, acting: bool) -> bool:
        """Tell whether one of *roles* may call *operation*; *acting* when it changes something."""
        granted = self.operations.get(operation, () if acting else (EVERY_ROLE,))
        return _one_of(roles, granted)

    def may_order(self, roles: Collection[str], order_type: str) -> bool:
        """Tell whether one of *roles* may enter orders of *order_type* (INT-13)."""
        return _one_of(roles, self.order_types.get(order_type, ()))

    def may_release(self, roles: Collection[str], release_role: str) -> bool:
        """Tell whether one of *roles* is *release_role*, or may decide for it."""
        return ADMIN in roles or release_role in self._decided_for(roles)

    def hidden_from(self, roles: Collection[str]) -> frozenset[str]:
        """Return the subjects that none of *roles* sees (ROL-09, RPT-13)."""
        return frozenset(subject for subject, seers in self.sees.items() if not _one_of(roles, seers))

    def callers(self, operation: str) -> tuple[str, ...]:
        """Return the roles that may call the acting *operation*, for a refusal to name."""
        return (*self.operations.get(operation, ()), ADMIN)

    def deciders(self, release_role: str) -> tuple[str, ...]:
        """Return the roles that may release what waits for *release_role*, in the order of the matrix."""
        return tuple(role for role in self.acts_for if self.may_release((role,), release_role))

    def _decided_for(self, roles: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(roles)
        while waiting:
            role = waiting.pop()
            if role not in found:
                found.add(role)
                waiting += self.acts_for.get(role, ())
        return found

    def _named(self) -> Iterable[str]:
        for table in fields(self):
            for roles in getattr(self, table.name).values():
                yield from roles


def _one_of(roles: Collection[str], granted: Collection[str]) -> bool:
    return EVERY_ROLE in granted or ADMIN in roles or any(role in granted for role in roles)


DEFAULT_ROLES: Final = RoleRules()
