"""`ingest` works until the replies of its own documents have left, and tells what became of them."""

from __future__ import annotations

from core.errors import DeliveryFailed
from core.testing.edifact import OrdersLine
from core.testing.trade import CUP, GTINS
from gateway.ingest import OUTCOMES, ingest


def test_the_json_of_the_contracts(works, file, message) -> None:
    files = [
        ("a.edi", file("R1", message("PO-1"), message("PO-2", OrdersLine(GTINS[CUP], price="99")))),
        ("b.edi", file("R1", message("PO-1"), message("PO-2", OrdersLine(GTINS[CUP], price="99")))),
        ("c.edi", b"not EDIFACT"),
    ]
    body, code = ingest(works.store, works.pipeline, files, channel="ED", partner_id=None)
    assert code == 2  # the highest of the files
    assert body.pop("seconds") > 0
    orders = body.pop("orders")
    assert body == {
        "sources": 3, "documents": 5, "accepted": 2, "changed": 0, "rejected": 1, "duplicate": 2, "parked": 0,
        "waiting": 0,
    }  # fmt: skip
    assert sum(body[outcome] for outcome in OUTCOMES) == body["documents"]
    assert [(order["number"], order["buyer_reference"], order["state"]) for order in orders] == [
        ("2026-ED-000001", "PO-1", "confirmed"),
        ("2026-ED-000002", "PO-2", "in_review"),
    ]
    assert [[hold["code"] for hold in order["holds"]] for order in orders] == [[], ["price.mismatch"]]
    assert len(works.names()) == 2


def test_a_reply_that_does_not_leave_does_not_stop_it(works, file, message) -> None:
    works.sender.fail_next(DeliveryFailed("no route"))
    body, code = ingest(
        works.store, works.pipeline, [("a.edi", file("R1", message("PO-1")))], channel="ED", partner_id=None
    )
    assert (body["accepted"], code) == (1, 0)
    assert works.names() == []
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 2
