"""The acts that API, console and command line share: each one transaction and its replies."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, event, func, select, update

from core.documents import Order, OrderLine, Party
from core.errors import Conflict, IdempotencyMismatch, NotFound, StoreUnavailable, ValueRefused
from core.intake import handlers
from core.intake.replay import ReasonMissing
from core.reporting import views
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.master import next_version
from core.store.orders import StockShort
from core.store.tables.intake import sources
from core.store.tables.master import partner_edi, partners
from core.store.tables.ordering import orders
from core.testing.edifact import Faults, InterchangeFile, OrdersMessage
from gateway import demo, operations
from gateway.wiring import Gateway, open_gateway

GTIN = "4012345010015"
VIENNA = "9009876000023"
BODY = {
    "partner": "ALPINA",
    "buyer_reference": "API-1",
    "lines": [{"gtin": GTIN, "quantity": "10.00", "price": "4.90"}],
}


def body(**changes: Any) -> bytes:
    return orjson.dumps(BODY | changes)


def order(reference: str = "API-1", quantity: str = "10.00", price: str = "4.90") -> Order:
    line = OrderLine(1, Decimal(quantity), gtin=GTIN, price=Decimal(price))
    return Order(reference, (line,), ship_to=Party("DP", gln=VIENNA))


def place(gateway: Gateway, document: Order | None = None, **how: Any) -> dict[str, Any]:
    document = document or order()
    content = how.pop("content", body(buyer_reference=document.buyer_reference))
    return gateway.operations.place_order(content, document, partner="ALPINA", actor="key:abc", **how)


def demo_file(gateway: Gateway, kind: str) -> bytes:
    return next(content for name, content in demo.orders(gateway.clock.now()).items() if kind in name)


def take(gateway: Gateway, kind: str) -> dict[str, Any]:
    return gateway.operations.intake(demo_file(gateway, kind), channel="ED", partner="ALPINA", origin="POST")


def count(gateway: Gateway, table: Any) -> int:
    return gateway.store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())


def out(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "folders" / "ALPINA" / "out").iterdir())


# orders by API


def test_no_statement_is_made_for_one_order_alone(gateway: Gateway) -> None:
    """Issue 5, `POST /orders` >= 150/s: making a statement costs what running ten does, so each one comes again."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        made.append(statement)

    for number in range(3):  # each form of a statement is met, with stock to take and credit to bind
        place(gateway, order(f"KNOWN-{number}"))
    event.listen(Engine, "before_cursor_execute", note)
    try:
        place(gateway, order("KNOWN-3"))
        placed_with = list(made)
        gateway.store.read(lambda tx: tx.execute(select(func.count()).select_from(orders)))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert placed_with == []
    assert len(made) == 1  # what is made on the spot is noticed


def test_a_placed_order_is_answered_with_itself(gateway: Gateway) -> None:
    placed = place(gateway)
    year = gateway.clock.now().year
    assert (placed["number"], placed["state"], placed["channel"]) == (f"{year}-SR-000001", "confirmed", "SR")
    assert placed == gateway.store.read(lambda tx: views.order(tx, placed["number"]))


def test_a_dry_run_is_the_same_answer_and_writes_nothing(gateway: Gateway) -> None:
    would = place(gateway, dry_run=True)
    assert (count(gateway, orders), count(gateway, sources)) == (0, 0)
    assert not list(gateway.blobs.root.glob("*/*"))
    placed = place(gateway)
    assert {group["group"] for group in would.pop("checks")} == {"customer", "credit", "availability", "price"}
    assert {**would, "documents": placed["documents"]} == placed  # the number, too: it was peeked at
    assert place(gateway, dry_run=True) == gateway.store.read(lambda tx: views.order(tx, placed["number"]))


def test_an_idempotency_key_gives_the_first_answer_again(gateway: Gateway) -> None:
    first = place(gateway, idempotency_key="k-1")
    gateway.operations.cancel(first["number"], actor="eve", reason="")
    assert place(gateway, idempotency_key="k-1") == first  # as it was answered, whatever became of it
    with pytest.raises(IdempotencyMismatch):
        place(gateway, order("API-2"), idempotency_key="k-1")
    assert count(gateway, orders) == 1


def test_the_same_order_without_a_key_is_recognised_by_its_content(gateway: Gateway) -> None:
    assert place(gateway)["number"] == place(gateway)["number"]
    with pytest.raises(Conflict, match="which has other content"):
        place(gateway, order(quantity="11"))


def test_stock_that_moved_is_planned_again(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    direct = operations.place_direct

    def moving(*args: Any, **how: Any) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise StockShort
        return direct(*args, **how)

    monkeypatch.setattr(operations, "place_direct", moving)
    assert place(gateway)["state"] == "confirmed"
    assert len(tries) == 3


def test_stock_that_moves_at_every_try_asks_for_patience(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def moving(*_args: Any, **_how: Any) -> str:
        raise StockShort

    monkeypatch.setattr(operations, "place_direct", moving)
    with pytest.raises(StoreUnavailable, match="the stock moved at every try"):
        place(gateway)


def test_an_unknown_partner_is_not_found(gateway: Gateway) -> None:
    with pytest.raises(NotFound, match="there is no partner NOBODY"):
        gateway.operations.place_order(body(), order(), partner="NOBODY", actor="key:abc")
    with pytest.raises(NotFound, match="there is no partner NOBODY"):
        gateway.operations.intake(b"x", channel="ED", partner="NOBODY", origin="POST")


# documents


def test_documents_are_taken_and_shown(gateway: Gateway, home: Path) -> None:
    shown = take(gateway, "clean")
    assert [document["outcome"] for document in shown["documents"]] == ["accepted"]
    assert out(home) == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]


def test_a_dry_run_of_a_document_is_what_check_says(gateway: Gateway, home: Path) -> None:
    content = demo_file(gateway, "clean")
    shown = gateway.operations.intake(content, channel="ED", partner=None, origin="POST", dry_run=True)
    assert shown["interchanges"][0]["messages"][0]["verdict"] == "accepted"
    assert (count(gateway, sources), out(home)) == (0, [])


def test_a_held_order_is_released_and_answered(gateway: Gateway, home: Path) -> None:
    take(gateway, "price-off")
    number = f"{gateway.clock.now().year}-ED-000001"
    with pytest.raises(Conflict, match=r"is held: price\.mismatch"):
        gateway.operations.confirm(number, actor="eve")
    assert out(home) == ["CONTRL_000001.edi"]
    released = gateway.operations.release(number, actor="eve", reason="agreed", codes=["price.mismatch"])
    assert (released["state"], released["holds"]) == ("confirmed", [])
    assert out(home) == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]


def test_an_order_that_lacks_credit_by_now_is_held_for_it(gateway: Gateway, home: Path) -> None:
    """CNF-02: 409 names the hold, which stays; no try after it would do better."""
    take(gateway, "price-off")
    number = f"{gateway.clock.now().year}-ED-000001"

    def without_holds_and_credit(tx: Tx) -> None:
        (hold,) = order_rows.holds_of(tx, order_rows.by_number(tx, number)["id"])
        order_rows.release_hold(tx, hold["id"], at=gateway.clock.now(), actor="rule:test", reason="for a test")
        tx.execute(update(partners).where(partners.c.code == "ALPINA").values(credit_limit=Decimal(1)))
        next_version(tx)

    gateway.store.write(without_holds_and_credit)
    for _ in range(2):
        with pytest.raises(Conflict, match=r"is held: credit\.limit"):
            gateway.operations.confirm(number, actor="eve")
    shown = gateway.store.read(lambda tx: views.order(tx, number))
    assert [hold["code"] for hold in shown["holds"]] == ["credit.limit"]
    assert out(home) == ["CONTRL_000001.edi"]


def test_a_cancelled_order_is_told(gateway: Gateway, home: Path) -> None:
    take(gateway, "clean")
    number = f"{gateway.clock.now().year}-ED-000001"
    with pytest.raises(NotFound):
        gateway.operations.cancel(number, actor="eve", reason="", partner="OTHER")
    cancelled = gateway.operations.cancel(number, actor="eve", reason="sold out", partner="ALPINA")
    assert cancelled["state"] == "cancelled"
    assert len(out(home)) == 3


def test_a_parked_document_is_replayed_once_its_partner_is_known(gateway: Gateway, home: Path) -> None:
    def identity(edi_id: str) -> None:
        gateway.store.write(lambda tx: tx.execute(update(partner_edi).values(edi_id=edi_id)))

    identity("SOMEBODY")
    shown = gateway.operations.intake(demo_file(gateway, "clean"), channel="ED", partner=None, origin="POST")
    (document,) = shown["documents"]
    assert (document["outcome"], document["reason"]) == ("parked", "partner.unknown")
    with pytest.raises(Conflict, match="no partner has the EDI identity"):
        gateway.operations.replay(document["id"], actor="eve")
    identity("9009876000016")
    replayed = gateway.operations.replay(document["id"], actor="eve", reason="now known")
    assert (replayed["id"], replayed["outcome"]) == (document["id"], "accepted")
    assert out(home) == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]
    told = gateway.store.read(lambda tx: views.timeline(tx, replayed["orders"][0]))
    assert told["events"][0]["actor"] == "eve: now known"


def test_a_rejected_document_is_judged_again_for_a_reason(gateway: Gateway) -> None:
    """gateway.md section 7, operator actions: its sender was told, so somebody says why."""
    nothing = re.sub(rb"QTY\+21:\d+", b"QTY+21:0", demo_file(gateway, "clean"))
    (document,) = gateway.operations.intake(nothing, channel="ED", partner=None, origin="POST")["documents"]
    assert document["outcome"] == "rejected"
    for reason in ("", "  "):
        with pytest.raises(ReasonMissing, match="was rejected, and its sender was told so"):
            gateway.operations.replay(document["id"], actor="eve", reason=reason)
    again = gateway.operations.replay(document["id"], actor="eve", reason="the guide was mended")
    assert again["outcome"] == "rejected"


@pytest.mark.parametrize("wanted", ["", "abc", "-1", "1.5", "99"])
def test_a_document_that_is_not_there_is_not_found(gateway: Gateway, wanted: str) -> None:
    with pytest.raises(NotFound):
        gateway.operations.replay(wanted, actor="eve")
    with pytest.raises(NotFound):
        gateway.operations.raw(wanted)


def test_whoever_listens_hears_of_every_act(home: Path) -> None:
    heard: list[str] = []
    gateway = open_gateway(home, "serve")
    gateway.bell.listen(lambda: heard.append("committed"))
    place(gateway)
    place(gateway, dry_run=True)
    take(gateway, "clean")
    gateway.close()
    assert heard == ["committed"] * 2


def test_one_poison_line_of_a_batch_does_not_reach_the_caller(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "plan_order", lambda *_args, **_how: 1 // 0)
    shown = take(gateway, "clean")
    assert [(one["outcome"], one["reason"]) for one in shown["documents"]] == [("parked", "system.failed")]


# where values came from


def test_the_fields_of_an_api_order_lead_into_its_body(gateway: Gateway) -> None:
    number = place(gateway)["number"]
    source = gateway.operations.source(number, "lines.1.quantity")
    assert (source["kind"], source["pointer"], source["text"]) == ("json", "/lines/0/quantity", "10.00")
    assert (source["value"], source["verified"]) == ("10", True)  # equal, though written otherwise
    assert gateway.operations.source(number, "buyer_reference")["pointer"] == "/buyer_reference"
    code = gateway.operations.source(number, "code")
    assert (code["kind"], code["rule"], code["value"]) == ("derived", "ordering.code", "220")
    sku = gateway.operations.source(number, "lines.1.sku")
    assert (sku["kind"], sku["rule"]) == ("derived", "item.identity")
    with pytest.raises(NotFound):
        gateway.operations.source(number, "no_such")
    with pytest.raises(NotFound):
        gateway.operations.source(number, "lines.1.quantity", partner="OTHER")


@pytest.mark.parametrize(("sent", "verified"), [("11", False), ("ten", False), ("10", True)])
def test_a_body_that_says_something_else_is_never_verified(gateway: Gateway, sent: str, verified: bool) -> None:
    content = body(lines=[{"gtin": GTIN, "quantity": sent}])
    number = place(gateway, content=content)["number"]
    assert gateway.operations.source(number, "lines.1.quantity")["verified"] is verified


def test_the_bytes_of_documents_in_and_out(gateway: Gateway, home: Path) -> None:
    content = demo_file(gateway, "clean")
    shown = gateway.operations.intake(content, channel="ED", partner="ALPINA", origin="POST")
    document = shown["documents"][0]
    assert gateway.operations.raw(document["id"], partner="ALPINA") == content
    with pytest.raises(NotFound):
        gateway.operations.raw(document["id"], partner="OTHER")
    links = gateway.store.read(lambda tx: views.order(tx, document["orders"][0]))["documents"]
    answer = next(link for link in links if link["direction"] == "out")
    sent = (home / "folders" / "ALPINA" / "out" / "ORDRSP_000002.edi").read_bytes()
    assert gateway.operations.raw(answer["id"], partner="ALPINA") == sent
    with pytest.raises(NotFound):
        gateway.operations.raw(answer["id"], partner="OTHER")
    assert [one["tag"] for one in gateway.operations.segments(answer["id"])][:3] == ["UNB", "UNH", "BGM"]


def test_what_no_field_takes_is_told_of_the_message_it_stands_in(gateway: Gateway) -> None:
    day = date(2026, 1, 5)
    extra = Faults(added=(("DTM+137", "DTM+4:20260101:102"), ("DTM+4", "DTM+3:20260102:102")))
    two = [OrdersMessage("PO-1", day), OrdersMessage("PO-2", day, reference="2", faults=extra)]
    content = InterchangeFile(two, "R1").encode()
    shown = gateway.operations.intake(content, channel="ED", partner=None, origin="POST")
    first, second = (document["id"] for document in shown["documents"])
    assert gateway.operations.unmapped(first) == {"items": [], "next": None}
    page = gateway.operations.unmapped(second, limit=4)
    assert [one["text"] for one in page["items"]] == ["4", "20260101", "102", "3"]
    assert content[page["items"][1]["offset"] :].startswith(b"20260101:102'")
    rest = gateway.operations.unmapped(second, limit=4, cursor=page["next"])
    assert ([one["text"] for one in rest["items"]], rest["next"]) == (["20260102", "102"], None)
    with pytest.raises(NotFound):
        gateway.operations.unmapped(second, partner="OTHER")
    with pytest.raises(ValueRefused):
        gateway.operations.unmapped(second, cursor="0")


def test_what_has_no_segments_or_is_ours_leaves_nothing_unmapped(gateway: Gateway) -> None:
    junk = gateway.operations.intake(b"junk", channel="ED", partner="ALPINA", origin="POST")["documents"][0]
    number = place(gateway)["number"]
    shown = gateway.operations.intake(demo_file(gateway, "clean"), channel="ED", partner="ALPINA", origin="POST")
    (ours,) = [link["id"] for link in shown["documents"][0]["replies"] if link["type"] == "CONTRL"]
    direct = gateway.store.read(lambda tx: views.order(tx, number))["documents"][0]["id"]
    for document_id in (junk["id"], ours, direct):
        assert gateway.operations.unmapped(document_id) == {"items": [], "next": None}


def test_the_segments_of_one_message_of_one_interchange(gateway: Gateway) -> None:
    first, second = demo_file(gateway, "clean"), demo_file(gateway, "price-off")
    shown = gateway.operations.intake(first + second, channel="ED", partner="ALPINA", origin="POST")
    document = shown["documents"][1]
    segments = gateway.operations.segments(document["id"])
    assert segments[0]["offset"] >= len(first)
    assert [one["segment"] for one in segments if one["tag"] in ("UNB", "UNZ")] == [None, None]
    inside = [one["segment"] for one in segments if one["segment"]]
    assert inside == list(range(1, len(inside) + 1))


def test_a_body_is_one_json_document_without_segments(gateway: Gateway) -> None:
    number = place(gateway)["number"]
    (link,) = gateway.store.read(lambda tx: views.order(tx, number))["documents"]
    assert gateway.operations.segments(link["id"]) == []
    assert json.loads(gateway.operations.raw(link["id"]))["buyer_reference"] == "API-1"


def test_the_proof_of_the_events(gateway: Gateway) -> None:
    place(gateway)
    assert gateway.operations.audit_verify() == {"ok": True, "events": 4, "unsealed": 4, "first_bad": None}
