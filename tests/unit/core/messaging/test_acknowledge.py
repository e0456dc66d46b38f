"""Who wants a CONTRL, and what it says of a rejected message."""

from __future__ import annotations

import pytest

from core.messaging.acknowledge import envelope_payload, from_payload, message_payload, wanted
from core.partners.model import Agreement
from core.ports import MessageSpan

SPAN = MessageSpan(0, 0, 100, "M1", "ORDERS", "D", "96A", "UN", "EAN008")
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
        ("on_request", lambda asked, _bad: asked in ("1", "2")),
        ("on_error", lambda _asked, bad: bad),
    ],
)
def test_the_agreement_decides(how: str, expected, request_flag: str, rejected: bool) -> None:
    agreement = Agreement("A", "14", "B", "14", acknowledge=how)
    assert wanted(agreement, request_flag, rejected=rejected) == expected(request_flag, rejected)


def test_without_an_agreement_we_always_acknowledge() -> None:
    assert wanted(None, "", rejected=False)


def fault(**changes) -> dict[str, object]:
    row = {"severity": "error", "syntax_code": "15", "segment": 4, "element": 2, "component": 1}
    return row | changes


def test_a_rejected_message_names_each_error_and_its_place() -> None:
    faults = [fault(), fault(severity="warning"), fault(syntax_code="", segment=None, element=None, component=None)]
    payload = message_payload(SPAN, faults)
    assert payload["action"] == "4"
    assert payload["faults"] == [["15", 4, 2, 1], ["12", None, None, None]]
    assert (payload["reference"], payload["type"], payload["association"]) == ("M1", "ORDERS", "EAN008")


def test_a_payload_becomes_the_document_that_is_encoded() -> None:
    payload = envelope_payload(ENVELOPE, "7", "", "")
    payload["messages"].append(message_payload(SPAN, [fault()]))
    document = from_payload(payload)
    assert (document.control_reference, document.sender, document.recipient) == ("REF1", "A", "B")
    assert (document.action, document.code, document.segment_tag) == ("7", "", "")
    assert document.messages[0].action == "4"
    assert document.messages[0].faults == (("15", 4, 2, 1),)
