"""Of what a reader misreads hardly anything is taken, and no whole order (issue 6, part 5).

``tests/benchmarks/intake/misread.py`` counts on 10,000 orders.
"""

from __future__ import annotations

from random import Random

from misread import wrong_in
from misread_orders import document, order, world

from core.paper.acceptance import judge

ORDERS = 250


def test_misread_orders_pass_with_nothing_wrong() -> None:
    random = Random(7)
    known = world(random)
    straight = wrong = accepted = 0
    for _ in range(ORDERS):
        said = order(random, known)
        verdict = judge(document(said, random, 0.02), known)
        faults = wrong_in(verdict, said)
        assert not (verdict.certain and faults), faults
        straight, wrong, accepted = straight + verdict.certain, wrong + len(faults), accepted + len(verdict.accepted)
    assert wrong <= accepted / 1000
    assert straight, "or nothing was tried"
