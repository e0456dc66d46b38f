"""Changes by API over the real gateway: one transaction with its answer, its source and its history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from core.documents import ChangedLine, ChangeFunction, LineAction, Order, OrderChange, OrderLine, Party
from core.errors import Conflict, IdempotencyMismatch, NotFound, ValidationFailed
from core.reporting import views
from core.store.changes import changes_of, revisions_of
from core.store.orders import by_number
from core.store.tables.changes import order_changes
from core.store.tables.intake import sources
from gateway import demo
from gateway.wiring import Gateway

GTIN = "4012345010015"
VIENNA = "9009876000023"


@pytest.fixture
def number(gateway: Gateway) -> str:
    """An order of ten pieces at 4.90, confirmed."""
    order = Order(
        "API-1", (OrderLine(1, Decimal(10), gtin=GTIN, price=Decimal("4.90")),), ship_to=Party("DP", gln=VIENNA)
    )
    placed = gateway.operations.place_order(b"{}", order, partner="ALPINA", actor="key:abc")
    assert placed["state"] == "confirmed"
    return str(placed["number"])


def to(quantity: str, reference: str = "", **changes: Any) -> OrderChange:
    line = ChangedLine(1, LineAction.CHANGE, Decimal(quantity))
    return OrderChange(reference, "", ChangeFunction.CHANGE, (line,), **changes)


def change(gateway: Gateway, number: str, document: OrderChange, **how: Any) -> dict[str, Any]:
    lines = [{"line": line.line, "quantity": str(line.quantity)} for line in document.lines]
    content = how.pop("content", orjson.dumps({"reference": document.number, "lines": lines}))
    asked = {"partner": None, "actor": "key:abc"} | how
    return gateway.operations.change_order(content, document, number=number, **asked)


def kept(gateway: Gateway) -> tuple[int, int]:
    """Return how many sources and changes are kept."""

    def work(tx: Any) -> tuple[int, int]:
        one, two = (
            tx.execute(select(func.count()).select_from(table)).scalar_one() for table in (sources, order_changes)
        )
        return int(one), int(two)

    return gateway.store.read(work)


def test_it_is_answered_with_the_order_as_it_stands_then(gateway: Gateway, number: str) -> None:
    """CNF-14, CHG-05: a new revision, with who asked for it, why and what differs."""
    changed = change(gateway, number, to("4", "CHG-1"), reason="less sold")
    assert (changed["state"], changed["revision"], changed["total"]) == ("confirmed", 2, "19.60")
    assert changed == gateway.store.read(lambda tx: views.order(tx, number))
    order_id = gateway.store.read(lambda tx: by_number(tx, number))["id"]
    (row,) = gateway.store.read(lambda tx: changes_of(tx, order_id))
    assert (row["reference"], row["actor"], row["reason"], row["state"], row["revision"]) == (
        "CHG-1", "key:abc", "less sold", "applied", 2,
    )  # fmt: skip
    assert row["differences"] == [["lines.1.quantity", "10", "4"]]
    (document,) = [one for one in changed["documents"] if one["type"] == "ORDCHG"]
    assert document["id"] == str(row["document_id"])
    told = gateway.store.read(lambda tx: views.timeline(tx, number))["events"]
    assert [event["event"] for event in told[-3:]] == ["order.changed", "order.checked", "order.confirmed"]
    assert told[-3]["inputs"]["differences"] == [{"field": "lines.1.quantity", "before": "10", "after": "4"}]
    assert gateway.reconcile()["unexplained"] == 0
    assert gateway.audit_verify()["ok"]


def test_the_confirmed_revision_stays_as_it_was_hashed(gateway: Gateway, number: str) -> None:
    """ORD-13, invariant 7: the first revision is the same row before and after."""
    order_id = gateway.store.read(lambda tx: by_number(tx, number))["id"]
    (first,) = gateway.store.read(lambda tx: revisions_of(tx, order_id))
    change(gateway, number, to("4"))
    kept_first, second = gateway.store.read(lambda tx: revisions_of(tx, order_id))
    assert kept_first == first
    assert (second["revision"], orjson.loads(second["document"])["lines"][0]["quantity"]) == (2, "4")


def test_a_changed_value_leads_to_the_body_of_the_change(gateway: Gateway, number: str) -> None:
    change(gateway, number, to("4"), content=b'{"lines":[{"line":9,"action":"delete"},{"line":1,"quantity":"4.0"}]}')
    source = gateway.operations.source(number, "lines.1.quantity")
    assert (source["value"], source["kind"], source["pointer"], source["verified"]) == (
        "4", "json", "/lines/1/quantity", True,
    )  # fmt: skip
    untouched = gateway.operations.source(number, "lines.1.price")
    assert untouched["document_id"] != source["document_id"]


def test_a_dry_run_shows_the_order_and_changes_nothing(gateway: Gateway, number: str) -> None:
    """CHG-08."""
    before, amount = gateway.store.read(lambda tx: views.order(tx, number)), kept(gateway)
    would = change(gateway, number, to("4", "CHG-1"), dry_run=True)
    assert (gateway.store.read(lambda tx: views.order(tx, number)), kept(gateway)) == (before, amount)
    changed = change(gateway, number, to("4", "CHG-1"))
    assert {**would, "documents": changed["documents"]} == changed


def test_an_idempotency_key_gives_the_first_answer_again(gateway: Gateway, number: str) -> None:
    first = change(gateway, number, to("4"), idempotency_key="k-1", key="a")
    assert change(gateway, number, to("4"), idempotency_key="k-1", key="a") == first
    assert gateway.store.read(lambda tx: views.order(tx, number))["revision"] == 2
    with pytest.raises(IdempotencyMismatch):
        change(gateway, number, to("5"), idempotency_key="k-1", key="a")


def test_the_same_number_again_changes_nothing_and_another_content_is_refused(gateway: Gateway, number: str) -> None:
    first = change(gateway, number, to("4", "CHG-1"))
    again = change(gateway, number, to("4", "CHG-1"))
    assert {**again, "documents": ()} == {**first, "documents": ()}
    with pytest.raises(Conflict, match="CHG-1 is the reference of another change"):
        change(gateway, number, to("5", "CHG-1"))
    # a change without a number may come back to what was before
    assert [change(gateway, number, to(quantity))["revision"] for quantity in ("5", "4", "5")] == [3, 4, 5]


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_cannot_be_changed_says_why_and_keeps_nothing(gateway: Gateway, number: str, *, dry_run: bool) -> None:
    """CHG-10, CNF-03: 409 with the reason of the state."""
    gateway.operations.cancel(number, actor="eve", reason="")
    before = kept(gateway)
    with pytest.raises(Conflict, match=f"{number} stays as it is: an order that is cancelled cannot change") as refused:
        change(gateway, number, to("4"), dry_run=dry_run)
    assert refused.value.inputs == {"state": "cancelled", "revision": 1}
    assert kept(gateway) == before


def test_another_partners_order_is_not_there(gateway: Gateway, number: str) -> None:
    with pytest.raises(NotFound):
        change(gateway, number, to("4"), partner="NOBODY")
    assert change(gateway, number, to("4"), partner="ALPINA")["revision"] == 2


def test_a_day_that_cannot_be_meant_is_a_violation(gateway: Gateway, number: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        change(gateway, number, to("4", requested_date=date(2999, 1, 1)))
    assert [one.code for one in refused.value.violations] == ["date.too_far"]


def test_a_cancellation_ends_the_order(gateway: Gateway, number: str) -> None:
    ended = change(gateway, number, OrderChange("", "", ChangeFunction.CANCEL), reason="closed")
    assert (ended["state"], [line["state"] for line in ended["lines"]]) == ("cancelled", ["cancelled"])


def test_an_order_that_came_by_message_is_answered_by_message(gateway: Gateway, home: Path) -> None:
    """CNF-14: whoever changes it, the buyer gets the new confirmation."""
    content = next(content for name, content in demo.orders(gateway.clock.now()).items() if "clean" in name)
    taken = gateway.operations.intake(content, channel="ED", partner="ALPINA", origin="POST")
    (placed,) = taken["documents"][0]["orders"]
    out = home / "folders" / "ALPINA" / "out"
    before = {path.name for path in out.iterdir()}
    change(gateway, placed, to("1", "CHG-9"))
    (written,) = [path for path in out.iterdir() if path.name not in before]
    assert written.name.startswith("ORDRSP_")
    assert b"RFF+PP:CHG-9'" in written.read_bytes()
