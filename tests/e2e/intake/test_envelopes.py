"""Fault table, first row: what is no interchange, or one without an end, is one rejected document; exit code 2."""

from __future__ import annotations

import random

import pytest

from core.testing.edifact import Faults, place_of


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "source.empty"),
        (b" \r\n\x00\x1a", "source.empty"),
        (b"Dear Sirs, please send ten cups.\n", "source.not_edifact"),
        (b"%PDF-1.7 ...", "source.not_edifact"),
        (random.Random(7).randbytes(20_000), "source.not_edifact"),
        (b"UNA:+.? '", "source.not_edifact"),
    ],
    ids=["empty", "blanks", "letter", "pdf", "binary junk", "UNA alone"],
)
def test_what_is_not_edifact_is_rejected_without_an_answer(house, content, reason):
    before = house.serials()
    verdict, exit_code = house.check(content)
    taken = house.ingest(content, name=f"{reason}-{len(content)}")
    assert (exit_code, taken.exit_code) == (2, 2)
    assert (taken.outcomes, taken.reasons) == (["rejected"], [reason])
    assert taken.replies == []
    assert house.serials() == before
    assert ("document.rejected", f"{reason}-{len(content)}") in house.alerts()
    (found,) = verdict["interchanges"][0]["violations"]
    assert (found["code"], found["level"], found["offset"]) == (reason, "interchange", 0)
    # Nothing disappears: the bytes are kept as they came.
    assert house.gateway.operations.raw(taken.documents[0]["id"]) == content


def test_messages_without_unb_are_one_rejected_document(house):
    content = house.file(house.order(), house.order(reference="2")).encode()
    bare = content[content.index(b"UNH") : content.index(b"UNZ")]
    taken = house.judge(bare)
    assert taken.exit_code == 2
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["envelope.unb_missing"])
    assert taken.replies == []


def test_a_truncated_interchange_is_answered_by_uci_4_13_unz(house):
    file = house.file(house.order(), house.order(reference="2"), closed=False)
    content = file.encode()
    content = content[: content.rindex(b"QTY+21") + 8]  # as a broken connection leaves it
    before = house.serials()
    taken = house.judge(content)
    assert taken.exit_code == 2
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["envelope.unz_missing"])
    assert taken.contrl[:5] == (file.control_reference, "4", "13", "UNZ", ())
    assert taken.answers == []
    assert house.serials() == before
    # It says in which segment, and at which byte, the file breaks off.
    violations = {one["code"]: one for one in house.document(taken.documents[0]["id"])["violations"]}
    assert (violations["envelope.unz_missing"]["tag"], violations["envelope.unz_missing"]["offset"]) == (
        "UNZ",
        len(content),
    )
    broken = violations["envelope.unt_missing"]
    assert (broken["segment"], broken["offset"], broken["value"]) == (*place_of(content, "QTY+21", 2), "QTY+21:1")


def test_the_whole_of_a_truncated_file_may_come_later_under_the_same_reference(house):
    order = house.order()
    whole = house.file(order).encode()
    cut = house.ingest(whole[: whole.index(b"UNS")])
    assert cut.outcomes == ["rejected"]
    taken = house.judge(whole)
    assert taken.outcomes == ["accepted"]
    assert taken.exit_code == 0
    assert [answer[0] for answer in taken.answers] == [order.order_number]


def test_an_unreadable_unb_is_rejected_without_an_answer(house):
    content = house.file().encode().replace(b"UNB+UNOC:3+5790000000005:14", b"UNB+UNOC:3+")
    taken = house.judge(content)
    assert taken.exit_code == 2
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["envelope.unb_incomplete"])
    assert taken.replies == []


@pytest.mark.parametrize(
    ("unb", "code", "reason"),
    [
        ({"charset": "UNOX"}, "2", "charset.unsupported"),
        ({"syntax_version": "9"}, "2", "envelope.syntax_version"),
        ({"una": "UNA++.? '"}, "22", "envelope.una_invalid"),
    ],
)
def test_a_dialect_that_is_not_read_is_answered_by_uci_4(house, unb, code, reason):
    file = house.file(**unb)
    taken = house.judge(file)
    assert taken.exit_code == 2
    assert (taken.outcomes, taken.reasons) == (["rejected"], [reason])
    tag = "UNA" if "una" in unb else "UNB"
    assert taken.contrl[:5] == (file.control_reference, "4", code, tag, ())


def test_an_interchange_without_a_message_is_answered_by_uci_4(house):
    file = house.file()
    content = file.encode()
    empty = content[: content.index(b"UNH")] + b"UNZ+0+" + file.control_reference.encode() + b"'"
    taken = house.judge(empty)
    assert taken.exit_code == 2
    assert (taken.outcomes, taken.reasons) == (["rejected"], ["envelope.no_messages"])
    assert taken.contrl[:5] == (file.control_reference, "4", "32", "UNZ", ())


def test_every_interchange_of_a_file_has_its_own_verdict_and_contrl(house):
    clean, held = house.file(), house.file(house.order(faults=Faults(lines="9")))
    bad = house.file(house.order(faults=Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))))
    cut = house.file(closed=False)
    content = b"".join(one.encode() for one in (clean, bad, cut, held))
    before = house.serials()
    taken = house.judge(content)
    assert taken.exit_code == 2  # the highest of them
    assert taken.outcomes == ["accepted", "rejected", "rejected", "accepted"]
    assert taken.reasons == [None, "quantity.not_positive", "envelope.unz_missing", None]
    quantity = place_of(bad.encode(), "QTY+21").segment
    assert {one.answered: one[1:4] for one in taken.contrls()} == {
        clean.control_reference: ("7", "", ""),
        bad.control_reference: ("7", "", ""),
        cut.control_reference: ("4", "13", "UNZ"),
        held.control_reference: ("7", "", ""),
    }
    told = next(one for one in taken.contrls() if one.answered == bad.control_reference)
    assert told.messages == (("1", "4", "", "", None, ((quantity, "", (("12", 2, 2),)),)),)
    assert len(taken.answers) == 1
    assert taken.holds == ["document.count_mismatch"]
    assert house.serials() == before + 2
    assert taken.body["sources"] == 1
    assert taken.body["documents"] == 4


def test_one_bad_message_harms_no_other(house):
    orders = [house.order(reference=str(number)) for number in range(1, 6)]
    orders[2] = house.order(reference="3", faults=Faults(instead=(("QTY+21", "QTY+21:ABC:PCE"),)))
    file = house.file(*orders)
    taken = house.judge(file)
    assert taken.exit_code == 1
    assert taken.outcomes == ["accepted", "accepted", "rejected", "accepted", "accepted"]
    assert taken.contrl.action == "7"
    assert [(told.reference, told.action) for told in taken.contrl.messages] == [("3", "4")]
    (response,) = [reply for reply in taken.replies if reply.type == "ORDRSP"]
    good = [order.order_number for order in orders if order.reference != "3"]
    assert [(reference, function) for reference, _, function in response.orders_answered()] == [
        (number, "29") for number in good
    ]
    serials = [int(number[-6:]) for _, number, _ in response.orders_answered()]
    assert serials == list(range(serials[0], serials[0] + 4))


def test_bytes_between_interchanges_are_told_and_harm_none(house):
    first, second = house.file(), house.file()
    taken = house.judge(first.encode() + b"\r\n*** next ***\r\n" + second.encode())
    assert taken.exit_code == 0
    assert taken.outcomes == ["accepted", "accepted"]
    codes = [one["code"] for one in house.document(taken.documents[1]["id"])["violations"]]
    assert codes == ["envelope.junk"]
