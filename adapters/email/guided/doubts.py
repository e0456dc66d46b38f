"""What speaks against a line of goods that was found around its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from adapters.email.guided.parts import Parts
from adapters.email.guided.places import is_in
from adapters.email.guided.roles import Way, is_same_place
from adapters.email.guided.tokens import Token


class Model(NamedTuple):
    """The roles of each line that is proved, and the numbers of these lines that have none."""

    roles: list[Mapping[str, Token]]
    left: list[Token]


def model_of(lines: Iterable[tuple[Sequence[Token], Way | None, Token | None]]) -> Model:
    """Return where lines that are proved by products at our prices have their numbers, and what stands beside them.

    *lines* are the numbers of each, the way to hand them out, and its own number.
    """
    roles: list[Mapping[str, Token]] = []
    left: list[Token] = []
    for tokens, way, number in lines:
        if way is not None and way.is_sure:
            roles.append(way.roles)
            left += [token for token in tokens if token is not number and not is_taken(token, [*way.roles.values()])]
    return Model(roles, left)


def doubts_of(parts: Parts, way: Way | None, left: Sequence[Token], model: Model, *, measured: bool) -> set[str]:
    """Return the names of the fields of a line that something speaks against.

    *left* are its numbers that no role took; *measured* tells whether a unit stands beside the quantity.
    """
    doubts: set[str] = set()
    counted = way is not None and (way.product or _is_counted(way, measured=measured))
    if way is None or not counted or (not way.is_sure and any(not _is_harmless(one, way, model) for one in left)):
        doubts |= {"quantity", "price", "amount", "unit"}
    ours = way is not None and way.ours
    if not parts.description and not ours:  # the code may be of the line above or below
        doubts |= {"sku", "unit"}
    priced = way is not None and bool({"price", "amount"} & way.roles.keys())
    if len(parts.days) > 1 or (parts.days and not (parts.description and (ours or not priced))):
        doubts.add("requested_date")
    return doubts


def may_be_goods(left: Sequence[Token], way: Way | None, model: Model) -> bool:
    """Tell whether something is counted beside the numbers of a line: then that is perhaps a line of its own."""
    return any(one.unit and (way is None or not _is_harmless(one, way, model)) for one in left)


def _is_counted(way: Way, *, measured: bool) -> bool:
    """Tell whether a quantity that no product proves is one: it has a unit, and its price or amount is ours."""
    return measured and (way.ours or not {"price", "amount"} & way.roles.keys())


def is_taken(token: Token, roles: Sequence[Token]) -> bool:
    """Tell whether a number is that of a role, or a part of it."""
    return any(is_in(word, one.words) for one in roles for word in token.words)


def _is_harmless(token: Token, way: Way, model: Model) -> bool:
    """Tell whether a number that no role took says nothing of the goods: a rate of tax, a price for one.

    So does one that stands where lines that are proved have one, too, if all roles stand there as in these.
    """
    if token.percent or token.values == (Decimal(1),):
        return True
    alike = any(
        way.roles.keys() == roles.keys() and all(is_same_place(one, roles[role]) for role, one in way.roles.items())
        for roles in model.roles
    )
    return alike and any(one is not token and is_same_place(token, one) for one in model.left)
