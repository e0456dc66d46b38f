"""What each number of a line of goods is: the quantity, its price, for how many, and what it comes to.

Every way to hand out the roles is weighed: quantity x price = amount, a price near ours, a unit after the quantity, the
head of the column. Then the lines are held against each other: a form puts the same number at the same place in each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, permutations
from typing import Final, NamedTuple

from adapters.email.guided.heads import Head, roles_above
from adapters.email.guided.tokens import Token
from core.hints import Goods

#: more numbers are no line of goods
_MOST_NUMBERS: Final = 24
#: so many ways of a line are held against those of the others
_MOST_WAYS: Final = 16
#: numbers that can be handed out in more ways prove nothing
_MOST_TRIED: Final = 5_000
_CENT: Final = Decimal("0.01")
_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)
#: prices are told for so many units
BASES: Final = frozenset(Decimal(10) ** power for power in range(5))
#: a price is ours, is near ours, or is for something else, by the share that it differs
_OURS: Final = Decimal("0.03")
_NEAR: Final = Decimal("0.35")
#: places of two lines are one where an edge lies within so many heights of type
_SAME: Final = 0.8

#: what speaks for a way to hand out the roles
_PRODUCT: Final = 4.0
_IS_OURS: Final = 3.0
_IS_NEAR: Final = 1.0
_IS_FOREIGN: Final = -2.0
_OUR_UNIT: Final = 1.5
_ANY_UNIT: Final = 1.0
_LOOKS_SO: Final = 0.5
_HEADED: Final = 1.0
_EXPLAINED: Final = 0.3
_ALIKE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to hand out the numbers of a line, and how much speaks for it alone."""

    roles: Mapping[str, Token]
    weight: float
    product: bool
    ours: bool

    @property
    def is_sure(self) -> bool:
        """Whether quantity x price = amount, and the price is ours."""
        return self.product and self.ours


class Line(NamedTuple):
    """The numbers of a line, its item (None where that is not known), and the ways to hand them out."""

    tokens: tuple[Token, ...]
    ways: tuple[Way, ...]


def line_of(tokens: Sequence[Token], goods: Goods | None, heads: Sequence[Head]) -> Line:
    """Return the ways to hand out the numbers of a line, the likeliest first."""
    if len(tokens) > _MOST_NUMBERS:
        return Line(tuple(tokens), ())
    tried = list(islice(_ways(tokens, goods, heads), _MOST_TRIED + 1))
    ways = sorted(tried, key=lambda way: -way.weight) if len(tried) <= _MOST_TRIED else []
    return Line(tuple(tokens), tuple(ways[:_MOST_WAYS]))


def chosen(lines: Sequence[Line]) -> tuple[list[Way | None], float]:
    """Return for each line the way that the others agree with most, and how much speaks for all of them."""
    best: list[Way | None] = [line.ways[0] if line.ways else None for line in lines]
    for _ in range(2):
        others = _Others(best)
        best = [
            max(line.ways, key=lambda way: way.weight + others.agree(way, number), default=None)
            for number, line in enumerate(lines)
        ]
    others = _Others(best)
    weight = sum(way.weight + others.agree(way, number) for number, way in enumerate(best) if way is not None)
    return best, weight


class _Spot(NamedTuple):
    """Where a number stands beside its code; many numbers of a column stand at one."""

    offset: int
    left: float
    right: float
    height: float


def is_same_place(one: Token, other: Token) -> bool:
    """Tell whether two numbers of two lines stand at the same place beside their codes."""
    return _is_same(_spot(one), _spot(other))


def _spot(token: Token) -> _Spot:
    at = token.at
    return _Spot(token.offset, at.left, at.right, at.height)


def _is_same(one: _Spot, other: _Spot) -> bool:
    if one.offset != other.offset:
        return False
    left, right = one.left - other.left, one.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) <= _SAME * max(one.height, other.height)


class _Others:
    """The ways of all lines, against which that of each is held; each place is compared with each other one once."""

    def __init__(self, best: Sequence[Way | None]) -> None:
        self._best = best
        self._spots: dict[str, Counter[_Spot]] = {}
        self._count = 0
        self._kinds: Counter[frozenset[str]] = Counter()
        for way in best:
            if way is not None:
                self._count += 1
                self._kinds[frozenset(way.roles)] += 1
                for role, token in way.roles.items():
                    self._spots.setdefault(role, Counter())[_spot(token)] += 1
        self._same: dict[tuple[str, _Spot], int] = {}

    def agree(self, way: Way, number: int) -> float:
        """Return how far the lines but that of *number* put the same roles at the same places as *way*."""
        own = self._best[number]
        others = self._count - (own is not None)
        if not others:
            return 0.0
        same = sum(self._alike(role, _spot(token), own) for role, token in way.roles.items())
        missing = sum(count for roles, count in self._kinds.items() if not roles <= way.roles.keys())
        missing -= own is not None and not own.roles.keys() <= way.roles.keys()
        return _ALIKE * same / others / max(1, len(way.roles)) * 2 - missing / others

    def _alike(self, role: str, spot: _Spot, own: Way | None) -> int:
        if (role, spot) not in self._same:
            spots = self._spots.get(role, Counter[_Spot]())
            self._same[role, spot] = sum(count for one, count in spots.items() if _is_same(spot, one))
        mine = own is not None and role in own.roles and _is_same(spot, _spot(own.roles[role]))
        return self._same[role, spot] - mine


def _ways(tokens: Sequence[Token], goods: Goods | None, heads: Sequence[Head]) -> Iterator[Way]:
    above = {id(token): roles_above(token.at, heads) for token in tokens}
    counts = [token for token in tokens if not token.percent and token.values[0] > 0]
    for roles, per, product in _handed_out(tokens, counts, goods):
        yield _way(roles, per, goods, above, product=product)


def _handed_out(
    tokens: Sequence[Token], counts: Sequence[Token], goods: Goods | None
) -> Iterator[tuple[dict[str, Token], Decimal, bool]]:
    """Yield every way to hand out the roles, for how many units its price is, and whether its product is right."""
    for quantity in counts:
        yield {"quantity": quantity}, _ONE, False
    for quantity, other in permutations(counts, 2):
        if _overlap(quantity, other):
            continue
        if goods is not None and goods.price and _is_ours(quantity, other, goods.price):
            yield {"quantity": quantity, "amount": other}, _ONE, False  # an amount without a price
        yield {"quantity": quantity, "price": other}, _ONE, False
        yield from _with_amount({"quantity": quantity, "price": other}, _ONE, tokens, counts)
        for basis in (one for one in counts if one.values[0] in BASES):
            if not _overlap(basis, quantity) and not _overlap(basis, other):
                pair = {"quantity": quantity, "price": other, "price_basis": basis}
                if basis.values[0] > 1:
                    yield pair, basis.values[0], False
                yield from _with_amount(pair, basis.values[0], tokens, counts)


def _with_amount(
    pair: Mapping[str, Token], per: Decimal, tokens: Sequence[Token], counts: Sequence[Token]
) -> Iterator[tuple[dict[str, Token], Decimal, bool]]:
    for off in (None, *(token for token in tokens if token.percent and 0 < token.values[0] < _HUNDRED)):
        left = _ONE if off is None else (_HUNDRED - off.values[0]) / _HUNDRED
        some = {**pair, "discount": off} if off else dict(pair)
        for amount in _amounts(pair["quantity"], pair["price"], per / left, counts):
            if not any(_overlap(amount, one) for one in some.values()):
                yield {**some, "amount": amount}, per, True


def _is_ours(quantity: Token, amount: Token, price: Decimal) -> bool:
    """Tell whether an amount is what a quantity costs with us."""
    pairs = ((one, other) for one in quantity.values for other in amount.values)
    return any(abs(other / one / price - 1) <= _OURS for one, other in pairs)


def _amounts(quantity: Token, price: Token, per: Decimal, counts: Sequence[Token]) -> Iterator[Token]:
    wanted = {
        (one * other / per).quantize(_CENT, ROUND_HALF_UP)
        for one in quantity.values
        for other in price.values
        if one > 0 and other > 0
    }
    yield from (
        token
        for token in counts
        if token is not quantity
        and token is not price
        and any(abs(one - w) <= _CENT for one in token.values for w in wanted)
    )


def _way(
    roles: Mapping[str, Token], per: Decimal, goods: Goods | None, above: Mapping[int, frozenset[str]], *, product: bool
) -> Way:
    quantity, price, amount = (roles.get(name) for name in ("quantity", "price", "amount"))
    weight = _PRODUCT if product else 0.0
    ours = price is None and amount is not None
    weight += _IS_OURS if ours else 0.0
    if price is not None and goods is not None and goods.price:
        apart = min(abs(value / per / goods.price - 1) for value in price.values)
        ours = apart <= _OURS
        weight += _IS_OURS if ours else _IS_NEAR if apart <= _NEAR else _IS_FOREIGN
    if quantity is not None:
        unit = quantity.unit
        weight += _OUR_UNIT if goods is not None and unit == goods.unit else _ANY_UNIT if unit else 0.0
        weight += _LOOKS_SO if quantity.values[0] == quantity.values[0].to_integral_value() else 0.0
    weight += sum(_LOOKS_SO for one in (price, amount) if one is not None and _has_cents(one))
    weight += _EXPLAINED if per > 1 else 0.0
    for role, token in roles.items():
        said = above[id(token)]
        weight += _HEADED if role in said else -_HEADED if said else 0.0
    if "price_basis" in roles and "price_basis" not in above[id(roles["price_basis"])] and per == 1:
        weight -= 2 * _HEADED  # any lone 1 would do
    return Way(roles, weight, product, ours)


def _has_cents(token: Token) -> bool:
    return len(token.text) > 3 and token.text[-3] in ".,"


def _overlap(one: Token, other: Token) -> bool:
    return one is other or (
        one.offset == other.offset
        and one.words[0].at.top == other.words[0].at.top
        and one.at.left < other.at.right - 0.01
        and other.at.left < one.at.right - 0.01
    )
