"""What stood on a paper, and what the order that it became says instead: what a paper can teach, and is tried on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from core.entry.forms import fields_of
from core.entry.origins import is_decided
from core.store.papers import Row


class Confirmed(NamedTuple):
    """A paper beside its order; all by the paths of its reading, so that lines count as they stand on the paper.

    ``said`` is what was read, as it stood there, ``meant`` what the order says; ``decided`` are the fields that a
    person of the house looked at by themselves.
    """

    source_id: int
    guessed: bool
    said: Mapping[str, str]
    meant: Mapping[str, str]
    decided: frozenset[str]

    @property
    def lines(self) -> range:
        """The lines that were read."""
        return range(
            1, 1 + max((int(path.split(".")[1]) for path in self.said if path.startswith("lines.")), default=0)
        )


def confirmed(part: Row, draft: Mapping[str, Any] | None) -> Confirmed:
    """Return a *part* that became an order beside it; *draft* is what it was first, None where it needed nobody."""
    judgement = part["judgement"] or {}
    fields = judgement.get("fields", {})
    said = judgement.get("said") or {path: text for path, one in fields.items() if (text := _likeliest(one))}
    if draft is None:
        meant = {path: one["value"] for path, one in fields.items() if one.get("value")}
        return Confirmed(part["source_id"], part["guessed"], said, meant, frozenset())
    origins = draft["origins"]
    lines = _lines_of(fields, origins)
    meant, decided = {}, set()
    for path, value in fields_of(draft["content"]).items():
        if (read := _as_read(path, lines)) is None:
            continue
        meant[read] = value
        if path in origins and is_decided(origins[path]):
            decided.add(read)
    return Confirmed(part["source_id"], part["guessed"], said, meant, frozenset(decided))


def _likeliest(field: Mapping[str, Any]) -> str:
    candidates = field.get("candidates", ())
    return str(candidates[0]["value"] if candidates else field.get("value", ""))


def _as_read(path: str, lines: Mapping[str, str]) -> str | None:
    """Return the path of a form as the reading has it; None where a line was not read at all."""
    if not path.startswith("lines."):
        return path
    _, number, name = path.split(".", 2)
    return f"lines.{lines[number]}.{name}" if number in lines else None


def _lines_of(fields: Mapping[str, Any], origins: Mapping[str, Any]) -> dict[str, str]:
    """Return which line that was read each line of the form is: the one that stands where its fields were read."""
    stands: dict[tuple[Any, ...], str] = {}
    for path, one in fields.items():
        if path.startswith("lines.") and "box" in one:
            stands.setdefault((one["page"], *one["box"]), path.split(".")[1])
    votes: dict[str, Counter[str]] = {}
    for path, origin in origins.items():
        if path.startswith("lines.") and "box" in origin:
            line = stands.get((origin["page"], *origin["box"]))
            if line is not None:
                votes.setdefault(path.split(".")[1], Counter())[line] += 1
    return {number: found.most_common(1)[0][0] for number, found in votes.items()}
