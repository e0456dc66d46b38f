"""Documents by their kind: what nobody handles yet is kept, parked and taken up again by a replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.documents import Invoice
from core.intake import handlers
from core.intake.handlers import HANDLERS, Handler, Judged, Sitting
from core.intake.judge import plan_batch
from core.intake.replay import replay
from core.ports import Decoded
from core.provenance import Severity, told_again
from core.reporting import views
from core.store import intake as rows
from core.store.alerts import open_alerts
from core.store.engine import Tx
from core.store.lookup import partner_by_id, partner_id_by_code
from core.store.tables.messaging import outbox
from core.testing.received import a_fault, an_interchange, with_violations
from core.testing.trade import MONDAY, an_order

INVOICE = Invoice("R-1", "", "PO-9", MONDAY, date(2026, 4, 1), "EUR", (), (), Decimal(10), Decimal(0), Decimal(10))


def documents(desk, entered) -> list[dict[str, Any]]:
    return desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))


def alerts(desk) -> list[tuple[str, str, int]]:
    return [(row["kind"], row["subject"], row["count"]) for row in desk.store.read(open_alerts)]


def again(desk, received, document_id: int, place: int = 0) -> Judged:
    interchange, decoded = received

    def work(tx: Tx) -> list[Judged]:
        row = rows.document(tx, document_id)
        batch = [(document_id, decoded[place])]
        return replay(
            tx, desk.bench(), interchange=interchange, interchange_id=row["interchange_id"], batch=batch,
            actor="user:eve",
        )  # fmt: skip

    (judged,) = desk.store.write(work)
    return judged


def take_note(_sitting: Sitting, decoded: Decoded, invoice: Invoice) -> Judged:
    assert invoice.number == "R-1"
    return Judged(decoded, "changed", violations=decoded.violations)


def do_nothing(*_: object) -> None:
    """Follow nothing up."""


def test_a_document_that_nobody_handles_is_kept_parked_and_harms_no_other(each_desk) -> None:
    entered, judged = each_desk.take(an_interchange(INVOICE, an_order("PO-1"), INVOICE))
    assert [(one.outcome, one.reason) for one in judged] == [
        ("parked", "document.unhandled"),
        ("accepted", None),
        ("parked", "document.unhandled"),
    ]
    kept = documents(each_desk, entered)
    assert [(row["type"], row["outcome"], row["order_id"] is None) for row in kept] == [
        ("INVOIC", "parked", True),
        ("ORDERS", "accepted", False),
        ("INVOIC", "parked", True),
    ]
    (violation,) = kept[2]["violations"]
    assert (violation["code"], violation["severity"], violation["offset"]) == ("document.unhandled", "warning", 200)
    assert violation["message"] == "INVOIC is read and not acted on yet; it is kept."
    assert told_again(violation, "en")["message"] == violation["message"]
    assert each_desk.store.read(views.reconciliation)["unexplained"] == 0


def test_one_alert_calls_for_a_partner_and_a_kind(desk) -> None:
    entered, _ = desk.take(an_interchange(INVOICE, INVOICE))
    assert alerts(desk) == [("document.unhandled", "ACME/INVOIC", 2)]
    (alert,) = desk.store.read(open_alerts)
    assert (alert["partner"], alert["document_id"]) == ("ACME", documents(desk, entered)[0]["id"])
    assert alert["message"] == "INVOIC of ACME is read and not acted on yet; it is kept and can be replayed"


def test_contrl_says_that_a_parked_document_is_right(desk) -> None:
    desk.take(an_interchange(INVOICE))
    (payload,) = desk.store.read(
        lambda tx: list(tx.execute(select(outbox.c.payload).where(outbox.c.type == "CONTRL")).scalars())
    )
    assert (payload["action"], payload["messages"]) == ("7", [])


def test_a_fault_rejects_also_what_nobody_handles(desk) -> None:
    interchange, (decoded,) = an_interchange(INVOICE)
    entered, _ = desk.take((interchange, [with_violations(decoded, a_fault())]))
    assert [(row["outcome"], row["reason"]) for row in documents(desk, entered)] == [("rejected", "quantity.invalid")]
    assert alerts(desk) == []


def test_a_dry_run_says_the_same_and_writes_nothing(desk) -> None:
    interchange, batch = an_interchange(INVOICE)

    def work(tx: Tx) -> list[Judged]:
        bench = desk.bench()
        bench.cache.refresh(tx)
        partner = partner_by_id(tx, bench.cache, partner_id_by_code(tx, "ACME") or 0)
        snapshot, judged = plan_batch(tx, bench, partner, interchange, batch, channel="ED")
        assert snapshot is None
        return judged

    (judged,) = desk.store.read(work)
    assert (judged.outcome, judged.reason) == ("parked", "document.unhandled")
    assert judged.violations[-1].severity is Severity.WARNING
    assert alerts(desk) == []


def test_a_replay_finds_the_handler_that_came_since(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    received = an_interchange(INVOICE, replace(INVOICE, number="R-1", buyer_reference="PO-8"))
    entered, _ = desk.take(received)
    first, second = documents(desk, entered)
    judged = again(desk, received, second["id"], 1)
    assert (judged.outcome, judged.reason) == ("parked", "document.unhandled")
    assert alerts(desk) == [("document.unhandled", "ACME/INVOIC", 3)]  # still nobody: the person is still needed

    monkeypatch.setattr(handlers, "HANDLERS", {**HANDLERS, Invoice: Handler(take_note, do_nothing)})
    assert again(desk, received, second["id"], 1).outcome == "changed"
    kept = documents(desk, entered)[1]
    assert (kept["outcome"], kept["reason"], kept["violations"]) == ("changed", None, None)
    assert alerts(desk) == []  # its cause is gone, whichever document is taken up first
    assert documents(desk, entered)[0]["outcome"] == "parked"
    assert again(desk, received, first["id"], 0).outcome == "changed"
