"""A document that makes the system itself fail is parked with an alarm; it harms no other and is taken up again."""

from __future__ import annotations

import pytest

from core.intake import handlers


@pytest.fixture
def poisoned(monkeypatch):
    """Return a function: from now on planning fails for one order number, as a bug of ours would."""
    plan_order = handlers.plan_order

    def poison(order_number):
        def fails(snapshot, order, **how):
            if order.buyer_reference == order_number:
                raise ZeroDivisionError("a bug")
            return plan_order(snapshot, order, **how)

        monkeypatch.setattr(handlers, "plan_order", fails)

    return poison


def test_a_poison_document_is_parked_and_its_neighbours_are_not(house, poisoned, monkeypatch):
    orders = [house.order(reference=str(number)) for number in (1, 2, 3)]
    file = house.file(*orders)
    before = house.serials()
    poisoned(orders[1].order_number)
    taken = house.ingest(file)
    assert taken.exit_code == 1
    assert taken.outcomes == ["accepted", "parked", "accepted"]
    assert taken.reasons == [None, "system.failed", None]
    assert taken.contrl[:5] == (file.control_reference, "7", "", "", ())
    assert [answer[0] for answer in taken.answers] == [orders[0].order_number, orders[2].order_number]
    assert house.serials() == before + 2
    assert [kind for kind, _ in house.alerts()] == ["system.failed"]
    monkeypatch.undo()  # the bug was mended
    written = set(house.outbox())
    document = house.gateway.operations.replay(taken.documents[1]["id"], actor="user:test")
    assert document["outcome"] == "accepted"
    assert house.answered_since(written) == [(orders[1].order_number, document["orders"][0], "29")]
    assert house.serials() == before + 3
    assert house.alerts() == set()


def test_a_poison_document_alone_loses_nothing(house, poisoned):
    order = house.order()
    file = house.file(order)
    poisoned(order.order_number)
    taken = house.ingest(file)
    assert (taken.outcomes, taken.reasons) == (["parked"], ["system.failed"])
    assert house.gateway.operations.raw(taken.documents[0]["id"]) == file.encode()
    # The partner sends it again: it is kept once, and waits for the replay.
    assert house.ingest(file).outcomes == ["duplicate"]
