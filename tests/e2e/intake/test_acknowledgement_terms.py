"""What an agreement says of envelopes: a file in, the bytes of CONTRL out (issue 3, part 7)."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Conflict
from core.fulfilment.manual import ship_order
from core.testing.edifact import ContrlMessage, Faults, Group, InterchangeFile, OrdersMessage

MASTER = Path(__file__).parent / "master.toml"
CUP = "CUP"
ZERO = Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))
_SERIAL = itertools.count(1)


def gln(serial: int) -> str:
    """Return a GLN of a company that does not exist, with its check digit."""
    digits = f"5791{serial:08d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


class Agreed:
    """A partner like ACME under terms of its own."""

    def __init__(self, house: Any, terms: dict[str, Any]) -> None:
        self.house = house
        serial = next(_SERIAL)
        self.code, self.gln = f"TERMS{serial}", gln(serial)
        (acme,) = [one for one in tomllib.loads(MASTER.read_text("utf-8"))["partners"] if one["code"] == "ACME"]
        edi = {"id": self.gln, "qualifier": "14", "our_id": "4012345000009", **terms}
        house.load({"partners": [{**acme, "code": self.code, "gln": self.gln, "edi": [edi]}]})

    def order(self, **how: Any) -> OrdersMessage:
        return self.house.order(buyer=self.gln, **how)

    def file(self, *messages: Any, **how: Any) -> InterchangeFile:
        return self.house.file(*(messages or (self.order(),)), sender=self.gln, **how)


@pytest.fixture
def agreed(house) -> Callable[..., Agreed]:
    """Return a function: one more partner under the given terms."""
    return lambda **terms: Agreed(house, terms)


def test_the_technical_receipt_is_sent_apart_from_the_functional_acknowledgement(house, agreed):
    both = agreed(receipt="always")
    taken = house.ingest(both.file())
    assert [one[1:4] for one in taken.contrls()] == [("8", "", ""), ("7", "", "")]
    receipt_only = agreed(receipt="always", acknowledge="never")
    assert [one.action for one in house.ingest(receipt_only.file(receipt_only.order(faults=ZERO))).contrls()] == ["8"]


@pytest.mark.parametrize(("asked", "actions"), [("", []), ("1", ["7"]), ("2", ["8"])])
def test_unb_0031_asks_for_the_one_or_the_other(house, agreed, asked, actions):
    partner = agreed(acknowledge="on_request")
    file = partner.file(acknowledgement_request=asked)
    verdict, _ = house.check(file)
    assert [reply["type"] for reply in verdict["interchanges"][0]["replies"]] == ["CONTRL"] * len(actions)
    taken = house.ingest(file)
    assert [one.action for one in taken.contrls()] == actions


def test_who_asks_for_a_receipt_only_still_hears_of_what_is_rejected(house, agreed):
    partner = agreed(acknowledge="on_request")
    taken = house.ingest(partner.file(partner.order(faults=ZERO), acknowledgement_request="2"))
    assert [one.action for one in taken.contrls()] == ["8", "7"]
    assert taken.contrls()[1].messages[0].action == "4"


def test_the_receipt_goes_again_with_the_other_replies_when_the_bytes_come_again(house, agreed):
    content = agreed(receipt="always").file().encode()
    first = house.ingest(content)
    house.fetch()
    again = house.ingest(content)
    assert again.outcomes == ["duplicate"]
    assert sorted(reply.name for reply in again.replies) == sorted(reply.name for reply in first.replies)


def test_accepted_messages_are_named_where_that_is_agreed_on(house, agreed):
    partner = agreed(tell_accepted=True)
    taken = house.judge(partner.file(partner.order(), partner.order(reference="2", faults=ZERO)))
    assert [(one.reference, one.action) for one in taken.contrl.messages] == [("1", "7"), ("2", "4")]


@pytest.mark.parametrize("version", ["3", "4"])
def test_a_contrl_is_of_the_syntax_version_it_answers(house, agreed, version):
    partner = agreed()
    charset = "UNOY" if version == "4" else "UNOC"
    order = partner.order(faults=Faults(instead=(("QTY+21", "QTY+21:1,5:PCE"),)))
    taken = house.judge(partner.file(order, charset=charset, syntax_version=version))
    (reply,) = [reply for reply in taken.replies if reply.type == "CONTRL"]
    assert (b"+CONTRL:4:1:UN'" if version == "4" else b"+CONTRL:D:3:UN'") in reply.content
    ((_, _, ((code, element, component),)),) = taken.contrl.messages[0].segments
    assert (code, element, component) == ("12" if version == "4" else "19", 2, 2)


def test_a_test_is_answered_as_one(house, agreed):
    partner = agreed(receipt="always")
    taken = house.ingest(partner.file(test=True))
    assert taken.orders[0]["number"].startswith("TEST-")
    assert [reply.type for reply in taken.replies] == ["CONTRL", "CONTRL", "ORDRSP"]
    assert all(reply.is_test for reply in taken.replies)


def test_what_comes_under_an_agreement_in_test_is_a_test_whatever_unb_says(house, agreed):
    partner = agreed(test=True, receipt="always")
    before, stock = house.serials(), house.stock(CUP)
    taken = house.judge(partner.file())
    assert taken.orders[0]["number"].startswith("TEST-")
    assert [reply.type for reply in taken.replies] == ["CONTRL", "CONTRL", "ORDRSP"]
    assert all(reply.is_test for reply in taken.replies)
    assert house.serials() == before
    assert house.stock(CUP) == stock


@pytest.mark.parametrize("told", ["by UNB", "by the agreement"])
def test_every_later_answer_to_a_test_is_one_too(house, agreed, told):
    """A test that was held is confirmed, another cancelled: each ORDRSP carries the test indicator, nothing ships."""
    partner = agreed(test=told == "by the agreement", report="always")
    desk = house.gateway.operations
    for decide in (desk.release, desk.cancel):
        order = partner.order(faults=Faults(lines="9"))
        taken = house.judge(partner.file(order, test=told == "by UNB"))
        assert [reply.type for reply in taken.replies] == ["CONTRL", "APERAK"]
        number, written = taken.orders[0]["number"], set(house.outbox())
        decide(number, actor="user:test", reason="as agreed by phone")
        (path,) = [path for path in house.outbox() if path not in written]
        assert path.name.startswith("ORDRSP")
        told_unb = path.read_bytes().split(b"UNH")[0]
        assert told_unb.rstrip(b"'").endswith(b"+1")
        assert all(reply.is_test for reply in taken.replies)
        order_id = int(number.removeprefix("TEST-"))
        with pytest.raises(Conflict, match="test order"):
            house.gateway.store.write(
                lambda tx, order_id=order_id: ship_order(
                    tx, order_id, actor="user:test", now=house.now, tracking_number="1"
                )
            )


def test_a_refusal_under_an_agreement_in_test_is_a_test_too(house, agreed):
    partner = agreed(test=True)
    taken = house.judge(partner.file(closed=False))
    assert taken.contrl[1:4] == ("4", "13", "UNZ")
    assert all(reply.is_test for reply in taken.replies)


def test_a_partner_that_has_left_its_tests_behind_is_told_code_25(house, agreed):
    partner = agreed(tests="refuse")
    before = house.serials()
    file = partner.file(test=True)
    taken = house.judge(file)
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["interchange.test_refused"])
    assert taken.contrl == (file.control_reference, "4", "25", "UNB", (), 12)
    assert all(reply.is_test for reply in taken.replies)
    assert house.serials() == before
    assert house.judge(partner.file()).outcomes == ["accepted"]


def test_strangers_are_refused_by_23_and_7_where_that_is_agreed_on(house, agreed):
    partner = agreed(strangers="refuse")
    wrong = partner.file(recipient="4012345999999")
    taken = house.judge(wrong)
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["interchange.recipient_unknown"])
    assert taken.contrl == (wrong.control_reference, "4", "7", "UNB", (), 4)
    unknown = house.file(sender="5799999999990")
    taken = house.judge(unknown, partner=partner.code)
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["interchange.sender_unknown"])
    assert taken.contrl == (unknown.control_reference, "4", "23", "UNB", (), 3)


@pytest.mark.parametrize("version", ["3", "4"])
def test_what_only_an_agreement_refuses_has_the_same_codes_and_places_in_both_versions(house, agreed, version):
    """Codes 7, 17, 23, 25 and 26; the others are shown without a store (unit tests of CONTRL's codes)."""
    written = {"syntax_version": version, "charset": "UNOY" if version == "4" else "UNOC"}
    partner = agreed(
        strangers="refuse", tests="refuse", messages=["ORDERS"], unique=["interchange", "group", "message"]
    )

    def uci(file, **how):
        taken = house.ingest(file, **how)
        ((_, action, code, tag, messages, element),) = taken.contrls()
        identifier = b"+CONTRL:4:1:UN'" if version == "4" else b"+CONTRL:D:3:UN'"
        assert all(identifier in reply.content for reply in taken.replies if reply.type == "CONTRL")
        return (action, code, tag, element), [(one.code, one.tag, one.element) for one in messages]

    assert uci(partner.file(recipient="4012345999999", **written)) == (("4", "7", "UNB", 4), [])
    assert uci(house.file(sender="5799999999990", **written), partner=partner.code) == (("4", "23", "UNB", 3), [])
    assert uci(partner.file(test=True, **written)) == (("4", "25", "UNB", 12), [])
    assert uci(partner.file(partner.order(type="ORDCHG"), **written))[1] == [("17", "UNH", 3)]
    first = partner.file(partner.order(reference="M1"), **written)
    assert uci(first) == (("7", "", "", None), [])
    reused = partner.file(partner.order(), control_reference=first.control_reference, **written)
    assert uci(reused) == (("4", "26", "UNB", 6), [])
    assert uci(partner.file(partner.order(reference="M1"), **written))[1] == [("26", "UNH", 2)]


def test_messages_that_are_not_agreed_on_are_refused_by_17(house, agreed):
    partner = agreed(messages=["ORDCHG"])
    taken = house.judge(partner.file())
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["message.not_agreed"])
    (told,) = taken.contrl.messages
    assert (told.code, told.tag, told.element) == ("17", "UNH", 3)


@pytest.mark.parametrize("closed", [False, True])
def test_a_contrl_is_never_answered_however_broken_it_is(house, agreed, closed):
    partner = agreed(receipt="always", tell_accepted=True)
    broken = ContrlMessage("1", sender="4012345000009", recipient=partner.gln, action="9")
    taken = house.judge(partner.file(broken, closed=closed))
    assert (taken.outcomes, taken.replies) == (["rejected"], [])
    kinds = {kind for kind, _ in house.alerts()}
    assert ("acknowledgement.unreadable" if closed else "document.rejected") in kinds


def test_a_contrl_reference_used_again_is_not_answered_either(house, agreed):
    partner = agreed()
    for answered in ("900001", "900002"):
        answer = ContrlMessage(answered, sender="4012345000009", recipient=partner.gln)
        taken = house.ingest(partner.file(answer, control_reference="ONCE"))
    assert (taken.outcomes, taken.replies) == (["duplicate"], [])


def test_one_rejected_message_holds_up_its_interchange_until_it_is_replayed(house, agreed):
    partner = agreed(suspend="interchange")
    before = house.serials()
    file = partner.file(partner.order(), partner.order(reference="2", faults=ZERO), partner.order(reference="3"))
    taken = house.judge(file)
    assert taken.outcomes == ["parked", "rejected", "parked"]
    assert taken.reasons == ["interchange.suspended", "quantity.not_positive", "interchange.suspended"]
    assert [(one.reference, one.action) for one in taken.contrl.messages] == [("2", "4")]
    assert house.serials() == before
    alert = ("interchange.suspended", f"{partner.code}/{file.control_reference}")
    assert alert in house.alerts()
    house.gateway.operations.replay(taken.documents[2]["id"], actor="user:test")
    outcomes = [house.document(one["id"])["outcome"] for one in taken.documents]
    assert outcomes == ["accepted", "rejected", "accepted"]
    assert house.serials() == before + 2
    assert alert not in house.alerts()
    assert house.judge(partner.file(partner.order(), partner.order(reference="2"))).outcomes == ["accepted"] * 2


def test_a_group_is_answered_by_ucf(house, agreed):
    partner = agreed()
    groups = (Group([partner.order()], "G1"), Group([partner.order(reference="2", faults=ZERO)], "G2"))
    taken = house.judge(partner.file(*groups))
    assert taken.outcomes == ["accepted", "rejected"]
    (reply,) = [reply for reply in taken.replies if reply.type == "CONTRL"]
    assert b"'UCF+G2+SHOP+DESK+7'UCM+2+ORDERS:D:96A:UN:EAN008+4'UCS+" in reply.content
    assert b"UCF+G1" not in reply.content


def test_a_group_reference_used_again_is_refused_by_26(house, agreed):
    partner = agreed(unique=["interchange", "group"])
    assert house.judge(partner.file(Group([partner.order()], "G1"))).outcomes == ["accepted"]
    again = (Group([partner.order(reference="7")], "G1"), Group([partner.order(reference="8")], "G2"))
    taken = house.judge(partner.file(*again))
    assert taken.outcomes == ["duplicate", "accepted"]
    assert taken.reasons == ["group.reference_reused", None]
    (reply,) = [reply for reply in taken.replies if reply.type == "CONTRL"]
    assert b"UCF+G1+SHOP+DESK+4+26+UNG+6'UNT" in reply.content
    twice = (Group([partner.order()], "G3"), Group([partner.order(reference="2")], "G3"))
    assert house.judge(partner.file(*twice)).outcomes == ["accepted", "duplicate"]


def test_a_message_reference_used_again_is_refused_by_26(house, agreed):
    partner = agreed(unique=["interchange", "message"])
    assert house.judge(partner.file(partner.order(reference="M1"))).outcomes == ["accepted"]
    before = house.serials()
    taken = house.judge(partner.file(partner.order(reference="M1"), partner.order(reference="M2")))
    assert taken.outcomes == ["duplicate", "accepted"]
    assert taken.reasons == ["message.reference_reused", None]
    (told,) = taken.contrl.messages
    assert (told.action, told.code, told.tag, told.element) == ("4", "26", "UNH", 2)
    assert house.serials() == before + 1
    assert ("message.reference_reused", f"{partner.code}/M1") in house.alerts()
    twice = house.judge(partner.file(partner.order(reference="M3"), partner.order(reference="M3")))
    assert twice.outcomes == ["accepted", "duplicate"]


def test_the_reference_of_a_rejected_message_may_come_again(house, agreed):
    partner = agreed(unique=["message"])
    assert house.judge(partner.file(partner.order(reference="M1", faults=ZERO))).outcomes == ["rejected"]
    assert house.judge(partner.file(partner.order(reference="M1"))).outcomes == ["accepted"]


def test_a_message_sent_twice_in_one_interchange_is_told_by_26_without_any_terms(house, agreed):
    partner = agreed()
    order = partner.order()
    taken = house.judge(partner.file(order, order))
    assert (taken.outcomes, taken.reasons) == (["accepted", "duplicate"], [None, "message.repeated"])
    (told,) = taken.contrl.messages
    assert (told.action, told.code, told.tag, told.element) == ("4", "26", "UNH", 2)
    other = house.judge(partner.file(partner.order(), partner.order()))
    assert other.outcomes == ["accepted", "accepted"]  # the same reference on another order is only told


def test_a_reference_is_new_again_after_the_agreed_days(house, agreed):
    partner = agreed(duplicate_days=30)
    first = partner.file(control_reference="YEARLY")
    house.ingest(first)
    assert house.judge(partner.file(control_reference="YEARLY")).reasons == ["interchange.reference_reused"]
    clock = house.gateway.clock
    offset = clock.offset
    clock.shift(offset + timedelta(days=31))
    try:
        assert house.judge(partner.file(control_reference="YEARLY")).outcomes == ["accepted"]
        assert house.judge(first).reasons == ["source.repeated"]  # the same bytes never count twice
    finally:
        clock.shift(offset)
