"""Documents judged message by message: one outcome each, in the transaction of everything that follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from core.documents import Acknowledgement, MessageAcknowledgement
from core.intake.judge import park_poison
from core.provenance import Severity, Violation
from core.reporting import views
from core.store import events, transmissions
from core.store import intake as rows
from core.store import orders as order_rows
from core.store.alerts import open_alerts
from core.store.lookup import partner_id_by_code
from core.store.outbox import assign, queue
from core.store.tables.master import stock
from core.store.tables.messaging import outbox
from core.store.tables.messaging import transmissions as sent
from core.store.tables.ordering import orders
from core.testing.received import a_fault, an_interchange, numbered, with_violations
from core.testing.trade import BUYER_GLN, CRATE, CUP, LAMP, MONDAY, OUR_GLN, Trade, a_line, an_order, edi_row

COUNTS = Violation("count.lines", "CNT says 3", severity=Severity.WARNING, hold="document.count_mismatch")


def told(desk, kind: str) -> list[dict[str, Any]]:
    statement = select(outbox).where(outbox.c.type == kind).order_by(outbox.c.id)
    return desk.store.read(lambda tx: [dict(row) for row in tx.execute(statement).mappings()])


def outcomes(desk, entered) -> list[tuple[str, str | None]]:
    found = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    return [(row["outcome"], row["reason"]) for row in found]


def unexplained(desk) -> int:
    return desk.store.read(views.reconciliation)["unexplained"]


def test_every_message_gets_its_own_outcome(each_desk) -> None:
    """One bad message harms no other."""
    received = an_interchange(
        an_order("PO-1"), a_fault(), an_order("PO-1"), an_order("PO-1", a_line(CUP, 3)), an_order("PO-2")
    )
    entered, judged = each_desk.take(received)
    assert outcomes(each_desk, entered) == [
        ("accepted", None),
        ("rejected", "quantity.invalid"),
        ("duplicate", "order.repeated"),
        ("parked", "order.number_reused"),
        ("accepted", None),
    ]
    assert [one.outcome for one in judged] == ["accepted", "rejected", "duplicate", "parked", "accepted"]
    found = each_desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert found[0]["order_id"] == found[2]["order_id"] == found[3]["order_id"]  # they speak of the same order
    assert found[1]["order_id"] is None
    assert each_desk.store.read(lambda tx: rows.source(tx, entered.source_id))["settled"] is True
    assert unexplained(each_desk) == 0


def test_the_contrl_names_the_rejected_messages_and_their_places(desk) -> None:
    entered, _ = desk.take(an_interchange(an_order("PO-1"), a_fault(), a_fault("x.y", segment=None, element=None)))
    (contrl,) = told(desk, "CONTRL")
    payload = contrl["payload"]
    assert (contrl["source_id"], payload["control_reference"], payload["action"]) == (entered.source_id, "REF1", "7")
    assert [(one["reference"], one["action"], one["faults"]) for one in payload["messages"]] == [
        ("2", "4", [["37", 4, 1, 2]]),
        ("3", "4", [["37", None, None, 2]]),
    ]


def test_answers_belong_to_the_source_and_wait_for_it(desk) -> None:
    entered, _ = desk.take(an_interchange(an_order("PO-1"), an_order("PO-2", a_line(CUP, 1, "99"))))
    (answer,) = told(desk, "ORDRSP")
    interchange_id = entered.to_judge[0][0]
    assert (answer["source_id"], answer["interchange_id"]) == (entered.source_id, interchange_id)
    assert answer["payload"] == {"function": "29", "revision": 1}


def test_batches_resume_where_the_last_one_stopped(each_desk) -> None:
    received = an_interchange(*(an_order(f"PO-{number}", a_line(LAMP, 1)) for number in range(5)))
    entered = each_desk.enter(received)
    first = (received[0], received[1][:2])
    judged = each_desk.judge(entered, first)
    assert judged is not None
    assert len(judged) == 2
    assert told(each_desk, "CONTRL") == []
    assert each_desk.judge(entered, first) is None  # somebody was here before: nothing is done twice
    assert each_desk.judge(entered, received, before=2) is not None
    assert [outcome for outcome, _ in outcomes(each_desk, entered)] == ["accepted"] * 5
    assert len(told(each_desk, "CONTRL")) == 1
    numbers = each_desk.store.read(lambda tx: list(tx.execute(select(orders.c.number).order_by(orders.c.id)).scalars()))
    assert numbers == [f"2026-ED-{serial:06}" for serial in range(1, 6)]
    ordinals = each_desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert [row["ordinal"] for row in ordinals] == [0, 1, 2, 3, 4]


def test_orders_of_one_file_compete_for_stock(desk) -> None:
    entered, _ = desk.take(an_interchange(*(an_order(f"PO-{number}", a_line(CRATE, 60)) for number in range(2))))
    found = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    states = [desk.store.read(lambda tx, row=row: order_rows.by_id(tx, row["order_id"])["state"]) for row in found]
    assert states == ["confirmed", "in_review"]
    reserved = desk.store.read(lambda tx: sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)))
    assert reserved == Decimal(60)


@pytest.mark.parametrize("where", ["message", "envelope"])
def test_counts_that_differ_hold_the_order(desk, where: str) -> None:
    interchange, decoded = an_interchange(an_order("PO-1"), violations=(COUNTS,) if where == "envelope" else ())
    if where == "message":
        decoded = [with_violations(decoded[0], COUNTS)]
    entered, judged = desk.take((interchange, decoded))
    assert outcomes(desk, entered) == [("accepted", None)]
    order_id = judged[0].order_id
    (hold,) = desk.store.read(lambda tx: order_rows.holds_of(tx, order_id))
    assert (hold["code"], hold["reason"], hold["release_role"]) == (
        "document.count_mismatch",
        "CNT says 3",
        "operations",
    )
    assert hold["inputs"]["violations"][0]["code"] == "count.lines"


def test_warnings_are_kept_with_an_accepted_document(desk) -> None:
    interchange, (decoded,) = an_interchange(an_order("PO-1"))
    warning = a_fault("code.unknown", severity=Severity.WARNING)
    entered, _ = desk.take((interchange, [with_violations(decoded, warning)]))
    (row,) = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert (row["outcome"], row["violations"][0]["code"]) == ("accepted", "code.unknown")


def test_a_value_that_cannot_be_kept_rejects_its_message_alone(desk) -> None:
    received = an_interchange(an_order("PO-1", a_line(CUP, "0.0000001")), an_order("PO-2"))
    entered, _ = desk.take(received)
    assert outcomes(desk, entered) == [("rejected", "value.out_of_range"), ("accepted", None)]
    (contrl,) = told(desk, "CONTRL")
    assert contrl["payload"]["messages"][0]["faults"] == [["12", None, None, None]]


def test_a_reused_number_is_parked_with_an_alarm(desk) -> None:
    desk.take(an_interchange(an_order("PO-1")))
    desk.take(an_interchange(an_order("PO-1", a_line(CUP, 3)), control_reference="REF2"))
    (alert,) = desk.store.read(open_alerts)
    assert (alert["kind"], alert["subject"], alert["partner"]) == ("order.number_reused", "ACME/PO-1", "ACME")
    assert "2026-ED-000001" in alert["message"]


def test_a_test_interchange_changes_nothing_of_the_trade(desk) -> None:
    entered, _ = desk.take(an_interchange(an_order("PO-1"), test=True))
    assert outcomes(desk, entered) == [("accepted", None)]
    number = desk.store.read(lambda tx: tx.execute(select(orders.c.number)).scalar_one())
    assert number.startswith("TEST-")
    assert {row["test"] for kind in ("CONTRL", "ORDRSP") for row in told(desk, kind)} == {True}
    reserved = desk.store.read(lambda tx: sum(tx.execute(select(stock.c.reserved)).scalars(), Decimal(0)))
    assert reserved == 0


WANTED = {
    ("always", "", False): True, ("never", "1", True): False, ("on_request", "", True): False,
    ("on_request", "1", False): True, ("on_error", "", False): False, ("on_error", "", True): True,
}  # fmt: skip


@pytest.mark.parametrize("case", WANTED)
def test_the_agreement_says_when_a_contrl_is_wanted(store, open_desk, case: tuple[str, str, bool]) -> None:
    how, asked, rejected = case
    store.write(Trade(edi=[edi_row(acknowledge=how)]).load)
    desk = open_desk(store)
    messages = [an_order("PO-1"), *([a_fault()] if rejected else [])]
    desk.take(an_interchange(*messages, acknowledgement_request=asked))
    assert bool(told(desk, "CONTRL")) == WANTED[case]


def test_an_agreement_without_answers_gets_none(store, open_desk) -> None:
    store.write(Trade(edi=[edi_row(respond="none")]).load)
    desk = open_desk(store)
    desk.take(an_interchange(an_order("PO-1")))
    assert (told(desk, "ORDRSP"), len(told(desk, "CONTRL"))) == ([], 1)


# a partner's CONTRL on what we sent


def acknowledgement(reference: str = "000007", action: str = "7", *messages: MessageAcknowledgement) -> Acknowledgement:
    return Acknowledgement(reference, OUR_GLN, "14", BUYER_GLN, "14", action, "", "", messages)


def sent_answer(desk) -> tuple[int, int]:
    """Place an order and send its answer under 000007; return the ids of order and transmission."""
    _, judged = desk.take(an_interchange(an_order("PO-1"), control_reference="ORDER"))
    order_id = judged[0].order_id

    def work(tx) -> int:
        partner_id = partner_id_by_code(tx, "ACME")
        sent_id = transmissions.add(
            tx, content=b"x", held_by=1, at=MONDAY, partner_id=partner_id, endpoint="o", type="ORDRSP",
            control_reference="000007", filename="o", source_id=None, test=False,
        )  # fmt: skip
        transmissions.finish(tx, [(sent_id, 1)], MONDAY)
        row = queue(tx, partner_id=partner_id, type="ORDRSP", order_id=order_id, payload={}, at=MONDAY)
        assign(tx, sent_id, [row])
        return sent_id

    return order_id, desk.store.write(work)


def state(desk, sent_id: int) -> tuple[str, str | None]:
    row = desk.store.read(lambda tx: tx.execute(select(sent).where(sent.c.id == sent_id)).mappings().one())
    return row["state"], row["last_error"]


@pytest.mark.parametrize("action", ["7", "8"])
def test_an_acknowledgement_changes_what_we_sent_and_is_never_answered(desk, action: str) -> None:
    order_id, sent_id = sent_answer(desk)
    contrls_before = len(told(desk, "CONTRL"))
    entered, _ = desk.take(an_interchange(acknowledgement(action=action)))
    assert outcomes(desk, entered) == [("changed", None)]
    assert state(desk, sent_id) == ("acknowledged", None)
    last = desk.store.read(lambda tx: events.of_order(tx, order_id))[-1]
    assert (last["event"], last["summary"]) == ("message.acknowledged", "ORDRSP 000007 acknowledged by CONTRL")
    assert len(told(desk, "CONTRL")) == contrls_before
    assert desk.store.read(lambda tx: rows.source(tx, entered.source_id))["settled"] is True


REFUSED = MessageAcknowledgement("1", "ORDRSP", "D", "96A", "UN", "", "4", (("15", 3, 1, None), ("15", 4, 1, None)))
TAKEN = MessageAcknowledgement("2", "ORDRSP", "D", "96A", "UN", "", "7", (("99", 1, 1, None),))


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (acknowledgement("000007", "7", REFUSED, TAKEN), "15"),
        (Acknowledgement("000007", OUR_GLN, "14", BUYER_GLN, "14", "4", "23", "UNB", ()), "23"),
    ],
)
def test_a_refusal_is_noted_with_its_codes(desk, answer: Acknowledgement, codes: str) -> None:
    order_id, sent_id = sent_answer(desk)
    desk.take(an_interchange(answer))
    assert state(desk, sent_id) == ("refused", codes)
    last = desk.store.read(lambda tx: events.of_order(tx, order_id))[-1]
    assert (last["event"], last["summary"]) == ("message.refused", f"ORDRSP 000007 refused by CONTRL {codes}")


def test_an_acknowledgement_of_nothing_is_parked_with_an_alarm(desk) -> None:
    entered, _ = desk.take(an_interchange(acknowledgement("999999")))
    assert outcomes(desk, entered) == [("parked", "acknowledgement.unmatched")]
    (alert,) = desk.store.read(open_alerts)
    assert (alert["kind"], alert["subject"]) == ("acknowledgement.unmatched", "ACME/999999")
    assert told(desk, "CONTRL") == []


def test_orders_and_acknowledgements_may_share_an_interchange(desk) -> None:
    entered, _ = desk.take(an_interchange(acknowledgement("999999"), an_order("PO-1"), a_fault()))
    assert [outcome for outcome, _ in outcomes(desk, entered)] == ["parked", "accepted", "rejected"]
    (contrl,) = told(desk, "CONTRL")
    assert [one["reference"] for one in contrl["payload"]["messages"]] == ["3"]


def test_a_broken_acknowledgement_is_never_answered(desk) -> None:
    interchange, (bad, good) = an_interchange(acknowledgement(), an_order("PO-1"))
    entered, _ = desk.take((interchange, [with_violations(bad, a_fault("contrl.broken")), good]))
    assert outcomes(desk, entered) == [("rejected", "contrl.broken"), ("accepted", None)]
    (contrl,) = told(desk, "CONTRL")
    assert contrl["payload"]["messages"] == []


# what makes the system itself fail


def test_a_document_that_fails_the_system_is_parked_and_harms_no_other(desk) -> None:
    received = an_interchange(an_order("PO-1"), an_order("PO-2"))
    entered = desk.enter(received)
    interchange_id, interchange = entered.to_judge[0][0], entered.to_judge[0][1].interchange

    def poison(tx, before: int) -> None:
        park_poison(
            tx, desk.bench(), interchange_id=interchange_id, interchange=interchange,
            decoded=received[1][before], judged_before=before, error="ZeroDivisionError: division by zero",
        )  # fmt: skip

    assert desk.judge(entered, (interchange, received[1][:1])) is not None
    desk.store.write(lambda tx: poison(tx, 0))  # it was judged before: nothing happens
    assert outcomes(desk, entered) == [("accepted", None)]
    desk.store.write(lambda tx: poison(tx, 1))
    assert outcomes(desk, entered) == [("accepted", None), ("parked", "system.failed")]
    (alert,) = desk.store.read(open_alerts)
    assert (alert["kind"], alert["message"]) == ("system.failed", "ZeroDivisionError: division by zero")
    assert len(told(desk, "CONTRL")) == 1
    assert unexplained(desk) == 0


def test_documents_are_counted_through_all_interchanges_of_a_file(desk) -> None:
    one, first = an_interchange(an_order("PO-1"), an_order("PO-2"))
    two, second = an_interchange(an_order("PO-3"), a_fault(), control_reference="REF2")
    one, two = numbered([one, two])
    entered = desk.enter((one, first), (two, second))
    assert desk.judge(entered, (two, second), place=1) is not None
    assert desk.store.read(lambda tx: rows.source(tx, entered.source_id))["settled"] is False
    assert desk.judge(entered, (one, first), place=0) is not None
    assert desk.store.read(lambda tx: rows.source(tx, entered.source_id))["settled"] is True
    found = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert [(row["ordinal"], row["control_reference"], row["outcome"]) for row in found] == [
        (0, "REF1", "accepted"),
        (1, "REF1", "accepted"),
        (2, "REF2", "accepted"),
        (3, "REF2", "rejected"),
    ]
    rejected = next(row for row in told(desk, "CONTRL") if row["payload"]["control_reference"] == "REF2")
    assert [message["reference"] for message in rejected["payload"]["messages"]] == ["2"]
    assert desk.store.read(lambda tx: tx.execute(select(func.count()).select_from(orders)).scalar_one()) == 3
