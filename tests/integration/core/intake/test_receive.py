"""What an envelope gets as a whole, by the first row of the fault table that matches (ARCHITECTURE section 2)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.intake.receive import agreement_for
from core.partners.model import Agreement
from core.provenance import Level, Severity, Violation
from core.store import intake as rows
from core.store import transmissions
from core.store.alerts import open_alerts
from core.store.engine import Store, Tx
from core.store.lookup import partner_id_by_code
from core.store.tables.messaging import outbox
from core.store.tables.messaging import transmissions as sent
from core.testing.received import an_interchange, numbered
from core.testing.trade import BUYER_GLN, MONDAY, OUR_GLN, Trade, an_order, edi_row, partner_row

TRUNCATED = Violation("interchange.truncated", "UNZ is missing", level=Level.INTERCHANGE, tag="UNZ", syntax_code="13")


def acme(store: Store, code: str = "ACME") -> int:
    found = store.read(lambda tx: partner_id_by_code(tx, code))
    assert found is not None
    return found


def outcomes(desk, entered) -> list[tuple[str, str | None]]:
    found = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    return [(row["outcome"], row["reason"]) for row in found]


def contrls(desk, source_id: int) -> list[tuple[str, str, str]]:
    """Return action, code and segment tag of every CONTRL that was queued for a source."""
    statement = select(outbox.c.payload).where(outbox.c.source_id == source_id, outbox.c.type == "CONTRL")
    payloads = desk.store.read(lambda tx: list(tx.execute(statement).scalars()))
    return [(payload["action"], payload["code"], payload["segment_tag"]) for payload in payloads]


def alerts(desk) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in desk.store.read(open_alerts)]


def test_a_clean_envelope_is_left_to_judge(each_desk) -> None:
    interchange, decoded = an_interchange(an_order("PO-1"), an_order("PO-2"))
    entered = each_desk.enter((interchange, decoded), claim_id="w1-1", partner_id=acme(each_desk.store))
    assert [one.interchange for _, one in entered.to_judge] == [interchange]
    source = each_desk.store.read(lambda tx: rows.source(tx, entered.source_id))
    assert (source["documents"], source["settled"], source["claim_id"]) == (2, False, "w1-1")
    (row,) = each_desk.store.read(lambda tx: rows.interchanges_of(tx, entered.source_id))
    assert (row["sender"], row["recipient"], row["syntax"]) == (BUYER_GLN, OUR_GLN, "UNOC:3")
    assert (row["documents"], row["judged"], row["verdict"]) == (2, 0, "")
    assert outcomes(each_desk, entered) == []


def test_an_unreadable_source_is_one_rejected_document_and_an_alarm(each_desk) -> None:
    fault = Violation("source.empty", "the file is empty", level=Level.INTERCHANGE)
    nothing = an_interchange(readable=False, sender="", recipient="", violations=(fault,))
    entered = each_desk.enter(nothing, origin="folders/ACME/in/x.edi", partner_id=acme(each_desk.store))
    assert outcomes(each_desk, entered) == [("rejected", "source.empty")]
    assert contrls(each_desk, entered.source_id) == []
    assert alerts(each_desk) == [("document.rejected", "folders/ACME/in/x.edi")]
    assert each_desk.store.read(lambda tx: rows.source(tx, entered.source_id))["settled"] is True


def test_a_broken_envelope_is_one_document_and_answered(desk) -> None:
    broken = an_interchange(an_order("PO-1"), an_order("PO-2"), violations=(TRUNCATED,))
    entered = desk.enter(broken)
    assert outcomes(desk, entered) == [("rejected", "interchange.truncated")]
    assert contrls(desk, entered.source_id) == [("4", "13", "UNZ")]
    assert alerts(desk) == []
    (row,) = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert row["violations"][0]["code"] == "interchange.truncated"


@pytest.mark.parametrize("how", [{"sender": "STRANGER"}, {"partner_id": 1}])
def test_a_broken_envelope_of_a_stranger_is_not_answered(desk, how: dict[str, Any]) -> None:
    door = {"partner_id": how["partner_id"]} if "partner_id" in how else {}
    changes = {name: value for name, value in how.items() if name == "sender"}
    entered = desk.enter(an_interchange(an_order(), violations=(TRUNCATED,), **changes), **door)
    assert outcomes(desk, entered) == [("rejected", "interchange.truncated")]
    assert contrls(desk, entered.source_id) == []
    assert alerts(desk) == [("document.rejected", "orders.edi")]


def test_a_warning_on_the_envelope_does_not_reject_it(desk) -> None:
    warned = TRUNCATED._replace(severity=Severity.WARNING)
    entered = desk.enter(an_interchange(an_order(), violations=(warned,)))
    assert len(entered.to_judge) == 1
    (row,) = desk.store.read(lambda tx: rows.interchanges_of(tx, entered.source_id))
    assert row["violations"][0]["severity"] == "warning"


def test_a_stranger_is_parked_with_every_message_and_one_alarm(desk) -> None:
    for reference in ("R1", "R2"):
        stranger = an_interchange(
            an_order("PO-1"), an_order("PO-2"), sender="STRANGER", sender_qualifier="ZZ", control_reference=reference
        )
        entered = desk.enter(stranger)
        assert outcomes(desk, entered) == [("parked", "partner.unknown")] * 2
        assert contrls(desk, entered.source_id) == []
    (alert,) = desk.store.read(open_alerts)
    assert (alert["kind"], alert["subject"], alert["count"]) == ("partner.unknown", "STRANGER", 2)
    assert alert["message"] == "no partner has the EDI identity STRANGER:ZZ"


def test_a_sender_in_anothers_folder_is_parked(store, open_desk) -> None:
    store.write(Trade(partners=[partner_row(), partner_row("OTHER", gln="")]).load)
    desk = open_desk(store)
    entered = desk.enter(an_interchange(an_order()), partner_id=acme(store, "OTHER"), origin="folders/OTHER/in/a.edi")
    assert outcomes(desk, entered) == [("parked", "partner.mismatch")]
    assert alerts(desk) == [("partner.mismatch", "folders/OTHER/in/a.edi")]
    (row,) = store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert row["partner_id"] == acme(store, "OTHER")  # whose door it came through


def test_the_same_bytes_again_are_a_duplicate_and_its_replies_go_again(each_desk) -> None:
    received = an_interchange(an_order("PO-1"))
    first, _ = each_desk.take(received)

    def answered(tx: Tx) -> None:
        values = {"endpoint": "o", "type": "CONTRL", "control_reference": "1", "filename": "c", "test": False}
        partner_id = partner_id_by_code(tx, "ACME")
        sent_id = transmissions.add(
            tx, content=b"x", held_by=1, at=MONDAY, partner_id=partner_id, source_id=first.source_id, **values
        )
        transmissions.finish(tx, [(sent_id, 1)], MONDAY)

    each_desk.store.write(answered)
    again = each_desk.enter(received)
    assert again.to_judge == []
    assert outcomes(each_desk, again) == [("duplicate", "source.repeated")]
    assert contrls(each_desk, again.source_id) == []
    assert again.resent
    assert each_desk.store.read(lambda tx: tx.execute(select(sent.c.state)).scalar_one()) == "queued"
    (row,) = each_desk.store.read(lambda tx: rows.interchanges_of(tx, again.source_id))
    assert row["repeats_id"] == first.to_judge[0][0]


def test_the_same_bytes_while_the_first_are_still_judged_are_a_duplicate_too(desk) -> None:
    received = an_interchange(an_order("PO-1"))
    desk.enter(received)
    assert outcomes(desk, desk.enter(received)) == [("duplicate", "source.repeated")]


def test_what_was_rejected_may_come_again(desk) -> None:
    broken = an_interchange(an_order("PO-1"), violations=(TRUNCATED,))
    desk.enter(broken)
    assert outcomes(desk, desk.enter(broken)) == [("rejected", "interchange.truncated")]
    entered = desk.enter(an_interchange(an_order("PO-1")))
    assert len(entered.to_judge) == 1


@pytest.mark.parametrize("changes", [{"recipient": "OURS-2"}, {"test": True}, {"control_reference": "REF2"}])
def test_another_key_is_another_interchange(store, open_desk, changes: dict[str, Any]) -> None:
    store.write(Trade(edi=[edi_row(), edi_row(our_id="OURS-2")]).load)
    desk = open_desk(store)
    desk.take(an_interchange(an_order("PO-1")))
    entered = desk.enter(an_interchange(an_order("PO-2"), **changes))
    assert len(entered.to_judge) == 1


def test_what_is_addressed_to_somebody_else_is_parked(desk) -> None:
    entered = desk.enter(an_interchange(an_order("PO-1"), recipient="SOMEBODY"))
    ((outcome, reason),) = outcomes(desk, entered)
    assert (outcome, reason is not None) == ("parked", True)
    assert len(alerts(desk)) == 1


def test_the_same_interchange_twice_in_one_file_is_taken_once(desk) -> None:
    one, decoded = an_interchange(an_order("PO-1"))
    first, second = numbered([one, one])
    entered = desk.enter((first, decoded), (second, decoded))
    assert len(entered.to_judge) == 1
    assert [outcome for outcome, _ in outcomes(desk, entered)] == ["duplicate"]


def test_a_control_reference_with_other_bytes_is_a_duplicate_of_its_own_kind(each_desk) -> None:
    first, _ = each_desk.take(an_interchange(an_order("PO-1")))
    again = each_desk.enter(an_interchange(an_order("PO-2")))
    assert outcomes(each_desk, again) == [("duplicate", "interchange.reference_reused")]
    assert contrls(each_desk, again.source_id) == [("4", "26", "UNB")]
    assert not again.resent
    assert alerts(each_desk) == [("interchange.reference_reused", f"{BUYER_GLN}/REF1")]
    (row,) = each_desk.store.read(lambda tx: rows.interchanges_of(tx, again.source_id))
    assert row["repeats_id"] == first.to_judge[0][0]


def test_a_reused_reference_of_a_stranger_is_not_answered(desk) -> None:
    for number in (1, 2):
        entered = desk.enter(an_interchange(an_order(f"PO-{number}"), sender="STRANGER"))
    assert outcomes(desk, entered) == [("duplicate", "interchange.reference_reused")]
    assert contrls(desk, entered.source_id) == []


def test_interchanges_of_one_file_have_their_own_verdicts(desk) -> None:
    good, decoded = an_interchange(an_order("PO-1"), an_order("PO-2"))
    broken, _ = an_interchange(an_order("PO-3"), control_reference="REF2", violations=(TRUNCATED,))
    foreign, _ = an_interchange(an_order("PO-4"), control_reference="REF3", sender="STRANGER")
    twin, _ = an_interchange(an_order("PO-5"))
    file = numbered([good, broken, foreign, twin])
    entered = desk.enter(*((one, decoded[:1]) for one in file))
    assert [one.interchange.ordinal for _, one in entered.to_judge] == [0]
    found = desk.store.read(lambda tx: rows.documents_of_source(tx, entered.source_id))
    assert [(row["ordinal"], row["outcome"]) for row in found] == [(2, "rejected"), (3, "parked"), (4, "duplicate")]
    source = desk.store.read(lambda tx: rows.source(tx, entered.source_id))
    assert (source["documents"], source["settled"]) == (5, False)


@pytest.mark.parametrize(
    ("how", "answered"), [("always", True), ("never", False), ("on_error", True), ("on_request", False)]
)
def test_the_agreement_says_whether_a_broken_envelope_is_answered(store, open_desk, how: str, answered: bool) -> None:
    store.write(Trade(edi=[edi_row(acknowledge=how)]).load)
    desk = open_desk(store)
    entered = desk.enter(an_interchange(an_order(), violations=(TRUNCATED,)))
    assert bool(contrls(desk, entered.source_id)) == answered


def test_an_agreement_is_found_by_both_identities_else_by_the_sender() -> None:
    one, two = Agreement("A", "14", "US", "14"), Agreement("A", "14", "US-TOO", "14")
    assert agreement_for([one, two], "A", "US-TOO") == two
    assert agreement_for([one, two], "A", "SOMEBODY") == one
    assert agreement_for([one, two], "B", "US") is None
