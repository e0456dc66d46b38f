"""How well papers are read, counted over real papers: nothing without its count, and as the reconciliation counts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from paper_orders import LARGE, Line, PaperOrder, mail
from postgres_databases import database_on

from core.clock import SystemClock
from core.paper.rules import PaperRules
from core.reporting.bounds import bounds
from core.reporting.intake_quality import Asked
from core.review.rulebook import Rulebook
from core.store.rulebooks import put_in_force
from gateway import home as homes
from gateway.wiring import open_gateway

from .conftest import House

NUMBERS = itertools.count(1)


def doubtful() -> bytes:
    """Return an order with an item that nobody knows, another one each time, for what is confirmed is learned."""
    number = next(NUMBERS)
    unknown = Line(sku=f"XX-{number}", description=f"Thing {number}")
    return PaperOrder(f"PO-5{number:03}", lines=(unknown, LARGE), total=Decimal(1)).pdf()


def with_rules(house: House, **papers: Any) -> None:
    book = Rulebook(papers=PaperRules(**papers))
    at = house.gateway.clock.now()
    house.gateway.store.write(lambda tx: put_in_force(tx, book, at=at, actor="ada", reason="to measure"))


def reviewed(house: House, *, sku: str | None = "NL-1001", quantity: str | None = None) -> None:
    """Take a doubtful order in and complete its draft; without a *sku* discard it."""
    house.take("doubtful.pdf", doubtful())
    desk, draft_id = house.gateway.operations.entry_desk, int(house.tasks()[0]["inputs"]["draft"])
    draft = desk.draft(draft_id, partner=None)
    if sku is None:
        desk.discard(draft_id, seen=1, actor="petra", partner=None)
        return
    form = draft["content"]
    form["lines"][0]["sku"] = sku
    form["lines"][1]["quantity"] = quantity or form["lines"][1]["quantity"]
    desk.replace(draft_id, form, seen=1, actor="petra", partner=None)
    desk.submit(draft_id, actor="petra", partner=None, may_order=lambda _: None)


def looked_at(house: House, **other: str) -> dict[str, Any]:
    """Answer the newest sample that is open as its paper says, but for *other* fields of the first line."""
    desk = house.gateway.operations.sample_desk
    sample = desk.sample(desk.samples(state="open", limit=1)["items"][0]["id"])
    typed = {"partner": "ALPINA", "currency": "EUR", "document_date": "2026-11-20", "requested_date": "2026-12-04"}
    typed |= {"ship_to.name": "Alpina Lager Wien", "buyer_reference": f"PO-5{house.last:03}"}
    for number, line in enumerate((Line(), LARGE), 1):
        said = {"sku": line.sku, "quantity": str(line.quantity), "price": str(line.price), "unit": "PCE"}
        typed |= {f"lines.{number}.{name}": value for name, value in said.items()}
    typed |= {f"lines.1.{name}": value for name, value in other.items()}
    asked = dict.fromkeys(sample["head"]) | typed
    return desk.answer(sample["id"], asked, seen=sample["version"], actor="bea")


class Measured(House):
    """A home whose papers are told one after the other; ``last`` is the number of the newest order."""

    last = 0

    def straight(self, *, table: bool = False) -> None:
        """Take an order in that needs nobody."""
        self.last = next(NUMBERS)
        paper = PaperOrder(f"PO-5{self.last:03}")
        taken = self.take("o.csv", paper.table()) if table else self.take("o.eml", mail(("o.pdf", paper.pdf())))
        assert taken["accepted"] == 1, self.newest()

    def rows(self, **asked: Any) -> dict[str, dict[str, Any]]:
        """Return the rows of the whole period by class."""
        return {row["class"]: row for row in self.report(**asked)["rows"]}

    def report(self, **asked: Any) -> dict[str, Any]:
        return self.gateway.operations.report_desk.intake_quality(Asked(**asked))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    """A week of papers: five that need nobody, of which four are looked at; three doubtful; and what is no order."""
    root: Path = tmp_path_factory.mktemp("quality") / "home"
    with ExitStack() as stack:
        if request.param == "postgresql":
            url = stack.enter_context(database_on(request.getfixturevalue("postgres_url")))
            root.mkdir()
            (root / "ordergate.toml").write_text(f'[database]\nurl = "{url}"\n\n[sandbox]\nenabled = true\n')
        homes.init(root, SystemClock(), demo=True)
        gateway = open_gateway(root, "cli")
        stack.callback(gateway.close)
        told = Measured(gateway)
        assert told.report()["rows"] == [], "nothing came, so nothing is told"
        with_rules(told, sample_percent=Decimal(0), first_orders=1)
        told.straight()  # drawn as the first of its customer and class: of no rate
        looked_at(told, quantity="1")
        with_rules(told, sample_percent=Decimal(100))
        told.straight()
        assert looked_at(told)["state"] == "done"
        told.straight()
        differs = looked_at(told, quantity="99", price="1")
        desk = gateway.operations.sample_desk
        verdicts: Any = {"lines.1.quantity": "reader", "lines.1.price": "reviewer"}
        desk.settle(differs["id"], verdicts, reason="", seen=differs["version"], actor="carl")
        told.straight(table=True)
        assert looked_at(told, quantity="25")["state"] == "differs"  # and nobody decided yet
        told.straight(table=True)  # and nobody looked yet
        reviewed(told)
        reviewed(told, quantity="41")
        reviewed(told, sku=None)
        told.take("waits.pdf", doubtful())
        again = mail(("o.csv", PaperOrder(f"PO-5{told.last:03}").table()), subject="Again")
        assert told.take("again.eml", again)["duplicate"] == 1
        told.take("hello.eml", mail(subject="Hello", body="Thank you for the nice evening."))
        told.take("virus.eml", mail(("x.exe", b"MZ" + bytes(200))))
        yield told


def test_papers_add_up_and_are_those_of_the_reconciliation(house: Measured) -> None:
    every, found = house.rows()["all"], house.gateway.reconcile()
    assert (every["straight"], every["reviewed"], every["drafts"], every["discarded"]) == (5, 2, 1, 1)
    assert (every["duplicates"], every["rejected"], every["left"]) == (1, 1, 1)
    assert every["papers"] == found["documents"] == 12
    assert every["straight"] + every["reviewed"] == found["accepted"]
    assert every["rejected"] + every["discarded"] == found["rejected"]
    assert every["drafts"] + every["left"] == found["parked"]
    assert (every["duplicates"], found["unexplained"]) == (found["duplicate"], 0)
    assert every["straight_percent"] == "55.556"


def test_classes_add_up_to_all(house: Measured) -> None:
    rows = house.rows()
    every = rows.pop("all")
    assert list(rows) == ["pdf", "table", "mail", "unread"]
    sums = ("papers", "orders", "straight", "reviewed", "fields", "samples", "fields_compared", "fields_wrong", "left")
    for name in (*sums, "doubts_decided", "slipped", "fields_undecided"):
        assert sum(row[name] for row in rows.values()) == every[name], name


def test_the_error_is_that_of_samples_by_share_with_exact_bounds(house: Measured) -> None:
    """Issue 6, part 6: what is undecided counts for the upper bound alone, and the first of a class for no rate."""
    pdf = house.rows()["pdf"]
    assert (pdf["samples"], pdf["answered"], pdf["fields_wrong"], pdf["fields_undecided"]) == (3, 2, 1, 0)
    low, high = bounds(1, pdf["fields_compared"])
    assert pdf["error_percent"] == f"{100 / pdf['fields_compared']:.3f}"
    assert (pdf["error_low"], pdf["error_high"]) == (f"{100 * low:.3f}", f"{100 * high:.3f}")
    assert (pdf["orders_wrong"], pdf["order_error_percent"]) == (1, "50.000")
    assert (pdf["first_answered"], pdf["first_fields_wrong"], pdf["below_baseline"]) == (1, 0, None)
    every = house.rows()["all"]
    assert every["fields_effective"] == every["fields_compared"], "all were drawn alike"
    table = house.rows()["table"]
    assert (table["samples"], table["answered"], table["fields_undecided"]) == (2, 1, 1)
    assert (table["error_percent"], table["error_low"]) == ("0.000", "0.000")
    assert table["error_high"] == f"{100 * bounds(1, table['fields_compared'])[1]:.3f}"


def test_of_nothing_no_share_is_told(house: Measured) -> None:
    row = house.rows()["mail"]
    assert row["papers"] == 1
    shares = ("straight_percent", "error_percent", "error_high", "order_error_high", "doubts_corrected_percent")
    for name in (*shares, "below_baseline", "straight_p50_seconds", "review_p50_minutes", "saved_minutes"):
        assert row[name] is None, name


def test_doubts_tell_whether_they_were_worth_it(house: Measured) -> None:
    """Two unknown items were named, two totals seen; one quantity that nobody had doubted was changed all the same."""
    report = house.report()
    every = report["rows"][0]
    assert (every["doubts_decided"], every["doubts_corrected"], every["slipped"]) == (2, 2, 1)
    found = {one["field"]: one for one in report["doubts"]}
    item, total = found["lines.sku"], found["total"]
    assert (item["doubts"], item["corrected"], item["dropped"], item["open"]) == (4, 2, 1, 1)
    assert (total["seen"], total["corrected_percent"]) == (2, None)
    assert report["doubts"][0] == item, "the one doubted most comes first"


def test_what_was_saved_is_told_against_what_typing_takes(house: Measured) -> None:
    """INT-07: 40 minutes an order; one that was reviewed saves what its review, waiting included, left of them."""
    every = house.rows()["all"]
    assert (every["baseline_minutes"], every["baseline_error_percent"]) == (40, "5")
    assert every["review_p95_minutes"] == 0
    assert every["saved_minutes"] == (5 + 2) * 40
    assert 0 <= every["straight_p50_seconds"] <= every["straight_p95_seconds"] < 60


def test_is_told_by_week_month_customer_and_class(house: Measured) -> None:
    today = house.gateway.clock.now().astimezone(ZoneInfo("Europe/Berlin")).date()  # that of the demonstration
    first = today - timedelta(days=60)
    for by, name in (("week", f"{today:%G-W%V}"), ("month", f"{today:%Y-%m}")):
        rows = house.report(first=first, last=today + timedelta(days=1), by=by)["rows"]
        assert {row["period"] for row in rows} == {name}
        assert rows[0]["papers"] == 12
    assert house.rows(partner="BUERO") == {}
    assert house.rows(partner="ALPINA")["all"]["papers"] == 10, "without the letter and the program"
    assert set(house.rows(paper_class="table")) == {"all", "table"}
