"""Where the fields of a form came from, and what becomes of that when somebody changes the form (INT-24).

What was read from a paper keeps its place there: a changed value is a correction of it, and says who made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.entry.forms import Origins, fields_of

#: lines are followed to their new places up to so many pairs of them; beyond, each is taken to stay where it was
_MOST_PAIRS: Final = 250_000

Origin = Mapping[str, Any]


def origins_after(
    before: Mapping[str, Any], kept: Mapping[str, Origin], after: Mapping[str, Any], origin: dict[str, Any]
) -> Origins:
    """Return the origins of the fields of *after*, by their path.

    What did not change since *before* keeps its own of *kept*, also where its line moved up or down. What was read and
    got another value is corrected by the writer of *origin*; anything else has *origin*.
    """
    old, moved = fields_of(before), _moved(before.get("lines", ()), after.get("lines", ()))
    found: Origins = {}
    for path, value in fields_of(after).items():
        came = _path_before(path, moved)
        known = kept.get(came)
        if known is not None and old.get(came) == value:
            found[path] = dict(known)
        elif known is not None and known["origin"] == "read" and origin["origin"] == "entered":
            found[path] = corrected(known, old.get(came, ""), value, origin)
        else:
            found[path] = origin
    return found


def confirmed(origin: Origin, who: Origin) -> dict[str, Any]:
    """Return the origin of a field that was read, confirmed as it stands by the writer of the origin *who*."""
    return {**_undecided(origin), "confirmed_by": who["by"], "confirmed_at": who["at"], **_partner(who)}


def corrected(origin: Origin, stood: str, value: str, who: Origin) -> dict[str, Any]:
    """Return the origin of a field that was read and got *value* where *stood* was; back to what was read confirms."""
    was = origin.get("was", stood)
    if value == was:
        return {name: said for name, said in confirmed(origin, who).items() if name != "was"}
    return {**_undecided(origin), "corrected_by": who["by"], "corrected_at": who["at"], "was": was, **_partner(who)}


def is_decided(origin: Origin) -> bool:
    """Tell whether a person of the house looked at this very field: entered, confirmed or corrected it."""
    decided = origin["origin"] == "entered" or "confirmed_by" in origin or "corrected_by" in origin
    return decided and "partner" not in origin


def _undecided(origin: Origin) -> dict[str, Any]:
    """Return an origin without an earlier decision: the last one counts."""
    gone = ("confirmed_", "corrected_", "partner")
    return {name: value for name, value in origin.items() if not name.startswith(gone)}


def _partner(who: Origin) -> dict[str, Any]:
    return {"partner": who["partner"]} if "partner" in who else {}


def _path_before(path: str, moved: Mapping[int, int]) -> str:
    """Return where a field stood before its line moved, "" where the line is new."""
    if not path.startswith("lines."):
        return path
    _, number, name = path.split(".", 2)
    before = moved.get(int(number) - 1)
    return "" if before is None else f"lines.{before + 1}.{name}"


def _moved(before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]) -> dict[int, int]:
    """Return which line of *before* each of *after* is: in their order, so that they share the most values."""
    if len(before) * len(after) > _MOST_PAIRS:
        return {number: number for number in range(min(len(before), len(after)))}
    alike = [[_alike(one, other) for other in after] for one in before]
    best = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return {j: i for i, j in _with_rewritten(pairs, len(before), len(after))}


def _with_rewritten(pairs: Sequence[tuple[int, int]], before: int, after: int) -> list[tuple[int, int]]:
    """Return *pairs*, and those between them: as many lines as there were, written anew."""
    found: list[tuple[int, int]] = []
    last = (-1, -1)
    for pair in [*pairs, (before, after)]:
        if pair[0] - last[0] == pair[1] - last[1]:
            found += [(last[0] + step, last[1] + step) for step in range(1, pair[0] - last[0])]
        found.append(pair)
        last = pair
    return found[:-1]


def _alike(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    return sum(1 for name, value in one.items() if value and other.get(name) == value)
