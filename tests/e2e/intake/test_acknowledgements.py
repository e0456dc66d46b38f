"""CONTRL both ways: theirs on ours is matched and never answered; ours is sent as each agreement says."""

from __future__ import annotations

import pytest

from core.testing.edifact import ContrlMessage, Faults

ZERO = Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))
QUIET, ASKS = "5790000000104", "5790000000203"


def response(house) -> tuple[str, str]:
    """Have an order answered; return its number and the control reference of the ORDRSP."""
    taken = house.ingest(house.file())
    (reply,) = [reply for reply in taken.replies if reply.type == "ORDRSP"]
    return taken.orders[0]["number"], reply.read().control_reference


@pytest.mark.parametrize(
    ("action", "messages", "event"),
    [
        ("7", (), "message.acknowledged"),
        ("8", (), "message.acknowledged"),
        ("4", (), "message.refused"),
        ("7", (("1", "ORDRSP", "4", "12"),), "message.refused"),
    ],
)
def test_a_contrl_on_ours_changes_what_we_know_and_is_not_answered(house, action, messages, event):
    number, reference = response(house)
    taken = house.judge(house.file(ContrlMessage(reference, action=action, messages=messages)))
    assert taken.exit_code == 0
    assert (taken.outcomes, taken.reasons) == (["changed"], [None])
    assert taken.replies == []
    documents = house.order_of(number)["documents"]
    assert ("CONTRL", "in") in [(one["type"], one["direction"]) for one in documents]
    assert event in house.events_of(number)


def test_a_contrl_that_matches_nothing_of_ours_is_parked_and_not_answered(house):
    taken = house.judge(house.file(ContrlMessage("999999")))
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["parked"], ["acknowledgement.unmatched"])
    assert taken.replies == []
    assert ("acknowledgement.unmatched", "ACME/999999") in house.alerts()


def test_a_contrl_on_what_another_partner_was_sent_is_parked(house):
    _, reference = response(house)
    file = house.file(ContrlMessage(reference, recipient=QUIET), sender=QUIET)
    assert house.judge(file).reasons == ["acknowledgement.unmatched"]


def test_a_broken_contrl_is_rejected_and_not_answered(house):
    content = house.file(ContrlMessage("000001", action="9")).encode()
    taken = house.judge(content)
    assert (taken.exit_code, taken.outcomes) == (1, ["rejected"])
    assert taken.replies == []


def test_a_contrl_among_orders_is_not_spoken_of_in_ours(house):
    _, reference = response(house)
    file = house.file(ContrlMessage(reference), house.order(reference="2"))
    taken = house.judge(file)
    assert taken.exit_code == 0
    assert taken.outcomes == ["changed", "accepted"]
    assert taken.contrl[:5] == (file.control_reference, "7", "", "", ())


def test_on_error_hears_of_faults_only(house):
    clean = house.order(buyer=QUIET, ship_to=QUIET)
    taken = house.judge(house.file(clean, sender=QUIET))
    assert (taken.outcomes, taken.replies) == (["accepted"], [])
    bad = house.order(buyer=QUIET, ship_to=QUIET, faults=ZERO)
    rejected = house.judge(house.file(bad, sender=QUIET))
    assert rejected.contrl.messages[0][:2] == ("1", "4")
    cut = house.judge(house.file(clean, sender=QUIET, closed=False))
    assert cut.contrl[1:4] == ("4", "13", "UNZ")


@pytest.mark.parametrize(("asked", "contrls"), [("", 0), ("1", 1)])
def test_on_request_hears_when_unb_asks(house, asked, contrls):
    order = house.order(buyer=ASKS, ship_to=ASKS)
    taken = house.judge(house.file(order, sender=ASKS, acknowledgement_request=asked))
    assert taken.outcomes == ["accepted"]
    assert len(taken.contrls()) == contrls
    assert len(taken.answers) == 1
