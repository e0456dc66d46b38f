"""Fault table, rows on repeats: the same bytes, a reference used again, an order number used again."""

from __future__ import annotations

from core.testing.edifact import Faults, OrdersLine

CUP = "4012345100013"
ZERO = Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))


def test_the_same_bytes_again_send_the_stored_replies_again_and_nothing_else(house):
    content = house.file().encode()
    first = house.ingest(content)
    assert first.outcomes == ["accepted"]
    before, stock = house.serials(), house.stock("CUP")
    written = {path: path.read_bytes() for path in house.outbox()}
    for reply in first.replies:
        next(path for path in written if path.name == reply.name).unlink()
    again = house.judge(content)
    assert again.exit_code == 0
    assert (again.outcomes, again.reasons) == (["duplicate"], ["source.repeated"])
    assert {path: path.read_bytes() for path in house.outbox()} == written
    assert again.orders == []
    assert house.serials() == before
    assert house.stock("CUP") == stock
    # A partner that fetched nothing in between finds the same files, not more of them.
    assert house.judge(content).replies == []
    assert {path: path.read_bytes() for path in house.outbox()} == written


def test_an_answer_that_was_decided_later_is_sent_again_too(house):
    content = house.file(house.order(faults=Faults(lines="9"))).encode()
    taken = house.ingest(content)
    house.gateway.operations.release(taken.orders[0]["number"], actor="user:test")
    written = {path: path.read_bytes() for path in house.outbox()}
    house.fetch()
    assert house.judge(content).outcomes == ["duplicate"]
    again = {path: path.read_bytes() for path in house.outbox()}
    assert sorted(path.name.split("_")[0] for path in again) == ["CONTRL", "ORDRSP"]
    assert again.items() <= written.items()


def test_the_same_bytes_under_another_file_name_are_the_same(house):
    content = house.file().encode()
    house.ingest(content, name="monday.edi")
    taken = house.ingest(content, name="tuesday.edi")
    assert taken.outcomes == ["duplicate"]


def test_a_rejected_source_does_not_make_the_next_one_a_duplicate(house):
    content = house.file(house.order(faults=ZERO)).encode()
    for _ in range(2):
        taken = house.judge(content)
        assert taken.exit_code == 1
        assert (taken.outcomes, taken.reasons) == (["rejected"], ["quantity.not_positive"])
        assert taken.contrl.action == "7"


def test_a_reference_used_again_with_other_bytes_is_answered_by_26_and_told(house):
    first = house.file(control_reference="REUSED")
    house.ingest(first)
    before = house.serials()
    second = house.file(control_reference="REUSED")
    taken = house.judge(second)
    assert taken.exit_code == 0
    assert (taken.outcomes, taken.reasons) == (["duplicate"], ["interchange.reference_reused"])
    assert taken.contrl[:5] == ("REUSED", "4", "26", "UNB", ())
    assert taken.answers == []
    assert house.serials() == before
    assert ("interchange.reference_reused", "5790000000005/REUSED") in house.alerts()


def test_a_reference_is_another_with_the_test_flag_or_from_another_sender(house):
    house.ingest(house.file(control_reference="SHARED"))
    trial = house.judge(house.file(control_reference="SHARED", test=True))
    assert trial.outcomes == ["accepted"]
    quiet = house.file(
        house.order(buyer="5790000000104", ship_to="5790000000104"), control_reference="SHARED", sender="5790000000104"
    )
    assert house.judge(quiet).outcomes == ["accepted"]


def test_a_reference_of_a_rejected_interchange_may_be_used_again(house):
    house.ingest(house.file(closed=False, control_reference="CUTOFF"))
    assert house.judge(house.file(control_reference="CUTOFF")).outcomes == ["accepted"]


def test_the_same_order_in_a_new_envelope_is_a_duplicate(house):
    order = house.order()
    first = house.ingest(house.file(order))
    before, stock = house.serials(), house.stock("CUP")
    file = house.file(order)
    taken = house.judge(file)
    assert taken.exit_code == 0
    assert (taken.outcomes, taken.reasons) == (["duplicate"], ["order.repeated"])
    assert taken.contrl[:5] == (file.control_reference, "7", "", "", ())
    assert taken.answers == []
    assert taken.documents[0]["orders"] == [first.orders[0]["number"]]
    assert house.serials() == before
    assert house.stock("CUP") == stock


def test_an_order_number_with_other_content_is_parked(house):
    order = house.order()
    first = house.ingest(house.file(order))
    before = house.serials()
    file = house.file(house.order(OrdersLine(CUP, "11", "12.50"), order_number=order.order_number))
    taken = house.judge(file)
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["parked"], ["order.number_reused"])
    assert taken.contrl[:5] == (file.control_reference, "7", "", "", ())
    assert taken.answers == []
    assert taken.documents[0]["orders"] == [first.orders[0]["number"]]
    assert house.serials() == before
    assert ("order.number_reused", f"ACME/{order.order_number}") in house.alerts()
    assert house.order_of(first.orders[0]["number"])["lines"][0]["quantity"] == "10"


def test_one_order_number_twice_in_a_file_with_the_same_content(house):
    order = house.order()
    twin = house.order(order_number=order.order_number, document_date=order.document_date, reference="2")
    taken = house.judge(house.file(order, twin))
    assert taken.exit_code == 0
    assert (taken.outcomes, taken.reasons) == (["accepted", "duplicate"], [None, "order.repeated"])
    assert len(taken.answers) == 1
    assert taken.documents[1]["orders"] == [taken.orders[0]["number"]]


def test_one_order_number_twice_in_a_file_with_other_content(house):
    order = house.order()
    other = house.order(OrdersLine(CUP, "11", "12.50"), order_number=order.order_number, reference="2")
    taken = house.judge(house.file(order, other))
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["accepted", "parked"], [None, "order.number_reused"])
    assert len(taken.answers) == 1
    assert ("order.number_reused", f"ACME/{order.order_number}") in house.alerts()


def test_one_order_number_in_two_interchanges_of_a_file(house):
    order = house.order()
    taken = house.judge(house.file(order).encode() + house.file(order).encode())
    assert taken.outcomes == ["accepted", "duplicate"]
    assert len(taken.contrls()) == 2
    assert len(taken.answers) == 1


def test_one_interchange_twice_in_a_file_is_taken_once(house):
    content = house.file().encode()
    taken = house.judge(content + content)
    assert taken.exit_code == 0
    assert (taken.outcomes, taken.reasons) == (["accepted", "duplicate"], [None, "source.repeated"])
    assert len(taken.contrls()) == 1
    assert len(taken.answers) == 1


def test_one_reference_for_two_interchanges_of_a_file_is_answered_by_26(house):
    first, second = house.file(control_reference="ONEFILE"), house.file(control_reference="ONEFILE")
    taken = house.judge(first.encode() + second.encode())
    assert taken.exit_code == 0
    assert taken.outcomes == ["accepted", "duplicate"]
    assert taken.reasons == [None, "interchange.reference_reused"]
    assert sorted(taken.contrls()) == [("ONEFILE", "4", "26", "UNB", (), 6), ("ONEFILE", "7", "", "", (), None)]
    assert len(taken.answers) == 1
    assert ("interchange.reference_reused", "5790000000005/ONEFILE") in house.alerts()


def test_a_file_that_holds_a_taken_interchange_and_a_new_one(house):
    taken_before, fresh = house.file(), house.file()
    house.ingest(taken_before)
    taken = house.judge(taken_before.encode() + fresh.encode())
    assert taken.exit_code == 0
    assert taken.outcomes == ["duplicate", "accepted"]
    assert [one.answered for one in taken.contrls()] == [fresh.control_reference]


def test_a_parked_source_makes_the_same_bytes_a_duplicate(house):
    content = house.file(sender="5799999999999").encode()
    assert house.ingest(content).outcomes == ["parked"]
    again = house.judge(content)
    assert (again.exit_code, again.outcomes, again.replies) == (0, ["duplicate"], [])
