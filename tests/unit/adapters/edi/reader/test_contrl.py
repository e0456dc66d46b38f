"""CONTRL as received from a partner."""

from __future__ import annotations

import pytest

from core.documents import Acknowledgement, MessageAcknowledgement


def interchange(*body: str, identifier: str = "CONTRL:D:3:UN") -> bytes:
    segments = [
        "UNB+UNOA:3+BUYER:14+US:14+261122:0800+77",
        f"UNH+1+{identifier}",
        *body,
        f"UNT+{len(body) + 2}+1",
        "UNZ+1+77",
    ]
    return "".join(segment + "'" for segment in segments).encode()


@pytest.mark.parametrize("identifier", ["CONTRL:D:3:UN", "CONTRL:4:1:UN", "CONTRL:2:2:UN", "CONTRL:D:96A:UN"])
def test_an_acknowledgement_of_any_version_is_read(read, identifier):
    decoded = read(interchange("UCI+42+US:14+BUYER:14+7", identifier=identifier))
    assert decoded.violations == ()
    assert decoded.document == Acknowledgement("42", "US", "14", "BUYER", "14", "7")


def test_rejections_carry_their_faults(read):
    decoded = read(
        interchange(
            "UCI+42+US:14+BUYER:14+7",
            "UCM+1+ORDRSP:D:96A:UN:EAN005+4+13",
            "UCS+5+15",
            "UCS+7",
            "UCD+37+2:2",
            "UCM+2+ORDRSP:D:96A:UN:EAN005+7",
        )
    )
    assert decoded.document.messages == (
        MessageAcknowledgement(
            "1",
            "ORDRSP",
            "D",
            "96A",
            "UN",
            "EAN005",
            "4",
            (("13", None, None, None), ("15", 5, None, None), ("37", 7, 1, 2)),
        ),
        MessageAcknowledgement("2", "ORDRSP", "D", "96A", "UN", "EAN005", "7", ()),
    )


def test_what_is_said_of_service_segments_keeps_its_place(read):
    document = read(
        interchange(
            "UCI+42+US:14+BUYER:14+7+12+UNB+3:1",
            "UCM+1+ORDRSP:D:96A:UN+4+3+UNH+3",
        )
    ).document
    assert (document.code, document.segment_tag, document.element, document.component) == ("12", "UNB", 2, 1)
    (message,) = document.messages
    assert (message.faults, message.segment_tag, message.element, message.component) == (
        (("3", None, None, None),),
        "UNH",
        2,
        None,
    )


def test_groups_are_read_with_their_messages(read):
    document = read(
        interchange(
            "UCI+42+US:14+BUYER:14+7",
            "UCF+G1+US:14+BUYER:14+7",
            "UCM+1+ORDRSP:D:96A:UN+4",
            "UCS+5+15",
            "UCF+G2+US+BUYER+4+26+UNG+6",
        )
    ).document
    first, second = document.groups
    assert (first.reference, first.action, first.messages[0].faults) == ("G1", "7", (("15", 5, None, None),))
    assert (second.reference, second.action, second.code, second.segment_tag, second.element) == (
        "G2",
        "4",
        "26",
        "UNG",
        5,
    )
    assert document.messages == ()
    assert [message.reference for message in document.every_message] == ["1"]


@pytest.mark.parametrize(("sent", "action"), [("1", "7"), ("2", "7"), ("4", "4"), ("8", "8")])
def test_older_actions_come_to_ours(read, sent, action):
    assert read(interchange(f"UCI+42+US+BUYER+{sent}+23+UNB")).document.action == action


def test_security_elements_of_version_4_are_passed_over(read):
    decoded = read(interchange("UCI+42+US:14+BUYER:14+4+28+UNZ+2:1+9+7+Y", identifier="CONTRL:4:1:UN"))
    assert (decoded.document.code, decoded.document.segment_tag) == ("28", "UNZ")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (("UCI+42+US+BUYER+9",), "acknowledgement.action_unknown"),
        (("UCI+42+US+BUYER+7", "UCM+1+X:D:96A:UN+9"), "acknowledgement.action_unknown"),
        (("UCI+42+US+BUYER+7", "UCF+G+US+BUYER+9"), "acknowledgement.action_unknown"),
        (("UCM+1+X:D:96A:UN+4",), "segment.missing"),
        ((), "segment.missing"),
        (("UCI+42",), "element.missing"),
    ],
)
def test_a_broken_acknowledgement_is_refused_with_a_place(read, body, code):
    decoded = read(interchange(*body))
    assert decoded.document is None
    faults = [violation for violation in decoded.violations if violation.severity == "error"]
    assert code in [fault.code for fault in faults]
    assert all(fault.offset is not None for fault in faults)
