"""A form whose heads nobody knows is read by what it names of the catalogue, proved as any other (issue 6, part 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from paper_orders import LARGE, Line, PaperOrder, mail

from core.paper.work import Taken
from core.reading import Extracted
from core.store import papers

from .conftest import House

pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # what differs on PostgreSQL is the lookup

UNKNOWN = Line("ZX-77812", "Mystery part", 1, Decimal("1.00"))


@pytest.fixture
def heard(house: House) -> Iterator[list[Taken]]:
    """What became of each source, as the worker tells it."""
    told: list[Taken] = []
    house.gateway.papers.listen(lambda _, taken, __: told.append(taken), lambda: None)
    yield told
    house.gateway.papers.listen(lambda *_: None, lambda: None)


def take(house: House, order: PaperOrder, *, strange: bool = True, **letter: Any) -> dict[str, Any]:
    return house.take(f"{order.reference}.eml", mail(("order.pdf", order.pdf(strange=strange)), **letter))


def fields(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.parts()[-1]["judgement"]["fields"]
    return found


def test_a_form_that_nobody_has_seen_needs_nobody(house: House, heard: list[Taken]) -> None:
    assert take(house, PaperOrder("PO-6001"))["accepted"] == 1, house.newest()["violations"]
    assert heard[-1].read_again == Counter(taken=1)
    read = fields(house)
    code, quantity = read["lines.2.sku"], read["lines.2.quantity"]
    assert (code["value"], code["found_by"], code["evidence"]) == (
        "NL-1002",
        "known",
        ["catalogue.description", "catalogue.sku"],
    )
    assert (quantity["value"], quantity["found_by"], quantity["page"]) == ("40", "known", 1)
    assert {"arithmetic.line", "arithmetic.sum"} <= {*quantity["evidence"]}
    assert (quantity["text"], len(quantity["crop"])) == ("40", 64), "it is shown where it stands"
    assert read["buyer_reference"]["found_by"] == "label"


def test_codes_of_the_customer_lead_to_the_lines_too(house: House, heard: list[Taken]) -> None:
    lines = (Line("A-77001"), Line("A-77002", LARGE.description, LARGE.quantity, LARGE.price))
    assert take(house, PaperOrder("PO-6002", lines=lines))["accepted"] == 1, house.newest()["violations"]
    assert heard[-1].read_again["taken"] == 1
    assert [fields(house)[f"lines.{line}.sku"]["value"] for line in (1, 2)] == ["NL-1001", "NL-1002"]
    assert "catalogue.code" in fields(house)["lines.1.sku"]["evidence"]


def test_the_head_of_a_strange_form_is_found_by_what_earlier_orders_say(house: House, heard: list[Taken]) -> None:
    """Its number has the form of those before, and its account is that of the sender."""
    assert take(house, PaperOrder("PO-6010"), strange=False)["accepted"] == 1
    words = {"Order number": "Mark", "Customer number": "Known to you as"}
    assert take(house, PaperOrder("PO-6011", words=words))["accepted"] == 1, house.newest()["violations"]
    assert heard[-1].read_again == Counter(taken=1)
    number = fields(house)["buyer_reference"]
    assert (number["value"], number["found_by"], number["evidence"]) == ("PO-6011", "known", ["memory.reference"])


def test_a_form_that_is_understood_is_read_once(house: House, heard: list[Taken]) -> None:
    assert take(house, PaperOrder("PO-6003"), strange=False)["accepted"] == 1
    assert +heard[-1].read_again == Counter()


def test_what_a_stranger_writes_is_read_once(house: House, heard: list[Taken]) -> None:
    order = PaperOrder("PO-6004", account="K-9", buyer="Somebody Ltd")
    assert take(house, order, sender="x@somebody.example")["accepted"] == 0
    assert +heard[-1].read_again == Counter()


def test_an_item_that_nobody_knows_is_not_left_out(house: House) -> None:
    assert take(house, PaperOrder("PO-6005", lines=(Line(), LARGE, UNKNOWN)))["parked"] == 1
    assert house.tasks()[-1]["inputs"]["reference"] == "PO-6005"


def test_a_line_that_only_the_first_reading_saw_is_told(house: House) -> None:
    """Without a total nothing else would say that the draft is not whole."""
    lines = (Line(), LARGE, UNKNOWN)
    assert take(house, PaperOrder("PO-6009", lines=lines, shows_total=False))["parked"] == 1
    assert "lines.3.sku" in house.tasks()[-1]["words"]


def test_a_letter_that_names_items_stays_a_letter(house: House, heard: list[Taken]) -> None:
    asked = "NL-1001 was 24 pieces at 4.90, total 117.60, on your invoice 4711. Is that right?"
    assert house.take("q.eml", mail(body=asked, subject="Your invoice"))["rejected"] == 1
    assert +heard[-1].read_again == Counter()
    assert house.gateway.operations.task_desk.tasks(state="open", kind="paper.letter")["items"]


def test_bank_details_are_for_a_person_whichever_reading_sees_them(house: House) -> None:
    order = PaperOrder("PO-6006", remarks=("IBAN: DE89 3704 0044 0532 0130 00",))
    assert take(house, order)["parked"] == 1
    assert "paper.bank_named" in {one["code"] for one in house.newest()["violations"]}


def test_a_second_reading_that_is_too_much_leaves_the_first(
    house: House, heard: list[Taken], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is ended at its limit; the source is decided at its first try all the same."""
    reader = house.gateway.papers.text._reader
    again: Callable[..., Extracted] = reader.again

    def hurried(*job: Any) -> Extracted:
        with monkeypatch.context() as limits:
            limits.setattr(reader, "_wall_seconds", 0.0)
            return again(*job)

    monkeypatch.setattr(reader, "again", hurried)
    assert take(house, PaperOrder("PO-6007"))["parked"] == 1
    assert heard[-1].read_again == Counter(failed=1)
    source_id = int(house.newest()["source_id"])
    row = house.gateway.store.read(lambda tx: papers.source(tx, source_id))
    assert row is not None
    assert (row["state"], row["attempts"]) == ("read", 1)
    assert fields(house)["lines.1.quantity"]["found_by"] == "sentence"
    monkeypatch.undo()
    assert take(house, PaperOrder("PO-6008"))["accepted"] == 1, "the next one is read again as ever"
