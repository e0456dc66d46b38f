"""The first paper of a customer is a draft that a person corrects; the next needs nobody (issue 6, part 6; INT-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paper_orders import LARGE, Line, PaperOrder, mail

from core.store import events, paper_studies
from core.store.orders import by_number

from .conftest import House

OWN = Line(sku="ALP-7731", description="Kugellager klein")
#: its lines are told apart by the customer's own code alone
GRAZ = {"postal_code": "8020", "city": "Graz", "region": "AT-6", "country": "AT"}
NEW = ("Alpina Messe Graz", "Europaplatz 1", "8020 Graz")


def take(house: House, order: PaperOrder) -> dict[str, Any]:
    return house.take(f"{order.reference}.eml", mail(("order.pdf", order.pdf())))


def completed(house: House, decided: Mapping[str, str | None], *, partner: str | None = None) -> str:
    """Decide fields of the newest draft by themselves, submit it and return the number of its order."""
    desk = house.gateway.operations.entry_desk
    draft = desk.draft(int(house.tasks()[-1]["inputs"]["draft"]), partner=partner)
    draft_id = int(draft["id"])
    if decided:
        desk.confirm_fields(draft_id, dict(decided), seen=draft["version"], actor="petra", partner=partner)
    return str(desk.submit(draft_id, actor="petra", partner=partner, may_order=lambda _: None)["number"])


def fill_in(house: House, partner: str | None, **said: Any) -> None:
    """Change the newest draft as a whole, as a console does."""
    desk = house.gateway.operations.entry_desk
    draft = desk.draft(int(house.tasks()[-1]["inputs"]["draft"]), partner=partner)
    desk.replace(int(draft["id"]), {**draft["content"], **said}, seen=draft["version"], actor="petra", partner=partner)


def lessons(house: House, *kinds: str) -> list[dict[str, Any]]:
    found = house.gateway.operations.paper_desk.lessons(partner="ALPINA")["items"]
    return [one for one in found if one["kind"] in kinds]


def told(house: House, number: str) -> list[str]:
    """Return what the chain of an order tells of the memory."""

    def work(tx: Any) -> list[str]:
        found = events.of_order(tx, by_number(tx, number)["id"])
        return [f"{one['event']} {one['summary']}" for one in found if one["event"].startswith("paper_memory.")]

    return house.gateway.store.read(work)


def test_a_code_of_the_customer_is_learned_by_its_correction(house: House) -> None:
    assert take(house, PaperOrder("PO-2001", lines=(OWN, LARGE)))["parked"] == 1
    number = completed(house, {"lines.1.sku": "NL-1001"})
    (lesson,) = lessons(house, "code")
    assert (lesson["value"], lesson["meaning"], lesson["state"]) == ("ALP-7731", {"sku": "NL-1001"}, "active")
    assert (lesson["order"], lesson["learned_by"]) == (number, "petra")
    assert lesson["draft"] is not None
    assert "paper_memory.learned code 'ALP-7731' means NL-1001" in told(house, number)
    assert take(house, PaperOrder("PO-2002", lines=(OWN, LARGE)))["accepted"] == 1, house.newest()["violations"]
    kept = house.parts()[-1]["judgement"]["fields"]["lines.1.sku"]
    assert (kept["value"], kept["text"], kept["evidence"]) == ("NL-1001", "ALP-7731", ["memory.code"])


def test_a_place_is_learned_only_where_somebody_confirmed_it_by_itself(house: House) -> None:
    """Whoever writes in a customer's name would have goods sent elsewhere."""
    assert take(house, PaperOrder("PO-2003", ship_to=NEW))["parked"] == 1
    fill_in(house, "ALPINA", ship_to={"name": NEW[0], "street": "Europaplatz 1", **GRAZ})
    completed(house, {})
    assert lessons(house, "ship_to") == [], "the customer said it of itself"
    assert take(house, PaperOrder("PO-2004", ship_to=NEW))["parked"] == 1
    fill_in(house, None, ship_to={"name": NEW[0], "street": "Europaplatz 1", **GRAZ})
    number = completed(house, {})
    (lesson,) = lessons(house, "ship_to")
    assert (lesson["meaning"]["name"], lesson["meaning"]["street"]) == ("Alpina Messe Graz", "Europaplatz 1")
    assert any(one.startswith("paper_memory.learned ship_to") for one in told(house, number))
    assert take(house, PaperOrder("PO-2005", ship_to=NEW))["accepted"] == 1, house.newest()["violations"]
    fields = house.parts()[-1]["judgement"]["fields"]
    assert (fields["ship_to.street"]["value"], fields["ship_to.name"]["evidence"]) == (
        "Europaplatz 1", ["memory.ship_to"],
    )  # fmt: skip
    next_door = (NEW[0], "Europaplatz 11", NEW[2])
    assert take(house, PaperOrder("PO-2006", ship_to=next_door))["parked"] == 1, "another house is another place"


def test_what_a_later_order_contradicts_is_used_no_more(house: House) -> None:
    """Nobody can tell which of the two the next paper means, so a person is asked."""
    order = PaperOrder("PO-2007", lines=(OWN, LARGE), total=LARGE.amount)  # a doubt, so that a person looks
    assert take(house, order)["parked"] == 1
    number = completed(house, {"lines.1.sku": "NL-1002"})
    (lesson,) = lessons(house, "code")
    assert (lesson["state"], lesson["refused"]["code"]) == ("contradicted", "paper.memory_contradicted")
    assert [one.split()[0] for one in told(house, number)] == ["paper_memory.contradicted"]
    assert take(house, PaperOrder("PO-2008", lines=(OWN, LARGE)))["parked"] == 1
    completed(house, {"lines.1.sku": "NL-1001"})
    assert [one["state"] for one in lessons(house, "code")] == ["contradicted"]


def test_a_lesson_that_a_stored_paper_refutes_is_kept_with_its_reason(house: House) -> None:
    """Two lines with one code and two items teach nothing; a later one is tried on them and refused."""
    both = (Line(sku="ALP-8000", description="Lager"), Line("ALP-8000", "Lager gross", 40, LARGE.price))
    assert take(house, PaperOrder("PO-2009", lines=both))["parked"] == 1
    completed(house, {"lines.1.sku": "NL-1001", "lines.2.sku": "NL-1002"})
    assert take(house, PaperOrder("PO-2010", lines=both[:1]))["parked"] == 1
    number = completed(house, {"lines.1.sku": "NL-1001"})
    lesson = lessons(house, "code")[0]
    assert (lesson["value"], lesson["state"], lesson["refused"]["code"]) == (
        "ALP-8000", "refused", "paper.memory_refuted",
    )  # fmt: skip
    assert any(one.startswith("paper_memory.refused code 'ALP-8000'") for one in told(house, number))


def test_what_a_customer_says_of_its_own_papers_teaches_nothing(house: House) -> None:
    assert take(house, PaperOrder("PO-2011", lines=(Line(sku="ALP-9000"), LARGE)))["parked"] == 1
    number = completed(house, {"lines.1.sku": "NL-1001"}, partner="ALPINA")
    assert "ALP-9000" not in {one["value"] for one in lessons(house, "code")}
    assert told(house, number) == []


WORDS = {"Order number": "Vorgang", "Delivery date": "Rampe"}


def test_a_form_in_words_of_its_own_is_read_once_a_person_typed_it(house: House) -> None:
    """Labels and the order of day and month are learned from where the typed values stand."""
    first = PaperOrder("VG-3001", wanted="02/01/2027", words=WORDS)
    assert take(house, first)["parked"] == 1
    assert house.parts()[-1]["judgement"]["said"].keys().isdisjoint({"buyer_reference", "requested_date"})
    fill_in(house, None, buyer_reference="VG-3001", requested_date="2027-01-02")
    number = completed(house, {})
    assert take(house, PaperOrder("VG-3002", wanted="03/01/2027", words=WORDS))["accepted"] == 1, house.newest()
    fields = house.parts()[-1]["judgement"]["fields"]
    assert (fields["buyer_reference"]["value"], fields["requested_date"]["value"]) == ("VG-3002", "2027-01-03")
    assert "memory.form" in fields["buyer_reference"]["evidence"]
    assert "memory.form" in fields["requested_date"]["evidence"]
    learned = {(one["kind"], one["value"], one["meaning"]["means"]) for one in lessons(house, "label", "locale")}
    assert learned == {
        ("label", "vorgang", "buyer_reference"), ("label", "rampe", "requested_date"), ("locale", "days", "day"),
    }  # fmt: skip
    assert "paper_memory.learned label 'vorgang' means buyer_reference" in told(house, number)


def test_a_paper_that_cannot_be_studied_keeps_back_no_order(house: House) -> None:
    source_id = int(house.newest()["source_id"])

    def plant(tx: Any) -> None:
        for ordinal, draft_id in ((0, 1), (1, 1)):  # the one has no words, the other no draft
            at = house.gateway.clock.now()
            paper_studies.add(tx, paper_studies.StudyRow(source_id, ordinal, "ALPINA", 1, draft_id, "petra", at))

    house.gateway.store.write(plant)
    assert take(house, PaperOrder("PO-2020"))["accepted"] == 1, house.newest()
    assert house.gateway.store.read(paper_studies.due) is None


def test_what_is_revoked_is_told_by_the_order_that_taught_it(house: House) -> None:
    (lesson,) = lessons(house, "ship_to")
    house.gateway.operations.paper_desk.revoke(int(lesson["id"]), reason="the fair is over", actor="ada")
    assert any("paper_memory.revoked" in one and "the fair is over" in one for one in told(house, lesson["order"]))
    assert take(house, PaperOrder("PO-2012", ship_to=NEW))["parked"] == 1


FOOT = "Bankverbindung: Sparkasse Wien, IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX"


def reasons(house: House) -> set[str]:
    return {one["code"] for one in house.newest()["violations"] or ()}


def test_the_account_in_the_foot_of_every_order_is_looked_at_once(house: House) -> None:
    """ "New bank detail -> review" (issue 6, part 7): one that a person left there is new no more."""
    assert take(house, PaperOrder("PO-2021", remarks=(FOOT,)))["parked"] == 1
    assert reasons(house) == {"paper.bank_named"}
    number = completed(house, {})
    assert {one["value"] for one in lessons(house, "bank")} == {
        "SPARKASSEWIEN", "DE89370400440532013000", "COBADEFFXXX",
    }  # fmt: skip
    assert "paper_memory.learned bank 'DE89370400440532013000'" in told(house, number)
    assert take(house, PaperOrder("PO-2022", remarks=(FOOT,)))["accepted"] == 1, house.newest()["violations"]
    moved = (FOOT, "Please pay refunds to our account GB33 BUKB 2020 1555 5555 55")
    assert take(house, PaperOrder("PO-2023", remarks=moved))["parked"] == 1
    assert reasons(house) == {"paper.bank_named"}
    doubted = house.parts()[-1]["judgement"]["fields"]["bank"]
    assert [one["value"] for one in doubted["candidates"]] == ["GB33BUKB20201555555555"], "the known ones are none"


def test_an_account_that_one_form_of_an_order_names_is_seen(house: House) -> None:
    """The table without a doubt would be taken, and nobody would see the page."""
    order = PaperOrder("PO-2024", remarks=("IBAN: GB33 BUKB 2020 1555 5555 55",))
    letter = mail(("order.pdf", order.pdf()), ("order.csv", order.table()))
    assert house.take("PO-2024.eml", letter)["parked"] == 1
    assert reasons(house) == {"paper.bank_named"}


def test_an_account_that_was_revoked_is_for_a_person_each_time(house: House) -> None:
    lesson = next(one for one in lessons(house, "bank") if one["value"].startswith("DE89"))
    house.gateway.operations.paper_desk.revoke(int(lesson["id"]), reason="closed", actor="ada")
    for reference in ("PO-2025", "PO-2026"):
        assert take(house, PaperOrder(reference, remarks=(FOOT,)))["parked"] == 1
        completed(house, {})
