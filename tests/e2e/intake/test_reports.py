"""APERAK on what CONTRL accepts: taken, repeated, reused or not acted on, as the agreement asks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.testing.edifact import AperakMessage, ContrlMessage, Faults

#: BGM 4343 of the order -> its segment
ASKS = {"": "BGM+220+{}+9", "AB": "BGM+220+{}+9+AB", "AI": "BGM+220+{}+9+AI", "NA": "BGM+220+{}+9+NA"}


def reports(taken) -> list[tuple[str, str, list[str]]]:
    """Return (BGM 1225, RFF of the document, 9321 of each fault) of each APERAK that was sent."""
    found = []
    for reply in taken.replies:
        if reply.type == "APERAK":
            assert faults_of(reply) == ()
            for segments in reply.messages():
                by_tag = {one[0]: one for one in segments}
                codes = [one[1] for one in segments if one[0] == "ERC"]
                found.append((by_tag["BGM"][3], ":".join(by_tag["RFF"][1]), codes))
    return found


def faults_of(reply) -> tuple[object, ...]:
    """Return what our own validator finds in a reply."""
    (interchange,) = EdifactDecoder().scan(reply.content)
    decoded = list(EdifactDecoder().decode(reply.content, interchange, interchange.messages))
    return (*interchange.violations, *(fault for one in decoded for fault in one.violations))


def wanting(house, how: str):
    """Return an order that asks by BGM 4343 for *how* it is reported."""
    order = house.order()
    return replace(order, faults=Faults(instead=(("BGM", ASKS[how].format(order.order_number)),)))


def thrice(house, how: str = "") -> list[list[tuple[str, str, list[str]]]]:
    """Send an order, the same again, and another under its number; return the reports on each."""
    order = wanting(house, how)
    other = replace(order, lines=(order.lines[0]._replace(quantity="11"),))
    told = []
    for one, outcome in ((order, "accepted"), (order, "duplicate"), (other, "parked")):
        taken = house.judge(house.file(one))
        assert taken.outcomes == [outcome]
        assert taken.contrl.messages == ()
        told.append([(function, codes) for function, about, codes in reports(taken)])
        assert all(about == f"ON:{order.order_number}" for _, about, _ in reports(taken))
    return told


TAKEN, REPEATED, REUSED = ("29", []), ("27", ["REPEATED"]), ("27", ["REUSED"])


@pytest.mark.parametrize(
    ("terms", "asked", "expected"),
    [
        ({}, "AB", [[], [], []]),
        ({"report": "never"}, "AB", [[], [], []]),
        ({"report": "always"}, "NA", [[TAKEN], [REPEATED], [REUSED]]),
        ({"report": "on_error"}, "", [[], [REPEATED], [REUSED]]),
        ({"report": "on_request"}, "AB", [[TAKEN], [REPEATED], [REUSED]]),
        ({"report": "on_request"}, "AI", [[], [REPEATED], [REUSED]]),
        ({"report": "on_request"}, "NA", [[], [], []]),
        ({"report": "on_request"}, "", [[], [], []]),
        ({"respond": "APERAK"}, "", [[TAKEN], [REPEATED], [REUSED]]),
    ],
)
def test_a_report_is_sent_as_it_is_agreed_on(house, terms, asked, expected):
    house.agree(**terms)
    assert thrice(house, asked) == expected


def test_who_is_answered_by_aperak_gets_no_ordrsp(house):
    house.agree(respond="APERAK")
    taken = house.judge(house.file(house.order(), house.order(reference="2")))
    assert [reply.type for reply in taken.replies] == ["CONTRL", "APERAK"]
    assert [function for function, _, _ in reports(taken)] == ["29", "29"]
    (order, _) = taken.orders
    assert ("APERAK", "out") in [
        (one["type"], one["direction"]) for one in house.order_of(order["number"])["documents"]
    ]


def test_the_report_follows_the_directory_and_the_test_flag_of_its_order(house):
    house.agree(report="always")
    order = house.order(release="01B", association="EAN010")
    taken = house.judge(house.file(order, test=True))
    (report,) = [reply for reply in taken.replies if reply.type == "APERAK"]
    assert report.is_test
    assert b"+APERAK:D:01B:UN" in report.content
    assert reports(taken) == [("29", f"ON:{order.order_number}", [])]


UNHANDLED = (
    "UNH+1+SLSRPT:D:96A:UN:EAN004'BGM+73E::9+SR-9+9'DTM+137:20260105:102'NAD+SE+5790000000005::9'"
    "NAD+SU+4012345000009::9'LOC+162+5790000000012::9'DTM+356:2026010120260104:711'LIN+1++4012345100013:EN'"
    "QTY+153:4'UNT+10+1'"
)


def test_a_message_that_nobody_acts_on_is_told_as_such(house):
    house.agree(report="on_error")
    file = house.file()
    content = file.encode()
    body = content[: content.index(b"UNH")] + UNHANDLED.encode() + content[content.index(b"UNZ") :]
    taken = house.judge(body)
    assert (taken.outcomes, taken.reasons) == (["parked"], ["document.unhandled"])
    assert reports(taken) == [("27", "DM:SR-9", ["UNHANDLD"])]


def test_what_contrl_rejects_gets_no_report(house):
    house.agree(report="always")
    bad = house.order(faults=Faults(instead=(("QTY+21", "QTY+21:0:PCE"),)))
    taken = house.judge(house.file(bad))
    assert [reply.type for reply in taken.replies] == ["CONTRL"]


def test_an_answer_is_never_reported_on(house):
    house.agree(report="always")
    for answer in (ContrlMessage("999999"), AperakMessage("NOT-OURS")):
        taken = house.judge(house.file(answer))
        assert taken.outcomes == ["parked"]
        assert reports(taken) == []


def test_a_replay_with_the_same_outcome_tells_nothing_anew(house):
    house.agree(report="on_error")
    order = house.order()
    house.ingest(house.file(order))
    other = replace(order, lines=(order.lines[0]._replace(quantity="11"),))
    parked = house.judge(house.file(other))
    assert len(reports(parked)) == 1
    before = house.outbox()
    house.gateway.operations.replay(parked.documents[0]["id"], actor="user:test")
    assert house.outbox() == before
