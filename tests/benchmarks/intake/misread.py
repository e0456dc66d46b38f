"""Counts what acceptance takes of orders that were misread at random, by a reader that rarely notices (issue 6).

``python tests/benchmarks/intake/misread.py --orders 10000 --rate 0.02``, with the path of ``make bench-intake``.
Order numbers and days are left out of what may be wrong: nothing but the reader's confidence speaks for their digits.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from random import Random

from misread_orders import document, order, world
from report import report

from core.paper.acceptance import judge
from core.paper.evidence import Judgement

_CHECKED = ("sku", "quantity", "price")


def wrong_in(verdict: Judgement, said: Mapping[str, str]) -> list[str]:
    """Return the fields that were accepted and are not what the order says, with what was taken for what."""
    wrong = []
    for path, one in verdict.accepted.items():
        name = path.rsplit(".", 1)[-1]
        if path.startswith("lines.") and name in _CHECKED and not _same(one.value, said[path]):
            wrong.append(f"{path}: {one.value} for {said[path]} by {', '.join(one.evidence)}")
        if path == "ship_to.street" and one.value not in said["ship_to.address"]:
            wrong.append(f"{path}: {one.value} for {said['ship_to.address']}")
    return wrong


def _same(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one == other


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=10000)
    parser.add_argument("--rate", type=float, default=0.02, help="of its signs, so many are misread")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    random = Random(chosen.seed)
    counts: Counter[str] = Counter()
    faults: list[str] = []
    known = world(random)
    for _ in range(chosen.orders):
        said = order(random, known)
        verdict = judge(document(said, random, chosen.rate), known)
        wrong = wrong_in(verdict, said)
        faults += wrong
        counts["accepted"] += sum(path.rsplit(".", 1)[-1] in (*_CHECKED, "street") for path in verdict.accepted)
        counts["wrong"] += len(wrong)
        counts["straight"] += verdict.certain
        counts["straight, wrong"] += verdict.certain and bool(wrong)
    rows = {
        "orders": str(chosen.orders),
        "fields accepted": str(counts["accepted"]),
        "of these wrong": str(counts["wrong"]),
        "straight through": str(counts["straight"]),
        "of these with a wrong field": str(counts["straight, wrong"]),
    }
    report("intake-misread", rows, rate=chosen.rate, seed=chosen.seed, faults=faults[:50])


if __name__ == "__main__":
    main()
