"""The permission matrix."""

from __future__ import annotations

from collections.abc import Iterable

from reference.markdown import code, page, table


def roles() -> str:
    """The permission matrix as it is without a rulebook: roles against operations, holds and what is hidden."""
    from core.review.holds import RELEASES  # noqa: PLC0415 - so that pages fail singly
    from core.roles.matrix import DEFAULT_ROLES as MATRIX  # noqa: PLC0415 - so that pages fail singly

    def named(roles: Iterable[str]) -> str:
        told = list(roles)
        return "every role" if "*" in told else ", ".join(map(code, told))

    return page(
        "Roles",
        "What a key with roles may do within its scopes (`ordergate keys create --role` or `--user`); a key without "
        "roles is limited by its scopes alone. `[roles]` of a rulebook changes any row: `ordergate rules`. `admin` may "
        "do everything; an operation that reads and is not listed is open to every role.",
        table(("operation", "roles"), [(code(name), named(who)) for name, who in MATRIX.operations.items()]),
        "## Holds",
        "A hold is released by its role, or by one that decides for it.",
        table(
            ("waits for", "released by"),
            [
                (code(role), named(MATRIX.deciders(role)))
                for role in dict.fromkeys([*(needed for needed, _ in RELEASES.values()), *MATRIX.acts_for])
            ],
        ),
        "## Types of order",
        table(("type", "entered by"), [(code(kind), named(who)) for kind, who in MATRIX.order_types.items()]),
        "## What others do not see",
        table(("of an answer", "shown to"), [(code(what), named(who)) for what, who in MATRIX.sees.items()]),
    )
