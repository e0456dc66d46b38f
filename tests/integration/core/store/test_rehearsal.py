"""What is only rehearsed leaves nothing behind, on both engines."""

from __future__ import annotations

import pytest

from core.store import master
from core.store.engine import Store, Tx
from core.store.rehearsal import rehearsed
from core.testing.trade import Trade, an_order, place


def test_it_gives_its_outcome_and_leaves_nothing(each_store: Store) -> None:
    """An order is placed and seen inside; outside, neither it nor its serial was ever there."""
    each_store.write(Trade().load)
    ran: list[str] = []

    def work(tx: Tx) -> str:
        def inner(own: Tx) -> str:
            own.after_commit(lambda: ran.append("after"))
            return place(own, [an_order("PO-1")])[0].number

        number = rehearsed(tx, inner)
        assert rehearsed(tx, inner) == number, "the serial was free again"
        return number

    number = each_store.write(work)
    assert ran == []
    assert each_store.write(lambda tx: place(tx, [an_order("PO-2")]))[0].number == number


def test_what_it_raises_comes_through_and_the_rest_of_the_transaction_stays(each_store: Store) -> None:
    def fails(tx: Tx) -> None:
        master.next_version(tx)
        raise ValueError("no")

    def work(tx: Tx) -> None:
        master.next_version(tx)
        with pytest.raises(ValueError, match="no"):
            rehearsed(tx, fails)

    each_store.write(work)
    assert each_store.read(master.master_version) == 1
