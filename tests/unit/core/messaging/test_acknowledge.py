"""Who wants a CONTRL, and what it says of a rejected message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.messaging.acknowledge import (
    EnvelopeAnswer,
    ToldMessage,
    envelope_payload,
    from_payload,
    is_answer,
    message_payload,
    receipt_wanted,
    refusal,
    tell,
    wanted,
)
from core.partners.exchange import terms_from
from core.partners.model import Agreement
from core.ports import GroupSpan, Interchange, MessageSpan
from core.provenance import Violation

SPAN = MessageSpan(0, 0, 100, "M1", "ORDERS", "D", "96A", "UN", "EAN008")
INTERCHANGE = Interchange(0, 0, 200, readable=True, messages=(SPAN,))
ENVELOPE = {
    "control_reference": "REF1",
    "sender": "A",
    "sender_qualifier": "14",
    "recipient": "B",
    "recipient_qualifier": "14",
}


@pytest.mark.parametrize("rejected", [False, True])
@pytest.mark.parametrize("request_flag", ["", "1", "2"])
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("always", lambda _asked, _bad: True),
        ("never", lambda _asked, _bad: False),
        ("on_request", lambda asked, bad: asked == "1" or (asked == "2" and bad)),
        ("on_error", lambda _asked, bad: bad),
    ],
)
def test_the_agreement_decides(how: str, expected, request_flag: str, rejected: bool) -> None:
    agreement = Agreement("A", "14", "B", "14", acknowledge=how)
    assert wanted(agreement, request_flag, rejected=rejected) == expected(request_flag, rejected)


def test_without_an_agreement_we_always_acknowledge() -> None:
    assert wanted(None, "", rejected=False)


@pytest.mark.parametrize(("receipt", "expected"), [("always", {"", "1", "2"}), ("on_request", {"2"}), ("never", set())])
def test_the_technical_receipt_is_a_matter_of_its_own(receipt: str, expected: set[str]) -> None:
    agreement = Agreement("A", "14", "B", "14", acknowledge="never", exchange=terms_from({"receipt": receipt}))
    assert {asked for asked in ("", "1", "2") if receipt_wanted(agreement, asked)} == expected


@pytest.mark.parametrize(
    ("types", "application", "expected"),
    [
        (("CONTRL", "CONTRL"), "", True),
        (("CONTRL", "ORDERS"), "", False),
        (("CONTRL", ""), "", True),  # what has no readable UNH beside a CONTRL is not answered either
        ((), "CONTRL", True),
        ((), "", False),
        (("",), "ORDERS", False),
    ],
)
def test_a_contrl_is_known_also_where_it_is_broken(types: tuple[str, ...], application: str, expected: bool) -> None:
    spans = tuple(MessageSpan(ordinal, 0, 1, str(ordinal), kind) for ordinal, kind in enumerate(types))
    broken = Interchange(0, 0, 9, readable=True, messages=spans, application_reference=application)
    assert is_answer(broken) == expected


def fault(**changes) -> dict[str, object]:
    row = {
        "code": "segment.misplaced",
        "severity": "error",
        "level": "segment",
        "syntax_code": "15",
        "segment": 4,
        "tag": "QTY",
        "element": 2,
        "component": 1,
    }
    return row | changes


def test_a_rejected_message_names_each_error_and_its_place() -> None:
    faults = [fault(), fault(severity="warning"), fault(syntax_code="", segment=None, element=None, component=None)]
    payload = message_payload(ToldMessage(SPAN, faults))
    assert payload["action"] == "4"
    assert payload["faults"] == [["15", 4, 2, 1], ["18", None, None, None]]
    assert (payload["reference"], payload["type"], payload["association"]) == ("M1", "ORDERS", "EAN008")


def test_the_first_fault_of_unh_and_unt_is_told_by_ucm_itself() -> None:
    unh = fault(syntax_code="3", segment=1, tag="UNH", element=2, component=None)
    payload = message_payload(ToldMessage(SPAN, [fault(), unh]))
    assert payload["faults"] == [["3", None, None, None], ["15", 4, 2, 1]]
    assert (payload["segment_tag"], payload["element"], payload["component"]) == ("UNH", 2, None)


def test_a_missing_trailer_is_told_by_its_own_tag() -> None:
    missing = fault(code="envelope.unt_missing", syntax_code="13", segment=9, tag="CNT", element=None, component=None)
    payload = message_payload(ToldMessage(SPAN, [missing]))
    assert payload["faults"] == [["13", None, None, None]]
    assert (payload["segment_tag"], payload["element"]) == ("UNT", None)


def test_a_payload_becomes_the_document_that_is_encoded() -> None:
    payload = envelope_payload(ENVELOPE, EnvelopeAnswer("7"))
    tell(payload, INTERCHANGE, [ToldMessage(SPAN, [fault()])])
    document = from_payload(payload)
    assert (document.control_reference, document.sender, document.recipient) == ("REF1", "A", "B")
    assert (document.action, document.code, document.segment_tag, document.groups) == ("7", "", "", ())
    assert document.messages[0].action == "4"
    assert document.messages[0].faults == (("15", 4, 2, 1),)
    assert document.messages[0].tags == ((4, "QTY"),)


def test_messages_of_a_group_stand_under_it() -> None:
    second = SPAN._replace(ordinal=1, reference="M2")
    grouped = replace(INTERCHANGE, messages=(SPAN, second), groups=(GroupSpan(0, 50, 0, 1, "G1", sender="X"),))
    payload = envelope_payload(ENVELOPE, EnvelopeAnswer("7"))
    tell(payload, grouped, [ToldMessage(SPAN, [fault()]), ToldMessage(second, action="7")])
    document = from_payload(payload)
    (group,) = document.groups
    assert (group.reference, group.sender, group.action) == ("G1", "X", "7")
    assert [message.reference for message in group.messages] == ["M1"]
    assert [(message.reference, message.action) for message in document.messages] == [("M2", "7")]


def test_a_group_that_is_refused_is_told_once_and_without_its_messages() -> None:
    second = SPAN._replace(ordinal=1, reference="M2")
    grouped = replace(INTERCHANGE, messages=(SPAN, second), groups=(GroupSpan(0, 50, 0, 2, "G1"),))
    again = fault(syntax_code="26", level="group", segment=None, tag="UNG", element=5, component=None)
    payload = envelope_payload(ENVELOPE, EnvelopeAnswer("7"))
    tell(payload, grouped, [ToldMessage(SPAN, [again]), ToldMessage(second, [again])])
    (group,) = from_payload(payload).groups
    assert (group.action, group.code, group.segment_tag, group.element, group.messages) == ("4", "26", "UNG", 5, ())


def test_a_refusal_says_where_unb_is_wrong() -> None:
    found = Violation("envelope.unb_too_long", "too long", tag="UNB", element=5, syntax_code="39")
    assert refusal(found) == EnvelopeAnswer("4", "39", "UNB", 5)
    assert refusal(Violation("source.odd", "odd")) == EnvelopeAnswer("4", "18", "UNB")
