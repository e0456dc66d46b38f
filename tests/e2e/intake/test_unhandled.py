"""Documents that are read and that nothing acts on yet: kept, parked with an alert, acknowledged as right."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from adapters.edi.adapter import ADAPTER
from gateway.checks import check_directory


class Message(NamedTuple):
    """One message of any type, given by its segments between UNH and UNT."""

    kind: str
    body: tuple[str, ...]
    reference: str = "1"

    def segments(self) -> list[str]:
        """Return the segments from UNH to UNT without terminators."""
        return [f"UNH+{self.reference}+{self.kind}", *self.body, f"UNT+{len(self.body) + 2}+{self.reference}"]


INVOIC = Message(
    "INVOIC:D:96A:UN:EAN008",
    ("BGM+380+R-1+9", "DTM+137:20260105:102", "CUX+2:EUR:4", "LIN+1", "QTY+47:1", "MOA+203:10", "UNS+S", "MOA+77:10"),
)
REMADV = Message(
    "REMADV:D:96A:UN:EAN003",
    ("BGM+481+A-1+9", "DTM+137:20260105:102", "CUX+2:EUR:11", "DOC+380+R-1", "MOA+12:10", "UNS+S", "MOA+12:10"),
)
PRICAT = Message(
    "PRICAT:D:96A:UN:EAN007",
    ("BGM+9+P-1+9", "DTM+137:20260105:102", "NAD+SU+1::91", "PGI+2", "LIN+1++4012345678901:EN", "PRI+AAA:1"),
)
SLSRPT = Message(
    "SLSRPT:D:96A:UN:EAN004",
    (
        "BGM+73E::9+V-1+9", "DTM+137:20260105:102", "NAD+SU+1::91", "LOC+162+S1::92", "LIN+1++4012345678901:EN",
        "QTY+153:2",
    ),
)  # fmt: skip


@pytest.mark.parametrize("message", [INVOIC, REMADV, PRICAT, SLSRPT], ids=lambda message: message.kind[:6])
def test_it_is_parked_with_an_alert_and_acknowledged(house, message):
    kind, before = message.kind[:6], house.serials()
    file = house.file(message)
    taken = house.judge(file)
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["parked"], ["document.unhandled"])
    assert (taken.contrl.action, taken.contrl.messages) == ("7", ())
    assert house.serials() == before
    assert ("document.unhandled", f"ACME/{kind}") in house.alerts()
    document_id = taken.documents[0]["id"]
    (violation,) = house.document(document_id)["violations"]
    assert (violation["code"], violation["severity"]) == ("document.unhandled", "warning")
    body, exit_code = check_directory(ADAPTER.decoder, file.encode(), "a.edi")
    (alone,) = body["interchanges"][0]["messages"]
    assert (alone["verdict"], exit_code) == ("parked", taken.exit_code)
    assert [told["code"] for told in alone["violations"]] == ["document.unhandled"]
    assert violation["message"] == f"{kind} is read and not acted on yet; it is kept."
    assert house.gateway.operations.raw(document_id) == file.encode()
    assert house.gateway.operations.replay(document_id, actor="test")["outcome"] == "parked"


def test_it_harms_no_order_beside_it(house):
    taken = house.judge(house.file(house.order(), INVOIC._replace(reference="2")))
    assert taken.exit_code == 1
    assert taken.outcomes == ["accepted", "parked"]
    assert taken.contrl.messages == ()
    assert [reply.type for reply in taken.replies] == ["CONTRL", "ORDRSP"]


def test_a_fault_rejects_it_with_its_place(house):
    broken = INVOIC._replace(body=(*INVOIC.body[:5], "MOA+203:10", "UNS+S", "MOA+77:ten"))
    taken = house.judge(house.file(broken))
    assert (taken.outcomes, taken.exit_code) == (["rejected"], 1)
    (told,) = taken.contrl.messages
    assert (told.action, told.segments) == ("4", ((9, "", (("37", 2, 2),)),))
