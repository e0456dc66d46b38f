"""Draws orders that nobody looked at, to be read once more: so the error is measured for ever (issue 6, part 6).

What is drawn follows from the paper and a key of the house alone. Who sends a paper cannot tell whether it will be
drawn, and reading the same paper again draws the same. The order is not held up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from core.store import paper_samples as rows
from core.store.engine import Tx
from core.store.rulebooks import rules_in_force
from core.tasks.desk import TaskDraft, open_task

#: the kind of task by which a person reads a paper blindly; its subject is the sample
SAMPLE: Final = "paper.sample"

#: by the share of its class, which alone gives an unbiased rate; or one of the first of its customer and class
Drawn = Literal["share", "first"]

_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Sampler:
    """Decides by a secret *key*."""

    key: bytes

    def draws(self, sha256: str, place: str, percent: Decimal) -> bool:
        """Tell whether the part *place* with these bytes is among *percent* of all."""
        return bool(self._number(f"share {sha256} {place}") * 100 < percent * 2**_BITS)

    def first_of(self, partner: str, paper_class: str, first: int) -> int:
        """Return which one, from 1, is drawn of the *first* so many of a customer and class."""
        return self._number(f"first {partner} {paper_class}") % first + 1

    def _number(self, subject: str) -> int:
        return int.from_bytes(hmac.digest(self.key, subject.encode(), "sha256")[: _BITS // 8])


def draw(tx: Tx, sampler: Sampler, part: dict[str, Any], *, at: datetime, actor: str) -> int | None:
    """Draw the kept *part*, which became an order by itself, or leave it; return the id of the sample."""
    rules = rules_in_force(tx)
    book = rules.book.papers
    drawn: Drawn = "share"
    percent = book.percent_of(part["class"])
    if not sampler.draws(part["sha256"], part["place"], percent):
        if not book.first_orders or rows.is_sampled(tx, part["partner"], part["class"]):
            return None
        wanted = sampler.first_of(part["partner"], part["class"], book.first_orders)
        if rows.straight_through(tx, part["partner"], part["class"], limit=wanted) < wanted:
            return None
        drawn = "first"
    due_at = at + timedelta(days=book.sample_days)
    sample_id = rows.add(
        tx,
        {
            **{name: part[name] for name in ("source_id", "ordinal", "order_id", "partner", "class")},
            "drawn": drawn, "share": float(percent / 100), "rule_version": rules.version, "drawn_at": at,
            "due_at": due_at,
        },
    )  # fmt: skip
    # Neither order nor customer: whoever types what stands there must not have seen what was read.
    words = f"type what stands on a paper of the class {part['class']}, to measure how well papers are read"
    inputs = {"sample": str(sample_id), "class": part["class"]}
    task = TaskDraft(SAMPLE, str(sample_id), book.sample_role, words, inputs=inputs, due_at=due_at)
    open_task(tx, task, at=at, actor=actor)
    return sample_id
