from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.clock import from_micros
from core.errors import NotFound, ValueRefused
from core.reporting import views
from core.store.engine import Store
from core.store.tables.intake import documents
from core.store.tables.messaging import outbox, transmissions
from core.texts.catalogue import LANGUAGES
from gateway.web.shapes.common import Page
from gateway.web.shapes.document import DocumentDetail, DocumentShape

RECEIVED = from_micros(1_772_438_400_000_000)  # 2026-03-02T08:00Z, the clock of these tests
PARTNERS_CONTRL = (
    b"UNB+UNOC:3+9009876000016:14+4012345000009:14+260302:0900+A1'"
    b"UNH+1+CONTRL:2:2:UN'UCI+000002+4012345000009:14+9009876000016:14+7'UNT+3+1'UNZ+1+A1'"
)

#: what differs between the databases is tested elsewhere in this file on both
on_one_database = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)


def listed(store: Store, **asked: Any) -> list[dict[str, Any]]:
    """Return the documents of a list, which has the shape of the contract."""
    page = store.read(lambda tx: views.documents(tx, **asked))
    Page[DocumentShape].model_validate(page)
    return page["items"]


def kinds(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["direction"], one["type"]) for one in found]


def detail(store: Store, document_id: str, partner: str | None = None, language: str = "en") -> dict[str, Any]:
    shown = store.read(lambda tx: views.document(tx, document_id, partner, language=language))
    DocumentDetail.model_validate(shown)
    return shown


def test_both_directions_newest_first(store: Store, take, clean: bytes) -> None:
    take(clean)
    found = listed(store)
    assert kinds(found) == [("out", "CONTRL"), ("out", "ORDRSP"), ("in", "ORDERS")]
    contrl, ordrsp, order = found
    assert order == {
        "id": order["id"],
        "source_id": order["source_id"],
        "direction": "in",
        "type": "ORDERS",
        "version": "D.96A",
        "partner": "ALPINA",
        "control_reference": order["control_reference"],
        "outcome": "accepted",
        "reason": None,
        "orders": ["2026-ED-000001"],
        "received_at": "2026-03-02T08:00:00.000000Z",
        "guide": None,
        "replies": [
            {"id": ordrsp["id"], "type": "ORDRSP", "direction": "out", "control_reference": "000002"},
            {"id": contrl["id"], "type": "CONTRL", "direction": "out", "control_reference": "000001"},
        ],
    }
    assert (ordrsp["outcome"], ordrsp["reason"], ordrsp["orders"]) == (None, "sent", ["2026-ED-000001"])
    assert (contrl["partner"], contrl["source_id"], contrl["orders"]) == ("ALPINA", order["source_id"], [])


def test_filters_of_the_list(store: Store, take, clean: bytes, truncated: bytes) -> None:
    take(clean)
    take(truncated)
    assert kinds(listed(store, direction="in")) == [("in", "ORDERS")] * 2
    assert kinds(listed(store, type="ORDRSP")) == [("out", "ORDRSP")]
    assert [one["outcome"] for one in listed(store, outcome="rejected")] == ["rejected"]
    assert kinds(listed(store, outcome="sent")) == [("out", "CONTRL"), ("out", "CONTRL"), ("out", "ORDRSP")]
    assert len(listed(store, partner="ALPINA", since=RECEIVED)) == 5
    for nothing in (
        {"partner": "OTHER"}, {"partner": "NOBODY"}, {"since": RECEIVED + timedelta(seconds=1)}, {"outcome": "queued"},
        {"direction": "in", "outcome": "sent"}, {"direction": "out", "outcome": "accepted"}, {"direction": "up"},
        {"outcome": "undeliverable"},
    ):  # fmt: skip
        assert listed(store, **nothing) == [], nothing


def test_pages_give_everything_once(store: Store, take, clean: bytes, truncated: bytes) -> None:
    take(clean)
    take(truncated)
    whole = listed(store)
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = store.read(lambda tx, cursor=cursor: views.documents(tx, cursor=cursor, limit=2))
        seen += page["items"]
        take(clean)  # a repeat: one more document at the top of the list
        cursor = page["next"]
        if cursor is None:
            break
    # The repeats sent the first replies again, so that only their state may differ.
    assert [one["id"] for one in seen] == [one["id"] for one in whole]
    with pytest.raises(ValueRefused):
        listed(store, cursor="5")


@on_one_database
def test_a_rejected_document_tells_every_fault_and_its_place(store: Store, take, truncated: bytes) -> None:
    take(truncated)
    (summary,) = listed(store, direction="in")
    shown = detail(store, summary["id"])
    assert {key: shown[key] for key in summary} == summary
    assert shown["outcome"] == "rejected"
    assert {violation["code"] for violation in shown["violations"]} >= {"envelope.unz_missing"}
    assert all("syntax_code" not in violation for violation in shown["violations"])
    assert [reply["type"] for reply in shown["replies"]] == ["CONTRL"]


@on_one_database
def test_the_codes_for_our_contrl_are_not_told(store: Store, take, clean: bytes) -> None:
    """A message fault is kept with its data element 0085, which V of the contracts does not have."""
    take(clean.replace(b"QTY+21:24:PCE", b"QTY+21:x:PCE", 1))
    (summary,) = listed(store, direction="in")
    shown = detail(store, summary["id"])
    assert shown["outcome"] == "rejected"
    assert shown["violations"]
    assert shown["violations"][0]["offset"] is not None


@on_one_database
def test_what_is_kept_is_told_in_another_language_later(store: Store, take, clean: bytes) -> None:
    """LNG-01: a fault of the message and one of its envelope, told from their rows; only the words differ."""
    take(clean.replace(b"QTY+21:24:PCE", b"QTY+21:x:PCE", 1).replace(b"UNZ+1+", b"UNZ+2+"))
    (summary,) = listed(store, direction="in")
    told = {language: detail(store, summary["id"], language=language)["violations"] for language in LANGUAGES}
    assert [[one["message"] for one in told[language]] for language in LANGUAGES] == [
        ["UNZ says 2 messages; the interchange has 1.", "6060 (Quantity) of QTY must be a number, not 'x'."],
        [
            "Laut UNZ sind es 2 Nachrichten; die Übertragungsdatei hat 1.",
            "6060 (Quantity) in QTY muss eine Zahl sein, nicht 'x'.",
        ],
        ["UNZ 称有 2 个报文；交换实际有 1 个。", "QTY 的 6060（Quantity）必须是数字，不能是 'x'。"],
    ]
    assert [one["hint"] for one in told["de"]][1] == "Ziffern senden."
    places = [[{**one, "message": "", "hint": ""} for one in told[language]] for language in LANGUAGES]
    assert places[1:] == places[:-1]


@on_one_database
def test_faults_of_the_envelope_belong_to_its_documents(store: Store, take, clean: bytes) -> None:
    take(clean.replace(b"UNZ+1+", b"UNZ+2+"))
    (summary,) = listed(store, direction="in")
    assert summary["outcome"] == "accepted"
    shown = detail(store, summary["id"])
    assert [violation["level"] for violation in shown["violations"]] == ["interchange"]
    order = store.read(lambda tx: views.order(tx, summary["orders"][0]))
    assert [hold["code"] for hold in order["holds"]] == ["document.count_mismatch"]


@on_one_database
def test_an_unreadable_source_is_a_document_of_nobody(store: Store, take) -> None:
    take(b"")
    (shown,) = listed(store)
    assert (shown["type"], shown["version"], shown["control_reference"]) == (None, None, None)
    assert (shown["outcome"], shown["replies"]) == ("rejected", [])
    assert detail(store, shown["id"])["violations"]


@on_one_database
def test_another_partners_document_is_not_there(store: Store, take, clean: bytes) -> None:
    take(clean)
    for document in listed(store):
        assert detail(store, document["id"], "ALPINA")["id"] == document["id"]
        with pytest.raises(NotFound, match="there is no document"):
            detail(store, document["id"], "OTHER")


@on_one_database
def test_an_id_of_nothing_is_not_found(store: Store) -> None:
    for unknown in ("0", "1", "x", "", "-1", "1.0", "\u0661", str(2**63), "9" * 100):
        with pytest.raises(NotFound, match="there is no document"):
            store.read(lambda tx, unknown=unknown: views.document(tx, unknown))


def test_the_partners_acknowledgement_answers_what_we_sent(store: Store, take, clean: bytes) -> None:
    take(clean)
    take(PARTNERS_CONTRL)
    acknowledged = next(one for one in listed(store, direction="in") if one["type"] == "CONTRL")
    assert acknowledged["outcome"] == "changed"
    (ordrsp,) = listed(store, type="ORDRSP")
    assert ordrsp["reason"] == "acknowledged"
    link = {"id": acknowledged["id"], "type": "CONTRL", "direction": "in", "control_reference": "A1"}
    assert detail(store, ordrsp["id"])["replies"] == [link]
    # It speaks of the order, so it belongs to it, although the document names no order.
    belonging = store.read(lambda tx: views.documents_of(tx, "2026-ED-000001"))
    assert kinds(belonging["items"]) == [("in", "ORDERS"), ("out", "ORDRSP"), ("out", "CONTRL"), ("in", "CONTRL")]
    order = store.read(lambda tx: views.order(tx, "2026-ED-000001"))
    assert order["documents"][-1] == link


@on_one_database
def test_documents_of_an_order(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    page = store.read(lambda tx: views.documents_of(tx, "2026-ED-000001", "ALPINA"))
    Page[DocumentShape].model_validate(page)
    order = store.read(lambda tx: views.order(tx, "2026-ED-000001"))
    assert [one["id"] for one in page["items"]] == [link["id"] for link in order["documents"]]
    assert page["next"] is None
    for number, partner in (("2026-ED-000001", "OTHER"), ("2026-ED-000003", None)):
        with pytest.raises(NotFound):
            store.read(lambda tx, number=number, partner=partner: views.documents_of(tx, number, partner))


def test_replies_to_many_orders_of_one_interchange_are_told_apart(store: Store, take, clean: bytes) -> None:
    message = clean[clean.index(b"UNH+1") : clean.index(b"UNZ+")]
    second = message.replace(b"UNH+1+", b"UNH+2+").replace(b"PO-", b"PP-")
    second = second[: second.rindex(b"+1'")] + b"+2'" + second[second.rindex(b"+1'") + 3 :]
    taken = take(clean.replace(message, message + second).replace(b"UNZ+1+", b"UNZ+2+"))
    kept = store.read(lambda tx: views.source(tx, taken.source_id))
    assert kept["source_id"] == str(taken.source_id)
    one, two = kept["documents"]
    assert [one["orders"], two["orders"]] == [["2026-ED-000001"], ["2026-ED-000002"]]
    assert [reply["type"] for reply in one["replies"]] == ["ORDRSP", "CONTRL"]
    assert one["replies"][1] == two["replies"][1]
    assert one["replies"][0]["id"] != two["replies"][0]["id"]
    with pytest.raises(NotFound):
        store.read(lambda tx: views.source(tx, 1))


@on_one_database
def test_a_repeat_belongs_to_the_order_but_was_not_answered_by_it(store: Store, take, clean: bytes) -> None:
    take(clean)
    again = clean.replace(b"+D", b"+E", 1).replace(b"UNZ+1+D", b"UNZ+1+E")
    take(again)
    repeat = listed(store, direction="in")[0]
    assert (repeat["outcome"], repeat["reason"], repeat["orders"]) == (
        "duplicate",
        "order.repeated",
        ["2026-ED-000001"],
    )
    assert [reply["type"] for reply in repeat["replies"]] == ["CONTRL"]


def test_the_same_bytes_again_get_the_same_replies(store: Store, take, clean: bytes) -> None:
    take(clean)
    take(clean)
    again, first = listed(store, direction="in")
    assert (again["outcome"], again["reason"], again["orders"]) == ("duplicate", "source.repeated", [])
    assert [reply["type"] for reply in again["replies"]] == ["ORDRSP", "CONTRL"]
    assert again["replies"] == first["replies"]
    assert detail(store, again["id"])["replies"] == first["replies"]


def test_what_we_sent_tells_how_far_it_is(store: Store, take, clean: bytes) -> None:
    take(clean)
    (ordrsp,) = listed(store, type="ORDRSP")

    def told(values: dict[str, Any], in_state: str) -> str:
        """Change the transmissions, or else the outbox rows, and return what the document says of it."""
        table = transmissions if "state" in values else outbox
        store.write(lambda tx: tx.execute(update(table).values(**values)))
        assert ordrsp["id"] in [one["id"] for one in listed(store, outcome=in_state)]
        assert listed(store, outcome="sent") == []
        return str(detail(store, ordrsp["id"])["reason"])

    for state in ("attempting", "acknowledged", "outcome_unknown", "failed"):
        assert told({"state": state}, state) == state
    assert told({"state": "queued"}, "rendered") == "rendered"
    error = "another file lies there"
    assert told({"state": "refused", "last_error": error}, "refused") == f"refused: {error}"
    assert told({"transmission_id": None}, "queued") == "queued"
    (received,) = listed(store, direction="in")
    assert [reply["type"] for reply in received["replies"]] == ["ORDRSP", "CONTRL"]
    assert told({"transmission_id": 0}, "undeliverable") == "undeliverable"


@on_one_database
def test_a_document_without_violations_column_is_whole(store: Store, take, clean: bytes) -> None:
    take(clean)
    (received,) = listed(store, direction="in")
    store.write(lambda tx: tx.execute(update(documents).values(interchange_id=None)))
    shown = detail(store, received["id"])
    assert shown["violations"] == []
    assert [reply["type"] for reply in shown["replies"]] == ["ORDRSP"]
