"""Kept documents judged again: after the partner was configured, or what they lacked is there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, NotFound
from core.intake.handlers import Judged
from core.intake.replay import replay, what_to_replay
from core.provenance import Level, Violation
from core.store import intake as rows
from core.store.alerts import open_alerts
from core.store.engine import Store, Tx
from core.store.lookup import partner_id_by_code
from core.store.tables.messaging import outbox
from core.store.tables.ordering import orders
from core.testing.received import a_fault, an_interchange
from core.testing.trade import CUP, Trade, a_line, an_order, edi_row, partner_row

STRANGER = edi_row(edi_id="STRANGER", qualifier="ZZ")


def documents(desk, source_id: int) -> list[dict[str, Any]]:
    return desk.store.read(lambda tx: rows.documents_of_source(tx, source_id))


def again(desk, received, document_ids: Sequence[int]) -> list[Judged]:
    interchange, decoded = received

    def work(tx: Tx) -> list[Judged]:
        row = rows.document(tx, document_ids[0])
        batch = [(one, decoded[rows.document(tx, one)["ordinal"]]) for one in document_ids]
        return replay(
            tx, desk.bench(), interchange=interchange, interchange_id=row["interchange_id"], batch=batch,
            actor="user:eve",
        )  # fmt: skip

    return desk.store.write(work)


def contrls(desk) -> list[dict[str, Any]]:
    statement = select(outbox.c.payload).where(outbox.c.type == "CONTRL")
    return desk.store.read(lambda tx: list(tx.execute(statement).scalars()))


def numbers(store: Store) -> list[str]:
    return store.read(lambda tx: list(tx.execute(select(orders.c.number)).scalars()))


def test_a_strangers_envelope_is_judged_as_a_whole_once_it_is_known(each_desk) -> None:
    desk = each_desk
    received = an_interchange(an_order("PO-1"), a_fault(), an_order("PO-2"), sender="STRANGER", sender_qualifier="ZZ")
    entered, _ = desk.take(received)
    parked = documents(desk, entered.source_id)
    assert len(desk.store.read(open_alerts)) == 1
    with pytest.raises(Conflict, match="no partner has the EDI identity STRANGER:ZZ"):
        again(desk, received, [row["id"] for row in parked])
    desk.store.write(Trade(edi=[edi_row(), STRANGER]).load)
    source, envelope, found = desk.store.read(lambda tx: what_to_replay(tx, parked[1]["id"], reason="mended"))
    assert (source["id"], envelope["verdict"], len(found)) == (entered.source_id, "parked", 3)
    judged = again(desk, received, [row["id"] for row in found])
    assert [one.outcome for one in judged] == ["accepted", "rejected", "accepted"]
    after = documents(desk, entered.source_id)
    assert [row["outcome"] for row in after] == ["accepted", "rejected", "accepted"]
    assert [row["id"] for row in after] == [row["id"] for row in parked]  # the same documents, a new outcome
    assert {row["partner_id"] for row in after} == {desk.store.read(lambda tx: partner_id_by_code(tx, "ACME"))}
    assert desk.store.read(open_alerts) == []
    (contrl,) = contrls(desk)
    assert [message["reference"] for message in contrl["messages"]] == ["2"]
    assert numbers(desk.store) == ["2026-ED-000001", "2026-ED-000002"]


def test_a_rejected_message_is_judged_alone(desk) -> None:
    entered, _ = desk.take(an_interchange(an_order("PO-1"), a_fault()))
    rejected = documents(desk, entered.source_id)[1]
    _, _, found = desk.store.read(lambda tx: what_to_replay(tx, rejected["id"], reason="mended"))
    assert [row["id"] for row in found] == [rejected["id"]]
    mended = an_interchange(an_order("PO-1"), an_order("PO-2"))
    (judged,) = again(desk, mended, [rejected["id"]])
    assert judged.outcome == "accepted"
    row = documents(desk, entered.source_id)[1]
    assert (row["outcome"], row["reason"], row["violations"]) == ("accepted", None, None)
    assert [len(one["messages"]) for one in contrls(desk)] == [1, 0]  # told anew


def test_what_is_parked_again_keeps_its_alarm(desk) -> None:
    desk.take(an_interchange(an_order("PO-1")))
    received = an_interchange(an_order("PO-1", a_line(CUP, 3)), control_reference="REF2")
    entered, _ = desk.take(received)
    (parked,) = documents(desk, entered.source_id)
    (judged,) = again(desk, received, [parked["id"]])
    assert (judged.outcome, judged.reason) == ("parked", "order.number_reused")
    assert [row["kind"] for row in desk.store.read(open_alerts)] == ["order.number_reused"]


@pytest.mark.parametrize("outcome", ["accepted", "duplicate"])
def test_what_is_final_stays(desk, outcome: str) -> None:
    desk.take(an_interchange(an_order("PO-1")))
    again_sent = an_interchange(an_order("PO-1"), control_reference="REF2")
    entered, _ = desk.take(again_sent if outcome == "duplicate" else an_interchange(an_order("PO-2"), sender="X"))
    if outcome == "accepted":
        entered, _ = desk.take(an_interchange(an_order("PO-3"), control_reference="REF3"))
    (row,) = documents(desk, entered.source_id)
    assert row["outcome"] == outcome
    with pytest.raises(Conflict, match=f"is {outcome}; that stays"):
        desk.store.read(lambda tx: what_to_replay(tx, row["id"], reason="mended"))


def test_a_broken_envelope_is_not_replayed(desk) -> None:
    broken = Violation("interchange.truncated", "UNZ is missing", level=Level.INTERCHANGE, tag="UNZ")
    entered = desk.enter(an_interchange(an_order(), violations=(broken,)))
    (row,) = documents(desk, entered.source_id)
    with pytest.raises(Conflict, match="the envelope of document"):
        desk.store.read(lambda tx: what_to_replay(tx, row["id"], reason="mended"))


def test_an_unknown_document_is_not_found(desk) -> None:
    with pytest.raises(NotFound):
        desk.store.read(lambda tx: what_to_replay(tx, 1, reason="mended"))


def test_a_document_of_the_api_is_not_replayed(desk) -> None:
    def work(tx: Tx) -> int:
        row = rows.DocumentRow(
            tx.ids.next(), 1, None, 0, "ORDERS", "", "", "", "", 1, "rejected", None, None, 0, None
        )  # fmt: skip
        rows.append_documents(tx, [row])
        return row.id

    document_id = desk.store.write(work)
    with pytest.raises(Conflict, match="did not come in an interchange"):
        desk.store.read(lambda tx: what_to_replay(tx, document_id, reason="mended"))


def test_a_sender_in_anothers_folder_stays_parked_until_the_identity_moves(store: Store, open_desk) -> None:
    partners = [partner_row(), partner_row("OTHER", gln="")]
    store.write(Trade(partners=partners).load)
    desk = open_desk(store)
    other = store.read(lambda tx: partner_id_by_code(tx, "OTHER"))
    received = an_interchange(an_order("PO-1"))
    entered, _ = desk.take(received, partner_id=other)
    (parked,) = documents(desk, entered.source_id)
    with pytest.raises(Conflict, match="is still not the partner of the folder"):
        again(desk, received, [parked["id"]])
    addresses = [{**one, "partner": "OTHER"} for one in Trade().addresses]
    store.write(Trade(partners=partners, edi=[edi_row("OTHER")], addresses=addresses, codes=[]).load)
    (judged,) = again(desk, received, [parked["id"]])
    assert judged.outcome == "accepted"
    assert store.read(open_alerts) == []


def test_what_was_addressed_to_somebody_else_waits_for_that_identity(desk) -> None:
    received = an_interchange(an_order("PO-1"), recipient="OURS-2")
    entered, _ = desk.take(received)
    (parked,) = documents(desk, entered.source_id)
    with pytest.raises(Conflict, match="which is still not an identity of ours"):
        again(desk, received, [parked["id"]])
    desk.store.write(Trade(edi=[edi_row(), edi_row(our_id="OURS-2")]).load)
    (judged,) = again(desk, received, [parked["id"]])
    assert judged.outcome == "accepted"


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_of_two_replays_at_once_one_does_it(each_desk) -> None:
    desk = each_desk
    received = an_interchange(an_order("PO-1"), sender="STRANGER", sender_qualifier="ZZ")
    entered, _ = desk.take(received)
    (parked,) = documents(desk, entered.source_id)
    desk.store.write(Trade(edi=[edi_row(), STRANGER]).load)
    meet = threading.Barrier(2)

    def one(_number: int) -> bool:
        meet.wait(10)
        with suppress(Conflict):
            again(desk, received, [parked["id"]])
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [False, True]
    assert [row["outcome"] for row in documents(desk, entered.source_id)] == ["accepted"]
    assert numbers(desk.store) == ["2026-ED-000001"]
