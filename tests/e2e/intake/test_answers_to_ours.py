"""What partners say of ours, or do not: matched, placed in our bytes, late, sent again, issued anew (issue 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.edi.adapter import ADAPTER
from core.errors import Conflict, NotFound
from core.reporting import views
from core.testing.edifact import AperakMessage, ContrlMessage
from gateway.refusals import placed_views


@pytest.fixture
def response(house):
    """Return a function: orders of one file answered; their numbers, the ORDRSP, the documents that it carries."""

    def build(*orders):
        taken = house.ingest(house.file(*(orders or (house.order(),))))
        (reply,) = [one for one in taken.replies if one.type == "ORDRSP"]
        numbers = [order["number"] for order in taken.orders]
        return numbers, reply, [sent_document(house, number, reply) for number in numbers]

    return build


def sent_document(house, number, reply):
    reference = reply.read().control_reference
    own = [one for one in house.order_of(number)["documents"] if one["control_reference"] == reference]
    return own[0]["id"]


def shown(house, document_id):
    placed = placed_views(views, ADAPTER.decoder, ADAPTER.place)
    return house.gateway.store.read(lambda tx: placed.document(tx, document_id))


def later(house, **delta):
    """Move the clock and fire what became due, as a running gateway does."""
    clock = house.gateway.clock
    clock.shift(clock.offset + timedelta(**delta))
    while house.gateway.timers.run_due():
        pass


@pytest.fixture
def patient(house):
    """ACME, who acknowledges an ORDRSP within four hours; its terms and the clock are put back in the end."""
    offset = house.gateway.clock.offset
    house.agree(acknowledged_within={"ORDRSP": 4})
    yield house
    house.agree()
    house.gateway.clock.shift(offset)


def test_a_refusal_is_told_of_the_message_it_is_about_at_its_place_in_our_bytes(house, response):
    numbers, reply, documents = response(house.order(), house.order(reference="2"))
    content = reply.content
    # the second message: its LIN, whose item number (element 3) the partner does not know
    second = content.index(b"UNH+2+ORDRSP")
    lin = content.index(b"LIN+", second)
    position = content.count(b"'", second, lin) + 1
    answer = ContrlMessage(
        reply.read().control_reference,
        messages=(("2", "ORDRSP", "4", ""),),
        places=(f"UCS+{position}", "UCD+12+4:1"),
    )
    assert house.judge(house.file(answer)).outcomes == ["changed"]
    assert "message.acknowledged" in house.events_of(numbers[0])
    assert "message.refused" in house.events_of(numbers[1])
    first, refused = shown(house, documents[0]), shown(house, documents[1])
    assert (first["reason"], first["violations"]) == ("acknowledged", [])
    assert refused["reason"] == "refused: 12"
    (violation,) = refused["violations"]
    line = content[lin : content.index(b"'", lin)].decode()
    item = line.split("+")[3]
    assert (violation["code"], violation["segment"], violation["tag"]) == ("document.refused", position, "LIN")
    assert (violation["element"], violation["component"]) == (3, 1)
    assert violation["offset"] == lin + line.index(item)
    assert violation["value"] == item.split(":")[0]
    assert [one["type"] for one in refused["replies"]] == ["CONTRL"]


def test_a_refusal_of_the_whole_names_its_code(house, response):
    _, reply, (document,) = response()
    house.judge(house.file(ContrlMessage(reply.read().control_reference, action="4", code="29")))
    (violation,) = shown(house, document)["violations"]
    assert (violation["level"], violation["segment"], violation["message"]) == (
        "interchange",
        None,
        "The partner found an error here, code 29 (0085).",
    )


@pytest.mark.parametrize("qualifier", ["POR", "VN", "ON", "DM"])
def test_an_aperak_is_matched_by_the_number_of_the_document(house, response, qualifier):
    order = house.order()
    (number,), _, (document,) = response(order)
    named = order.order_number if qualifier == "ON" else number
    taken = house.judge(house.file(AperakMessage(named, qualifier)))
    assert (taken.outcomes, taken.reasons) == (["changed"], [None])
    assert shown(house, document)["reason"] == "acknowledged"
    assert "message.acknowledged" in house.events_of(number)


def test_an_aperak_that_rejects_is_told_in_its_words_and_no_contrl_mends_it(house, response):
    (number,), reply, (document,) = response()
    house.judge(house.file(AperakMessage(number, accepted=False, faults=(("42", "PRICE UNKNOWN"),))))
    assert shown(house, document)["reason"] == "refused: 42"
    (violation,) = shown(house, document)["violations"]
    assert (violation["code"], violation["severity"]) == ("document.reported", "error")
    assert "PRICE UNKNOWN" in violation["message"]
    house.judge(house.file(ContrlMessage(reply.read().control_reference)))
    assert shown(house, document)["reason"] == "refused: 42"


def test_an_aperak_on_nothing_of_ours_is_parked_and_calls_a_person(house):
    taken = house.judge(house.file(AperakMessage("2001-ED-000001")))
    assert (taken.exit_code, taken.outcomes, taken.reasons) == (1, ["parked"], ["acknowledgement.unmatched"])
    assert ("acknowledgement.unmatched", "ACME/POR 2001-ED-000001") in house.alerts()


def test_what_is_not_acknowledged_in_time_expires_and_a_late_answer_still_closes_it(patient, response):
    (number,), reply, (document,) = response()
    reference = reply.read().control_reference
    unb = reply.content[reply.content.index(b"UNB") :].split(b"'")[0].split(b"+")
    assert unb[9] == b"1"  # 0031 asks for it
    alert = ("acknowledgement.overdue", f"ACME/ORDRSP/{reference}")
    later(patient, hours=3)
    assert alert not in patient.alerts()
    later(patient, hours=2)
    assert alert in patient.alerts()
    assert shown(patient, document)["reason"] == "expired"
    assert "message.overdue" in patient.events_of(number)
    listed = patient.gateway.store.read(lambda tx: views.documents(tx, outcome="expired"))["items"]
    assert document in [one["id"] for one in listed]
    patient.judge(patient.file(ContrlMessage(reference)))
    assert alert not in patient.alerts()
    assert shown(patient, document)["reason"] == "acknowledged"
    life = patient.gateway.store.read(lambda tx: views.timeline(tx, number))["events"]
    (told,) = [one["summary"] for one in life if one["event"] == "message.acknowledged"]
    assert told.endswith("(late)")


def test_an_answer_in_time_is_never_overdue(patient, response):
    _, reply, (document,) = response()
    patient.judge(patient.file(ContrlMessage(reply.read().control_reference)))
    later(patient, days=2)
    assert "acknowledgement.overdue" not in {kind for kind, _ in patient.alerts()}
    assert shown(patient, document)["reason"] == "acknowledged"


def test_nothing_is_waited_for_without_an_agreement(house, response):
    _, reply, (document,) = response()
    unb = reply.content[reply.content.index(b"UNB") :].split(b"'")[0].split(b"+")
    assert len(unb) == 8
    offset = house.gateway.clock.offset
    later(house, days=30)
    house.gateway.clock.shift(offset)
    assert shown(house, document)["reason"] == "sent"


def test_a_resend_leaves_with_the_same_bytes_under_the_same_reference(house, response):
    (number,), reply, (document,) = response()
    house.fetch()
    again = house.gateway.operations.resend(document, actor="user:test", reason="lost at their side")
    assert again["id"] == document
    (path,) = house.outbox()
    assert (path.name, path.read_bytes()) == (reply.name, reply.content)
    life = house.gateway.store.read(lambda tx: views.timeline(tx, number))["events"]
    (told,) = [one for one in life if one["event"] == "message.resent"]
    assert (told["actor"], told["summary"].endswith("lost at their side")) == ("user:test", True)


def test_a_re_issue_has_new_references_and_takes_the_place_of_the_first(house, response):
    numbers, reply, documents = response(house.order(), house.order(reference="2"))
    house.fetch()
    again = house.gateway.operations.resend(documents[1], actor="user:test", reissue=True)
    assert again["id"] not in documents
    (path,) = house.outbox()
    assert path.name != reply.name
    reference = reply.read().control_reference.encode()
    fresh = again["control_reference"].encode()
    assert fresh != reference
    # the same two messages, another envelope
    assert path.read_bytes().count(b"UNH+") == 2
    assert b"UNZ+2+" + fresh in path.read_bytes()
    assert all("message.reissued" in house.events_of(number) for number in numbers)
    assert shown(house, documents[0])["reason"] == "reissued"
    with pytest.raises(Conflict):
        house.gateway.operations.resend(documents[0], actor="user:test")
    house.judge(house.file(ContrlMessage(fresh.decode())))
    assert shown(house, again["id"])["reason"] == "acknowledged"


def test_what_we_never_sent_cannot_be_sent_again(house):
    taken = house.ingest(house.file())
    with pytest.raises(NotFound):
        house.gateway.operations.resend(taken.documents[0]["id"], actor="user:test")


def test_a_resend_is_waited_for_anew(patient, response):
    _, reply, (document,) = response()
    later(patient, hours=5)
    assert shown(patient, document)["reason"] == "expired"
    patient.gateway.operations.resend(document, actor="user:test")
    alert = ("acknowledgement.overdue", f"ACME/ORDRSP/{reply.read().control_reference}")
    assert alert not in patient.alerts()
    assert shown(patient, document)["reason"] == "sent"
    later(patient, hours=5)
    assert alert in patient.alerts()
