"""Orders that nobody looked at, read once more by somebody who does not see what was read (issue 6, part 6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from paper_orders import LARGE, Line, PaperOrder, mail

from core.errors import Conflict, Forbidden, ValidationFailed
from core.paper.blind import Verdict
from core.paper.rules import PaperRules
from core.review.rulebook import Rulebook
from core.review.targets import TargetRules
from core.store.rulebooks import put_in_force
from core.store.tables.papers import paper_doubts, paper_parts

from .conftest import House

TYPED: dict[str, str | None] = {
    "partner": "K-10021", "document_date": "2026-11-20", "requested_date": "2026-12-04", "currency": "EUR",
    "ship_to.name": "Alpina Lager Wien", "ship_to.street": "Laxenburger Strasse 365", "ship_to.postal_code": "1230",
    "ship_to.city": "Wien", "lines.1.sku": "NL-1001", "lines.1.quantity": "24", "lines.1.unit": "PCE",
    "lines.1.price": "4.90", "lines.2.sku": "NL-1002", "lines.2.quantity": "40.0", "lines.2.unit": "pce",
    "lines.2.price": "24",
}  # fmt: skip


def with_rules(house: House, **papers: Any) -> None:
    book = Rulebook(papers=PaperRules(**papers))
    at = house.gateway.clock.now()
    house.gateway.store.write(lambda tx: put_in_force(tx, book, at=at, actor="ada", reason="to measure"))


@pytest.fixture
def every(house: House) -> None:
    """All are drawn."""
    with_rules(house, sample_percent=Decimal(100))


def drawn(house: House, reference: str, **order: Any) -> tuple[str, dict[str, Any]]:
    """Take an order in; return its number and its sample."""
    taken = house.take(f"{reference}.eml", mail(("order.pdf", PaperOrder(reference, **order).pdf())))
    (sample,) = house.gateway.operations.sample_desk.samples(state="open", limit=1)["items"]
    return taken["orders"][0]["number"], house.gateway.operations.sample_desk.sample(sample["id"])


def answered(house: House, sample: dict[str, Any], reference: str, **other: str | None) -> dict[str, Any]:
    typed = {**TYPED, "buyer_reference": reference, **{path.replace("__", "."): one for path, one in other.items()}}
    return house.gateway.operations.sample_desk.answer(sample["id"], typed, seen=sample["version"], actor="bea")


def settled(house: House, sample: dict[str, Any], actor: str = "carl", **verdicts: Verdict) -> dict[str, Any]:
    by_path: dict[str, Verdict] = {path.replace("__", "."): one for path, one in verdicts.items()}
    desk = house.gateway.operations.sample_desk
    return desk.settle(sample["id"], by_path, reason="looked", seen=sample["version"], actor=actor)


def open_tasks(house: House, kind: str) -> list[dict[str, Any]]:
    return list(house.gateway.operations.task_desk.tasks(state="open", kind=kind)["items"])


def review_of(house: House, reference: str) -> dict[str, Any]:
    return next(one for one in house.tasks() if one["inputs"]["reference"] == reference)


@pytest.mark.usefixtures("every")
def test_the_order_goes_on_and_the_task_tells_nothing_of_it(house: House) -> None:
    number, sample = drawn(house, "PO-3001")
    assert house.gateway.operations.sample_desk.sample(sample["id"])["class"] == "pdf"
    (task,) = [one for one in open_tasks(house, "paper.sample") if one["subject"] == sample["id"]]
    assert (task["role"], task["order"]) == ("order_processor", None)
    assert task["due_at"] == sample["due_at"]
    told = orjson.dumps([task, sample]).decode()
    for value in (number, "PO-3001", "ALPINA", "NL-1001", "4.90"):
        assert value not in told
    assert house.gateway.operations.sample_desk.picture(sample["id"], 1).startswith(b"\x89PNG")
    with pytest.raises(Conflict):  # only its answers end it
        house.gateway.operations.task_desk.finish(int(task["id"]), reason="x", actor="bea", roles=None)


@pytest.mark.usefixtures("every")
def test_what_two_read_alike_is_done(house: House) -> None:
    """Days, numbers, units, customers and folded texts are compared by what they mean."""
    number, sample = drawn(house, "PO-3002")
    done = answered(house, sample, "po-3002", partner="alpina handels gmbh", ship_to__city=None)
    assert (done["state"], done["findings"], done["wrong"]) == ("done", [], 0)
    assert (done["order"], done["compared"], done["answered_by"]) == (number, 16, "bea")
    assert sample["id"] not in {one["subject"] for one in open_tasks(house, "paper.sample")}
    with pytest.raises(Conflict):
        answered(house, done, "PO-3002")


@pytest.mark.usefixtures("every")
def test_what_differs_is_settled_by_somebody_else_and_a_wrong_field_calls_sales(house: House) -> None:
    number, sample = drawn(house, "PO-3003")
    differs = answered(house, sample, "PO-3003", lines__1__quantity="21", lines__2__price="24.01", currency="CHF")
    found = {one["field"]: (one["read"], one["typed"], one["verdict"]) for one in differs["findings"]}
    assert found == {
        "lines.1.quantity": ("24", "21", None), "lines.2.price": ("24.00", "24.01", None),
        "currency": ("EUR", "CHF", None),
    }  # fmt: skip
    assert (differs["state"], differs["wrong"]) == ("differs", None)
    assert open_tasks(house, "paper.finding")[0]["role"] == "sales_manager"
    with pytest.raises(Forbidden):
        settled(house, differs, "bea", lines__1__quantity="reader", lines__2__price="nobody", currency="reviewer")
    with pytest.raises(ValidationFailed) as refused:
        settled(house, differs, lines__1__quantity="reader", currency="reviewer", lines__9__sku="reader")
    assert {(one.code, one.tag) for one in refused.value.violations} == {
        ("sample.verdict_missing", "/verdicts/lines.2.price"), ("sample.verdict_unasked", "/verdicts/lines.9.sku"),
    }  # fmt: skip
    done = settled(house, differs, lines__1__quantity="reader", lines__2__price="nobody", currency="reviewer")
    assert (done["state"], done["wrong"], done["settled_by"]) == ("done", 1, "carl")
    (task,) = open_tasks(house, "paper.misread")
    assert (task["role"], task["order"]) == ("sales", number)
    assert "lines.1.quantity is '21' and not '24'" in task["words"]
    desk = house.gateway.operations.alert_desk
    alerts = {"kind": "paper.misread", "partner": None, "cursor": None, "limit": 50}
    assert [one["subject"] for one in desk.alerts(state="open", **alerts)["items"]] == [number]
    house.gateway.operations.task_desk.finish(int(task["id"]), reason="changed", actor="dora", roles=None)
    assert desk.alerts(state="open", **alerts)["items"] == [], "whoever put it right healed it"


@pytest.mark.usefixtures("every")
def test_a_line_that_was_overlooked_is_told_and_shifts_no_other(house: House) -> None:
    """The paper that was typed has a line before those that were read, and one less."""
    _, sample = drawn(house, "PO-3004")
    more = {path.replace("lines.2", "lines.3"): value for path, value in TYPED.items() if path.startswith("lines.2")}
    extra = {f"lines.2.{name}": value for name, value in (("sku", "X-1"), ("quantity", "1"), ("unit", None))}
    typed = {**TYPED, **extra, "lines.2.price": None, **more, "buyer_reference": "PO-3004"}
    desk = house.gateway.operations.sample_desk
    found = desk.answer(sample["id"], typed, seen=sample["version"], actor="bea")["findings"]
    assert {(one["field"], one["read"], one["typed"]) for one in found} == {
        ("lines.4.sku", None, "X-1"), ("lines.4.quantity", None, "1"),
    }  # fmt: skip


@pytest.mark.usefixtures("every")
def test_bad_answers_are_told_at_once_and_change_nothing(house: House) -> None:
    _, sample = drawn(house, "PO-3005")
    bad = {**TYPED, "document_date": "20.11.2026", "lines.1.quantity": "1,5", "lines.3.sku": "A", "total": "1"}
    desk = house.gateway.operations.sample_desk
    with pytest.raises(ValidationFailed) as refused:
        desk.answer(sample["id"], bad, seen=sample["version"], actor="bea")
    told = {(one.code, one.tag) for one in refused.value.violations}
    assert told == {
        ("sample.answer_no_date", "/fields/document_date"), ("sample.answer_no_number", "/fields/lines.1.quantity"),
        ("sample.answer_unasked", "/fields/total"), ("sample.answer_missing", "/fields/buyer_reference"),
        *(("sample.answer_missing", f"/fields/lines.3.{name}") for name in ("quantity", "unit", "price")),
    }  # fmt: skip
    assert house.gateway.operations.sample_desk.sample(sample["id"]) == sample


def test_one_of_the_first_of_a_customer_and_class_is_drawn_even_without_a_share(house: House) -> None:
    with_rules(house, sample_percent=Decimal(0), first_orders=3)
    desk, before = house.gateway.operations.sample_desk, len(house.gateway.operations.sample_desk.samples()["items"])
    for number in range(4):
        order = PaperOrder(f"PO-31{number:02}", lines=(Line(quantity=number + 1), LARGE))
        assert house.take(f"{number}.csv", order.table())["accepted"] == 1
    drawn = desk.samples()["items"]
    assert len(drawn) == before + 1
    assert (drawn[0]["class"], drawn[0]["drawn"]) == ("table", "first")
    assert desk.file(drawn[0]["id"]).startswith(b"Order number;")


def test_of_a_class_another_share_may_be_drawn(house: House) -> None:
    """Stratified by class (part 6): all tables and no PDF."""
    with_rules(house, sample_percent=Decimal(0), class_percent={"table": Decimal(100)}, first_orders=0)
    desk, before = house.gateway.operations.sample_desk, len(house.gateway.operations.sample_desk.samples()["items"])
    assert house.take("o.pdf", PaperOrder("PO-3151").pdf())["accepted"] == 1
    assert len(desk.samples()["items"]) == before
    assert house.take("o.csv", PaperOrder("PO-3152").table())["accepted"] == 1
    drawn = desk.samples()["items"]
    assert (len(drawn), drawn[0]["class"], drawn[0]["drawn"]) == (before + 1, "table", "share")


def test_rules_without_a_target_for_paper_leave_doubtful_orders_to_a_person_all_the_same(house: House) -> None:
    """The task is due by when typing would have been done: a table of targets replaces the default one as a whole."""
    book = Rulebook(targets=TargetRules(handling_minutes={"EC": 5}), papers=PaperRules(baseline_minutes=25))
    at = house.gateway.clock.now()
    house.gateway.store.write(lambda tx: put_in_force(tx, book, at=at, actor="ada", reason="shops alone"))
    assert house.take("unaimed.pdf", PaperOrder("PO-3161", total=Decimal(1)).pdf())["parked"] == 1
    task = review_of(house, "PO-3161")
    took = datetime.fromisoformat(task["due_at"]) - datetime.fromisoformat(task["opened_at"])
    assert took == timedelta(minutes=25)


def test_a_draft_keeps_what_became_of_each_doubt(house: House) -> None:
    """Which doubts were worth a person's time is measured: the reading stayed, or was corrected (part 6)."""
    order = PaperOrder("PO-3201", lines=(Line(sku="XX-9", description="Something"), LARGE), total=Decimal(1))
    house.take("draft.pdf", order.pdf())
    desk = house.gateway.operations.entry_desk
    draft_id = int(review_of(house, "PO-3201")["inputs"]["draft"])
    form = desk.draft(draft_id, partner=None)["content"]
    form["lines"][0]["sku"] = "NL-1001"
    form["lines"][1]["quantity"] = "41"
    desk.replace(draft_id, form, seen=1, actor="petra", partner=None)
    desk.submit(draft_id, actor="petra", partner=None, may_order=lambda _: None)
    part = house.gateway.store.read(
        lambda tx: tx.execute(paper_parts.select().where(paper_parts.c.draft_id == draft_id)).mappings().one()
    )
    assert (part["class"], part["slipped"]) == ("pdf", 1), "the quantity, which nobody had doubted"
    mine = (paper_doubts.c.source_id == part["source_id"]) & (paper_doubts.c.ordinal == part["ordinal"])
    rows = house.gateway.store.read(lambda tx: tx.execute(paper_doubts.select().where(mine)).mappings().all())
    assert {(row["field"], row["outcome"]) for row in rows} == {("lines.sku", "corrected"), ("total", "seen")}
