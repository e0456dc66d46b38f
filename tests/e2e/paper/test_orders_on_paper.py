"""Bytes in, order out: a mail or fax becomes an order, a draft to look at, or a coded reason (INT-05, INT-10).

Issue 6, parts 2, 5, 6 and 7, through the real reading process, on a real database.
"""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from paper_orders import CONTACT, LARGE, Line, PaperOrder, mail

from adapters.email.adapter import ADAPTER
from core.errors import StorageFull, ValidationFailed
from core.intake.judge import Bench
from core.paper.take import take
from core.paper.work import PaperDesk
from core.provenance import fault
from core.reading import Box, PartRead, ReadSource, Spot
from core.reporting import views
from core.store import papers
from core.store.lookup import MasterCache
from core.store.orders import by_number
from gateway import demo
from gateway.master_data import load
from gateway.wiring import plausible_dates

from .conftest import House


def order_of(house: House, number: str) -> dict[str, Any]:
    return house.gateway.store.read(lambda tx: views.order(tx, number))


def test_a_mail_with_a_form_becomes_an_order_that_needs_nobody(house: House) -> None:
    taken = house.take("a.eml", mail(("order.pdf", PaperOrder("PO-1001").pdf())))
    assert (taken["documents"], taken["accepted"]) == (1, 1)
    told = taken["orders"][0]
    assert told["number"] == f"{datetime.now(UTC).year}-MF-000001"
    order = order_of(house, told["number"])
    assert (order["partner"], order["channel"], order["state"]) == ("ALPINA", "MF", "confirmed")
    lines = [(line["sku"], Decimal(line["quantity"]), Decimal(line["price"])) for line in order["lines"]]
    assert lines == [("NL-1001", 24, Decimal("4.90")), ("NL-1002", 40, Decimal(24))]
    assert house.tasks() == []
    body, form = house.parts()
    assert (body["became"], form["became"], form["reference"]) == ("other", "order", "PO-1001")
    price = form["judgement"]["fields"]["lines.2.price"]
    assert {"arithmetic.line", "price.list", "text.exact"} <= set(price["evidence"])
    assert price["page"] == 1
    assert len(price["box"]) == len("ltrb")
    place = house.gateway.operations.source(told["number"], "lines.2.quantity")
    assert (place["kind"], place["verified"], place["text"], place["page"]) == ("page", True, "40", 1)
    assert form["judgement"]["pages"][0]["unit"] == "pt"
    at = Spot(price["page"], Box(*price["box"]))
    content = house.gateway.blobs.get(form["sha256"])
    assert ADAPTER.crops(content, [at]) == {at: price["crop"]}, "it looks as it did when it was read"
    origins = house.gateway.operations.entry_desk.source_of(told["number"], partner=None)["origins"]
    assert (origins["lines.2.quantity"]["page"], origins["lines.2.quantity"]["evidence"]) == (1, price["evidence"])


def test_the_same_order_again_is_told_as_a_repeat_whatever_mail_it_is_in(house: House) -> None:
    form = PaperOrder("PO-1002").pdf()
    number = house.take("b.eml", mail(("order.pdf", form)))["orders"][0]["number"]
    assert house.take("b.eml", mail(("order.pdf", form)))["duplicate"] == 1, "the same mail"
    assert house.newest()["reason"] == "source.repeated"
    assert house.take("c.eml", mail(("order.pdf", form), subject="Reminder"))["duplicate"] == 1, "the same file"
    assert house.newest()["orders"] == [number]
    assert house.take("d.pdf", PaperOrder("PO-1002", remarks=("Copy",)).pdf())["duplicate"] == 1, "written anew"
    assert house.newest()["reason"] == "order.repeated"
    assert house.take("e.pdf", PaperOrder("PO-1002", lines=(Line(quantity=99),)).pdf())["parked"] == 1
    assert "paper.reference_used" in {one["code"] for one in house.newest()["violations"]}


def test_what_is_doubtful_is_completed_by_a_person_and_numbered_as_what_it_came_by(house: House) -> None:
    wrong = PaperOrder("PO-1003", lines=(Line(), LARGE), total=Decimal("999.00"))
    assert house.take("f.eml", mail(("order.pdf", wrong.pdf())))["parked"] == 1
    document = house.newest()
    assert (document["outcome"], document["reason"]) == ("parked", "paper.review")
    doubts = {one["code"]: one for one in document["violations"]}
    assert set(doubts) == {"paper.total_differs"}
    task = house.tasks()[-1]
    assert task["inputs"]["fields"] == ["/total"]
    assert task["due_at"] is not None
    draft_id = int(task["inputs"]["draft"])
    desk = house.gateway.operations.entry_desk
    draft = desk.draft(draft_id, partner=None)
    assert draft["content"]["buyer_reference"] == "PO-1003"
    read = draft["origins"]["lines.1.quantity"]
    assert (read["origin"], read["page"], read["document"]) == ("read", 1, document["id"])
    order = desk.submit(draft_id, actor="petra", partner=None, may_order=lambda _: None)
    assert "-MF-" in order["number"]
    assert (order["channel"], order["buyer_reference"]) == ("MF", "PO-1003")
    assert task["id"] not in {one["id"] for one in house.tasks()}
    after = house.newest()
    assert (after["id"], after["outcome"], after["orders"]) == (document["id"], "accepted", [order["number"]])
    head = house.gateway.store.read(lambda tx: by_number(tx, order["number"]))
    assert str(head["document_id"]) == document["id"], "the mail itself is where the order came from"
    again = desk.submit(draft_id, actor="petra", partner=None, may_order=lambda _: None)
    assert again["number"] == order["number"]


def test_a_doubtful_field_keeps_who_confirmed_it(house: House) -> None:
    unknown = PaperOrder("PO-1004", lines=(Line(sku="XX-9", description="Something"), LARGE))
    house.take("g.pdf", unknown.pdf())
    task = house.tasks()[-1]
    desk = house.gateway.operations.entry_desk
    draft = desk.draft(int(task["inputs"]["draft"]), partner=None)
    asked = draft["origins"]["lines.1.sku"]
    assert (asked["doubt"], asked["candidates"][0]["value"]) == ("paper.item_unknown", "XX-9")
    form = draft["content"]
    form["lines"][0]["sku"] = "NL-1001"
    form["lines"][1]["quantity"] = "41"
    draft_id = int(draft["id"])
    desk.replace(draft_id, form, seen=draft["version"], actor="petra", partner=None)
    order = desk.submit(draft_id, actor="paul", partner=None, may_order=lambda _: None)
    number = order["number"]
    said = house.gateway.operations.source(number, "lines.1.supplier_code")
    assert (said["kind"], said["rule"], said["verified"], said["text"]) == ("page", "paper.corrected", True, "XX-9")
    assert (said["inputs"]["corrected_by"], said["inputs"]["was"]) == ("petra", "XX-9")
    assert house.gateway.operations.source(number, "lines.1.quantity")["inputs"]["confirmed_by"] == "paul"
    origins = desk.source_of(number, partner=None)["origins"]
    assert (origins["lines.1.sku"]["corrected_by"], origins["lines.1.sku"]["box"]) == ("petra", asked["box"])
    assert (origins["lines.2.quantity"]["corrected_by"], origins["lines.2.quantity"]["was"]) == ("petra", "40")
    assert (origins["lines.1.quantity"]["confirmed_by"], origins["lines.1.quantity"]["page"]) == ("paul", 1)
    assert origins["lines.1.quantity"]["evidence"]


def test_a_stranger_s_order_is_nobody_s_until_somebody_says_whose(house: House) -> None:
    strange = PaperOrder(
        "PO-1005", account="K-9", buyer="Somebody Ltd", ship_to=("Somebody Ltd", "1 Any Street", "Town")
    )
    assert house.take("h.eml", mail(("o.pdf", strange.pdf()), sender="x@somebody.example"))["parked"] == 1
    codes = {one["code"] for one in house.newest()["violations"]}
    assert {"paper.customer_unknown", "paper.ship_to_new"} <= codes
    assert house.newest()["partner"] is None
    draft_id = int(house.tasks()[-1]["inputs"]["draft"])
    with pytest.raises(ValidationFailed):
        house.gateway.operations.entry_desk.submit(draft_id, actor="petra", partner=None, may_order=lambda _: None)
    desk = house.gateway.operations.entry_desk
    desk.discard(draft_id, seen=1, actor="petra", partner=None)
    assert (house.newest()["outcome"], house.newest()["reason"]) == ("rejected", "paper.discarded")


def test_one_order_in_two_forms_is_one_order_unless_they_differ(house: House) -> None:
    order = PaperOrder("PO-1006")
    taken = house.take("i.eml", mail(("o.pdf", order.pdf()), ("o.csv", order.table())))
    assert (taken["documents"], taken["accepted"]) == (1, 1)
    assert sorted(part["became"] for part in house.parts()) == ["order", "other", "same"]
    one, other = PaperOrder("PO-1007"), PaperOrder("PO-1007", lines=(Line(quantity=25), LARGE))
    assert house.take("j.eml", mail(("o.pdf", one.pdf()), ("o.csv", other.table())))["parked"] == 1
    assert {one["tag"] for one in house.newest()["violations"] if one["code"] == "paper.forms_differ"} >= {
        "/lines/0/quantity"
    }


def test_a_form_whose_draft_was_dropped_is_read_again(house: House) -> None:
    """Else the second form of a dropped order would be taken for a repeat of nothing, and lost."""
    one, other = PaperOrder("PO-1011"), PaperOrder("PO-1011", lines=(Line(quantity=25), LARGE))
    house.take("q.eml", mail(("o.pdf", one.pdf()), ("o.csv", other.table())))
    draft_id = int(house.tasks()[-1]["inputs"]["draft"])
    house.gateway.operations.entry_desk.discard(draft_id, seen=1, actor="petra", partner=None)
    assert {part["became"] for part in house.parts()} == {"discarded", "other"}
    for name, form in (("o.csv", other.table()), ("o.pdf", one.pdf())):
        taken = house.take("r.eml", mail((name, form), subject=f"Again {name}"))
        assert taken["duplicate"] == 0, name


def test_a_table_without_a_number_is_asked_about_each_time(house: House) -> None:
    """The same table may be sent every week; only its mail tells one order from the next."""
    weekly = PaperOrder("").table()
    for week in ("47", "48"):
        sent = mail(("weekly.csv", weekly), subject=f"Week {week}")
        assert house.take("s.eml", sent)["parked"] == 1
        assert "paper.missing" in {one["code"] for one in house.newest()["violations"]}
    assert house.take("s.eml", sent)["duplicate"] == 1, "the same mail"


def test_orders_of_two_customers_under_one_number_are_two(house: House) -> None:
    gateway = house.gateway
    other = {"code": "BUERO", "name": "Buero Plus GmbH", "account": "K-10022", "currency": "EUR", "country": "AT"}
    load(gateway.store, gateway.home, gateway.settings, gateway.clock, {"partners": [other]}, where="test")
    ours, theirs = PaperOrder("PO-1012"), PaperOrder("PO-1012", account="K-10022", buyer="Buero Plus GmbH")
    sent = mail(("a.csv", ours.table()), ("b.csv", theirs.table()), sender="colleague@nordlicht.example")
    taken = house.take("t.eml", sent)
    assert (taken["documents"], len(taken["orders"])) == (2, 1)
    assert [(part["became"], part["partner"]) for part in house.parts() if part["name"]] == [
        ("order", "ALPINA"),
        ("draft", "BUERO"),
    ]


def test_signs_that_steer_machines_are_no_part_of_what_was_read(house: House) -> None:
    """PostgreSQL takes no NUL, and a terminal obeys ESC (issue 6, part 7)."""
    line = Line(description="Ball \0\x1b[31m \x9b\u202e bearing 6204")
    table = PaperOrder("PO-1014", lines=(line, LARGE)).table()
    long = b"a" * 5_000 + b";" * 6  # what is NUL at the beginning of a file is no text
    assert house.take("s.csv", long + b"\n" + table)["documents"] == 1
    fields = house.parts()[-1]["judgement"]["fields"]
    assert fields["lines.1.description"]["text"] == "Ball [31m bearing 6204"
    assert all(one["text"].isprintable() for one in fields.values())


def test_a_disk_that_is_full_for_long_costs_no_order(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = house.gateway
    content = mail(("o.pdf", PaperOrder("PO-1013").pdf()))
    gateway.paper_door.keep(content, transport="mail", name="s.eml", origin="mail/in/s.eml")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for _ in range(gateway.settings.papers.attempts + 2):
            with pytest.raises(StorageFull):
                gateway.papers.run_due()
    assert gateway.papers.run_due() == 1
    assert (house.newest()["outcome"], house.newest()["source"]["origin"]) == ("accepted", "mail/in/s.eml")


def test_what_is_no_order_is_told_and_asks_nobody(house: House) -> None:
    before = len(house.tasks())
    assert house.take("k.eml", mail(subject="Hello", body="Thank you for the nice evening."))["rejected"] == 1
    assert house.newest()["reason"] == "paper.not_an_order"
    assert len(house.tasks()) == before


def test_a_customer_s_words_that_are_no_order_are_read_by_a_person(house: House) -> None:
    """They may cancel what was ordered; nobody has to read what strangers and machines write."""

    def letters() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = house.gateway.operations.task_desk.tasks(state="open", kind="paper.letter")[
            "items"
        ]
        return found

    before = len(letters())
    content = mail(subject="PO-77", body="Please cancel our order PO-77.")
    assert house.take("l.eml", content)["rejected"] == 1
    (task,) = letters()[before:]
    assert task["role"] == "sales"
    assert task["subject"].startswith(f"{CONTACT}: PO-77 (")
    assert "(ALPINA) sent a mail that brings no order: “Please cancel our order PO-77.”." in task["words"]
    assert house.take("again.eml", content)["rejected"] == 1
    assert len(letters()) == before + 1, "one mail is read once, however often it comes"
    body = "Please cancel our order PO-78."
    assert house.take("m.eml", mail(subject="PO-78", body=body, sender="x@somebody.example"))["rejected"] == 1
    machine = b"Auto-Submitted: auto-replied\r\n" + mail(subject="PO-79", body=body)
    assert house.take("n.eml", machine)["rejected"] == 1
    assert len(letters()) == before + 1


def test_a_known_customer_s_form_that_is_not_understood_is_for_a_person(house: House) -> None:
    """What says that it is an order is no junk; of a stranger it may be anything."""
    empty = PaperOrder("PO-1010", lines=(), total=LARGE.amount)
    assert house.take("q.eml", mail(("o.pdf", empty.pdf())))["parked"] == 1
    assert {one["code"] for one in house.newest()["violations"]} >= {"paper.missing"}
    assert house.tasks()[-1]["inputs"]["reference"] == "PO-1010"
    strange = PaperOrder("PO-1011", account="K-9", buyer="Somebody Ltd", lines=(), total=LARGE.amount)
    assert house.take("r.eml", mail(("o.pdf", strange.pdf()), sender="x@somebody.example"))["rejected"] == 1


def test_what_may_be_dangerous_or_is_broken_calls_a_person_and_harms_nothing(house: House) -> None:
    assert house.take("l.eml", mail(("x.exe", b"MZ" + bytes(200))))["parked"] == 1
    assert house.take("m.pdf", b"%PDF-1.7\n" + bytes(range(256)))["parked"] == 1
    assert house.newest()["reason"] == "paper.broken"
    alerts = house.gateway.operations.alert_desk.alerts(state="open", kind=None, partner=None, cursor=None, limit=50)[
        "items"
    ]
    assert "paper.unread" in {one["kind"] for one in alerts}
    assert house.take("n.pdf", PaperOrder("PO-1008").pdf())["accepted"] == 1


def test_a_picture_is_a_draft_to_be_typed_where_no_reader_of_pictures_is_installed(house: House) -> None:
    """The extra is installed where tests run, so the reading is made here; everything behind it is real."""
    gateway = house.gateway
    gateway.paper_door.keep(b"GIF", transport="fax", name="o.tif", origin="fax/in/o.tif")
    row = gateway.store.write(lambda tx: papers.claim_due(tx, gateway.clock.now(), gateway.worker_id))
    assert row is not None
    unread = fault("paper.picture_unread", {"name": "o.tif"})
    part = PartRead("", "o.tif", "image/tiff", row.sha256, 3, "picture", violation=unread)
    desk = PaperDesk(Bench(MasterCache(), gateway.clock.now()), plausible_dates(gateway.settings))
    taken = gateway.store.write(lambda tx: take(tx, desk, row, ReadSource(None, (part,)), handed={}, again={}))
    assert (taken.outcomes, len(taken.drafts)) == (["parked"], 1)
    assert house.newest()["reason"] == "paper.picture_unread"
    assert house.tasks()[-1]["words"].startswith("o.tif")


def test_an_edifact_file_in_a_mail_goes_to_its_own_decoder(house: House) -> None:
    files = demo.orders(datetime.now(UTC))
    name, content = next(iter(files.items()))
    house.take("p.eml", mail((name, content)))
    document = house.newest()
    assert (document["type"], document["outcome"]) == ("ORDERS", "accepted")
    assert (document["source"]["channel"], document["source"]["transport"]) == ("ED", "mail")


def test_every_source_is_explained(house: House) -> None:
    found = house.gateway.reconcile()
    assert found["unexplained"] == 0
    assert found["waiting"] == 0
